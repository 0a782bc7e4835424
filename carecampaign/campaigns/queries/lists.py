"""The list of campaigns."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign, CampaignState, CampaignUnit, Season
from carecampaign.campaigns.queries.scope import campaigns_with_organizer, visible_to
from carecampaign.core.db import db
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing, Moment, Sum, by_member
from carecampaign.organizations.models import Organization


@dataclass(frozen=True)
class CampaignFilters:
    """What the list is narrowed to; None and "" narrow nothing."""

    text: str = ""
    season: Season | None = None
    year: int | None = None
    state: CampaignState | None = None
    organizer_id: int | None = None


@dataclass(frozen=True)
class CampaignRow:
    """A campaign with the number of its participating units."""

    campaign: Campaign
    units: int


_UNITS = (
    select(func.count())
    .where(CampaignUnit.campaign_id == Campaign.id)
    .correlate(Campaign)
    .scalar_subquery()
)
_ORGANIZER = (
    select(Organization.name)
    .where(Organization.id == Campaign.organizer_id)
    .correlate(Campaign)
    .scalar_subquery()
)

CAMPAIGNS: Listing[CampaignRow] = Listing(
    _l("Campaigns"),
    (
        Column("name", _l("Campaign name"), lambda row: row.campaign.name, Campaign.name),
        Column("season", _l("Season"), lambda row: row.campaign.season, Campaign.season),
        Column("year", _l("Year"), lambda row: row.campaign.year, Campaign.year, optional=True),
        Column("organizer", _l("Organizer"), lambda row: row.campaign.organizer.name, _ORGANIZER),
        Moment("starts", _l("First day"), lambda row: row.campaign.starts_on, Campaign.starts_on),
        Moment("ends", _l("Last day"), lambda row: row.campaign.ends_on, Campaign.ends_on),
        Sum("units", _l("Participating units"), lambda row: row.units, _UNITS),
        Sum(
            "planned",
            _l("Planned packages"),
            lambda row: row.campaign.planned_packages,
            Campaign.planned_packages,
        ),
        Column(
            "state",
            _l("State"),
            lambda row: row.campaign.state,
            by_member(Campaign.state, CampaignState),
        ),
    ),
    order=(Campaign.starts_on.desc(), Campaign.id.desc()),
)


def with_units(campaigns: Collection[Campaign]) -> list[CampaignRow]:
    """Give campaigns as rows of the list."""
    counts = count_units([campaign.id for campaign in campaigns])
    return [CampaignRow(campaign, counts.get(campaign.id, 0)) for campaign in campaigns]


def campaigns_for(actor: Actor, wanted: CampaignFilters) -> Select[Any]:
    """Select the campaigns the actor may see (to paginate), the latest first."""
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
    return statement


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
