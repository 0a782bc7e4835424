"""A small union tree: a municipal federation, two districts, a street; a foundation beside."""

from types import SimpleNamespace

import pytest

from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant
from carecampaign.organizations.models import OrganizationKind as Kind
from tests.factories import OrganizationFactory, UserFactory


@pytest.fixture
def tree(app):
    city = OrganizationFactory(name="City Federation", short_name="City", kind=Kind.MUNICIPAL)
    north = OrganizationFactory(name="North District", short_name="North", parent=city)
    south = OrganizationFactory(name="South District", short_name="South", parent=city)
    lake = OrganizationFactory(
        name="Lake Street", short_name="Lake", parent=north, kind=Kind.STREET
    )
    bank = OrganizationFactory(name="Bank Union", parent=lake, kind=Kind.GRASSROOTS)
    fund = OrganizationFactory(name="Warmth Foundation", kind=Kind.FOUNDATION)
    return SimpleNamespace(city=city, north=north, south=south, lake=lake, bank=bank, fund=fund)


@pytest.fixture
def chief(tree):
    """An administrator of the whole installation."""
    return UserFactory(organization=None, grants=[RoleGrant(role=Role.ADMINISTRATOR)])


@pytest.fixture
def northern(tree):
    """An administrator of one district."""
    return UserFactory(role=Role.ADMINISTRATOR, organization=tree.north)
