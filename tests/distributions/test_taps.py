"""The phone's endpoint: strict in what it reads, plain in what it answers."""

import json
import uuid
from datetime import UTC, datetime

import pytest
import uuid_utils.compat as uuid_utils

from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.distributions.models import EventState, Handout, Received
from carecampaign.distributions.taps import LARGEST_TAP, NotReadable, Tap, read_tap
from tests.distributions.scene import staff
from tests.factories import OrganizationFactory, PersonFactory

ID = "01890a5d-ac96-774b-bcce-b302099a8057"


def message(scene, **facts):
    return {
        "id": str(uuid_utils.uuid7()),
        "item_id": scene.package.id,
        "group_id": scene.couriers.id,
        **facts,
    }


@pytest.fixture
def tap(scene, client_for):
    """Send a tap as the volunteer and give the answer."""
    client = client_for(scene.volunteer)

    def send(payload=None, **facts):
        body = message(scene, **facts) if payload is None else payload
        return client.post(f"/events/{scene.event.id}/tap", json=body)

    return send


def test_a_tap_is_answered_with_what_the_phone_shows(scene, tap):
    answer = tap(id=ID, quantity=3)

    assert answer.status_code == 200
    assert answer.json["outcome"] == "created"
    assert answer.json["id"] == ID
    assert answer.json["message"] == "Saved: Couriers +3"
    assert answer.json["stock"] == [{"item_id": scene.package.id, "on_hand": 7}]
    assert answer.json["groups"] == [{"group_id": scene.couriers.id, "person_times": 3}]
    assert answer.json["totals"] == {"person_times": 3, "quantity": 3}
    entry = answer.json["entry"]
    assert (entry["who"], entry["head_count"], entry["quantity"]) == ("Couriers", 3, 3)


def test_the_words_are_chinese_by_choice(scene, client_for):
    answer = client_for(scene.volunteer, "zh").post(
        f"/events/{scene.event.id}/tap", json=message(scene)
    )

    assert answer.json["entry"]["who"] == "快递员"


def test_a_repeat_is_told_the_same_and_counted_once(scene, tap):
    tap(id=ID)
    answer = tap(id=ID)

    assert (answer.status_code, answer.json["outcome"]) == (200, "created")
    assert "counted once" in answer.json["message"]
    assert answer.json["totals"]["person_times"] == 1


def test_a_refusal_says_what_to_do(scene, tap):
    answer = tap(quantity=11)

    assert (answer.status_code, answer.json["outcome"]) == (409, "refused")
    assert "Only 10 of Winter package left here" in answer.json["message"]
    assert "Already handed over" in answer.json["message"]
    assert answer.json["entry"] is None


def test_the_last_package_gone_is_told_so(scene, tap):
    tap(quantity=10)

    assert tap().json["message"].startswith("No Winter package left here")


def test_a_refusal_heard_again_says_the_same_without_the_number(scene, tap):
    tap(id=ID, quantity=11)

    assert tap(id=ID, quantity=11).json["message"].startswith("No Winter package left")


def test_already_handed_over_is_saved_for_the_lead_to_settle(scene, tap):
    answer = tap(quantity=11, already_given=True)

    assert (answer.status_code, answer.json["outcome"]) == (200, "flagged")
    assert answer.json["reasons"] == ["over_stock"]
    assert answer.json["entry"]["is_flagged"]


def test_a_further_item_is_told_so(scene, tap):
    assert "nobody counted again" in tap(head_count=0).json["message"]


def test_a_named_person_is_called_by_name(scene, tap):
    person = PersonFactory(name="测试员", organization=scene.event.unit)
    db.session.commit()

    answer = tap(person_id=person.id)
    assert answer.json["message"] == "Saved: 测试员 +1"
    again = tap(person_id=person.id)
    assert "served before" in again.json["message"]


@pytest.mark.parametrize(
    ("state", "words"),
    [(EventState.PLANNED, "not open yet"), (EventState.CLOSED, "The event is closed.")],
)
def test_an_event_that_is_not_open_says_so(scene, tap, state, words):
    scene.event.state = state
    db.session.commit()

    assert words in tap().json["message"]


