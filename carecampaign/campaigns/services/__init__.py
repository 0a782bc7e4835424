"""The only writers of campaigns."""

from carecampaign.campaigns.services.budget import (
    LineTwice,
    SourceNotUsable,
    Spending,
    set_budget,
)
from carecampaign.campaigns.services.drafts import ChangedMeanwhile, NotADraft
from carecampaign.campaigns.services.earmarks import GroundNeeded, set_allowed_earmarks
from carecampaign.campaigns.services.facts import (
    EndsBeforeItStarts,
    Facts,
    create_campaign,
    edit_campaign,
    propose_year,
)
from carecampaign.campaigns.services.goods import (
    ItemTwice,
    NoPackageChosen,
    PlannedItem,
    set_goods,
)
from carecampaign.campaigns.services.groups import (
    GroupNameTaken,
    OccupationCountsElsewhere,
    add_group,
    edit_group,
    remove_group,
)
from carecampaign.campaigns.services.parties import (
    NotToBeChosen,
    add_co_organizers,
    add_units,
    remove_co_organizer,
    remove_units,
)
from carecampaign.campaigns.services.quotas import NoSuchCell, set_quotas
from carecampaign.campaigns.services.states import (
    Incomplete,
    MovedOn,
    PreparerMayNotDecide,
    approve_campaign,
    close_campaign,
    return_campaign,
    start_campaign,
    submit_campaign,
)

__all__ = [
    "ChangedMeanwhile",
    "EndsBeforeItStarts",
    "Facts",
    "GroundNeeded",
    "GroupNameTaken",
    "Incomplete",
    "ItemTwice",
    "LineTwice",
    "MovedOn",
    "NoPackageChosen",
    "NoSuchCell",
    "NotADraft",
    "NotToBeChosen",
    "OccupationCountsElsewhere",
    "PlannedItem",
    "PreparerMayNotDecide",
    "SourceNotUsable",
    "Spending",
    "add_co_organizers",
    "add_group",
    "add_units",
    "approve_campaign",
    "close_campaign",
    "create_campaign",
    "edit_campaign",
    "edit_group",
    "propose_year",
    "remove_co_organizer",
    "remove_group",
    "remove_units",
    "return_campaign",
    "set_allowed_earmarks",
    "set_budget",
    "set_goods",
    "set_quotas",
    "start_campaign",
    "submit_campaign",
]
