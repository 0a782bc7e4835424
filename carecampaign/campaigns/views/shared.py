"""What the pages of this area share."""

from flask import Blueprint

from carecampaign.access.gate import signed_in
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.campaigns.queries import get_campaign_to_plan
from carecampaign.campaigns.services import ChangedMeanwhile, NotADraft
from carecampaign.core.errors import DomainError
from carecampaign.core.forms import Form

blueprint = Blueprint("campaigns", __name__, url_prefix="/campaigns")


def get_draft(campaign_id: int) -> Campaign:
    """Give a draft that the person signed in plans. Raises NotFound, NotADraft."""
    campaign = get_campaign_to_plan(signed_in(), campaign_id)
    if campaign.state is not CampaignState.DRAFT:
        raise NotADraft
    return campaign


def reject(form: Form, error: DomainError, campaign: Campaign) -> None:
    """Show a broken rule on the form; who was told of another's change may then save over it."""
    form.reject(error)
    if isinstance(error, ChangedMeanwhile):
        form.revision.data = campaign.revision


def status_of(form: Form) -> int:
    """Give the status of a page that shows a form."""
    return 422 if form.errors else 200
