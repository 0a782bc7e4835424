"""Who asks, who approves, who keeps: as actors, for tests below the pages."""

from carecampaign.access.actor import Actor, Grant
from carecampaign.access.permissions import Role
from tests.factories import UserFactory


def acting(user) -> Actor:
    """A user as the one who acts."""
    grants = tuple(Grant(grant.role, grant.organization.path) for grant in user.grants)
    return Actor(id=user.id, name=user.name, grants=grants)


def somebody(union, role=Role.STOREKEEPER) -> Actor:
    """Somebody with a role at a union, as the one who acts."""
    return acting(UserFactory(role=role, organization=union))
