"""The pages of planners and leads: list, plan, open, close, settle, print."""

import re
from datetime import date, time

import pytest
import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import DistributionEvent, EventState, HandoutException
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import StockDocument
from carecampaign.inventory.services import Line
from tests.distributions.scene import actor, carry, receive, staff
from tests.factories import (
    CampaignFactory,
    EventFactory,
    ItemFactory,
    OrganizationFactory,
    PersonFactory,
    StationFactory,
    UserFactory,
)

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def planner(scene, client_for):
    return client_for(staff(scene.campaign.organizer))


@pytest.fixture
def lead(scene, client_for):
    return client_for(scene.lead)


@pytest.fixture
def planned(scene) -> DistributionEvent:
    return scene.another_event(state=EventState.PLANNED)


def state_of(event) -> EventState:
    return db.session.get(DistributionEvent, event.id, populate_existing=True).state


def command() -> str:
    return str(uuid_utils.uuid7())


# The list


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


# Planning


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


# Opening


@pytest.fixture
def station_place(scene):
    return inventory.ensure_station_location(scene.event.station)


@pytest.fixture
def transfer(scene, station_place) -> StockDocument:
    """Twenty packages on their way to the station."""
    receive(scene.warehouse, scene.package, 20)
    return inventory.dispatch(scene.warehouse, station_place, [Line(scene.package, 20)], by=SYSTEM)


def test_the_lead_opens_with_what_is_on_its_way_and_what_the_last_one_left(
    scene, planned, transfer, lead
):
    (line,) = transfer.lines
    url = f"/events/{planned.id}/open"
    db.session.commit()
    page = lead.get(url).text
    assert "On its way here" in page
    assert "Left open at this place" in page
    fields = {
        "command_id": command(),
        f"receive_{transfer.id}": "y",
        f"arrived_{line.id}": "19",
        f"reason_{line.id}": "One was torn",
        f"take_{scene.package.id}": "15",
        "carry_over": "y",
    }

    first = lead.post(url, data=fields)
    again = lead.post(url, data=fields)

    assert (first.status_code, again.status_code) == (302, 302)
    assert lead.post(url, data=fields | {"command_id": command()}).status_code == 422
    assert state_of(scene.event) == EventState.CLOSED
    assert scene.level(planned) == (25, 0)
    page = lead.get(f"/events/{planned.id}").text
    assert "Handing out now" in page


def test_transfers_can_be_left_on_their_way(scene, planned, transfer, lead):
    db.session.commit()
    lead.post(f"/events/{planned.id}/open", data={"command_id": command()})

    assert state_of(planned) == EventState.OPEN
    assert state_of(scene.event) == EventState.OPEN
    assert queries.transfers_to(transfer.target)


def test_an_empty_count_of_what_arrived_is_all_of_it(scene, planned, transfer, lead):
    (line,) = transfer.lines
    db.session.commit()

    lead.post(
        f"/events/{planned.id}/open",
        data={
            "command_id": command(),
            f"receive_{transfer.id}": "y",
            f"arrived_{line.id}": "",
            f"take_{scene.package.id}": "20",
        },
    )

    assert scene.level(planned) == (20, 0)


def test_the_plan_suggests_how_many_to_take(scene, planned, transfer, lead):
    services.edit_event(
        planned,
        unit=planned.unit,
        station=planned.station,
        place=planned.place,
        held_on=planned.held_on,
        starts_at=None,
        ends_at=None,
        plans={scene.couriers.id: 16},
        volunteers=(),
        note="",
        by=SYSTEM,
    )
    db.session.commit()

    page = lead.get(f"/events/{planned.id}/open").text

    # Sixteen are planned, ten are carried over.
    field = re.search(rf'<input[^>]*name="take_{scene.package.id}"[^>]*>', page)[0]
    assert 'value="6"' in field


def test_too_little_stock_is_told_beside_the_item(scene, planned, transfer, lead):
    db.session.commit()

    answer = lead.post(
        f"/events/{planned.id}/open",
        data={"command_id": command(), f"take_{scene.package.id}": "5"},
    )

    assert answer.status_code == 422
    assert f'id="take_{scene.package.id}-errors"' in answer.text
    assert state_of(planned) == EventState.PLANNED


