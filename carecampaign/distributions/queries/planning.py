"""What an event can be planned with: campaigns, units, stations and people."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission, Role
from carecampaign.access.scope import covers, within
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.campaigns.models import Campaign, CampaignState, CampaignUnit
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization

MOST_CHOICES = 500
"""Rows in one select; whoever reaches more comes from the station's or campaign's page."""

RUNNING = (CampaignState.APPROVED, CampaignState.ACTIVE)
"""The states in which a campaign can hold events."""

_LOGGERS = (Role.VOLUNTEER, Role.STATION_LEAD)


def campaigns_to_plan_for(actor: Actor) -> Sequence[Campaign]:
    """List the running campaigns one may plan events in, by name.

    They are those that one's unions organise or take part in.
    """
    own = select(Organization.id).where(
        within(Organization.path, actor.paths(Permission.DISTRIBUTIONS_PLAN))
    )
    joined = select(CampaignUnit.campaign_id).where(CampaignUnit.organization_id.in_(own))
    return db.session.scalars(
        select(Campaign)
        .where(
            Campaign.state.in_(RUNNING),
            or_(Campaign.organizer_id.in_(own), Campaign.id.in_(joined)),
        )
        .options(
            selectinload(Campaign.groups),
            selectinload(Campaign.units),
            selectinload(Campaign.organizer),
        )
        .order_by(Campaign.name, Campaign.id)
    ).all()


def get_campaign_to_plan_for(actor: Actor, campaign_id: int | None) -> Campaign:
    """Get a campaign one may plan events in. Raises NotFound for any other."""
    for campaign in campaigns_to_plan_for(actor):
        if campaign.id == campaign_id:
            return campaign
    raise NotFound(_l("There is no such campaign, or it is not under way."))


def units_to_plan_for(actor: Actor, campaign: Campaign) -> Sequence[Organization]:
    """List the organiser and the units of a campaign for whose quota one may plan."""
    paths = actor.paths(Permission.DISTRIBUTIONS_PLAN)
    everyone = [campaign.organizer, *campaign.units]
    if covers(paths, campaign.organizer.path):
        return list(dict.fromkeys(everyone))
    return [unit for unit in everyone if covers(paths, unit.path)]


def volunteers_to_plan_for(actor: Actor, *, kept: Sequence[User] = ()) -> Sequence[User]:
    """List who can be assigned to log: volunteers and station leads at one's unions, by name.

    ``kept`` stay in the list, also when they have been deactivated.
    """
    return db.session.scalars(
        select(User)
        .where(or_(_may_be_assigned_by(actor), User.id.in_([user.id for user in kept])))
        .order_by(User.name, User.id)
        .limit(MOST_CHOICES)
    ).all()


def volunteers_named_for(actor: Actor, usernames: Collection[str]) -> dict[str, User]:
    """Find who of these account names can be assigned to log."""
    users = db.session.scalars(
        select(User).where(User.username.in_(list(usernames)), _may_be_assigned_by(actor))
    )
    return {user.username: user for user in users}


def _may_be_assigned_by(actor: Actor) -> ColumnElement[bool]:
    reached = (
        select(RoleGrant.user_id)
        .join(Organization, Organization.id == RoleGrant.organization_id)
        .where(
            RoleGrant.role.in_(_LOGGERS),
            within(Organization.path, actor.paths(Permission.DISTRIBUTIONS_PLAN)),
        )
    )
    return User.id.in_(reached) & User.is_active
