"""What all campaigns of the page go through: the system itself enters what was reported."""

from datetime import date

from carecampaign.access.actor import SYSTEM
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import Campaign
from carecampaign.funds import services as funds
from carecampaign.funds.models import FundKind, FundSource
from carecampaign.organizations.models import Organization

CAMPAIGN_YEAR = 2024
FIRST_DAY = date(2023, 12, 1)
"""The page says December 2023 and no day."""


def begin(campaign: Campaign) -> None:
    """Put a complete draft through approval and start it."""
    campaigns.submit_campaign(campaign, by=SYSTEM)
    campaigns.approve_campaign(campaign, by=SYSTEM)
    campaigns.start_campaign(campaign, by=SYSTEM)


def synthetic_fund(organization: Organization) -> FundSource:
    """Open a fund source: the page does not say where the money came from."""
    return funds.create_fund_source(
        "送温暖经费（演示）", organization=organization, kind=FundKind.OWN_BUDGET, by=SYSTEM
    )
