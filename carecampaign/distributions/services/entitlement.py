"""Whether somebody is entitled: judged by the rules in force, before giving and after the fact.

Only named persons are judged. Before the fact what breaks a rule is refused, unless somebody
who may settle it gives all the same and says why; after the fact it is posted, counted, and
put on the list of exceptions.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, insert

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.campaigns.models import EntitlementRule, Span
from carecampaign.campaigns.queries import rules_in_force
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _l
from carecampaign.distributions.models import (
    DistributionEvent,
    ExceptionReason,
    Handout,
    HandoutException,
    ServedHousehold,
)
from carecampaign.distributions.queries import Occasion, Recipient
from carecampaign.distributions.queries.elsewhere import served_elsewhere
from carecampaign.distributions.queries.entitlement import (
    Claim,
    Given,
    claims_of,
    given_to,
    lock_household,
    may_override,
)
from carecampaign.distributions.queries.worth import Worth, worth_of_next
from carecampaign.distributions.services.counters import Facts, counted_on
from carecampaign.distributions.services.judging import (
    NOTHING,
    Wish,
    is_of_household,
    judge,
    names_sources,
    weighs,
)
from carecampaign.distributions.services.received import Logged
from carecampaign.distributions.services.refusals import Broken, Refusal
from carecampaign.distributions.taps import Tap
from carecampaign.inventory.services.settlement import provisional

EXCEPTION_FOR = {
    Refusal.SERVED_BEFORE: ExceptionReason.DOUBLE_BENEFICIARY,
    Refusal.NOT_ENTITLED: ExceptionReason.NOT_ENTITLED,
    Refusal.CONSENT_WITHDRAWN: ExceptionReason.CONSENT_WITHDRAWN,
}
"""What a refusal turns into after the fact."""

OVERRIDABLE = frozenset({Refusal.SERVED_BEFORE, Refusal.NOT_ENTITLED})
"""Nobody overrides that somebody took their consent back."""


class MayNotOverride(Conflict):
    """A rule is overridden by whoever may settle the exception it would be."""

    def __init__(self) -> None:
        super().__init__(_l("Only the lead or a planner can give in spite of a rule."))


@dataclass(frozen=True)
class Verdict:
    """What the rules say of a tap: who it is for as they see them, and what it breaks."""

    claim: Claim | None = None
    broken: tuple[Broken, ...] = ()

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Why it is refused before the fact, each reason once."""
        return tuple(dict.fromkeys(each.reason for each in self.broken))


NOBODY = Verdict()
"""For whoever is not named."""


def judge_tap(occasion: Occasion, recipient: Recipient, tap: Tap, *, at: datetime) -> Verdict:
    """Say what a tap for a person breaks, who is locked by then."""
    claim = claims_of([recipient.id], occasion.campaign_id)[recipient.id]
    wish = Wish(
        campaign_id=occasion.campaign_id,
        event_id=occasion.event_id,
        item_id=occasion.thing.id,
        day=counted_on(tap.happened_at or at, at, held_on=occasion.held_on),
        times=tap.head_count,
        quantity=tap.quantity,
        group_id=recipient.group_id or occasion.group_id,
    )
    broken = _withdrawn(claim)
    rules = rules_in_force(occasion.campaign_id, wish.day)
    if any(is_of_household(rule) for rule in rules) and claim.household:
        lock_household(recipient.id)
    if weighs(rules):
        wish = replace(wish, worth=_worth(occasion, tap, rules, at=at))
    given = [*_elsewhere(wish.campaign_id, [claim.person_id])] if tap.head_count else []
    if rules or recipient.was_served or given:
        given += _given(rules, [claim], occasion.campaign_id)
        broken += judge(rules, claim, wish, given)
    return Verdict(claim, tuple(broken))


def foresee(
    event: DistributionEvent, item: Item, person_ids: Sequence[int]
) -> dict[int, tuple[Broken, ...]]:
    """Say what giving one piece to each of some persons would break, by their ids."""
    if not person_ids:
        return {}
    now = clock.now()
    day = counted_on(now, now, held_on=event.held_on)
    rules = rules_in_force(event.campaign_id, day)
    claims = [*claims_of(person_ids, event.campaign_id).values()]
    given = [
        *_elsewhere(event.campaign_id, person_ids),
        *_given(rules, claims, event.campaign_id),
    ]
    worth = NOTHING
    if weighs(rules):
        today = clock.local_date(now)
        worth = worth_of_next(
            event.location_id, item.id, 1, good_on=today, with_sources=names_sources(rules)
        )
    foreseen = {}
    for claim in claims:
        wish = Wish(event.campaign_id, event.id, item.id, day, 1, 1, claim.group_id, worth)
        broken = [
            *_withdrawn(claim),
            *judge(rules, claim, wish, given),
        ]
        foreseen[claim.person_id] = tuple(broken)
    return foreseen


