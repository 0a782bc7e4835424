"""The entitlement rules of a campaign."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.audit.history import history_of
from carecampaign.campaigns import queries, services
from carecampaign.campaigns.forms import RuleForm
from carecampaign.campaigns.models import (
    Basis,
    Campaign,
    CampaignGroup,
    EntitlementRule,
    RuleKind,
    Span,
)
from carecampaign.campaigns.rules import in_words
from carecampaign.campaigns.views.shared import blueprint, status_of
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.babel import show_date
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.funds.models import FundSource
from carecampaign.funds.queries import list_fund_sources_for
from carecampaign.organizations.models import Organization

PLAN = Permission.CAMPAIGNS_PLAN


@blueprint.get("/<id:campaign_id>/entitlement")
@requires(Permission.CAMPAIGNS_VIEW)
def entitlement(campaign_id: int) -> ResponseReturnValue:
    """Show the rules a campaign goes by, those switched off, and those that have ended."""
    actor = signed_in()
    campaign = queries.get_campaign_for(actor, campaign_id)
    rules = queries.rules_of(campaign)
    may_plan = covers(actor.paths(PLAN), campaign.organizer.path)
    return render_template(
        "campaigns/entitlement.html",
        campaign=campaign,
        rules=[rule for rule in rules if not services.has_ended(rule)],
        ended=[rule for rule in rules if services.has_ended(rule)],
        in_words=in_words,
        may_plan=may_plan,
        may_change=lambda rule: queries.may_change(actor, rule),
        offers_example=may_plan and not queries.has_caps(campaign),
        has_limit=any(
            rule.kind is RuleKind.TIMES and rule.item is None
            for rule in queries.rules_in_force(campaign.id, clock.today())
        ),
        kinds=RuleKind,
        today=clock.today(),
    )


@blueprint.route(
    "/<id:campaign_id>/entitlement/<any(times, amount, groups, units, roster):kind>",
    methods=["GET", "POST"],
)
@requires(Permission.CAMPAIGNS_PLAN)
def add_rule(campaign_id: int, kind: str) -> ResponseReturnValue:
    """Add a rule of one kind."""
    campaign = queries.get_campaign_to_plan(signed_in(), campaign_id)
    rule_kind = RuleKind(kind)
    form, offer = RuleForm(rule_kind, starts_on=clock.today()), _offer(campaign)
    form.offer(offer)
    if form.validate_on_submit():
        try:
            with transaction():
                campaign = queries.get_campaign_to_plan(signed_in(), campaign_id)
                services.add_rule(
                    campaign,
                    rule_kind,
                    _terms(form, offer),
                    for_all="for_all" in form and bool(form.for_all.data),
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("The rule holds from %(day)s.", day=show_date(form.starts_on.data)), "success")
            return redirect(url_for(".entitlement", campaign_id=campaign_id))
    page = render_template("campaigns/add_rule.html", campaign=campaign, kind=rule_kind, form=form)
    return page, status_of(form)


@blueprint.route("/<id:campaign_id>/entitlement/<id:rule_id>", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def edit_rule(campaign_id: int, rule_id: int) -> ResponseReturnValue:
    """Change what a rule asks for and when it holds; show how it came to be so."""
    campaign, rule = _rule(campaign_id, rule_id)
    form, offer = RuleForm(rule.kind, rule=rule), _offer(campaign, rule)
    form.offer(offer)
    if form.validate_on_submit():
        try:
            with transaction():
                _campaign, rule = _rule(campaign_id, rule_id, lock=True)
                services.edit_rule(rule, _terms(form, offer), by=signed_in())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Rule saved."), "success")
            return redirect(url_for(".entitlement", campaign_id=campaign_id))
    page = render_template(
        "campaigns/edit_rule.html",
        campaign=campaign,
        rule=rule,
        words=in_words(rule),
        has_ended=services.has_ended(rule),
        form=form,
        change_history=history_of(rule),
    )
    return page, status_of(form)


@blueprint.post("/<id:campaign_id>/entitlement/<id:rule_id>/<any(on, off, end):change>")
@requires(Permission.CAMPAIGNS_PLAN)
def change_rule(campaign_id: int, rule_id: int, change: str) -> ResponseReturnValue:
    """Switch a rule on or off at once, or let it end with today."""
    with transaction():
        _campaign, rule = _rule(campaign_id, rule_id, lock=True)
        if change == "end":
            services.end_rule(rule, by=signed_in())
        else:
            services.switch_rule(rule, is_on=change == "on", by=signed_in())
    flash(_("Rule saved."), "success")
    return redirect(url_for(".entitlement", campaign_id=campaign_id))


@blueprint.post("/<id:campaign_id>/entitlement/example-caps")
@requires(Permission.CAMPAIGNS_PLAN)
def add_example_caps(campaign_id: int) -> ResponseReturnValue:
    """Add the example of caps on the amount, switched off."""
    with transaction():
        campaign = queries.get_campaign_to_plan(signed_in(), campaign_id)
        services.add_example_caps(campaign, by=signed_in())
    flash(_("Two caps added, switched off. Check the amounts before you switch them on."))
    return redirect(url_for(".entitlement", campaign_id=campaign_id))


def _rule(
    campaign_id: int, rule_id: int, *, lock: bool = False
) -> tuple[Campaign, EntitlementRule]:
    campaign = queries.get_campaign_for(signed_in(), campaign_id)
    return campaign, queries.get_rule_to_plan(signed_in(), campaign, rule_id, lock=lock)


@dataclass(frozen=True)
class _Offer:
    """What a rule of a campaign can name; what it names already is always among it."""

    things: Sequence[Item]
    sources: Sequence[FundSource]
    groups: Sequence[CampaignGroup]
    units: Sequence[Organization]


def _offer(campaign: Campaign, rule: EntitlementRule | None = None) -> _Offer:
    things, units = queries.list_things(campaign), queries.list_eligible_units(campaign)
    also: list[int] = []
    if rule is not None:
        things = [*things, *(one for one in (rule.item,) if one and one not in things)]
        units = [*units, *(one for one in rule.units if one not in units)]
        also = [rule.fund_source_id] if rule.fund_source_id else []
    return _Offer(
        things=things,
        sources=list_fund_sources_for(campaign.organizer, also=also),
        groups=queries.list_groups(campaign),
        units=units,
    )


def _terms(form: RuleForm, offer: _Offer) -> services.Terms:
    amount = form.most_amount.data if "most_amount" in form else None
    return services.Terms(
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        most=form.most.data if "most" in form else amount,
        basis=Basis(form.basis.data) if "basis" in form else Basis.PERSON,
        span=Span(form.span.data) if "span" in form else Span.CAMPAIGN,
        item=next(iter(_chosen(form, "item_id", offer.things)), None),
        fund_source=next(iter(_chosen(form, "fund_source_id", offer.sources)), None),
        groups=_chosen(form, "group_ids", offer.groups),
        units=_chosen(form, "unit_ids", offer.units),
        ground=form.ground.data or "",
    )


def _chosen(form: RuleForm, name: str, rows: Sequence[Any]) -> list[Any]:
    ticked = form[name].data if name in form else None
    wanted = ticked if isinstance(ticked, list) else [ticked]
    return [row for row in rows if row.id in wanted]
