"""Campaigns side by side: each with its figures so far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.campaigns.queries import visible_to
from carecampaign.core.db import db
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing, Moment, Sum, Yuan, by_member
from carecampaign.distributions.models import CampaignDay
from carecampaign.reports.queries.progress import Figures


@dataclass(frozen=True)
class ReportRow:
    """A campaign with its figures so far."""

    campaign: Campaign
    figures: Figures


def _total(figure: Any) -> ScalarSelect[int]:  # noqa: ANN401 - a column of the roll-up
    return (
        select(func.sum(figure))
        .where(CampaignDay.campaign_id == Campaign.id)
        .correlate(Campaign)
        .scalar_subquery()
    )


REPORTS: Listing[ReportRow] = Listing(
    _l("Campaigns with their figures so far"),
    (
        Column("campaign", _l("Campaign"), lambda row: row.campaign.name, Campaign.name),
        Moment("starts", _l("First day"), lambda row: row.campaign.starts_on, Campaign.starts_on),
        Moment("ends", _l("Last day"), lambda row: row.campaign.ends_on, Campaign.ends_on),
        Column(
            "state",
            _l("State"),
            lambda row: row.campaign.state,
            by_member(Campaign.state, CampaignState),
        ),
        Sum(
            "planned",
            _l("Planned packages"),
            lambda row: row.campaign.planned_packages,
            Campaign.planned_packages,
        ),
        Sum(
            "packages",
            _l("Packages handed out"),
            lambda row: row.figures.packages,
            _total(CampaignDay.packages),
        ),
        Sum(
            "pieces",
            _l("Single items handed out"),
            lambda row: row.figures.pieces,
            _total(CampaignDay.pieces),
            optional=True,
        ),
        Sum(
            "person_times",
            _l("Person-times"),
            lambda row: row.figures.person_times,
            _total(CampaignDay.person_times),
        ),
        Yuan("value", _l("Value"), lambda row: row.figures.value, _total(CampaignDay.value)),
    ),
    order=(Campaign.starts_on.desc(), Campaign.id.desc()),
)


def campaigns_begun(actor: Actor) -> Select[Campaign]:
    """Select the campaigns that have begun."""
    begun = Campaign.state.in_([CampaignState.ACTIVE, CampaignState.CLOSED])
    return select(Campaign).where(visible_to(actor, Permission.REPORTS_VIEW), begun)


def with_figures(campaigns: Sequence[Campaign]) -> list[ReportRow]:
    """Give campaigns as rows of the list."""
    found = figures_of(campaigns)
    return [ReportRow(campaign, found[campaign.id]) for campaign in campaigns]


def figures_of(campaigns: Iterable[Campaign]) -> dict[int, Figures]:
    """The figures of several campaigns, by campaign id; nothing handed out counts as zeros."""
    ids = [campaign.id for campaign in campaigns]
    rows = db.session.execute(
        select(
            CampaignDay.campaign_id,
            func.sum(CampaignDay.person_times),
            func.sum(CampaignDay.packages),
            func.sum(CampaignDay.pieces),
            func.sum(CampaignDay.value),
        )
        .where(CampaignDay.campaign_id.in_(ids))
        .group_by(CampaignDay.campaign_id)
    )
    found = {key: Figures(*(int(figure) for figure in figures)) for key, *figures in rows}
    return {key: found.get(key, Figures()) for key in ids}
