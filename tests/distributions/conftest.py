"""The event that tests of the log are about."""

import pytest

from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.inventory.services.verification import verify_everything
from tests.distributions.scene import Scene, set_the_scene, staff


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


@pytest.fixture
def planner(scene, client_for):
    """A planner of the campaign's organizer, signed in."""
    return client_for(staff(scene.campaign.organizer))


@pytest.fixture
def lead(scene, client_for):
    """The lead of the event, signed in."""
    return client_for(scene.lead)


@pytest.fixture
def planned(scene) -> DistributionEvent:
    """An event still to come."""
    return scene.another_event(state=EventState.PLANNED)
