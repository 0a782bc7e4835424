"""Entitlement rules applied: pure arithmetic over what was given and what is to be given."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from carecampaign.campaigns.models import Basis, EntitlementRule, RuleKind, Span
from carecampaign.distributions.queries.entitlement import Claim, Given
from carecampaign.distributions.queries.worth import Worth
from carecampaign.distributions.services.counters import counted_on
from carecampaign.distributions.services.refusals import Broken, Refusal

LIMITS = frozenset({RuleKind.TIMES, RuleKind.AMOUNT})
NOTHING = Worth(0, {})


@dataclass(frozen=True)
class Wish:
    """What is to be given to one person; ``group_id`` None is not known yet."""

    campaign_id: int
    event_id: int
    item_id: int
    day: date
    times: int
    quantity: int
    group_id: int | None
    worth: Worth = NOTHING


def judge(
    rules: Sequence[EntitlementRule],
    claim: Claim,
    wish: Wish,
    given: Sequence[Given],
) -> Iterator[Broken]:
    """Give what a wish breaks, after what was given before."""
    for rule in rules:
        if rule.item_id not in {None, wish.item_id}:
            continue
        if rule.kind in LIMITS:
            broken = _limit(rule, claim, wish, given)
            if broken is not None:
                yield broken
        elif not _lets_in(rule, claim, wish):
            yield Broken(Refusal.NOT_ENTITLED, rule)
    if wish.times and not _says_how_often(rules, wish):
        yield from _once(claim, wish, given)


def _says_how_often(rules: Iterable[EntitlementRule], wish: Wish) -> bool:
    return any(
        rule.kind is RuleKind.TIMES and rule.item_id in {None, wish.item_id} for rule in rules
    )


def _once(claim: Claim, wish: Wish, given: Iterable[Given]) -> Iterator[Broken]:
    """Where no rule says how often, everybody is served once in a campaign."""
    mine = [
        each
        for each in given
        if each.person_id == claim.person_id
        and each.campaign_id == wish.campaign_id
        and each.times
    ]
    if mine:
        yield Broken(Refusal.SERVED_BEFORE, None, len(mine), wish.times, _last(mine))


def _limit(
    rule: EntitlementRule, claim: Claim, wish: Wish, given: Sequence[Given]
) -> Broken | None:
    before = [each for each in given if _adds_up(rule, claim, wish, each)]
    had = sum(_amount(rule, each.times, each.quantity, each) for each in before)
    more = _amount(rule, wish.times, wish.quantity, wish.worth)
    if not more or had + more <= (rule.most or 0):
        return None
    return Broken(Refusal.NOT_ENTITLED, rule, had, more, _last(before))


def _amount(rule: EntitlementRule, times: int, quantity: int, worth: Given | Worth) -> int:
    """Give what a handing over adds to a limit: times, pieces of the item, or fen."""
    if rule.kind is RuleKind.TIMES:
        return times if rule.item_id is None else quantity
    if rule.fund_source_id is None:
        return worth.value
    return worth.by_source.get(rule.fund_source_id, 0)


def _adds_up(rule: EntitlementRule, claim: Claim, wish: Wish, given: Given) -> bool:
    """Say whether what was given counts against a limit."""
    is_household = rule.basis is Basis.HOUSEHOLD and claim.household is not None
    is_theirs = given.person_id == claim.person_id or (
        is_household and given.household == claim.household
    )
    is_within = {
        Span.EVENT: given.event_id == wish.event_id,
        Span.CAMPAIGN: given.campaign_id == wish.campaign_id,
        Span.YEAR: _day(given).year == wish.day.year,
    }
    is_it = rule.item_id is None or rule.item_id == given.item_id
    return is_theirs and is_it and is_within[rule.span]


def _lets_in(rule: EntitlementRule, claim: Claim, wish: Wish) -> bool:
    if rule.kind is RuleKind.GROUPS:
        return wish.group_id is None or wish.group_id in {group.id for group in rule.groups}
    if rule.kind is RuleKind.UNITS:
        return any(claim.path.startswith(unit.path) for unit in rule.units)
    return claim.is_on_roster


def is_of_household(rule: EntitlementRule) -> bool:
    """Say whether a rule adds up what a household got."""
    return rule.kind in LIMITS and rule.basis is Basis.HOUSEHOLD


def weighs(rules: Iterable[EntitlementRule]) -> bool:
    """Say whether some rule asks what things are worth."""
    return any(rule.kind is RuleKind.AMOUNT for rule in rules)


def names_sources(rules: Iterable[EntitlementRule]) -> bool:
    """Say whether some rule asks whose money paid for things."""
    return any(rule.fund_source_id is not None for rule in rules)


def _day(given: Given) -> date:
    return counted_on(given.happened_at, given.recorded_at, held_on=given.held_on)


def _last(given: Iterable[Given]) -> date | None:
    return max(map(_day, given), default=None)
