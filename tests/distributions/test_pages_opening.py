"""Opening an event on screen: what is brought, from where, and how much of it came."""

import re

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import StockDocument
from carecampaign.inventory.services import Line
from tests.distributions.scene import command, receive

pytestmark = pytest.mark.usefixtures("adds_up")


def state_of(event) -> EventState:
    return db.session.get(DistributionEvent, event.id, populate_existing=True).state


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
