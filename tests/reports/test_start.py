"""The start page is a work list: what waits, for whom."""

from datetime import timedelta

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.campaigns.models import CampaignState
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions.models import EventState
from carecampaign.inventory import services as inventory
from tests.distributions.scene import at_station, receive, set_the_scene, staff
from tests.factories import CampaignFactory, UserFactory


@pytest.fixture
def scene(app):
    return set_the_scene()


def start(client):
    response = client.get("/")
    assert response.status_code == 200
    return response.text


def test_a_stranger_is_asked_to_sign_in(app):
    assert app.test_client().get("/").location.startswith("/sign-in")


def test_a_volunteer_finds_the_open_event_first(scene, client_for):
    page = start(client_for(scene.volunteer))

    assert "Log handouts now" in page
    assert f"/events/{scene.event.id}/log" in page


def test_a_lead_sees_what_to_open_and_what_was_left_open(scene, client_for):
    scene.event.held_on = clock.today() - timedelta(days=1)
    planned = scene.another_event(state=EventState.PLANNED, held_on=clock.today())
    page = start(client_for(scene.lead))

    assert f"/events/{planned.id}/open" in page
    assert f"/events/{scene.event.id}/close" in page


def test_what_is_on_its_way_waits_for_the_lead(scene, client_for):
    receive(scene.warehouse, scene.package, 5)
    station = inventory.ensure_station_location(scene.event.station)
    inventory.dispatch(scene.warehouse, station, [inventory.Line(scene.package, 5)], by=SYSTEM)

    assert "On the way to you" in start(client_for(scene.lead))


def test_an_exception_waits_to_be_settled(scene, client_for):
    scene.log(quantity=11, head_count=11, already_given=True)

    assert "1 handout to look at" in start(client_for(scene.lead))


def test_an_approver_sees_the_plans_that_wait(scene, client_for):
    CampaignFactory(
        name="Waiting plan", organizer=scene.campaign.organizer, state=CampaignState.SUBMITTED
    )

    assert "Waiting plan" in start(client_for(staff(scene.campaign.organizer, Role.APPROVER)))


def test_a_planner_sees_a_returned_draft_with_the_comment(scene, client_for):
    CampaignFactory(
        organizer=scene.campaign.organizer,
        state=CampaignState.DRAFT,
        returned_comment="The budget is missing.",
    )

    assert "The budget is missing." in start(client_for(staff(scene.campaign.organizer)))


def test_events_of_the_next_week_are_announced(scene, client_for):
    scene.another_event(state=EventState.PLANNED, held_on=clock.today() + timedelta(days=3))

    assert "In the next seven days" in start(client_for(scene.lead))


def test_whoever_has_nothing_to_do_is_told_so(app, client_for):
    assert "Nothing waits for you" in start(client_for(UserFactory(role=Role.VOLUNTEER)))


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_start_page_of_few_queries(scene, client_for, count_queries, role):
    user = at_station(scene.event, role)
    client = client_for(user)
    for number in range(3):
        scene.another_event(
            state=EventState.PLANNED, held_on=clock.today() + timedelta(days=number)
        )
    db.session.commit()
    with count_queries() as sent:
        start(client)

    assert len([statement for statement in sent if statement != "BEGIN"]) <= 12
