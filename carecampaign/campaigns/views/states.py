"""The steps of a plan: submit, approve, return, start."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.campaigns import queries, services
from carecampaign.campaigns.forms import ReturnForm
from carecampaign.campaigns.models import CampaignState
from carecampaign.campaigns.views.shared import blueprint, status_of
from carecampaign.core.db import transaction
from carecampaign.core.i18n import _


@blueprint.post("/<id:campaign_id>/submit")
@requires(Permission.CAMPAIGNS_PLAN)
def submit(campaign_id: int) -> ResponseReturnValue:
    """Put a draft before an approver."""
    try:
        with transaction():
            campaign = queries.get_campaign_to_plan(signed_in(), campaign_id)
            services.submit_campaign(campaign, by=signed_in())
    except services.Incomplete as error:
        for gap in error.gaps:
            flash(gap.label, "danger")
    else:
        flash(_("Submitted for approval."), "success")
    return redirect(url_for(".show", campaign_id=campaign_id))


@blueprint.post("/<id:campaign_id>/approve")
@requires(Permission.CAMPAIGNS_APPROVE)
def approve(campaign_id: int) -> ResponseReturnValue:
    """Approve a submitted plan."""
    try:
        with transaction():
            campaign = queries.get_campaign_to_approve(signed_in(), campaign_id)
            services.approve_campaign(campaign, by=signed_in())
    except services.PreparerMayNotDecide as error:
        flash(str(error), "danger")
    else:
        flash(_("Campaign approved."), "success")
    return redirect(url_for(".show", campaign_id=campaign_id))


@blueprint.route("/<id:campaign_id>/return", methods=["GET", "POST"])
@requires(Permission.CAMPAIGNS_APPROVE)
def return_to_draft(campaign_id: int) -> ResponseReturnValue:
    """Return a submitted plan to the draft, saying what is to be changed."""
    campaign = queries.get_campaign_to_approve(signed_in(), campaign_id)
    if campaign.state is not CampaignState.SUBMITTED:
        raise services.MovedOn(campaign.state)
    form = ReturnForm()
    if form.validate_on_submit():
        try:
            with transaction():
                campaign = queries.get_campaign_to_approve(signed_in(), campaign_id)
                comment = form.comment.data
                services.return_campaign(campaign, comment=comment, by=signed_in())
        except services.PreparerMayNotDecide as error:
            form.reject(error)
        else:
            flash(_("Returned to the planner."), "success")
            return redirect(url_for(".show", campaign_id=campaign_id))
    page = render_template("campaigns/return_to_draft.html", campaign=campaign, form=form)
    return page, status_of(form)


@blueprint.post("/<id:campaign_id>/start")
@requires(Permission.CAMPAIGNS_PLAN)
def start(campaign_id: int) -> ResponseReturnValue:
    """Begin to carry out an approved plan."""
    with transaction():
        campaign = queries.get_campaign_to_plan(signed_in(), campaign_id)
        services.start_campaign(campaign, by=signed_in())
    flash(_("The campaign is under way: plan its distribution events."), "success")
    return redirect(url_for(".show", campaign_id=campaign_id))
