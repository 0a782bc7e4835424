"""The list of campaigns."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign, CampaignState, CampaignUnit, Season
from carecampaign.campaigns.queries.scope import campaigns_with_organizer, visible_to
from carecampaign.core.db import db
from carecampaign.core.listing import PAGE_SIZE, Page, paginate
from carecampaign.organizations.models import Organization


@dataclass(frozen=True)
class CampaignFilters:
    """What the list is narrowed to; None and "" narrow nothing."""

    text: str = ""
    season: Season | None = None
    year: int | None = None
    state: CampaignState | None = None
    organizer_id: int | None = None


def list_campaigns_for(
    actor: Actor,
    filters: CampaignFilters | None = None,
    *,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Page[Campaign]:
    """Give a page of the campaigns the actor may see, the latest first."""
    wanted = filters or CampaignFilters()
    statement = (
        campaigns_with_organizer()
        .where(visible_to(actor))
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    )
    if wanted.text:
        statement = statement.where(Campaign.name.icontains(wanted.text, autoescape=True))
    exact = {
        Campaign.season: wanted.season,
        Campaign.year: wanted.year,
        Campaign.state: wanted.state,
        Campaign.organizer_id: wanted.organizer_id,
    }
    for column, value in exact.items():
        if value is not None:
            statement = statement.where(column == value)
    return paginate(statement, page=page, size=size)


def count_units(campaign_ids: Collection[int]) -> dict[int, int]:
    """Count the participating units of each of these campaigns."""
    rows = db.session.execute(
        select(CampaignUnit.campaign_id, func.count())
        .where(CampaignUnit.campaign_id.in_(list(campaign_ids)))
        .group_by(CampaignUnit.campaign_id)
    )
    return dict(iter(rows))


def list_organizers_for(actor: Actor) -> list[Organization]:
    """Give the organisers of the campaigns the actor may see, by name."""
    return list(
        db.session.scalars(
            select(Organization)
            .where(Organization.id.in_(select(Campaign.organizer_id).where(visible_to(actor))))
            .order_by(Organization.name, Organization.id)
        )
    )


def list_years_for(actor: Actor) -> list[int]:
    """Give the campaign years of the campaigns the actor may see, the latest first."""
    return list(
        db.session.scalars(
            select(Campaign.year)
            .where(visible_to(actor))
            .distinct()
            .order_by(Campaign.year.desc())
        )
    )
