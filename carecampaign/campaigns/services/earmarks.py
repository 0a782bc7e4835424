"""Which earmarked money and goods a campaign may use (专款专用)."""

from collections.abc import Collection, Sequence

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign
from carecampaign.campaigns.queries import use_of
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.funds.models import Earmark
from carecampaign.funds.queries import list_earmarks_allowed_for
from carecampaign.funds.services import allow_use, forbid_use


class GroundNeeded(DomainError):
    """Somebody allows an earmark and does not say by whose word."""

    field = "ground"

    def __init__(self) -> None:
        super().__init__(_l("Say on what ground it is allowed."))


def set_allowed_earmarks(
    campaign: Campaign,
    offered: Sequence[Earmark],
    chosen: Collection[int],
    *,
    ground: str,
    by: Actor,
) -> None:
    """Of the earmarks offered, allow those chosen (by their ids) for a campaign, no others.

    Raises GroundNeeded when one is allowed that was not before.
    """
    use = use_of(campaign)
    before = {earmark.id for earmark in list_earmarks_allowed_for(use)}
    if not ground and any(one.id in chosen and one.id not in before for one in offered):
        raise GroundNeeded
    for earmark in offered:
        if earmark.id in chosen:
            allow_use(earmark, use, name=campaign.name, ground=ground, by=by)
        else:
            forbid_use(earmark, use, name=campaign.name, by=by)
