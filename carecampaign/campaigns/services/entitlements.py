"""Entitlement rules: add, change, switch and end them. None is ever deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.campaigns.models import (
    Basis,
    Campaign,
    CampaignGroup,
    EntitlementRule,
    RuleKind,
    Span,
)
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _, _l
from carecampaign.funds.models import FundSource
from carecampaign.organizations.models import Organization

EXAMPLE_CAPS = ((Span.EVENT, 300_000), (Span.YEAR, 600_000))
"""Fen: what several regions allow a person at a time and in a year (DOMAIN.md section 1)."""


class RuleEndsBeforeItStarts(DomainError):
    """The last day of a rule lies before its first."""

    field = "ends_on"

    def __init__(self) -> None:
        super().__init__(_l("The last day lies before the first."))


class NobodyLetIn(DomainError):
    """A rule on groups or units that names none would shut everybody out."""

    def __init__(self, field: str) -> None:
        super().__init__(_l("Choose at least one."), field=field)


class RuleEnded(Conflict):
    """A rule that has ended stays as it was; a new one may follow."""

    def __init__(self) -> None:
        super().__init__(_l("This rule has ended: add a new one instead."))


@dataclass(frozen=True)
class Terms:
    """What a rule asks for; see ``EntitlementRule``. Both days are included."""

    starts_on: date
    ends_on: date | None = None
    most: int | None = None
    basis: Basis = Basis.PERSON
    span: Span = Span.CAMPAIGN
    item: Item | None = None
    fund_source: FundSource | None = None
    groups: Sequence[CampaignGroup] = ()
    units: Sequence[Organization] = ()
    ground: str = ""


def add_rule(
    campaign: Campaign,
    kind: RuleKind,
    terms: Terms,
    *,
    for_all: bool = False,
    is_on: bool = True,
    by: Actor,
) -> EntitlementRule:
    """Add a rule to a campaign; ``for_all`` to all of its organiser and of the unions below.

    Raises RuleEndsBeforeItStarts, NobodyLetIn.
    """
    rule = EntitlementRule(
        organization_id=campaign.organizer_id,
        campaign_id=None if for_all else campaign.id,
        kind=kind,
        is_on=is_on,
    )
    rule.organization = campaign.organizer
    rule.campaign = None if for_all else campaign
    _set(rule, terms)
    db.session.add(rule)
    db.session.flush()
    _record("add_rule", rule, by=by, changes={"kind": kind, **_told(rule), "is_on": is_on})
    return rule


def edit_rule(rule: EntitlementRule, terms: Terms, *, by: Actor) -> None:
    """Change what a rule asks for, from now on: what was given before stays given.

    Raises RuleEndsBeforeItStarts, NobodyLetIn, RuleEnded.
    """
    _refuse_ended(rule)
    before = _told(rule)
    _set(rule, terms)
    db.session.flush()
    after = _told(rule)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        _record("edit_rule", rule, by=by, changes=changes)


def switch_rule(rule: EntitlementRule, *, is_on: bool, by: Actor) -> None:
    """Let a rule hold from this moment on, or not. Raises RuleEnded."""
    _refuse_ended(rule)
    if rule.is_on is not is_on:
        rule.is_on = is_on
        _record("switch_rule", rule, by=by, changes={"is_on": [not is_on, is_on]})


def end_rule(rule: EntitlementRule, *, by: Actor) -> None:
    """Let a rule hold until today is over, or for its first day if that lies ahead.

    Raises RuleEnded.
    """
    _refuse_ended(rule)
    before = rule.ends_on
    rule.ends_on = max(clock.today(), rule.starts_on)
    _record("end_rule", rule, by=by, changes={"ends_on": [before, rule.ends_on]})


def add_example_caps(campaign: Campaign, *, by: Actor) -> list[EntitlementRule]:
    """Add the example of two caps for all campaigns of the organiser, switched off."""
    return [
        add_rule(
            campaign,
            RuleKind.AMOUNT,
            Terms(
                starts_on=clock.today(),
                most=most,
                span=span,
                ground=_("Example: check your own federation's rules first"),
            ),
            for_all=True,
            is_on=False,
            by=by,
        )
        for span, most in EXAMPLE_CAPS
    ]


def has_ended(rule: EntitlementRule) -> bool:
    """Say whether a rule's last day is over."""
    return rule.ends_on is not None and rule.ends_on < clock.today()


def _set(rule: EntitlementRule, terms: Terms) -> None:
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        raise RuleEndsBeforeItStarts
    if rule.kind is RuleKind.GROUPS and not terms.groups:
        raise NobodyLetIn("group_ids")
    if rule.kind is RuleKind.UNITS and not terms.units:
        raise NobodyLetIn("unit_ids")
    for name in ("starts_on", "ends_on", "most", "basis", "span", "ground"):
        setattr(rule, name, getattr(terms, name))
    rule.item, rule.fund_source = terms.item, terms.fund_source
    rule.groups, rule.units = list(terms.groups), list(terms.units)


def _refuse_ended(rule: EntitlementRule) -> None:
    if has_ended(rule):
        raise RuleEnded


def _told(rule: EntitlementRule) -> dict[str, Any]:
    """Give a rule as the log keeps it; only what matters for its kind."""
    is_amount = rule.kind is RuleKind.AMOUNT
    facts: dict[str, Any] = {}
    if rule.kind in {RuleKind.TIMES, RuleKind.AMOUNT}:
        facts = {"basis": rule.basis, "span": rule.span}
        facts["most_amount" if is_amount else "most"] = rule.most
    return {
        **facts,
        "item": rule.item.name if rule.item else "",
        "fund_source": rule.fund_source.name if rule.fund_source else "",
        "groups": [group.name for group in rule.groups],
        "units": [unit.name for unit in rule.units],
        "starts_on": rule.starts_on,
        "ends_on": rule.ends_on,
        "ground": rule.ground,
    }


def _record(verb: str, rule: EntitlementRule, *, by: Actor, changes: Mapping[str, object]) -> None:
    audit.record(
        f"campaigns.{verb}",
        rule,
        by=by,
        name=rule.campaign.name if rule.campaign else rule.organization.name,
        path=rule.organization.path,
        changes=changes,
    )
