"""Who takes part: participating units and co-organisers."""

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
            _tell_added(len(chosen))
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
        number = services.remove_units(campaign, ids, by=signed_in())
    flash(_n("%(num)s unit taken out.", "%(num)s units taken out.", number), "success")
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
            flash(_("Co-organizers saved."), "success")
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


@blueprint.post("/<id:campaign_id>/co-organizers/<id:organization_id>/remove")
@requires(Permission.CAMPAIGNS_PLAN)
def remove_co_organizer(campaign_id: int, organization_id: int) -> ResponseReturnValue:
    """Name an organisation as co-organiser no longer."""
    with transaction():
        campaign = get_draft(campaign_id)
        services.remove_co_organizer(campaign, organization_id, by=signed_in())
    flash(_("Co-organizers saved."), "success")
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


def _tell_added(number: int) -> None:
    flash(_n("%(num)s unit takes part now.", "%(num)s units take part now.", number), "success")