def test_a_shortfall_without_a_reason_is_told(scene, planned, transfer, lead):
    (line,) = transfer.lines
    db.session.commit()

    answer = lead.post(
        f"/events/{planned.id}/open",
        data={
            "command_id": command(),
            f"receive_{transfer.id}": "y",
            f"arrived_{line.id}": "19",
        },
    )

    assert answer.status_code == 422
    assert "Say why fewer" in answer.text


def test_what_is_on_its_way_is_offered_only_to_who_may_take_it_in(
    scene, planned, transfer, planner
):
    db.session.commit()

    assert "On its way here" not in planner.get(f"/events/{planned.id}/open").text


def test_the_source_can_be_chosen(scene, planned, station_place, planner):
    receive(scene.warehouse, scene.package, 7)
    db.session.commit()
    url = f"/events/{planned.id}/open?source={scene.warehouse.id}"

    assert "In stock: 7" in planner.get(url).text
    planner.post(url, data={"command_id": command(), f"take_{scene.package.id}": "7"})

    assert scene.level(planned) == (7, 0)


def test_an_event_far_from_every_stock_can_be_opened_without(scene, lead, planned):
    page = lead.get(f"/events/{planned.id}/open").text

    assert "nothing in stock" in page


def test_an_open_event_is_not_opened_again(scene, lead):
    assert lead.get(f"/events/{scene.event.id}/open").status_code == 409


def test_a_volunteer_leads_nothing(scene, client_for, planned):
    volunteer = client_for(scene.volunteer)

    for page in ("open", "bring-more", "close", "send-back"):
        assert volunteer.get(f"/events/{planned.id}/{page}").status_code == 403


def test_more_is_brought(scene, planner):
    receive(scene.warehouse, scene.package, 7)
    db.session.commit()
    url = f"/events/{scene.event.id}/bring-more?source={scene.warehouse.id}"
    fields = {"command_id": command(), f"take_{scene.package.id}": "7"}

    assert planner.get(url).status_code == 200
    assert [planner.post(url, data=fields).status_code for _ in range(2)] == [302, 302]

    assert scene.level() == (17, 0)


def test_nothing_is_not_brought(scene, planner):
    url = f"/events/{scene.event.id}/bring-more"

    assert planner.post(url, data={"command_id": command()}).status_code == 422


# Closing


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


# Corrections


def test_the_lead_takes_an_entry_back_with_a_reason(scene, lead):
    logged = scene.log()
    db.session.commit()
    url = f"/events/{scene.event.id}/handouts/{logged.id}/void"
    fields = {"command_id": command(), "reason": "Tapped for the wrong group"}
    assert url in lead.get(f"/events/{scene.event.id}").text
    assert lead.get(url).status_code == 200

    assert lead.post(url, data=fields | {"reason": ""}).status_code == 422
    assert [lead.post(url, data=fields).status_code for _ in range(2)] == [302, 302]

    assert scene.level() == (10, 0)
    assert "Tapped for the wrong group" in lead.get(url).text


def test_an_entry_of_another_event_is_not_found_here(scene, lead):
    elsewhere = scene.another_event()
    logged = scene.log()
    db.session.commit()

    assert lead.get(f"/events/{elsewhere.id}/handouts/{logged.id}/void").status_code == 404


@pytest.fixture
def exception(scene) -> HandoutException:
    scene.log(quantity=12, head_count=12, already_given=True)
    db.session.commit()
    (exception,) = queries.open_exceptions(scene.event)
    return exception


