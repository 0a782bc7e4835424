"""An event is moved or called off at the last minute: its stock, its people, its history."""

from datetime import date, time, timedelta

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import StockLevel
from carecampaign.inventory.services import Holder, Line
from tests.distributions.scene import Scene, actor, assigned, carry, receive, set_the_scene, staff
from tests.factories import CampaignFactory, EventFactory, StationFactory, UserFactory

pytestmark = pytest.mark.usefixtures("adds_up")


def held_at(place, item) -> int:
    row = db.session.get(StockLevel, (place.id, item.id), populate_existing=True)
    return row.on_hand if row else 0


def cancel(event, **facts):
    services.cancel_event(event, **{"reason": "Heavy snow", "by": SYSTEM} | facts)


def move(event, **facts):
    now = {
        "station": event.station,
        "place": event.place,
        "held_on": event.held_on,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "reason": "Heavy snow",
    }
    services.move_event(event, by=SYSTEM, **(now | facts))


# Cancelling


def test_the_stock_of_a_cancelled_event_goes_back_to_where_it_came_from(scene):
    station_place = inventory.ensure_station_location(scene.event.station)
    receive(station_place, scene.package, 4)
    carry(station_place, scene.event, scene.package, 3)

    cancel(scene.event)

    assert scene.level() == (0, 0)
    assert held_at(scene.warehouse, scene.package) == 10
    assert held_at(station_place, scene.package) == 4
    assert scene.event.state == EventState.CANCELLED
    entry = db.session.query(AuditEntry).filter_by(action="distributions.cancel").one()
    assert entry.changes["returned"] == {scene.warehouse.name: 10, station_place.name: 3}
    assert entry.changes["reason"] == "Heavy snow"


def test_what_an_earlier_event_left_here_goes_where_one_says(scene, planned):
    services.open_event(planned, source=None, carried_over=scene.event, by=SYSTEM)
    db.session.commit()

    with pytest.raises(services.TargetNeeded):
        cancel(planned)
    db.session.rollback()
    cancel(planned, target=scene.warehouse)

    assert held_at(scene.warehouse, scene.package) == 10


def test_an_event_at_which_something_was_handed_out_is_closed_instead(scene):
    scene.log()

    with pytest.raises(services.HandedOutHere):
        cancel(scene.event)


def test_what_was_taken_back_was_handed_out_all_the_same(scene):
    logged = scene.log()
    services.void_handout(logged.id, void_id=scene.tap().id, reason="A slip", by=SYSTEM)

    with pytest.raises(services.HandedOutHere):
        cancel(scene.event)


def test_what_was_reserved_for_it_is_free_again(scene, planned):
    receive(scene.warehouse, scene.package, 5)
    holder = Holder("event", planned.id)
    inventory.reserve(scene.warehouse, scene.package, 5, holder=holder)

    cancel(planned)

    level = db.session.get(
        StockLevel, (scene.warehouse.id, scene.package.id), populate_existing=True
    )
    assert (level.on_hand, level.reserved) == (5, 0)


def test_a_late_handout_at_a_cancelled_event_is_settled_by_a_person(scene, planned):
    cancel(planned)

    logged = scene.log(event=planned, already_given=True)

    assert logged.outcome == "flagged"


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_event_is_not_cancelled_without_a_reason(scene, planned, reason):
    with pytest.raises(services.ReasonNeeded):
        cancel(planned, reason=reason)


def test_the_page_says_where_the_stock_goes_and_what_is_on_its_way(scene, planner):
    station_place = inventory.ensure_station_location(scene.event.station)
    receive(scene.warehouse, scene.package, 6)
    inventory.dispatch(scene.warehouse, station_place, [Line(scene.package, 6)], by=SYSTEM)
    db.session.commit()
    url = f"/events/{scene.event.id}/cancel"

    page = planner.get(url).text
    assert scene.warehouse.name in page
    assert "arrives there all the same" in page
    assert "What is left goes to" not in page

    assert planner.post(url, data={"reason": "Heavy snow"}).status_code == 302
    page = planner.get(f"/events/{scene.event.id}").text
    assert "Heavy snow" in page
    assert "Change history" in page


