"""Target groups of a campaign, mapped from the occupations of the master taxonomy."""

from collections.abc import Sequence

from sqlalchemy import select

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.models import BeneficiaryGroup, Occupation
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import Campaign, CampaignGroup
from carecampaign.core.db import db

OUTDOOR = "F"
"""The group of the outdoor workers in the master taxonomy."""


def occupation(name: str) -> Occupation:
    """Give an occupation of the taxonomy, which is installed by then, by its name."""
    return db.session.scalars(select(Occupation).where(Occupation.name == name)).one()


def outdoor_occupations() -> list[Occupation]:
    """Give all occupations of outdoor workers; couriers and riders are among them."""
    group = select(BeneficiaryGroup).where(BeneficiaryGroup.code == OUTDOOR)
    return list(db.session.scalars(group).one().occupations)


def add_group(
    campaign: Campaign,
    name: str,
    name_en: str,
    occupations: Sequence[Occupation],
    *,
    by: Actor,
) -> CampaignGroup:
    """Add a target group to a draft."""
    return campaigns.add_group(
        campaign, name=name, name_en=name_en, occupations=occupations, by=by
    )