@pytest.mark.parametrize(("decision", "level"), [("accept", (0, -2)), ("void", (10, 0))])
def test_an_exception_is_settled(scene, lead, exception, decision, level):
    url = f"/events/{scene.event.id}/exceptions/{exception.id}"
    fields = {"command_id": command(), "decision": decision, "reason": "Looked into it"}
    assert url in lead.get(f"/events/{scene.event.id}").text
    assert lead.get(url).status_code == 200

    assert lead.post(url, data=fields | {"reason": ""}).status_code == 422
    assert lead.post(url, data=fields).status_code == 302

    assert scene.level() == level
    assert not queries.open_exceptions(scene.event)
    assert "Looked into it" in lead.get(url).text


def test_an_exception_that_somebody_settled_meanwhile_says_so(scene, lead, exception):
    services.settle_exception(exception, settlement="Right", by=SYSTEM)
    db.session.commit()

    answer = lead.post(
        f"/events/{scene.event.id}/exceptions/{exception.id}",
        data={"command_id": command(), "decision": "accept", "reason": "Right too"},
    )

    assert answer.status_code == 422
    assert "Settled before: Right" in answer.text


def test_an_exception_is_found_only_where_it_belongs(scene, lead, exception, client_for):
    elsewhere = scene.another_event()
    db.session.commit()

    assert lead.get(f"/events/{elsewhere.id}/exceptions/{exception.id}").status_code == 404
    url = f"/events/{scene.event.id}/exceptions/{exception.id}"
    assert client_for(scene.volunteer).get(url).status_code == 403
    other = client_for(UserFactory(role=Role.STATION_LEAD))
    assert other.get(url).status_code == 404


def test_an_id_that_was_used_for_something_else_takes_nothing_back(scene, lead):
    first, second = scene.log(), scene.log()
    db.session.commit()
    fields = {"command_id": command(), "reason": "Twice"}
    urls = [f"/events/{scene.event.id}/handouts/{each.id}/void" for each in (first, second)]

    assert [lead.post(url, data=fields).status_code for url in urls] == [302, 422]


# The sheet


def test_the_sheet_has_a_line_to_sign_for_every_entry_that_stands(scene, lead):
    person = PersonFactory(name="测试员", organization=scene.event.unit, employer="A platform")
    gloves = ItemFactory(name="Gloves", spec="warm", unit="副")
    receive(scene.warehouse, gloves, 10, unit_value=333)
    carry(scene.warehouse, scene.event, gloves, 10)
    scene.log(quantity=2, head_count=2, note="for the night shift")
    scene.log(person_id=person.id)
    scene.log(item_id=gloves.id, head_count=0, quantity=3)
    voided = scene.log()
    services.void_handout(voided.id, void_id=uuid_utils.uuid7(), reason="No", by=SYSTEM)
    db.session.commit()

    page = lead.get(f"/events/{scene.event.id}/sheet").text

    assert page.count('<td class="sign-cell">') == 3
    for words in ("测试员", "A platform", "2 persons", "warm", "¥3.33", "¥9.99", "night shift"):
        assert words in page
    assert "Total of this page · 3 person-times" in page
    assert "¥159.99" in page


def test_a_long_sheet_has_totals_for_each_page_and_for_all(scene, lead):
    receive(scene.warehouse, scene.package, 30)
    carry(scene.warehouse, scene.event, scene.package, 30)
    for _ in range(14):
        scene.log()
    db.session.commit()

    page = lead.get(f"/events/{scene.event.id}/sheet").text

    assert "Total of this page · 12 person-times" in page
    assert "Total of this page · 2 person-times" in page
    assert "Total · 14 person-times" in page
    assert "Page 2 of 2" in page


def test_a_price_that_does_not_divide_is_left_out(scene, lead):
    receive(scene.warehouse, scene.package, 1, unit_value=1)
    carry(scene.warehouse, scene.event, scene.package, 1)
    scene.log(quantity=11, head_count=11)
    db.session.commit()

    assert '<td class="num">—</td>' in lead.get(f"/events/{scene.event.id}/sheet").text


def test_a_sheet_with_names_is_not_for_volunteers(scene, client_for, lead):
    url = f"/events/{scene.event.id}/sheet"

    assert client_for(scene.volunteer).get(url).status_code == 403
    assert "Nothing has been handed out yet" in lead.get(url).text


# The page of an event


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
