"""The places and goods that ledger tests are about."""

import pytest

from carecampaign.core.db import db
from carecampaign.inventory.models import LocationKind
from carecampaign.inventory.services.verification import verify
from tests.factories import ItemFactory, OrganizationFactory, StockLocationFactory


@pytest.fixture
def adds_up(app):
    """After the test the ledger still adds up."""
    yield
    db.session.flush()
    assert verify() == []


@pytest.fixture
def union(app):
    return OrganizationFactory()


@pytest.fixture
def warehouse(union):
    return StockLocationFactory(kind=LocationKind.WAREHOUSE, organization=union)


@pytest.fixture
def station(union):
    return StockLocationFactory(kind=LocationKind.STATION, organization=union)


@pytest.fixture
def event(union):
    return StockLocationFactory(kind=LocationKind.EVENT, organization=union)


@pytest.fixture
def gloves(app):
    return ItemFactory(name="Gloves", reference_value=700)


@pytest.fixture
def cups(app):
    return ItemFactory(name="Cups", reference_value=2000)
