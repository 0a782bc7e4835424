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
from carecampaign.distributions.queries import Occasion, Recipient, Standing
from carecampaign.distributions.services import counters, entitlement
from carecampaign.distributions.services.counters import Facts
from carecampaign.distributions.services.received import Logged, amend, remember
from carecampaign.distributions.services.refusals import Refusal
from carecampaign.distributions.services.sealing import seal_of_handout
from carecampaign.distributions.taps import Tap
from carecampaign.inventory import services as inventory
from carecampaign.inventory.services import HandedOut, NotEnoughStock


class NoGroup(DomainError):
    """Nobody said for which group it counts, and no occupation tells."""

    field = "group_id"

    def __init__(self) -> None:
        super().__init__(_l("Choose the group of the campaign that this counts for."))


def log_handout(event: DistributionEvent, tap: Tap, *, by: Actor) -> Logged:
    """Log a handing over, count it and take it off the event's stock.

    On-line and before the fact it is refused when the event is not open, the person is not
    entitled (served before, as long as no rule says how often), or the stock is short; with
    ``tap.already_given`` it is logged all the same, as an exception to settle. The same
    message again changes nothing and has the same outcome. Raises OtherContent when its id
    was used for something else, NotFound for a person or an item that is not the event's,
    NoGroup when no group follows, MayNotOverride.
    """
    db.session.flush()  # the statements of the log go past the session
    occasion = queries.get_occasion(event.id, tap, is_locked=tap.already_given)
    return log_at(occasion, tap, by=by)


def log_at(occasion: Occasion, tap: Tap, *, by: Actor) -> Logged:
    """Log a handing over at an event that was read for this tap; see ``log_handout``."""
    now = clock.now()
    before = remember(tap.id, content_of(occasion, tap), by=by, at=now)
    return log_heard(occasion, tap, by=by, at=now) if before is None else before


def log_heard(occasion: Occasion, tap: Tap, *, by: Actor, at: datetime) -> Logged:
    """Log a handing over that is remembered as heard just now; see ``log_handout``."""
    recipient, verdict = None, entitlement.NOBODY
    if tap.person_id is not None:
        recipient = queries.lock_recipient(occasion, tap.person_id)
        verdict = entitlement.judge_tap(occasion, recipient, tap, at=at)
    refusals = (*_refusals(occasion, tap), *verdict.refusals)
    if not entitlement.may_go_on(refusals, tap, occasion.event_id, by=by):
        broken = verdict.broken
        return amend(Logged(tap.id, Outcome.REFUSED, at, refusals, broken=broken))
    facts = facts_of_tap(occasion, recipient, tap, by=by, at=at)
    try:
        handed = inventory.hand_out(
            occasion.location,
            occasion.thing,
            quantity=tap.quantity,
            handout_id=tap.id,
            recorded_at=at,
            shortage_allowed=tap.already_given,
        )
    except NotEnoughStock as error:
        short = (Refusal.OUT_OF_STOCK,)
        return amend(Logged(tap.id, Outcome.REFUSED, at, short, on_hand=error.on_hand))
    facts = facts._replace(value=handed.value)
    standing = _post(occasion, facts, handed)
    entitlement.count_household(verdict, facts)
    reasons = (
        *_post_exceptions(facts, handed, refusals),
        *entitlement.post_exceptions(verdict, tap, facts, by=by),
    )
    if not reasons:
        return Logged(facts.id, Outcome.CREATED, at, standing=standing)
    db.session.flush()
    return amend(Logged(facts.id, Outcome.FLAGGED, at, reasons, standing=standing))


def content_of(occasion: Occasion, tap: Tap) -> tuple[object, ...]:
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
        *([tap.override] if tap.override else ()),
    )


def may_be_taken_together(occasion: Occasion, tap: Tap) -> bool:
    """Say whether no rule but that of the stock can matter to a handing over that is past."""
    return tap.already_given and tap.person_id is None and not _refusals(occasion, tap)


def _refusals(occasion: Occasion, tap: Tap) -> tuple[Refusal, ...]:
    if occasion.is_open or _was_before_the_close(occasion, tap):
        return ()
    return (Refusal.NOT_OPEN if occasion.state == EventState.PLANNED else Refusal.CLOSED,)


def _was_before_the_close(occasion: Occasion, tap: Tap) -> bool:
    """Say whether what was handed over is only heard of late."""
    closed_at, happened_at = occasion.closed_at, tap.happened_at
    if not tap.already_given or closed_at is None or happened_at is None:
        return False
    return happened_at <= closed_at


def facts_of_tap(
    occasion: Occasion, recipient: Recipient | None, tap: Tap, *, by: Actor, at: datetime
) -> Facts:
    """Give the handout that a tap makes, its value still to come. Raises NoGroup."""
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
        person_id=recipient and recipient.id,
        quantity=tap.quantity,
        head_count=tap.head_count,
        value=0,
        note=tap.note,
        logged_by_id=by.id,
        happened_at=(tap.happened_at or at).astimezone(UTC),
        recorded_at=at,
        is_synthetic=tap.is_synthetic,
    )


def _post(occasion: Occasion, facts: Facts, handed: HandedOut) -> Standing:
    return counters.add(
        facts,
        held_on=occasion.held_on,
        kind=occasion.thing.kind,
        location_id=occasion.location_id,
        seal=seal_of_handout(facts, handed.portions),
    )


def _post_exceptions(
    facts: Facts, handed: HandedOut, refusals: tuple[Refusal, ...]
) -> list[ExceptionReason]:
    """Put on record what the event would have been refused for; being early is nothing."""
    reasons = []
    if handed.shortage:
        reasons.append(ExceptionReason.OVER_STOCK)
    if Refusal.CLOSED in refusals:
        reasons.append(ExceptionReason.AFTER_CLOSE)
    db.session.add_all(
        HandoutException(handout_id=facts.id, event_id=facts.event_id, reason=reason)
        for reason in reasons
    )
    return reasons
