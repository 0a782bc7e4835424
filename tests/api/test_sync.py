"""What phones logged without a network comes in whole, and once."""

import random
from datetime import timedelta

import pytest
import uuid_utils
from sqlalchemy import func, select

from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import (
    EventState,
    ExceptionReason,
    Handout,
    HandoutException,
    HandoutVoid,
    Phone,
    PhoneAtEvent,
    PhoneEntry,
    Quarantined,
)
from tests.api.phones import HEADERS, Sender, ago
from tests.distributions.scene import actor
from tests.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def sender(scene, phone) -> Sender:
    return Sender(phone, scene)


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def stock(scene) -> int:
    db.session.rollback()
    return queries.standing_of(scene.event.id, scene.event.location_id).stock[scene.package.id]


def reasons() -> set[ExceptionReason]:
    return set(db.session.scalars(select(HandoutException.reason)))


def test_a_batch_is_logged_counted_and_taken_off_the_stock(scene, sender):
    entries = [sender.entry(), sender.entry(group_id=scene.riders.id, quantity=3, head_count=3)]

    answer = sender.post(entries)

    assert [it["code"] for it in answer.json["results"]] == ["created", "created"]
    assert answer.json["stock"] == {str(scene.event.id): {str(scene.package.id): 6}}
    assert answer.json["epoch"] == "0"
    standing = queries.standing_of(scene.event.id, scene.event.location_id)
    assert standing.groups == {scene.couriers.id: 1, scene.riders.id: 3}
    assert {str(it.id) for it in db.session.scalars(select(Handout))} == {
        it["id"] for it in entries
    }


def test_how_it_was_kept_on_the_phone_is_kept(sender):
    entry = sender.entry(at="2026-11-24T10:30:00+08:00")
    sender.post([entry])

    kept = db.session.scalars(select(PhoneEntry)).one()
    assert (kept.seq, kept.utc_offset, kept.mono, kept.boot) == (1, 480, 1000, "boot")


def test_what_comes_again_is_a_duplicate(sender):
    entries = [sender.entry(), sender.entry()]
    first = sender.codes(entries)

    assert first == ["created", "created"]
    assert sender.codes([*entries, sender.entry()]) == ["duplicate", "duplicate", "created"]
    assert count(Handout) == 3


def test_every_order_of_a_batch_is_the_same(scene, sender):
    entries = [sender.entry(quantity=n, head_count=n) for n in (1, 2, 3)]
    random.shuffle(entries)

    assert set(sender.codes(entries)) == {"created"}
    assert stock(scene) == 4


def test_more_than_the_books_is_logged_and_flagged(scene, sender):
    entries = [sender.entry(quantity=4, head_count=4) for _ in range(4)]

    codes = sender.codes(entries)

    assert sorted(codes) == ["created", "created", "created_flagged", "created_flagged"]
    assert reasons() == {ExceptionReason.OVER_STOCK}
    assert stock(scene) == 0
    assert set(sender.codes(entries)) == {"duplicate"}


def test_the_same_id_with_other_content_is_put_aside(sender):
    entry = sender.entry()
    sender.post([entry])
    other = {**entry, "quantity": 2, "head_count": 2}

    assert sender.codes([other]) == ["id_conflict"]
    assert sender.codes([other]) == ["id_conflict"]
    assert (count(Handout), count(Quarantined)) == (1, 1)


@pytest.mark.parametrize(
    "said",
    [
        {"schema": 2},
        {"event_id": 999_999},
        {"group_id": 999_999},
        {"item_id": 999_999},
        {"quantity": 0},
        {"at": "yesterday"},
        {"kind": "gift"},
        {"person_id": 999_999, "group_id": None},
    ],
)
def test_what_cannot_be_posted_is_put_aside_as_it_came_and_blocks_nothing(sender, said):
    wrong = sender.entry(**said)
    good = sender.entry()

    assert sender.codes([wrong, good]) == ["quarantined", "created"]
    assert sender.codes([wrong]) == ["quarantined"]
    kept = db.session.scalars(select(Quarantined)).one()
    assert wrong["id"].encode() in kept.raw
    assert count(Handout) == 1


@pytest.mark.parametrize("nonsense", [None, 1, "x", [], {}, {"id": 5}])
def test_nonsense_is_put_aside_too(sender, nonsense):
    answer = sender.post([nonsense, sender.entry()])

    assert [it["code"] for it in answer.json["results"]] == ["quarantined", "created"]


def test_after_the_close_it_is_logged_and_flagged(scene, sender):
    scene.event.state = EventState.CLOSED
    db.session.commit()

    assert sender.codes([sender.entry()]) == ["created_flagged"]
    assert reasons() == {ExceptionReason.AFTER_CLOSE}


def test_what_happened_before_the_close_is_simply_late(scene, sender):
    scene.event.state = EventState.CLOSED
    scene.event.closed_at = clock.now()
    db.session.commit()

    assert sender.codes([sender.entry(at=ago(minutes=5))]) == ["created"]


def test_an_entry_is_taken_back_by_the_phone_that_made_it(scene, sender):
    entry = sender.entry()
    void = sender.void(entry)

    assert sender.codes([entry, void]) == ["created", "created"]
    assert sender.codes([entry, void]) == ["duplicate", "duplicate"]
    assert (count(HandoutVoid), stock(scene)) == (1, 10)


