"""Input of campaigns."""

from carecampaign.campaigns.forms.consents import ConsentForm, NoticeForm
from carecampaign.campaigns.forms.earmarks import AllowedEarmarksForm
from carecampaign.campaigns.forms.entitlements import RuleForm
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
from carecampaign.campaigns.forms.rosters import (
    PersonSearchForm,
    PickPersonsForm,
    RosterFilterForm,
    UnlockForm,
)

__all__ = [
    "AllowedEarmarksForm",
    "BudgetForm",
    "CampaignFilterForm",
    "CampaignForm",
    "ConsentForm",
    "GoodsForm",
    "GroupForm",
    "NewCampaignForm",
    "NoticeForm",
    "OrganizationFilterForm",
    "PersonSearchForm",
    "PickForm",
    "PickPersonsForm",
    "QuotaForm",
    "ReturnForm",
    "RosterFilterForm",
    "RuleForm",
    "UnlockForm",
]
