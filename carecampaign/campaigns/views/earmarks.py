"""Which earmarked money and goods a campaign may use."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.campaigns import queries, services
from carecampaign.campaigns.forms import AllowedEarmarksForm
from carecampaign.campaigns.views.shared import blueprint, status_of
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.funds.queries import list_earmarks_allowed_for, list_earmarks_to_allow


@blueprint.route("/<id:campaign_id>/earmarks", methods=["GET", "POST"])
@requires(Permission.FUNDS_MANAGE)
def earmarks(campaign_id: int) -> ResponseReturnValue:
    """Choose the earmarks of one's own sources that may be spent on a campaign."""
    campaign = queries.get_campaign_for(signed_in(), campaign_id)
    use = queries.use_of(campaign)
    offered = list_earmarks_to_allow(signed_in(), campaign.organizer, use)
    allowed = [earmark.id for earmark in list_earmarks_allowed_for(use)]
    form = AllowedEarmarksForm(offered=offered, allowed=allowed)
    if offered and form.validate_on_submit():
        try:
            with transaction():
                services.set_allowed_earmarks(
                    queries.get_campaign_for(signed_in(), campaign_id),
                    list_earmarks_to_allow(signed_in(), campaign.organizer, use),
                    form.earmarks.data,
                    ground=form.ground.data,
                    by=signed_in(),
                )
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Allowed earmarks saved."), "success")
            return redirect(url_for(".show", campaign_id=campaign_id))
    page = render_template(
        "campaigns/earmarks.html", campaign=campaign, form=form, offered=offered
    )
    return page, status_of(form)
