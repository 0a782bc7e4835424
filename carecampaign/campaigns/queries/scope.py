"""Which campaigns a person sees, and what they may do with one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers, within
from carecampaign.campaigns.models import (
    Campaign,
    CampaignCoOrganizer,
    CampaignState,
    CampaignUnit,
)
from carecampaign.catalogue.models import PackageVersion
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization


def visible_to(
    actor: Actor, permission: Permission = Permission.CAMPAIGNS_VIEW
) -> ColumnElement[bool]:
    """Give the condition that a campaign is for this person to see.

    The organiser's side sees it always; co-organisers and participating units see it once
    it has left the draft.
    """
    theirs = within(Organization.path, actor.paths(permission))
    as_unit = select(CampaignUnit.campaign_id).join(
        Organization, Organization.id == CampaignUnit.organization_id
    )
    as_co_organizer = select(CampaignCoOrganizer.campaign_id).join(
        Organization, Organization.id == CampaignCoOrganizer.organization_id
    )
    return or_(
        organized_within(actor, permission),
        and_(
            Campaign.state != CampaignState.DRAFT,
            or_(
                Campaign.id.in_(as_unit.where(theirs)),
                Campaign.id.in_(as_co_organizer.where(theirs)),
            ),
        ),
    )


def use_of(campaign: Campaign) -> str:
    """Name a campaign as a use of money and goods that earmarks allow or do not."""
    return f"campaign:{campaign.id}"


def get_campaign_for(actor: Actor, campaign_id: int) -> Campaign:
    """Give a campaign the actor may see. Raises NotFound."""
    return _get(campaign_id, visible_to(actor))


def get_campaign_to_plan(actor: Actor, campaign_id: int) -> Campaign:
    """Give a campaign whose organiser the actor plans for. Raises NotFound."""
    return _get(campaign_id, organized_within(actor, Permission.CAMPAIGNS_PLAN))


def get_campaign_to_approve(actor: Actor, campaign_id: int) -> Campaign:
    """Give a campaign whose organiser the actor approves for. Raises NotFound."""
    return _get(campaign_id, organized_within(actor, Permission.CAMPAIGNS_APPROVE))


@dataclass(frozen=True)
class Abilities:
    """What a person may do with a campaign as it stands."""

    edit: bool
    submit: bool
    decide: bool
    prepared_it: bool
    start: bool


def abilities(actor: Actor, campaign: Campaign) -> Abilities:
    """Say what the actor may do with the campaign in its present state.

    ``decide`` is approving and returning, which whoever prepared the plan leaves to
    somebody else (``prepared_it``).
    """
    plans = covers(actor.paths(Permission.CAMPAIGNS_PLAN), campaign.organizer.path)
    approves = covers(actor.paths(Permission.CAMPAIGNS_APPROVE), campaign.organizer.path)
    decidable = approves and campaign.state is CampaignState.SUBMITTED
    prepared = is_prepared_by(campaign, actor)
    return Abilities(
        edit=plans and campaign.state is CampaignState.DRAFT,
        submit=plans and campaign.state is CampaignState.DRAFT,
        decide=decidable and not prepared,
        prepared_it=decidable and prepared,
        start=plans and campaign.state is CampaignState.APPROVED,
    )


def is_prepared_by(campaign: Campaign, actor: Actor) -> bool:
    """Say whether the actor drafted or submitted the plan (DOMAIN.md REQ-1.6)."""
    return actor.id is not None and actor.id in {
        campaign.drafted_by_id,
        campaign.submitted_by_id,
    }


def campaigns_with_organizer() -> Select[Any]:
    """Select campaigns together with their organisers."""
    return select(Campaign).options(joinedload(Campaign.organizer))


def organized_within(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Give the condition that a campaign's organiser is one for which ``permission`` is held."""
    return Campaign.organizer_id.in_(
        select(Organization.id).where(within(Organization.path, actor.paths(permission)))
    )


def _get(campaign_id: int, condition: ColumnElement[bool]) -> Campaign:
    statement = (
        campaigns_with_organizer()
        .options(
            joinedload(Campaign.drafted_by),
            joinedload(Campaign.approved_by),
            joinedload(Campaign.package_version).joinedload(PackageVersion.package),
        )
        .where(Campaign.id == campaign_id, condition)
    )
    campaign = db.session.scalar(statement)
    if campaign is None:
        raise NotFound(_l("There is no such campaign, or it is not for you to see."))
    found: Campaign = campaign
    return found
