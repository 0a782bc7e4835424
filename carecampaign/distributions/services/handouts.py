"""Log what is handed out. The log is only added to; before the fact it may refuse."""

from datetime import UTC, datetime

from carecampaign.access.actor import Actor
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.distributions import queries
from carecampaign.distributions.models import (
    DistributionEvent,
    EventState,
    ExceptionReason,
    HandoutException,
    Outcome,
)
from carecampaign.distributions.queries import Occasion, Recipient
from carecampaign.distributions.services import counters
from carecampaign.distributions.services.counters import Facts
from carecampaign.distributions.services.received import Logged, Refusal, amend, remember
from carecampaign.distributions.services.sealing import seal_of_handout
from carecampaign.distributions.taps import Tap
from carecampaign.inventory import services as inventory
from carecampaign.inventory.services import HandedOut, NotEnoughStock

EXCEPTION_FOR = {
    Refusal.SERVED_BEFORE: ExceptionReason.DOUBLE_BENEFICIARY,
    Refusal.CLOSED: ExceptionReason.AFTER_CLOSE,
}
"""What a refusal turns into after the fact. Stock is asked for only then, an event that is
not open yet is simply early."""


class NoGroup(DomainError):
    """Nobody said for which group it counts, and no occupation tells."""

    field = "group_id"

    def __init__(self) -> None:
        super().__init__(_l("Choose the group of the campaign that this counts for."))


def log_handout(event: DistributionEvent, tap: Tap, *, by: Actor) -> Logged:
    """Log a handing over, count it and take it off the event's stock.

    On-line and before the fact it is refused when the event is not open, the person was
    served before, or the stock is short; with ``tap.already_given`` it is logged all the
    same, as an exception to settle. The same message again changes nothing and has the same
    outcome. Raises OtherContent when its id was used for something else, NotFound for a
    person or an item that is not the event's, NoGroup when no group follows.
    """
    db.session.flush()  # the statements of the log go past the session
    occasion = queries.get_occasion(event.id, tap, is_locked=tap.already_given)
    return log_at(occasion, tap, by=by)


def log_at(occasion: Occasion, tap: Tap, *, by: Actor) -> Logged:
    """Log a handing over at an event that was read for this tap; see ``log_handout``."""
    now = clock.now()
    before = remember(tap.id, _content(occasion, tap), by=by, at=now)
    if before is not None:
        return before
    recipient = None
    if tap.person_id is not None:
        recipient = queries.lock_recipient(occasion, tap.person_id)
    refusals = _refusals(occasion, recipient, tap)
    if refusals and not tap.already_given:
        return amend(Logged(tap.id, Outcome.REFUSED, now, refusals))
    facts = _facts(occasion, recipient, tap, by=by, at=now)
    try:
        handed = inventory.hand_out(
            occasion.location,
            occasion.thing,
            quantity=tap.quantity,
            handout_id=tap.id,
            recorded_at=now,
            shortage_allowed=tap.already_given,
        )
    except NotEnoughStock as error:
        reasons = (Refusal.OUT_OF_STOCK,)
        return amend(Logged(tap.id, Outcome.REFUSED, now, reasons, on_hand=error.on_hand))
    return _post(occasion, facts._replace(value=handed.value), handed, refusals)


def _content(occasion: Occasion, tap: Tap) -> tuple[object, ...]:
    """Give what a message says, so that it is known again."""
    return (
        "tap",
        occasion.event_id,
        tap.item_id,
        tap.group_id,
        tap.person_id,
        tap.quantity,
        tap.head_count,
        tap.happened_at and tap.happened_at.isoformat(),
        tap.note,
        tap.already_given,
    )


def _refusals(occasion: Occasion, recipient: Recipient | None, tap: Tap) -> tuple[Refusal, ...]:
    refusals = []
    if not occasion.is_open:
        is_early = occasion.state == EventState.PLANNED
        refusals.append(Refusal.NOT_OPEN if is_early else Refusal.CLOSED)
    if recipient is not None and recipient.was_served and tap.head_count > 0:
        refusals.append(Refusal.SERVED_BEFORE)
    return tuple(refusals)


def _facts(
    occasion: Occasion, recipient: Recipient | None, tap: Tap, *, by: Actor, at: datetime
) -> Facts:
    # The group a person's occupation belongs to in this campaign goes before one that was said.
    group_id = (recipient and recipient.group_id) or occasion.group_id
    if group_id is None:
        raise NoGroup
    return Facts(
        id=tap.id,
        event_id=occasion.event_id,
        campaign_id=occasion.campaign_id,
        unit_id=occasion.unit_id,
        group_id=group_id,
        item_id=occasion.thing.id,
        person_id=tap.person_id,
        quantity=tap.quantity,
        head_count=tap.head_count,
        value=0,
        note=tap.note,
        logged_by_id=by.id,
        happened_at=(tap.happened_at or at).astimezone(UTC),
        recorded_at=at,
        is_synthetic=tap.is_synthetic,
    )


def _post(
    occasion: Occasion, facts: Facts, handed: HandedOut, refusals: tuple[Refusal, ...]
) -> Logged:
    standing = counters.add(
        facts,
        held_on=occasion.held_on,
        kind=occasion.thing.kind,
        location_id=occasion.location_id,
        seal=seal_of_handout(facts, handed.portions),
    )
    reasons = tuple(EXCEPTION_FOR[reason] for reason in refusals if reason in EXCEPTION_FOR)
    if handed.shortage:
        reasons = (ExceptionReason.OVER_STOCK, *reasons)
    if not reasons:
        return Logged(facts.id, Outcome.CREATED, facts.recorded_at, standing=standing)
    for reason in reasons:
        db.session.add(
            HandoutException(handout_id=facts.id, event_id=facts.event_id, reason=reason)
        )
    db.session.flush()
    logged = Logged(facts.id, Outcome.FLAGGED, facts.recorded_at, reasons, standing=standing)
    return amend(logged)
