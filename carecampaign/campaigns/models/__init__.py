"""Tables of campaigns: the plan, and what belongs to one."""

from carecampaign.campaigns.models.consents import (
    SEPARATE,
    Consent,
    ConsentKind,
    ConsentMeans,
    Notice,
)
from carecampaign.campaigns.models.entitlements import (
    Basis,
    EntitledGroup,
    EntitledUnit,
    EntitlementRule,
    RuleKind,
    Span,
)
from carecampaign.campaigns.models.plan import (
    BudgetLine,
    Campaign,
    CampaignCoOrganizer,
    CampaignGroup,
    CampaignGroupOccupation,
    CampaignItem,
    CampaignState,
    CampaignUnit,
    LegalBasis,
    Quota,
    Season,
)
from carecampaign.campaigns.models.rosters import RosterEntry, RosterLock

__all__ = [
    "SEPARATE",
    "Basis",
    "BudgetLine",
    "Campaign",
    "CampaignCoOrganizer",
    "CampaignGroup",
    "CampaignGroupOccupation",
    "CampaignItem",
    "CampaignState",
    "CampaignUnit",
    "Consent",
    "ConsentKind",
    "ConsentMeans",
    "EntitledGroup",
    "EntitledUnit",
    "EntitlementRule",
    "LegalBasis",
    "Notice",
    "Quota",
    "RosterEntry",
    "RosterLock",
    "RuleKind",
    "Season",
    "Span",
]
