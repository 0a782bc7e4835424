"""Who takes part: participating units and co-organisers."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.campaigns import queries, services
from carecampaign.campaigns.forms import OrganizationFilterForm, PickForm
from carecampaign.campaigns.models import Campaign
from carecampaign.campaigns.views.shared import blueprint, get_draft, status_of
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _n
from carecampaign.core.listing import paginate
from carecampaign.core.undo import MOST_UNDONE, flash_with_undo
from carecampaign.core.urls import page_number
from carecampaign.organizations.models import Organization


@blueprint.get("/<id:campaign_id>/units")
@requires(Permission.CAMPAIGNS_PLAN)
def units(campaign_id: int) -> ResponseReturnValue:
    """List the participating units of a draft, to take some out."""
    campaign = get_draft(campaign_id)
    filter_form, filters = _filters(campaign)
    del filter_form.parent
    page = queries.page_units(campaign, page=page_number(), text=filters.text)
    return render_template(
        "campaigns/units.html",
        campaign=campaign,
        page=page,
        filter_form=filter_form,
        unit_count=_count_units(campaign),
    )


@blueprint.route("/<id:campaign_id>/units/add", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def add_units(campaign_id: int) -> ResponseReturnValue:
    """Choose units from the tree: the ticked ones, or all that match the filters."""
    campaign = get_draft(campaign_id)
    filter_form, filters = _filters(campaign)
    form = PickForm()
    takes_all = "everything" in request.form
    if form.is_submitted() and (takes_all or form.validate()):
        try:
            with transaction():
                campaign = get_draft(campaign_id)
                chosen = _chosen(campaign, form, filters, takes_all=takes_all)
                services.add_units(campaign, chosen, by=signed_in())
        except DomainError as error:
            form.reject(error)
        else:
            words = _n("%(num)s unit takes part now.", "%(num)s units take part now.", len(chosen))
            _tell(words, [unit.id for unit in chosen], ".remove_units", campaign_id)
            return redirect(url_for(".units", campaign_id=campaign_id))
    page = paginate(queries.possible_units(campaign, filters), page=page_number())
    answer = render_template(
        "campaigns/add_units.html",
        campaign=campaign,
        page=page,
        form=form,
        filter_form=filter_form,
        unit_count=_count_units(campaign),
    )
    return answer, status_of(form)


@blueprint.post("/<id:campaign_id>/units/remove")
@requires(Permission.CAMPAIGNS_PLAN)
def remove_units(campaign_id: int) -> ResponseReturnValue:
    """Take the ticked units out of a draft, with their quotas."""
    form = PickForm()
    if not form.validate():
        flash(_("Tick at least one organization."), "warning")
        return redirect(url_for(".units", campaign_id=campaign_id))
    with transaction():
        campaign = get_draft(campaign_id)
        ids = form.organization_ids.data
        leaving = [unit.id for unit in campaign.units if unit.id in set(ids)]
        had_plans = queries.has_plans_for(campaign, leaving)
        number = services.remove_units(campaign, ids, by=signed_in())
    words = _n("%(num)s unit taken out.", "%(num)s units taken out.", number)
    # What was planned for them would not come back with them.
    _tell(words, [] if had_plans else leaving, ".add_units", campaign_id)
    return redirect(url_for(".units", campaign_id=campaign_id))


@blueprint.route("/<id:campaign_id>/co-organizers", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def co_organizers(campaign_id: int) -> ResponseReturnValue:
    """Choose whom the organiser runs a draft together with."""
    campaign = get_draft(campaign_id)
    filter_form, filters = _filters(campaign)
    del filter_form.parent  # co-organisers come from anywhere, not from below the organiser
    form = PickForm()
    if form.validate_on_submit():
        try:
            with transaction():
                campaign = get_draft(campaign_id)
                possible = queries.possible_co_organizers(campaign, queries.OrganizationFilters())
                chosen = _ticked(form, queries.list_organizations(possible, ids=_ids(form)))
                services.add_co_organizers(campaign, chosen, by=signed_in())
        except DomainError as error:
            form.reject(error)
        else:
            ids = [one.id for one in chosen]
            _tell(_("Co-organizers saved."), ids, ".remove_co_organizers", campaign_id)
            return redirect(url_for(".co_organizers", campaign_id=campaign_id))
    answer = render_template(
        "campaigns/co_organizers.html",
        campaign=campaign,
        named=queries.list_co_organizers(campaign),
        page=paginate(queries.possible_co_organizers(campaign, filters), page=page_number()),
        form=form,
        filter_form=filter_form,
    )
    return answer, status_of(form)


@blueprint.post("/<id:campaign_id>/co-organizers/remove")
@requires(Permission.CAMPAIGNS_PLAN)
def remove_co_organizers(campaign_id: int) -> ResponseReturnValue:
    """Name organisations as co-organisers no longer."""
    form = PickForm()
    if not form.validate():
        flash(_("Tick at least one organization."), "warning")
        return redirect(url_for(".co_organizers", campaign_id=campaign_id))
    with transaction():
        campaign = get_draft(campaign_id)
        leaving = [one.id for one in campaign.co_organizers if one.id in _ids(form)]
        for organization_id in leaving:
            services.remove_co_organizer(campaign, organization_id, by=signed_in())
    _tell(_("Co-organizers saved."), leaving, ".co_organizers", campaign_id)
    return redirect(url_for(".co_organizers", campaign_id=campaign_id))


def _filters(campaign: Campaign) -> tuple[OrganizationFilterForm, queries.OrganizationFilters]:
    form = OrganizationFilterForm(request.args, parents=queries.list_parents(campaign))
    valid = form.valid_values()
    filters = queries.OrganizationFilters(text=valid.get("q", ""), parent_id=valid.get("parent"))
    return form, filters


def _count_units(campaign: Campaign) -> int:
    return queries.count_units([campaign.id]).get(campaign.id, 0)


def _chosen(
    campaign: Campaign, form: PickForm, filters: queries.OrganizationFilters, *, takes_all: bool
) -> list[Organization]:
    if takes_all:
        return queries.list_organizations(queries.possible_units(campaign, filters))
    possible = queries.possible_units(campaign, queries.OrganizationFilters())
    return _ticked(form, queries.list_organizations(possible, ids=_ids(form)))


def _ids(form: PickForm) -> set[int]:
    return set(form.organization_ids.data)


def _ticked(form: PickForm, found: list[Organization]) -> list[Organization]:
    if len(found) < len(_ids(form)):
        raise services.NotToBeChosen
    return found


def _tell(words: str, ids: Sequence[int], way_back: str, campaign_id: int) -> None:
    """Say what was done to organisations, and offer to take it back unless they are too many."""
    if 0 < len(ids) <= MOST_UNDONE:
        sending = {"organization_ids": ids}
        flash_with_undo(words, way_back, sending=sending, campaign_id=campaign_id)
    else:
        flash(words, "success")
