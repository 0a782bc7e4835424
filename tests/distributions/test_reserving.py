"""A planned event keeps the stock it will need; nothing is reserved twice."""

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import EventState
from carecampaign.inventory import services as inventory
from carecampaign.inventory.services import Line
from tests.distributions.scene import command, receive
from tests.inventory.stock import level


@pytest.fixture
def place(scene):
    return inventory.ensure_station_location(scene.event.station)


@pytest.fixture
def planned(scene, place):
    receive(place, scene.package, 20)
    event = scene.another_event(state=EventState.PLANNED)
    db.session.commit()
    return event


def reserve(scene, event, place, quantity):
    lines = [Line(scene.package, quantity)] if quantity else []
    services.reserve_stock(event, place, lines, by=SYSTEM)


def kept(event):
    return [(row.place, row.quantity) for row in queries.stock_kept_for(event)]


def test_what_is_reserved_for_one_event_is_not_there_for_another(scene, planned, place):
    other = scene.another_event(state=EventState.PLANNED)
    reserve(scene, planned, place, 15)

    with pytest.raises(inventory.NotEnoughStock):
        reserve(scene, other, place, 6)
    with pytest.raises(inventory.NotEnoughStock):
        services.open_event(other, source=place, lines=[Line(scene.package, 6)], by=SYSTEM)
    assert kept(planned) == [(place, 15)]


def test_reserving_again_takes_the_place_of_what_was_reserved(scene, planned, place):
    reserve(scene, planned, place, 15)
    reserve(scene, planned, place, 20)
    assert kept(planned) == [(place, 20)]

    reserve(scene, planned, place, 0)
    assert kept(planned) == []


def test_opening_uses_it_up_and_frees_the_rest(scene, planned, place):
    reserve(scene, planned, place, 15)

    services.open_event(planned, source=place, lines=[Line(scene.package, 10)], by=SYSTEM)

    assert kept(planned) == []
    assert level(place, scene.package)[0] == 10
    inventory.reserve(place, scene.package, 10, holder=inventory.Holder("requisition", 1))


def test_only_a_planned_event_reserves(scene, place):
    receive(place, scene.package, 5)

    with pytest.raises(services.WrongState):
        reserve(scene, scene.event, place, 1)


def test_the_lead_reserves_on_the_page_and_sees_it_on_the_event(scene, planned, place, lead):
    url = f"/events/{planned.id}/reserve"
    assert "Reserve stock" in lead.get(url).text
    field = f"take_{scene.package.id}"
    many = lead.post(url, data={"command_id": command(), field: "21"})
    assert (many.status_code, kept(planned)) == (422, [])

    answer = lead.post(url, data={"command_id": command(), field: "12"})

    assert answer.status_code == 302
    assert "12 of" in lead.get(f"/events/{planned.id}").text
