"""A district's planner, and a station of the district."""

import pytest

from carecampaign.access.permissions import Role
from tests.factories import OrganizationFactory, StationFactory, UserFactory


@pytest.fixture
def district(app):
    return OrganizationFactory(name="通州区总工会")


@pytest.fixture
def planner(district):
    return UserFactory(role=Role.PLANNER, organization=district)


@pytest.fixture
def station(district):
    return StationFactory(owner=district, code="TZ-1", name="潞城暖心驿站")
