"""Planning an event on screen, changing the plan, calling it off."""

from datetime import date, time

import pytest

from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, EventState
from tests.distributions.scene import command
from tests.factories import (
    OrganizationFactory,
    StationFactory,
)

pytestmark = pytest.mark.usefixtures("adds_up")


def state_of(event) -> EventState:
    return db.session.get(DistributionEvent, event.id, populate_existing=True).state


def event_form(scene, **fields):
    return {
        "command_id": command(),
        "station_id": scene.event.station_id,
        "place": "",
        "held_on": "2026-12-24",
        "starts_at": "09:00",
        "ends_at": "12:30",
        "unit_id": scene.campaign.organizer_id,
        f"planned_{scene.couriers.id}": "30",
        "volunteers": [scene.volunteer.id],
        "note": "Bring the flag",
        "revision": 0,
        **fields,
    }


def create_url(scene):
    return f"/events/create?campaign={scene.campaign.id}"


def test_a_planner_chooses_the_campaign_then_plans_an_event(scene, planner):
    assert scene.campaign.name in planner.get("/events/create").text
    assert "Planned packages by group" in planner.get(create_url(scene)).text

    fields = event_form(scene)
    first = planner.post(create_url(scene), data=fields)
    again = planner.post(create_url(scene), data=fields)

    assert first.location == again.location
    event = db.session.get(DistributionEvent, int(first.location.rsplit("/", 1)[1]))
    assert event.place == scene.event.station.name
    assert (event.held_on, event.starts_at) == (date(2026, 12, 24), time(9))
    assert [(plan.group_id, plan.planned) for plan in event.plans] == [(scene.couriers.id, 30)]
    assert event.volunteers == [scene.volunteer]
    page = planner.get(first.location).text
    assert "Bring the flag" in page
    assert "09:00–12:30" in page


def test_the_form_can_come_from_a_station(scene, planner):
    page = planner.get(f"{create_url(scene)}&station={scene.event.station_id}").text

    assert f'<option selected value="{scene.event.station_id}"' in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"station_id": ""}, "Choose a station, or name another place."),
        ({"held_on": "2030-01-01"}, "outside the period"),
        ({"held_on": "soon"}, "Not a valid date"),
        ({"ends_at": "08:00"}, "The end must be after the start."),
        ({"unit_id": "99999"}, "Not a valid choice"),
        ({"unit_id": "9" * 30}, "could not coerce"),
        ({"volunteers": ["99999"]}, "99999"),
        ({"place": "x" * 121}, "longer than 120"),
        ({"command_id": "no id"}, "Invalid UUID"),
    ],
)
def test_what_is_wrong_with_a_plan_stands_beside_the_field(scene, planner, fields, words):
    answer = planner.post(create_url(scene), data=event_form(scene, **fields))

    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.query(DistributionEvent).count() == 1


def test_a_planned_number_below_nothing_is_wrong(scene, planner):
    fields = event_form(scene, **{f"planned_{scene.couriers.id}": "-1"})

    assert planner.post(create_url(scene), data=fields).status_code == 422


def test_a_campaign_that_is_over_meanwhile_is_not_found(scene, planner):
    scene.campaign.state = "closed"
    db.session.commit()

    assert planner.post(create_url(scene), data=event_form(scene)).status_code == 404
    assert planner.get("/events/create?campaign=" + "9" * 40).status_code == 404
    assert db.session.query(DistributionEvent).count() == 1


def test_an_event_is_edited(scene, planned, planner):
    url = f"/events/{planned.id}/edit"
    other = StationFactory(owner=scene.campaign.organizer)
    db.session.commit()
    assert f'<option selected value="{planned.station_id}"' in planner.get(url).text

    answer = planner.post(url, data=event_form(scene, station_id=other.id))

    assert answer.status_code == 302
    db.session.refresh(planned)
    assert (planned.station, planned.place) == (other, other.name)


def test_a_spot_of_a_station_stays_as_worded(scene, planned, planner):
    planned.place = "Second floor"
    db.session.commit()

    assert 'value="Second floor"' in planner.get(f"/events/{planned.id}/edit").text


def test_an_event_that_has_begun_keeps_its_day(scene, planner):
    answer = planner.post(f"/events/{scene.event.id}/edit", data=event_form(scene))

    assert answer.status_code == 422
    assert "has begun" in answer.text


def test_what_is_over_cannot_be_edited(scene, planner):
    over = scene.another_event(state=EventState.CLOSED)
    db.session.commit()

    assert planner.get(f"/events/{over.id}/edit").status_code == 409


def test_a_unit_that_left_the_campaign_stays_on_its_event(scene, planned, planner):
    planned.unit = OrganizationFactory(parent=scene.campaign.organizer)
    db.session.commit()

    page = planner.get(f"/events/{planned.id}/edit").text

    assert f'<option selected value="{planned.unit_id}"' in page


def test_an_event_is_cancelled(scene, planned, planner):
    url = f"/events/{planned.id}/cancel"
    assert "Those assigned" in planner.get(url).text
    assert planner.post(url).status_code == 422
    assert planner.post(url, data={"reason": "Heavy snow"}).status_code == 302
    assert planner.post(url, data={"reason": "Heavy snow"}).status_code == 409
    assert state_of(planned) == EventState.CANCELLED
    assert "Heavy snow" in planner.get(f"/events/{planned.id}").text
