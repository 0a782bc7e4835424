"""Input of campaigns."""

from carecampaign.campaigns.forms.earmarks import AllowedEarmarksForm
from carecampaign.campaigns.forms.filters import (
    CampaignFilterForm,
    OrganizationFilterForm,
    PickForm,
)
from carecampaign.campaigns.forms.lines import BudgetForm, GoodsForm
from carecampaign.campaigns.forms.plan import (
    CampaignForm,
    GroupForm,
    NewCampaignForm,
    QuotaForm,
    ReturnForm,
)

__all__ = [
    "AllowedEarmarksForm",
    "BudgetForm",
    "CampaignFilterForm",
    "CampaignForm",
    "GoodsForm",
    "GroupForm",
    "NewCampaignForm",
    "OrganizationFilterForm",
    "PickForm",
    "QuotaForm",
    "ReturnForm",
]
