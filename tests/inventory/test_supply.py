from datetime import UTC, datetime

import pytest
import time_machine

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, StockDocument, StockThreshold
from carecampaign.inventory.queries.supply import levels_below_minimum, propose
from carecampaign.inventory.services.thresholds import Threshold, set_thresholds
from tests.campaigns.plans import actor_of
from tests.factories import OrganizationFactory, StationFactory, StockLocationFactory
from tests.inventory.pages import documents, filled, keeper, lead_of
from tests.inventory.stock import level, receive

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def low(warehouse, station, gloves):
    """The station should have 20 to 50 pairs and has 5; the warehouse has 100."""
    receive(warehouse, gloves, 100)
    receive(station, gloves, 5)
    set_thresholds(station, {gloves: Threshold(20, 50)}, by=SYSTEM)


def sent(place, item, quantity):
    return {f"to-{place.id}-item-{item.id}-quantity": quantity}


def count_low_stock(actor):
    return len(db.session.execute(levels_below_minimum(actor)).all())


def proposals(source):
    return [(row.place, row.item, row.proposed) for row in propose(SYSTEM, source)]


# Thresholds


def test_a_threshold_is_set_changed_and_taken_away(client_for, union, station, gloves):
    client = client_for(keeper(union))
    url = f"/inventory/locations/{station.id}/thresholds"
    names = f"item-{gloves.id}-minimum", f"item-{gloves.id}-target"
    for values, found in (((5, 9), [(5, 9)]), ((6, 9), [(6, 9)]), (("", ""), [])):
        answer = client.post(url, data=filled(**dict(zip(names, values, strict=True))))
        assert answer.status_code == 302
        rows = db.session.query(StockThreshold).populate_existing().all()
        assert [(row.minimum, row.target) for row in rows] == found


@pytest.mark.parametrize(
    ("minimum", "target", "said"),
    [
        ("5", "", "Give both"),
        ("", "5", "Give both"),
        ("5", "4", "at least the minimum"),
        ("-1", "4", "whole number"),
        ("0", "4", "whole number"),
        ("x", "4", "integer"),
        ("9" * 30, "4", "whole number"),
    ],
)
def test_what_is_no_threshold_is_refused(
    client_for, union, station, gloves, minimum, target, said
):
    client = client_for(keeper(union))
    values = {f"item-{gloves.id}-minimum": minimum, f"item-{gloves.id}-target": target}
    answer = client.post(f"/inventory/locations/{station.id}/thresholds", data=filled(**values))
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(StockThreshold).count() == 0


def test_thresholds_are_for_those_who_keep_the_place(client_for, union, station):
    stranger = client_for(keeper(OrganizationFactory()))
    assert stranger.get(f"/inventory/locations/{station.id}/thresholds").status_code == 404
    lead = client_for(lead_of(StationFactory(owner=union)))
    assert lead.get(f"/inventory/locations/{station.id}/thresholds").status_code == 403


# What is low


def test_what_is_below_its_minimum_is_listed_and_counted(client_for, union, low, station):
    user = keeper(union)
    assert count_low_stock(actor_of(user)) == 1
    page = client_for(user).get("/inventory/low-stock")
    assert station.name in page.text
    assert "45" in page.text
    stranger = keeper(OrganizationFactory())
    assert count_low_stock(actor_of(stranger)) == 0
    assert station.name not in client_for(stranger).get("/inventory/low-stock").text


def test_what_never_came_is_low_too(union, station, gloves):
    set_thresholds(station, {gloves: Threshold(1, 1)}, by=SYSTEM)
    assert count_low_stock(actor_of(keeper(union))) == 1


# What should be sent


def test_a_place_below_its_minimum_is_filled_up_to_its_target(low, warehouse, station):
    assert proposals(warehouse) == [(station.name, "Gloves", 45)]


def test_what_is_on_its_way_is_not_proposed_again(low, warehouse, station, gloves):
    inventory.dispatch(warehouse, station, [inventory.Line(gloves, 30)], by=SYSTEM)
    assert proposals(warehouse) == [(station.name, "Gloves", 0)]


