"""Take entries of the log back. Nothing is deleted: a void stands beside the handout."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, update

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.beneficiaries.queries.merged import lock_holding_id
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.hot import run
from carecampaign.distributions import queries
from carecampaign.distributions.models import (
    DistributionEvent,
    Handout,
    HandoutException,
    HandoutVoid,
    Quarantined,
)
from carecampaign.distributions.services import counters, entitlement
from carecampaign.distributions.services import statements as sql
from carecampaign.distributions.services.errors import AlreadySettled, NotYours, ReasonNeeded
from carecampaign.distributions.services.received import remember
from carecampaign.distributions.services.sealing import facts_of, seal_of_void
from carecampaign.inventory import services as inventory

UNDO_WITHIN = timedelta(minutes=15)
"""How long a volunteer may take back an entry of their own; later the lead does."""


def may_undo(handout: Handout, *, by: Actor) -> bool:
    """Say whether somebody without the lead's rights may still take an entry back."""
    is_fresh = clock.now() - handout.recorded_at <= UNDO_WITHIN
    return is_fresh and by.id is not None and handout.logged_by_id == by.id


def undo_handout(handout: Handout, *, void_id: UUID, reason: str, by: Actor) -> bool:
    """Take back one's own fresh entry; see ``void_handout``. Raises NotYours for any other."""
    if not may_undo(handout, by=by):
        raise NotYours
    return void_handout(handout.id, void_id=void_id, reason=reason, by=by)


def void_handout(handout_id: UUID, *, void_id: UUID, reason: str, by: Actor) -> bool:
    """Take a handout back: its pieces return to the event's stock, its counts are taken off.

    ``void_id`` is the client's. Gives False when it had been taken back before, which
    changes nothing. What was to be settled about the handout is settled by it. Raises
    ReasonNeeded without a reason, OtherContent when the id was used for something else.
    """
    if not reason:
        raise ReasonNeeded
    now = clock.now()
    content = ("void", handout_id, reason)
    if remember(void_id, content, by=by, at=now) is not None:
        return False
    values = {
        "id": void_id,
        "handout_id": handout_id,
        "reason": reason,
        "voided_by_id": by.id,
        "recorded_at": now,
    }
    if not run(sql.here(sql.VOID), values):
        return False
    handout = db.session.get_one(Handout, handout_id)
    facts = facts_of(handout)
    if facts.person_id is not None:
        # The person may have been merged since: they are counted as who they are kept as.
        facts = facts._replace(person_id=lock_holding_id(facts.person_id))
    inventory.take_back(handout_id, recorded_at=now)
    counters.take_back(
        facts,
        held_on=handout.event.held_on,
        kind=handout.item.kind,
        seal=seal_of_void(HandoutVoid(**values)),
        recorded_at=now,
    )
    entitlement.take_back_household(handout)
    _settle(HandoutException.handout_id == handout_id, settlement=reason, by=by)
    return True


def settle_exception(exception: HandoutException, *, settlement: str, by: Actor) -> None:
    """Accept what an exception is about, with a note; to reject it is to void the handout.

    Raises ReasonNeeded without a note, AlreadySettled when somebody was faster.
    """
    if not settlement:
        raise ReasonNeeded
    if not _settle(HandoutException.id == exception.id, settlement=settlement, by=by):
        raise AlreadySettled
    event = queries.get_event_for(by, exception.event_id)
    audit.record(
        "distributions.settle",
        exception,
        by=by,
        name=event.place,
        path=event.unit.path,
        changes={"reason": exception.reason, "settlement": audit.keyed_digest(settlement)},
    )


def settle_put_aside(put_aside: Quarantined, event: DistributionEvent, *, by: Actor) -> None:
    """Note that somebody has seen to what was put aside; a second time changes nothing."""
    if put_aside.settled_at is not None:
        return
    put_aside.settled_at = clock.now()
    put_aside.settled_by_id = by.id
    audit.record(
        "distributions.settle_put_aside", put_aside, by=by, name=event.place, path=event.unit.path
    )


def _settle(which: ColumnElement[bool], *, settlement: str, by: Actor) -> int:
    settled = db.session.scalars(
        update(HandoutException)
        .where(which, HandoutException.settled_at.is_(None))
        .values(settled_at=clock.now(), settled_by_id=by.id, settlement=settlement)
        .returning(HandoutException.id)
        .execution_options(synchronize_session=False)
    )
    return len(settled.all())