def may_go_on(refusals: Iterable[Refusal], tap: Tap, event_id: int, *, by: Actor) -> bool:
    """Say whether a tap is logged in spite of these refusals.

    Raises MayNotOverride for an override by somebody who may not.
    """
    reasons = set(refusals)
    if not reasons or tap.already_given:
        return True
    if not tap.override or not reasons <= OVERRIDABLE:
        return False
    if not may_override(by, event_id):
        raise MayNotOverride
    return True


def may_be_overridden(logged: Logged, event_id: int, *, by: Actor) -> bool:
    """Say whether the actor can have a refused tap logged all the same, with a reason."""
    return {*logged.reasons} <= OVERRIDABLE and may_override(by, event_id)


def post_exceptions(
    verdict: Verdict, tap: Tap, facts: Facts, *, by: Actor
) -> tuple[ExceptionReason, ...]:
    """Put on record what a handout broke; give the reasons somebody still has to settle.

    What was overridden is settled by it.
    """
    is_overridden = bool(tap.override and verdict.broken) and may_override(by, facts.event_id)
    to_settle = []
    for each in verdict.broken:
        exception = HandoutException(
            handout_id=facts.id,
            event_id=facts.event_id,
            reason=EXCEPTION_FOR[each.reason],
            rule_id=each.rule and each.rule.id,
        )
        db.session.add(exception)
        if is_overridden and each.reason in OVERRIDABLE:
            _settle(exception, tap.override, at=facts.recorded_at, by=by)
        else:
            to_settle.append(exception.reason)
    return tuple(dict.fromkeys(to_settle))


def count_household(verdict: Verdict, facts: Facts) -> None:
    """Count a handout for the household of its person, in the transaction of the handout."""
    if verdict.claim is None or verdict.claim.household is None:
        return
    db.session.execute(
        insert(ServedHousehold).values(
            handout_id=facts.id,
            event_id=facts.event_id,
            campaign_id=facts.campaign_id,
            unit_id=facts.unit_id,
            household=verdict.claim.household,
            times=facts.head_count,
        )
    )


def take_back_household(handout: Handout) -> None:
    """Count a voided handout for no household any more."""
    if handout.person_id is not None:
        db.session.execute(
            delete(ServedHousehold)
            .where(ServedHousehold.handout_id == handout.id)
            .execution_options(synchronize_session=False)
        )


def _settle(exception: HandoutException, reason: str, *, at: datetime, by: Actor) -> None:
    exception.settled_at, exception.settled_by_id = at, by.id
    exception.settlement = reason
    event = db.session.get_one(DistributionEvent, exception.event_id)
    audit.record(
        "distributions.override",
        exception,
        by=by,
        name=event.place,
        path=event.unit.path,
        changes={"reason": exception.reason, "settlement": audit.keyed_digest(reason)},
    )


def _withdrawn(claim: Claim) -> list[Broken]:
    return [Broken(Refusal.CONSENT_WITHDRAWN)] if claim.has_withdrawn else []


def _elsewhere(campaign_id: int, person_ids: Collection[int]) -> Iterator[Given]:
    """Give what persons got under an entry that another union keeps: once, and the day."""
    for person_id, day in served_elsewhere(campaign_id, person_ids).items():
        yield Given(
            id=None,
            person_id=person_id,
            household=None,
            campaign_id=campaign_id,
            event_id=None,
            item_id=None,
            happened_at=clock.start_of(day),
            recorded_at=clock.start_of(day),
            held_on=day,
            times=1,
            quantity=0,
            value=0,
            by_source={},
        )


def _worth(
    occasion: Occasion, tap: Tap, rules: Sequence[EntitlementRule], *, at: datetime
) -> Worth:
    """Give what the pieces of a tap are worth; nobody else takes them meanwhile."""
    worth = worth_of_next(
        occasion.location_id,
        occasion.thing.id,
        tap.quantity,
        good_on=clock.local_date(at),
        with_expired=tap.already_given,
        with_sources=names_sources(rules),
        lock=True,
    )
    if not worth.missing:
        return worth
    rest = provisional((occasion.location_id, occasion.thing.id), worth.missing)
    return worth._replace(value=worth.value + rest.value)


def _given(
    rules: Sequence[EntitlementRule], claims: Iterable[Claim], campaign_id: int
) -> Sequence[Given]:
    """Read what was given before, as far as these rules look back."""
    households = {claim.household for claim in claims if claim.household}
    return given_to(
        [claim.person_id for claim in claims],
        households if any(is_of_household(rule) for rule in rules) else (),
        campaign_id=None if any(rule.span is Span.YEAR for rule in rules) else campaign_id,
        with_sources=names_sources(rules),
    )
