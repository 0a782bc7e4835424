"""Load the demo, all of it or nothing, into a database without unions and accounts."""

from collections.abc import Mapping

from sqlalchemy import exists, select

from carecampaign.access.actor import SYSTEM
from carecampaign.accounts.models import User
from carecampaign.beneficiaries import services as beneficiaries
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _l
from carecampaign.demo import current_winter, source_page
from carecampaign.demo.calendar import build_calendar
from carecampaign.demo.goods import build_goods
from carecampaign.demo.organizations import build_unions
from carecampaign.demo.people import build_crew
from carecampaign.organizations.models import Organization


class NotEmpty(Conflict):
    """Somebody works with this database: made-up rows would get in among the real ones."""

    def __init__(self) -> None:
        super().__init__(
            _l("The database already has organizations or accounts. The demo was not loaded.")
        )


def is_empty() -> bool:
    """Say whether the database has neither organisations nor accounts."""
    has_any = exists(select(Organization.id)) | exists(select(User.id))
    return not db.session.scalar(select(has_any))


def load(password_hashes: Mapping[str, str]) -> None:
    """Build the whole demo, in the open transaction. Raises NotEmpty.

    ``password_hashes`` are by account name; see ``people.hash_passwords``.
    """
    if not is_empty():
        raise NotEmpty
    beneficiaries.install_taxonomy(by=SYSTEM)
    unions = build_unions()
    crew = build_crew(unions.municipal, password_hashes)
    goods = build_goods()
    build_calendar()
    source_page.build(unions, goods)
    current_winter.build(unions, goods, crew)
