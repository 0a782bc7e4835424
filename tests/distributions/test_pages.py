"""The pages of an event: the list, and the page of one."""

from datetime import date

import pytest

from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.distributions.models import EventState
from tests.distributions.scene import actor, staff
from tests.factories import (
    CampaignFactory,
    EventFactory,
    OrganizationFactory,
    UserFactory,
)

pytestmark = pytest.mark.usefixtures("adds_up")


def test_the_list_shows_plan_and_fact_and_can_be_narrowed_down(scene, planner):
    other = EventFactory(
        campaign=CampaignFactory(organizer=scene.campaign.organizer),
        place="Another corner",
        held_on=date(2027, 1, 5),
        state=EventState.CLOSED,
    )
    scene.log(quantity=3, head_count=3)
    db.session.commit()

    def listed(**filters):
        page = planner.get("/events", query_string=filters).text
        return {event.id for event in (scene.event, other) if f'href="/events/{event.id}"' in page}

    assert listed() == {scene.event.id, other.id}
    assert listed(campaign=scene.campaign.id) == {scene.event.id}
    assert listed(station=other.station_id) == {other.id}
    assert listed(state="closed") == {other.id}
    assert listed(since="2027-01-01") == {other.id}
    assert listed(until="2026-12-31") == {scene.event.id}
    assert listed(state="nonsense", campaign="x", since="x") == {scene.event.id, other.id}


def test_a_list_that_is_empty_says_what_to_do(app, client_for):
    planner = client_for(staff(OrganizationFactory()))

    assert "Plan the first one" in planner.get("/events").text
    assert "No event matches" in planner.get("/events?state=open").text
    assert "No campaign is under way" in planner.get("/events/create").text
    volunteer = client_for(UserFactory(role=Role.VOLUNTEER))
    assert "your stations" in volunteer.get("/events").text


def test_the_list_costs_the_same_however_many_events_there_are(scene, planner, count_queries):
    planner.get("/events")
    db.session.commit()
    with count_queries() as few:
        planner.get("/events")
    for _ in range(3):
        scene.another_event()
    db.session.commit()
    with count_queries() as many:
        planner.get("/events")

    assert len(many) == len(few)


def test_the_page_shows_each_what_they_may_do(scene, client_for, lead, planner):
    url = f"/events/{scene.event.id}"
    volunteer = client_for(scene.volunteer).get(url).text
    assert "/log" in volunteer
    for page in ("close", "bring-more", "edit", "sheet"):
        assert f"{url}/{page}" not in volunteer
    assert f"{url}/close" in lead.get(url).text
    assert f"{url}/edit" in planner.get(url).text


def test_the_page_of_an_event_costs_the_same_however_long_its_log_is(scene, lead, count_queries):
    url = f"/events/{scene.event.id}"
    scene.log(quantity=12, head_count=12, already_given=True)
    db.session.commit()
    lead.get(url)
    db.session.commit()
    with count_queries() as few:
        lead.get(url)
    for _ in range(4):
        scene.log(already_given=True)
    db.session.commit()
    with count_queries() as many:
        lead.get(url)

    assert len(many) == len(few)


def test_a_strangers_event_is_not_found(scene, client_for):
    stranger = client_for(staff(OrganizationFactory()))

    for page in ("", "/edit", "/open", "/close", "/log", "/sheet"):
        assert stranger.get(f"/events/{scene.event.id}{page}").status_code == 404
    assert stranger.post(f"/events/{scene.event.id}/cancel").status_code == 404
    assert actor(scene.lead).can("distributions:lead")