def test_stock_without_a_way_back_asks_where_to(scene, planned, planner):
    services.open_event(planned, source=None, carried_over=scene.event, by=SYSTEM)
    db.session.commit()
    url = f"/events/{planned.id}/cancel"

    assert "What is left goes to" in planner.get(url).text
    answer = planner.post(url, data={"reason": "Heavy snow"})
    assert answer.status_code == 422
    assert "Say where the rest of the stock goes." in answer.text
    data = {"reason": "Heavy snow", "target_id": scene.warehouse.id}
    assert planner.post(url, data=data).status_code == 302
    assert held_at(scene.warehouse, scene.package) == 10


def test_the_page_refuses_in_words_what_was_handed_out(scene, planner):
    scene.log()
    db.session.commit()

    assert "Cancel the event" not in planner.get(f"/events/{scene.event.id}").text
    answer = planner.post(f"/events/{scene.event.id}/cancel", data={"reason": "Heavy snow"})

    assert answer.status_code == 422
    assert "close and reconcile it instead" in answer.text.replace("&#39;", "'")


# Moving


def test_a_moved_event_keeps_its_plan_and_its_location_follows(scene, planned):
    other = StationFactory(owner=scene.campaign.organizer, name="Warm corner")

    move(planned, station=other, place="", held_on=date(2026, 12, 3), starts_at=time(9))

    assert (planned.place, planned.held_on) == ("Warm corner", date(2026, 12, 3))
    assert planned.location.name == "2026-12-03 Warm corner"
    assert planned.change_reason == "Heavy snow"
    entry = db.session.query(AuditEntry).filter_by(action="distributions.move").one()
    assert entry.changes["held_on"] == ["2026-12-01", "2026-12-03"]
    assert entry.changes["hours"] == ["", "09:00"]


def test_an_open_event_moves_in_time_only(scene):
    move(scene.event, ends_at=time(12))

    assert scene.event.ends_at == time(12)
    with pytest.raises(services.AlreadyBegun):
        move(scene.event, held_on=date(2026, 12, 3))


def test_moving_to_where_it_is_is_no_move(planned):
    with pytest.raises(services.NothingMoved):
        move(planned)


@pytest.mark.parametrize("state", [EventState.CLOSED, EventState.CANCELLED])
def test_what_is_over_does_not_move(scene, state):
    with pytest.raises(services.WrongState):
        move(scene.another_event(state=state), held_on=date(2026, 12, 3))


def test_the_second_of_two_who_move_an_event_is_told(scene, planned, planner):
    url = f"/events/{planned.id}/move"
    fields = {
        "station_id": planned.station_id,
        "held_on": "2026-12-05",
        "reason": "Heavy snow",
        "revision": 0,
    }
    db.session.commit()
    assert 'value="2026-12-01"' in planner.get(url).text

    assert planner.post(url, data=fields).status_code == 302
    second = planner.post(url, data=fields | {"held_on": "2026-12-09"})

    assert second.status_code == 422
    assert "Somebody else has changed this event" in second.text
    assert 'name="revision" type="hidden" value="1"' in second.text
    assert planner.post(url, data=fields | {"held_on": "2026-12-09", "revision": 1}).location
    db.session.refresh(planned)
    assert planned.held_on == date(2026, 12, 9)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"held_on": "2030-01-01"}, "outside the period"),
        ({"reason": ""}, "This field is required"),
        ({"station_id": "", "place": ""}, "Choose a station"),
        ({"starts_at": "10:00", "ends_at": "09:00"}, "must be after the start"),
    ],
)
def test_what_is_wrong_with_a_move_stands_beside_the_field(scene, planned, planner, fields, words):
    right = {"station_id": planned.station_id, "held_on": "2026-12-05", "reason": "Snow"}
    db.session.commit()

    answer = planner.post(f"/events/{planned.id}/move", data=right | {"revision": 0} | fields)

    assert answer.status_code == 422
    assert words in answer.text


# Who hears of it


@pytest.fixture
def coming(app) -> Scene:
    """A scene whose event is still to come, whatever day it is."""
    scene = set_the_scene(packages=0)
    today = clock.today()
    scene.campaign.starts_on, scene.campaign.ends_on = today, today + timedelta(days=30)
    scene.event.state = EventState.PLANNED
    scene.event.held_on = today + timedelta(days=3)
    db.session.flush()
    return scene


