"""What a draft hands out, to whom how much, and from which money."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.campaigns import queries, services
from carecampaign.campaigns.forms import BudgetForm, GoodsForm, QuotaForm
from carecampaign.campaigns.models import Campaign
from carecampaign.campaigns.views.shared import blueprint, get_draft, reject, status_of
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.urls import page_number
from carecampaign.funds.queries import list_fund_sources_for

UNITS_ON_A_GRID = 300


@blueprint.route("/<id:campaign_id>/goods", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def goods(campaign_id: int) -> ResponseReturnValue:
    """Choose the care package and the single items of a draft, and how many are planned."""
    campaign = get_draft(campaign_id)
    form = _goods_form(campaign)
    if form.validate_on_submit():
        try:
            with transaction():
                campaign = get_draft(campaign_id)
                _set_goods(campaign, form)
        except DomainError as error:
            reject(form, error, campaign)
        else:
            flash(_("Care package and items saved."), "success")
            return redirect(url_for(".show", campaign_id=campaign_id))
    page = render_template("campaigns/goods.html", campaign=campaign, form=form)
    return page, status_of(form)


@blueprint.route("/<id:campaign_id>/quotas", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def quotas(campaign_id: int) -> ResponseReturnValue:
    """Plan how many packages each unit gets for each target group, in one grid."""
    campaign = get_draft(campaign_id)
    form = QuotaForm(revision=campaign.revision)
    units = queries.page_units(campaign, page=page_number(), size=UNITS_ON_A_GRID)
    groups = queries.list_groups(campaign)
    cells = queries.quotas(campaign)
    form.planned.spread([unit.id for unit in units.items], [group.id for group in groups], cells)
    if form.validate_on_submit():
        try:
            with transaction():
                campaign = get_draft(campaign_id)
                services.set_quotas(
                    campaign, form.planned.data, by=signed_in(), revision=form.revision.data
                )
        except DomainError as error:
            reject(form, error, campaign)
        else:
            flash(_("Quotas saved."), "success")
            return redirect(url_for(".quotas", campaign_id=campaign_id, page=units.number))
    page = render_template(
        "campaigns/quotas.html",
        campaign=campaign,
        form=form,
        units=units,
        groups=groups,
        totals=queries.sum_quotas(cells | form.planned.data),
        on_page=queries.sum_quotas(form.planned.data),
    )
    return page, status_of(form)


@blueprint.route("/<id:campaign_id>/budget", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def budget(campaign_id: int) -> ResponseReturnValue:
    """Plan what the money of a draft is for, each line from one fund source."""
    campaign = get_draft(campaign_id)
    lines = queries.list_budget_lines(campaign)
    used = [line.fund_source_id for line in lines]
    sources = list_fund_sources_for(campaign.organizer, also=used)
    offered = [SelectChoice(one.id, f"{one.name} · {one.organization.name}") for one in sources]
    form = BudgetForm(sources=offered, revision=campaign.revision, lines=lines)
    if form.validate_on_submit():
        by_id = {source.id: source for source in sources}
        spendings = [
            services.Spending(
                fund_source=by_id[line.fund_source_id.data],
                purpose=line.purpose.data,
                amount=line.amount.data,
            )
            for line in form.lines
            if not line.is_empty
        ]
        try:
            with transaction():
                campaign = get_draft(campaign_id)
                services.set_budget(
                    campaign, spendings, by=signed_in(), revision=form.revision.data
                )
        except DomainError as error:
            reject(form, error, campaign)
        else:
            flash(_("Budget saved."), "success")
            return redirect(url_for(".show", campaign_id=campaign_id))
    page = render_template("campaigns/budget.html", campaign=campaign, form=form)
    return page, status_of(form)


def _goods_form(campaign: Campaign) -> GoodsForm:
    items = queries.list_items(campaign)
    versions = queries.list_package_versions(also=campaign.package_version_id)
    packages = [
        SelectChoice(
            version.id,
            _(
                "%(package)s, version %(number)s",
                package=version.package.name,
                number=version.number,
            ),
        )
        for version in versions
    ]
    goods_to_choose = queries.list_goods(also=[line.item_id for line in items])
    return GoodsForm(packages=packages, goods=goods_to_choose, obj=campaign, items=items)


def _set_goods(campaign: Campaign, form: GoodsForm) -> None:
    lines = [line for line in form.items if not line.is_empty]
    chosen = [line.item_id.data for line in lines]
    items = {item.id: item for item in queries.list_goods(also=chosen)}
    version_id = form.package_version_id.data
    versions = queries.list_package_versions(also=version_id)
    services.set_goods(
        campaign,
        version=next((version for version in versions if version.id == version_id), None),
        planned_packages=form.planned_packages.data,
        items=[
            services.PlannedItem(item=items[line.item_id.data], planned=line.planned.data)
            for line in lines
        ],
        by=signed_in(),
        revision=form.revision.data,
    )
