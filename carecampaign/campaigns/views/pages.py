"""The list of campaigns, the page of one, drafting and editing."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit.history import history_of
from carecampaign.campaigns import queries, services
from carecampaign.campaigns.forms import CampaignFilterForm, CampaignForm, NewCampaignForm
from carecampaign.campaigns.models import CampaignState, Season
from carecampaign.campaigns.views.shared import blueprint, get_draft, reject, status_of
from carecampaign.core import clock
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.core.urls import page_number


@blueprint.get("")
@requires(Permission.CAMPAIGNS_VIEW)
def index() -> ResponseReturnValue:
    """List the campaigns, with filters."""
    actor = signed_in()
    form = CampaignFilterForm(
        request.args,
        years=queries.list_years_for(actor),
        organizers=queries.list_organizers_for(actor),
    )
    matching = queries.campaigns_for(actor, _filters(form))
    return show_list(
        "campaigns/index.html",
        queries.CAMPAIGNS,
        matching,
        form=form,
        complete=queries.with_units,
        may_create=actor.can(Permission.CAMPAIGNS_PLAN),
    )


@blueprint.get("/<id:campaign_id>")
@requires(Permission.CAMPAIGNS_VIEW)
def show(campaign_id: int) -> ResponseReturnValue:
    """Show the whole plan of a campaign, how it came about, and what may be done with it."""
    campaign = queries.get_campaign_for(signed_in(), campaign_id)
    cells = queries.quotas(campaign)
    lines = queries.list_budget_lines(campaign)
    may = queries.abilities(signed_in(), campaign)
    return render_template(
        "campaigns/show.html",
        campaign=campaign,
        co_organizers=queries.list_co_organizers(campaign),
        units=queries.page_units(campaign, page=page_number()),
        groups=queries.list_groups(campaign),
        cells=cells,
        totals=queries.sum_quotas(cells),
        contents=queries.list_contents(campaign),
        items=queries.list_items(campaign),
        lines=lines,
        budget=sum(line.amount for line in lines),
        budget_by_source=queries.budget_by_source(lines),
        history=queries.list_state_changes(campaign),
        state_actions=queries.STATE_ACTIONS,
        gaps=queries.list_gaps(campaign) if may.submit else [],
        may=may,
        change_history=history_of(campaign),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def create() -> ResponseReturnValue:
    """Draft a campaign."""
    organizers = {row.id: row for row in queries.list_organizers_to_be(signed_in())}
    form = NewCampaignForm(
        organizers=organizers.values(), year=services.propose_year(clock.today())
    )
    if form.validate_on_submit():
        try:
            with transaction():
                command = claim(form.command_id.data, "campaigns.create")
                organizer = organizers[form.organizer_id.data]
                campaign = services.create_campaign(
                    _facts(form), organizer=organizer, by=signed_in()
                )
                command.outcome = campaign.id
        except AlreadyDone as done:
            return redirect(url_for(".show", campaign_id=done.outcome))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Draft saved. Now plan who takes part, for whom and with what."), "success")
            return redirect(url_for(".show", campaign_id=campaign.id))
    return render_template("campaigns/create.html", form=form), status_of(form)


@blueprint.route("/<id:campaign_id>/edit", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def edit(campaign_id: int) -> ResponseReturnValue:
    """Change what a draft is about."""
    campaign = get_draft(campaign_id)
    form = CampaignForm(obj=campaign)
    if form.validate_on_submit():
        try:
            with transaction():
                campaign = get_draft(campaign_id)
                revision = form.revision.data
                services.edit_campaign(campaign, _facts(form), by=signed_in(), revision=revision)
        except DomainError as error:
            reject(form, error, campaign)
        else:
            flash(_("Campaign saved."), "success")
            return redirect(url_for(".show", campaign_id=campaign_id))
    page = render_template("campaigns/edit.html", form=form, campaign=campaign)
    return page, status_of(form)


def _filters(form: CampaignFilterForm) -> queries.CampaignFilters:
    valid = form.valid_values()
    return queries.CampaignFilters(
        text=valid.get("q", ""),
        season=Season(valid["season"]) if "season" in valid else None,
        year=valid.get("year"),
        state=CampaignState(valid["state"]) if "state" in valid else None,
        organizer_id=valid.get("organizer"),
    )


def _facts(form: CampaignForm) -> services.Facts:
    return services.Facts(
        name=form.name.data,
        season=Season(form.season.data),
        year=form.year.data or services.propose_year(form.starts_on.data),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        background=form.background.data or "",
        target_as_worded=form.target_as_worded.data or "",
        standard_per_head=form.standard_per_head.data,
    )
