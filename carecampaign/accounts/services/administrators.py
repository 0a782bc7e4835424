"""Nobody can saw off the branch: each part of the tree keeps somebody who administers it."""

from collections.abc import Sequence

from sqlalchemy import select

from carecampaign.access.actor import EVERYWHERE
from carecampaign.access.permissions import Role
from carecampaign.access.scope import covers
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.accounts.queries import grant_path
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization


class LastAdministrator(Conflict):
    """After this nobody could administer the accounts of a part of the tree."""

    def __init__(self) -> None:
        super().__init__(
            _l(
                "This is the last administrator here. "
                "Make somebody else administrator first, who has signed in at least once."
            )
        )


def keep_administered(going: Sequence[RoleGrant]) -> None:
    """Make sure that what ``going`` administers stays administered when they are gone.

    Somebody else who can sign in must be administrator at the same node or above.
    Raises LastAdministrator.
    """
    paths = [grant_path(grant) for grant in going if grant.role == Role.ADMINISTRATOR]
    if not paths:
        return
    _queue_for_administrators()
    staying = _administered_paths(without=[grant.id for grant in going])
    if not all(covers(staying, path) for path in paths):
        raise LastAdministrator


def _queue_for_administrators() -> None:
    """Let two administrators who remove each other wait for one another."""
    db.session.execute(
        select(RoleGrant.id)
        .where(RoleGrant.role == Role.ADMINISTRATOR)
        .order_by(RoleGrant.id)
        .with_for_update(key_share=True)
    )


def _administered_paths(*, without: Sequence[int]) -> list[str]:
    rows = db.session.execute(
        select(RoleGrant.organization_id, Organization.path)
        .join(RoleGrant.user)
        .outerjoin(RoleGrant.organization)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR,
            RoleGrant.id.not_in(without),
            User.is_active,
            User.password_hash.is_not(None),
        )
    )
    return [EVERYWHERE if row.path is None else row.path for row in rows]
