"""Unions, their people, and plans in the states that the tests start from."""

from carecampaign.access.actor import Actor, Grant
from carecampaign.access.permissions import Role
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.core.db import db
from tests.factories import (
    CampaignFactory,
    CampaignGroupFactory,
    OrganizationFactory,
    PackageVersionFactory,
    UserFactory,
)


def actor_of(user):
    """Give the value that services and queries take for a person."""
    grants = tuple(Grant(grant.role, grant.organization.path) for grant in user.grants)
    return Actor(id=user.id, name=user.name, grants=grants)


def planner_of(organization):
    return UserFactory(role=Role.PLANNER, organization=organization)


def approver_of(organization):
    return UserFactory(role=Role.APPROVER, organization=organization)


def draft(organizer=None, **values):
    """A draft of an organiser that nothing is planned in yet."""
    organizer = organizer or OrganizationFactory()
    values = {"planned_packages": 0, "state": CampaignState.DRAFT, **values}
    return CampaignFactory(organizer=organizer, **values)


def complete(campaign, *, units=1, groups=1):
    """Plan what a draft needs to be submitted, with so many units and target groups."""
    below = [OrganizationFactory(parent=campaign.organizer) for _number in range(units)]
    campaign.units.extend(below)
    for _number in range(groups):
        CampaignGroupFactory(campaign=campaign)
    campaign.package_version = PackageVersionFactory()
    campaign.planned_packages = 100
    db.session.flush()
    return campaign


def submitted(organizer=None, **values):
    """A complete plan that waits for an approver."""
    campaign = complete(draft(organizer, **values))
    campaign.state = CampaignState.SUBMITTED
    db.session.flush()
    return campaign


def stored(campaign_id):
    """Read a campaign anew from the database."""
    db.session.rollback()
    return db.session.get(Campaign, campaign_id, populate_existing=True)
