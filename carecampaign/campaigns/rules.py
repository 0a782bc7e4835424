"""Entitlement rules in words."""

from collections.abc import Iterable

from carecampaign.campaigns.models import Basis, EntitlementRule, RuleKind, Span
from carecampaign.core.babel import in_language, show_number, show_yuan
from carecampaign.core.i18n import _, _n


def in_words(rule: EntitlementRule) -> str:
    """Say what a rule asks for, in one sentence."""
    if rule.kind is RuleKind.TIMES:
        return _limit(rule, _times(rule))
    if rule.kind is RuleKind.AMOUNT:
        words = _limit(rule, show_yuan(rule.most))
        if rule.fund_source is None:
            return words
        return _("%(rule)s, from “%(source)s”", rule=words, source=rule.fund_source.name)
    words = _who(rule)
    if rule.item is None:
        return words
    return _("%(rule)s, for “%(item)s”", rule=words, item=rule.item.name)


def _times(rule: EntitlementRule) -> str:
    most = rule.most or 0
    if rule.item is None:
        return _n("%(num)s handout", "%(num)s handouts", most)
    return _("%(count)s of “%(item)s”", count=show_number(most), item=rule.item.name)


def _limit(rule: EntitlementRule, most: str) -> str:
    """Say how much is the most, for whom, over what; a sentence for each pair of the two."""
    words = {
        (Basis.PERSON, Span.EVENT): _("At most %(most)s a person at one event", most=most),
        (Basis.PERSON, Span.CAMPAIGN): _("At most %(most)s a person in one campaign", most=most),
        (Basis.PERSON, Span.YEAR): _("At most %(most)s a person in a calendar year", most=most),
        (Basis.HOUSEHOLD, Span.EVENT): _("At most %(most)s a household at one event", most=most),
        (Basis.HOUSEHOLD, Span.CAMPAIGN): _(
            "At most %(most)s a household in one campaign", most=most
        ),
        (Basis.HOUSEHOLD, Span.YEAR): _(
            "At most %(most)s a household in a calendar year", most=most
        ),
    }
    return words[rule.basis, rule.span]


def _who(rule: EntitlementRule) -> str:
    if rule.kind is RuleKind.GROUPS:
        return _("Only for %(names)s", names=_listed(in_language(one) for one in rule.groups))
    if rule.kind is RuleKind.UNITS:
        names = _listed(unit.short_name for unit in rule.units)
        return _("Only for people kept by %(names)s", names=names)
    return _("Only for people on the locked roster of the campaign")


def _listed(names: Iterable[str]) -> str:
    return _(", ").join(names)