def test_those_assigned_and_those_of_the_station_hear_of_a_move(coming):
    helper, stranger = assigned(coming.event), UserFactory(role=Role.VOLUNTEER)

    move(coming.event, starts_at=time(10))

    for user in (helper, coming.lead, coming.volunteer):
        assert queries.list_late_changes_for(actor(user)) == [coming.event]
    assert queries.list_late_changes_for(actor(stranger)) == []


def test_they_hear_of_a_cancellation_until_the_day_is_over(coming):
    cancel(coming.event)
    assert queries.list_late_changes_for(actor(coming.volunteer)) == [coming.event]

    coming.event.held_on = clock.today() - timedelta(days=1)
    db.session.flush()
    assert queries.list_late_changes_for(actor(coming.volunteer)) == []


def test_an_event_nobody_moved_is_no_news(coming):
    assert queries.list_late_changes_for(actor(coming.volunteer)) == []


def test_the_start_page_and_the_event_tell_of_it(coming, client_for):
    helper = client_for(assigned(coming.event))
    move(coming.event, starts_at=time(10))
    db.session.commit()

    assert "Heavy snow" in helper.get("/").text
    assert "Heavy snow" in helper.get(f"/events/{coming.event.id}").text


def test_whoever_is_only_assigned_gets_no_link_to_the_station(coming, client_for):
    helper, volunteer = client_for(assigned(coming.event)), client_for(coming.volunteer)
    link = f'href="/stations/{coming.event.station_id}"'

    assert link not in helper.get(f"/events/{coming.event.id}").text
    assert coming.event.station.name in helper.get(f"/events/{coming.event.id}").text
    assert link in volunteer.get(f"/events/{coming.event.id}").text


# Copying


def test_a_copy_has_the_plan_and_the_people_of_its_event(scene, planner):
    services.edit_event(
        scene.event,
        unit=scene.event.unit,
        station=scene.event.station,
        place="",
        held_on=scene.event.held_on,
        starts_at=time(9),
        ends_at=None,
        plans={scene.couriers.id: 16},
        volunteers=[scene.volunteer],
        note="",
        by=SYSTEM,
    )
    db.session.commit()
    url = f"/events/{scene.event.id}/copy"
    page = planner.get(url).text
    assert 'value="16"' in page
    assert 'value="09:00"' in page
    command = page.split('name="command_id" type="hidden" value="')[1].split('"')[0]
    fields = {
        "command_id": command,
        "station_id": scene.event.station_id,
        "held_on": "2026-12-24",
        "unit_id": scene.event.unit_id,
        f"planned_{scene.couriers.id}": "16",
        "volunteers": [scene.volunteer.id],
    }

    first, again = (planner.post(url, data=fields) for _time in range(2))

    assert first.location == again.location
    copied = db.session.get(DistributionEvent, int(first.location.rsplit("/", 1)[1]))
    assert copied.held_on == date(2026, 12, 24)
    assert [plan.planned for plan in copied.plans] == [16]
    assert copied.volunteers == [scene.volunteer]
    assert planner.post(url, data=fields | {"held_on": ""}).status_code == 422


def test_nobody_copies_repeats_or_moves_an_event_of_others(scene, client_for):
    stranger = client_for(staff(CampaignFactory().organizer))

    for page in ("copy", "repeat", "move", "cancel"):
        assert stranger.get(f"/events/{scene.event.id}/{page}").status_code == 404


def test_an_event_of_a_campaign_that_is_over_is_not_copied(scene, planner):
    scene.campaign.state = "closed"
    db.session.commit()

    assert planner.get(f"/events/{scene.event.id}/copy").status_code == 404
    assert f"/events/{scene.event.id}/copy" not in planner.get(f"/events/{scene.event.id}").text


def test_other_events_are_left_alone(scene, planned):
    bystander = EventFactory(state=EventState.PLANNED)

    cancel(planned)

    assert bystander.state == EventState.PLANNED
    assert scene.event.state == EventState.OPEN
