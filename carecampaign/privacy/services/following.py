"""What belongs to a person belongs, after a merge, to the entry that stays."""

from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from carecampaign.beneficiaries.models import Card
from carecampaign.campaigns.models import Consent, RosterEntry, RosterLock
from carecampaign.campaigns.services import digest_of_roster
from carecampaign.core.db import db

Columns = tuple[InstrumentedAttribute[Any], ...]

FOLLOWERS: tuple[tuple[Any, Columns], ...] = (
    (Card, ()),
    (Consent, (Consent.campaign_id, Consent.kind, Consent.withdrawn_at)),
    (RosterEntry, (RosterEntry.campaign_id,)),
)
"""Tables with a ``person_id``, and what a person has one row of only (none: any number)."""


def lead_rows_on(gone_id: int, kept_id: int) -> None:
    """Let the rows of one person be those of another; what that one has already goes.

    A roster that is locked, and still as it was then, counts as unchanged.
    """
    locks = _locks_over(gone_id)
    for model, once in FOLLOWERS:
        if once:
            twin = aliased(model)
            has_it = exists().where(
                twin.person_id == kept_id,
                *(getattr(twin, column.key).is_not_distinct_from(column) for column in once),
            )
            db.session.execute(delete(model).where(model.person_id == gone_id, has_it))
        db.session.execute(
            update(model).where(model.person_id == gone_id).values(person_id=kept_id)
        )
    for lock in locks:
        lock.digest = digest_of_roster(lock.campaign)


def _locks_over(person_id: int) -> list[RosterLock]:
    """Give the locks in force over rosters that somebody is on, and that are as they were."""
    campaigns = select(RosterEntry.campaign_id).where(RosterEntry.person_id == person_id)
    locks = db.session.scalars(
        select(RosterLock).where(
            RosterLock.campaign_id.in_(campaigns), RosterLock.unlocked_at.is_(None)
        )
    )
    return [lock for lock in locks if digest_of_roster(lock.campaign) == lock.digest]
