"""Campaigns side by side: each with its figures so far."""

from collections.abc import Iterable

from sqlalchemy import func, select

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.campaigns.queries import visible_to
from carecampaign.core.db import db
from carecampaign.core.listing import Page, paginate
from carecampaign.distributions.models import CampaignDay
from carecampaign.reports.queries.progress import Figures


def page_of_campaigns(actor: Actor, *, page: int) -> Page[Campaign]:
    """One page of the campaigns that have begun, the newest first."""
    begun = Campaign.state.in_([CampaignState.ACTIVE, CampaignState.CLOSED])
    statement = (
        select(Campaign)
        .where(visible_to(actor, Permission.REPORTS_VIEW), begun)
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    )
    return paginate(statement, page=page)


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