def test_a_void_waits_for_its_entry(sender):
    entry = sender.entry()
    void = sender.void(entry)

    assert sender.codes([void]) == ["retry"]
    assert sender.codes([entry]) == ["created"]
    assert sender.codes([void]) == ["created"]


def test_what_was_put_aside_cannot_be_taken_back_by_itself(sender):
    entry = sender.entry(quantity=0)

    assert sender.codes([entry, sender.void(entry)]) == ["quarantined", "quarantined"]


def test_taking_back_late_or_from_elsewhere_is_for_the_lead(app, scene, sender):
    old, other = sender.entry(at=ago(minutes=20)), sender.entry()
    sender.post([old, other])
    assert sender.codes([sender.void(old)]) == ["quarantined"]

    client = app.test_client()
    with transaction():
        issued = services.issue_pass(scene.event, by=actor(scene.lead))
    client.post(f"/v/j/{issued.code}", data={"volunteer": "另一位"})
    assert Sender(client, scene).codes([sender.void(other)]) == ["quarantined"]
    assert count(HandoutVoid) == 0


@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(days=-3650), timedelta(minutes=3)])
def test_a_clock_that_is_off_is_flagged_and_never_refused(sender, off):
    there = clock.now() + off
    entry = sender.entry(at=clock.local(there).isoformat())

    assert sender.codes([entry], by_its_clock=there) == ["created_flagged"]
    assert reasons() == {ExceptionReason.CLOCK_SUSPECT}
    assert db.session.scalars(select(Phone)).one().clock_offset == pytest.approx(
        off.total_seconds(), abs=5
    )


def test_a_named_person_served_twice_is_flagged(scene, sender):
    person = PersonFactory(organization=scene.campaign.organizer)
    db.session.commit()
    entries = [sender.entry(person_id=person.id) for _ in range(2)]

    assert sorted(sender.codes(entries)) == ["created", "created_flagged"]
    assert ExceptionReason.DOUBLE_BENEFICIARY in reasons()


def test_a_pass_adds_to_its_own_event_alone(scene, sender):
    other = scene.another_event(state=EventState.OPEN)
    db.session.commit()

    answer = sender.post([sender.entry(event_id=other.id)])

    assert answer.json["results"][0]["code"] == "quarantined"
    assert answer.json["stock"] == {}
    assert count(Handout) == 0


def test_a_phone_that_was_shut_out_loses_nothing_and_adds_nothing(scene, sender, lead):
    place = db.session.scalars(select(PhoneAtEvent)).one()
    lead.post(f"/events/{scene.event.id}/phones/{place.phone_id}/revoke")

    assert sender.codes([sender.entry()]) == ["quarantined"]


def test_whoever_is_signed_in_sends_from_the_same_address(scene, client_for):
    sender = Sender(client_for(scene.volunteer), scene)

    assert sender.codes([sender.entry()]) == ["created"]
    handout = db.session.scalars(select(Handout)).one()
    assert handout.logged_by_id == scene.volunteer.id
    assert str(db.session.scalars(select(PhoneAtEvent)).one().phone_id) == sender.id


def test_entries_of_one_phone_may_be_sent_by_another(app, scene, sender, client_for):
    entries = [sender.entry(), sender.entry()]
    sender.post(entries[:1])

    saved = Sender(client_for(scene.lead), scene)

    assert saved.codes(entries) == ["duplicate", "created"]


def test_without_a_pass_nothing_is_taken(app, scene):
    sender = Sender(app.test_client(), scene)

    assert sender.post([sender.entry()]).status_code == 401


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
)
def test_another_site_cannot_send(sender, headers):
    assert sender.post([sender.entry()], headers=headers).status_code == 403
    assert count(Handout) == 0


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"protocol": 0}, 400),
        ({"batch_id": "x"}, 400),
        ({"sent_at": None}, 400),
        ({"entries": {}}, 400),
        ({"entries": [{}] * 101}, 413),
        ({"queue_length": "many"}, 200),
        ({"note": "x" * 1_000_001}, 413),
    ],
)
def test_a_batch_that_is_none_is_told(sender, said, status):
    assert sender.post([], **said).status_code == status


def test_what_is_no_json_is_told(phone):
    assert phone.post("/api/v1/sync", data="{", headers=HEADERS).status_code == 415
    wrong = phone.post("/api/v1/sync", data="{", content_type="application/json", headers=HEADERS)
    assert wrong.status_code == 400


def test_a_batch_costs_the_same_however_long_it_is(sender, count_queries):
    few = [sender.entry() for _ in range(2)]
    many = [sender.entry() for _ in range(8)]
    with count_queries() as of_few:
        sender.post(few)
    with count_queries() as of_many:
        sender.post(many)

    assert len(of_many) == len(of_few)


def test_the_interface_describes_itself(app):
    described = app.test_client().get("/api/v1/openapi.json").json

    assert described["openapi"].startswith("3.1")
    assert "/api/v1/sync" in described["paths"]


def test_ids_of_other_versions_are_opaque(sender):
    assert sender.codes([sender.entry(id=str(uuid_utils.uuid4()))]) == ["created"]