def test_an_id_that_was_used_for_something_else_is_a_conflict(scene, tap):
    tap(id=ID)
    answer = tap(id=ID, quantity=2)

    assert (answer.status_code, answer.json["outcome"]) == (409, "conflict")
    assert db.session.query(Handout).count() == 1


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"id": "no id"}, "id"),
        ({"id": None}, "id"),
        ({"group_id": None}, "group_id"),
        ({"group_id": "²"}, "group_id"),
        ({"group_id": 2**63}, "group_id"),
        ({"group_id": 0}, "group_id"),
        ({"item_id": None}, "item_id"),
        ({"item_id": [1]}, "item_id"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": -1}, "quantity"),
        ({"quantity": 1.5}, "quantity"),
        ({"quantity": True}, "quantity"),
        ({"quantity": LARGEST_TAP + 1}, "quantity"),
        ({"quantity": "9" * 40}, "quantity"),
        ({"head_count": -1}, "head_count"),
        ({"person_id": 1, "head_count": 2}, "head_count"),
        ({"happened_at": "yesterday"}, "happened_at"),
        ({"happened_at": "2026-12-01T10:00:00"}, "happened_at"),
        ({"happened_at": "9999-12-31T23:59:59+00:00"}, "happened_at"),
        ({"happened_at": {}}, "happened_at"),
        ({"note": "x" * 201}, "note"),
    ],
)
def test_what_is_no_handout_is_refused_with_the_part_to_blame(scene, tap, facts, field):
    answer = tap(**facts)

    assert (answer.status_code, answer.json["outcome"]) == (422, "invalid")
    assert answer.json["field"] == field
    assert answer.json["message"]
    assert db.session.query(Received).count() == 0


@pytest.mark.parametrize("body", ["", "nonsense", "[]", '"text"', "{", "null", '{"id": NaN'])
def test_what_is_no_message_at_all_is_refused(scene, client_for, body):
    answer = client_for(scene.volunteer).post(
        f"/events/{scene.event.id}/tap", data=body, content_type="application/json"
    )

    assert answer.status_code == 422


def test_a_group_of_no_campaign_is_refused(scene, tap):
    answer = tap(group_id=2**40)

    assert (answer.status_code, answer.json["field"]) == (422, "group_id")


def test_what_the_event_does_not_have_is_not_found(scene, tap):
    answer = tap(item_id=2**40)

    assert answer.status_code == 404
    assert answer.json["error"]


def test_a_volunteer_of_another_station_is_not_let_in(scene, client_for):
    stranger = staff(OrganizationFactory(), Role.VOLUNTEER)

    answer = client_for(stranger).post(f"/events/{scene.event.id}/tap", json=message(scene))

    assert answer.status_code == 404
    assert db.session.query(Handout).count() == 0


def test_without_the_role_nobody_taps(scene, client_for):
    finance = staff(scene.campaign.organizer, Role.FINANCE)

    answer = client_for(finance).post(f"/events/{scene.event.id}/tap", json=message(scene))

    assert answer.status_code == 403


def test_a_tap_and_its_answer_take_few_statements(scene, tap, count_queries):
    tap()
    payload = message(scene)
    with count_queries() as sent:
        tap(payload)

    assert len(sent) <= 15, sent


def test_texts_are_kept_as_they_were_without_what_cannot_be_printed():
    tap = read_tap(
        {"id": ID, "item_id": "3", "group_id": "4", "note": " a\x00b \ud800\n 雪\u202e ok "}
    )

    assert tap == Tap(uuid.UUID(ID), item_id=3, group_id=4, note="a b 雪 ok")


def test_a_group_gets_a_piece_each_and_a_person_counts_once():
    together = read_tap({"id": ID, "item_id": 1, "group_id": 1, "quantity": 5})
    person = read_tap({"id": ID, "item_id": 1, "person_id": 1, "quantity": 2})

    assert (together.quantity, together.head_count) == (5, 5)
    assert (person.quantity, person.head_count) == (2, 1)


def test_the_devices_time_is_read_with_its_zone():
    tap = read_tap(
        {"id": ID, "item_id": 1, "group_id": 1, "happened_at": "2026-12-01T18:00:00.5+08:00"}
    )

    assert tap.happened_at == datetime(2026, 12, 1, 10, 0, 0, 500000, tzinfo=UTC)


def test_no_client_can_call_an_entry_synthetic():
    values = json.loads(f'{{"id": "{ID}", "item_id": 1, "group_id": 1, "is_synthetic": true}}')

    assert not read_tap(values).is_synthetic


def test_a_bad_message_names_the_part_to_blame():
    with pytest.raises(NotReadable) as caught:
        read_tap({"id": ID, "group_id": 1})

    assert caught.value.field == "item_id"
