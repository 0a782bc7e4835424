"""Closing an event on screen: counted, returned, and what stays to be explained."""

import pytest
import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import DistributionEvent, EventState

pytestmark = pytest.mark.usefixtures("adds_up")


def state_of(event) -> EventState:
    return db.session.get(DistributionEvent, event.id, populate_existing=True).state


def closing(scene, **fields):
    key = scene.package.id
    return {
        f"counted_{key}": "10",
        f"books_{key}": "10",
        f"gap_{key}": "",
        f"group_{key}": "",
        "target_id": scene.warehouse.id,
        **{f"{name}_{key}": value for name, value in fields.items()},
    }


def test_the_lead_counts_and_closes(scene, planner):
    url = f"/events/{scene.event.id}/close"
    page = planner.get(url).text
    assert f'<option selected value="{scene.warehouse.id}"' in page

    answer = planner.post(
        url, data=closing(scene, counted="8", gap="not_logged", group=scene.couriers.id)
    )

    assert answer.status_code == 302
    assert state_of(scene.event) == EventState.CLOSED
    assert queries.event_totals(scene.event).person_times == 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"counted": "8"}, "say what became of them"),
        ({"counted": "8", "gap": "not_logged"}, "Choose the group"),
        ({"counted": "9", "books": "9"}, "the books changed"),
        ({"counted": ""}, "required"),
        ({"counted": "-1"}, "between 0 and"),
        ({"gap": "stolen"}, "Not a valid choice"),
    ],
)
def test_a_count_that_does_not_add_up_is_told_beside_the_field(scene, planner, fields, words):
    answer = planner.post(f"/events/{scene.event.id}/close", data=closing(scene, **fields))

    assert answer.status_code == 422
    assert words in answer.text
    assert state_of(scene.event) == EventState.OPEN


def test_the_rest_needs_a_place(scene, planner):
    fields = closing(scene) | {"target_id": ""}

    answer = planner.post(f"/events/{scene.event.id}/close", data=fields)

    assert "Say where the rest" in answer.text


def test_with_nothing_left_there_is_nothing_to_count(scene, lead):
    scene.log(quantity=10, head_count=10)
    db.session.commit()
    url = f"/events/{scene.event.id}/close"

    assert "Nothing is left on the books" in lead.get(url).text
    assert lead.post(url).status_code == 302
    assert lead.post(url).status_code == 409


def test_what_came_back_later_is_sent_back(scene, planner):
    logged = scene.log()
    services.close_event(scene.event, counts={}, target=scene.warehouse, by=SYSTEM)
    services.void_handout(logged.id, void_id=uuid_utils.uuid7(), reason="No", by=SYSTEM)
    db.session.commit()
    url = f"/events/{scene.event.id}/send-back"
    assert url in planner.get(f"/events/{scene.event.id}").text
    assert "× 1" in planner.get(url).text

    assert planner.post(url, data={"target_id": ""}).status_code == 422
    assert planner.post(url, data={"target_id": scene.warehouse.id}).status_code == 302

    assert scene.level() == (0, 0)


def test_what_stays_unexplained_is_settled_with_a_reason(scene, planner):
    counts = {scene.package.id: services.Count(7, gap="later")}
    services.close_event(scene.event, counts=counts, target=scene.warehouse, by=SYSTEM)
    db.session.commit()
    url = f"/events/{scene.event.id}/explain/{scene.package.id}"
    assert url in planner.get(f"/events/{scene.event.id}").text
    assert "written off" in planner.get(url).text

    assert planner.post(url, data={"reason": ""}).status_code == 422
    assert planner.post(url, data={"reason": "Never found"}).status_code == 302
    assert planner.post(url, data={"reason": "Never found"}).status_code == 404

    assert scene.level() == (0, 0)


def test_what_was_beyond_the_books_is_shown_and_booked_in(scene, planner):
    scene.log(quantity=12, head_count=12, already_given=True)
    services.close_event(scene.event, counts={}, target=None, by=SYSTEM)
    db.session.commit()

    assert "beyond the books" in planner.get(f"/events/{scene.event.id}").text
    url = f"/events/{scene.event.id}/explain/{scene.package.id}"
    assert "booked in as found" in planner.get(url).text
