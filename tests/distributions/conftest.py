"""The event that tests of the log are about."""

import pytest

from carecampaign.core.db import db
from carecampaign.inventory.services.verification import verify_everything
from tests.distributions.scene import Scene, set_the_scene


@pytest.fixture
def scene(app) -> Scene:
    """An open event with ten packages."""
    return set_the_scene()


@pytest.fixture
def adds_up(app):
    """After the test the ledger, the log and its figures still add up."""
    yield
    db.session.flush()
    assert verify_everything() == []
