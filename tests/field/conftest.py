"""An event that phones log at, and phones."""

import pytest

from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.distributions import services
from tests.distributions.conftest import adds_up, lead, planned
from tests.distributions.scene import Scene, actor, set_the_scene

__all__ = ["adds_up", "lead", "planned"]


@pytest.fixture
def scene(app) -> Scene:
    """An open event of today with ten packages."""
    scene = set_the_scene()
    scene.event.held_on = clock.today()
    db.session.commit()
    return scene


@pytest.fixture
def issued(scene):
    """A pass of the event."""
    db.session.commit()
    with transaction():
        return services.issue_pass(scene.event, by=actor(scene.lead))


@pytest.fixture
def phone(app, issued):
    """A phone that was let in."""
    client = app.test_client()
    client.post(f"/v/j/{issued.code}", data={"volunteer": "测试志愿者"})
    return client
