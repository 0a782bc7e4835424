"""The runs that deleted what was due, and who looks after them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import EVERYWHERE, Actor
from carecampaign.access.permissions import Permission
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.privacy.models import RetentionRun

LATEST = 12


def reaches_all(actor: Actor) -> bool:
    """Say whether the actor looks after the whole installation, as the rules are for all of it."""
    return EVERYWHERE in actor.paths(Permission.PRIVACY_MANAGE)


def check_reach(actor: Actor) -> None:
    """Make sure that the actor looks after the whole installation. Raises NotFound."""
    if not reaches_all(actor):
        raise NotFound(
            _l("The rules of retention are looked after by who administers all of the system.")
        )


def list_latest_runs() -> Sequence[RetentionRun]:
    """List the latest runs, the last one first, with who started each."""
    return db.session.scalars(
        select(RetentionRun)
        .options(joinedload(RetentionRun.started_by))
        .order_by(RetentionRun.id.desc())
        .limit(LATEST)
    ).all()
