"""The target groups of a draft."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.models import Occupation
from carecampaign.campaigns import queries, services
from carecampaign.campaigns.forms import GroupForm
from carecampaign.campaigns.models import Campaign, CampaignGroup
from carecampaign.campaigns.views.shared import blueprint, get_draft, status_of
from carecampaign.core.babel import in_language
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _


@blueprint.route("/<id:campaign_id>/groups/new", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def add_group(campaign_id: int) -> ResponseReturnValue:
    """Add a target group, with the occupations that count in it."""
    campaign = get_draft(campaign_id)
    form = _form(campaign, queries.list_occupations())
    if form.validate_on_submit():
        try:
            with transaction():
                services.add_group(
                    get_draft(campaign_id),
                    name=form.name.data,
                    name_en=form.name_en.data or "",
                    occupations=_occupations(form),
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Target group added."), "success")
            return redirect(url_for(".show", campaign_id=campaign_id))
    page = render_template("campaigns/add_group.html", campaign=campaign, form=form)
    return page, status_of(form)


@blueprint.route("/<id:campaign_id>/groups/<id:group_id>/edit", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_PLAN)
def edit_group(campaign_id: int, group_id: int) -> ResponseReturnValue:
    """Change a target group and the occupations that count in it."""
    campaign = get_draft(campaign_id)
    group = queries.get_group(campaign, group_id)
    counted = [occupation.id for occupation in group.occupations]
    form = _form(campaign, queries.list_occupations(also=counted), group)
    if form.validate_on_submit():
        try:
            with transaction():
                group = queries.get_group(get_draft(campaign_id), group_id)
                services.edit_group(
                    group,
                    name=form.name.data,
                    name_en=form.name_en.data or "",
                    occupations=_occupations(form),
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Target group saved."), "success")
            return redirect(url_for(".show", campaign_id=campaign_id))
    page = render_template("campaigns/edit_group.html", campaign=campaign, group=group, form=form)
    return page, status_of(form)


@blueprint.post("/<id:campaign_id>/groups/<id:group_id>/remove")
@requires(Permission.CAMPAIGNS_PLAN)
def remove_group(campaign_id: int, group_id: int) -> ResponseReturnValue:
    """Take a target group out of a draft, with its quotas."""
    with transaction():
        group = queries.get_group(get_draft(campaign_id), group_id)
        services.remove_group(group, by=signed_in())
    flash(_("Target group removed."), "success")
    return redirect(url_for(".show", campaign_id=campaign_id))


def _form(
    campaign: Campaign, occupations: list[Occupation], group: CampaignGroup | None = None
) -> GroupForm:
    elsewhere = {
        occupation_id: in_language(other)
        for occupation_id, other in queries.groups_of_occupations(campaign).items()
        if group is None or other.id != group.id
    }
    if group is None:
        return GroupForm(occupations=occupations, taken=elsewhere)
    counted = [occupation.id for occupation in group.occupations]
    return GroupForm(occupations=occupations, taken=elsewhere, obj=group, occupation_ids=counted)


def _occupations(form: GroupForm) -> list[Occupation]:
    ticked = set(form.occupation_ids.data or ())
    return [one for one in queries.list_occupations(also=ticked) if one.id in ticked]