def test_never_more_is_proposed_than_is_free(low, warehouse, station, union, gloves):
    inventory.dispatch(
        warehouse,
        StockLocationFactory(organization=union),
        [inventory.Line(gloves, 70)],
        by=SYSTEM,
    )
    other = StockLocationFactory(organization=union, name="Empty corner")
    set_thresholds(other, {gloves: Threshold(10, 20)}, by=SYSTEM)
    assert proposals(warehouse) == [("Empty corner", "Gloves", 20), (station.name, "Gloves", 10)]


def test_what_lasts_only_a_few_days_is_filled_up_before_it_is_low(
    warehouse, station, event, gloves
):
    with time_machine.travel(datetime(2026, 11, 20, 4, tzinfo=UTC)):
        receive(warehouse, gloves, 100)
        receive(station, gloves, 58)
        set_thresholds(station, {gloves: Threshold(10, 60)}, by=SYSTEM)
        lines = [inventory.Line(gloves, 28)]
        inventory.move_stock(DocumentKind.OPENING, station, event, lines, by=SYSTEM)
        assert [(row.days_left, row.proposed) for row in propose(SYSTEM, warehouse)] == [(15, 0)]
        lines = [inventory.Line(gloves, 14)]
        inventory.move_stock(DocumentKind.OPENING, station, event, lines, by=SYSTEM)
        assert [(row.days_left, row.proposed) for row in propose(SYSTEM, warehouse)] == [(5, 44)]


def test_proposals_are_changed_and_sent_in_one_step(
    client_for, union, low, warehouse, station, gloves
):
    other = StockLocationFactory(organization=union)
    set_thresholds(other, {gloves: Threshold(10, 20)}, by=SYSTEM)
    client = client_for(keeper(union))
    url = f"/inventory/replenish?source={warehouse.id}"
    page = client.get(url)
    assert 'value="45"' in page.text
    form = filled(**sent(station, gloves, 40), **sent(other, gloves, 7), note="Before the cold")
    before = documents()
    assert client.post(url, data=form).status_code == 302
    assert client.post(url, data=form).status_code == 302  # sent twice, done once
    assert documents() == before + 2
    assert level(warehouse, gloves) == (53, 0)
    notes = {row.note for row in db.session.query(StockDocument).filter_by(kind="transfer")}
    assert notes == {"Before the cold"}


def test_too_much_sends_nothing_at_all(client_for, union, low, warehouse, station, gloves):
    other = StockLocationFactory(organization=union)
    set_thresholds(other, {gloves: Threshold(10, 20)}, by=SYSTEM)
    client = client_for(keeper(union))
    form = filled(**sent(station, gloves, 60), **sent(other, gloves, 41))
    before = documents()
    answer = client.post(f"/inventory/replenish?source={warehouse.id}", data=form)
    assert answer.status_code == 422
    assert "Not enough stock" in answer.text
    assert documents() == before
    assert level(warehouse, gloves) == (100, 0)


@pytest.mark.parametrize("quantity", ["", "0", "-1", "x", "9" * 40])
def test_what_is_no_quantity_sends_nothing(
    client_for, union, low, warehouse, station, gloves, quantity
):
    client = client_for(keeper(union))
    before = documents()
    answer = client.post(
        f"/inventory/replenish?source={warehouse.id}",
        data=filled(**sent(station, gloves, quantity)),
    )
    assert answer.status_code == 422
    assert documents() == before


def test_replenishment_is_for_those_who_keep_the_warehouse(client_for, union, low, warehouse):
    stranger = client_for(keeper(OrganizationFactory()))
    assert stranger.get(f"/inventory/replenish?source={warehouse.id}").status_code == 404
    assert "Choose a warehouse" in stranger.get("/inventory/replenish").text


def test_a_proposal_takes_few_queries_however_many_places(
    client_for, count_queries, union, low, warehouse, gloves
):
    client = client_for(keeper(union))
    counts = []
    for _round in range(2):
        with count_queries() as queries:
            client.get(f"/inventory/replenish?source={warehouse.id}")
        counts.append(len(queries))
        for _number in range(4):
            place = StockLocationFactory(organization=union)
            set_thresholds(place, {gloves: Threshold(10, 20)}, by=SYSTEM)
        db.session.commit()
    assert counts[0] == counts[1] <= 12
