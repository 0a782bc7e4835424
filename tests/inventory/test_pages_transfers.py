import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db
from carecampaign.inventory.models import (
    DocumentState,
    LocationKind,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.services import Line, NotEnoughStock, dispatch, ensure_station_location
from carecampaign.inventory.views import transfers as transfer_pages
from tests.factories import (
    CampaignFactory,
    ItemFactory,
    OrganizationFactory,
    StationFactory,
    StockLocationFactory,
)
from tests.inventory.pages import HOSTILE_NUMBERS, documents, filled, keeper, lead_of
from tests.inventory.stock import level, receive

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def stocked(warehouse, gloves, cups):
    receive(warehouse, gloves, 100)
    receive(warehouse, cups, 10)
    return warehouse


@pytest.fixture
def post(union):
    """A warm station that never had any stock."""
    return StationFactory(owner=union, name="Bank Corner")


@pytest.fixture
def sent(stocked, post, gloves, cups):
    """A transfer on its way to the station: 40 pairs of gloves, 5 cups."""
    lines = [Line(gloves, 40), Line(cups, 5)]
    return dispatch(stocked, ensure_station_location(post), lines, by=SYSTEM)


def counted(transfer, *counts):
    values = {}
    for line, (received, reason) in zip(transfer.lines, counts, strict=True):
        values |= {f"line-{line.id}-received": received, f"line-{line.id}-reason": reason}
    return filled(**values)


# Dispatch


def test_stock_goes_on_its_way_to_a_station_that_never_had_any(
    client_for, union, stocked, post, gloves
):
    client = client_for(keeper(union))
    form = client.get(f"/inventory/dispatch?source={stocked.id}")
    assert "Bank Corner" in form.text
    assert f'name="item-{gloves.id}-quantity"' in form.text
    page = client.post(
        f"/inventory/dispatch?source={stocked.id}",
        data=filled(
            target=f"station-{post.id}", note="By van", **{f"item-{gloves.id}-quantity": 40}
        ),
        follow_redirects=True,
    )
    assert "Transfer note 2026-0001" in page.text
    assert "By van" in page.text
    assert level(stocked, gloves) == (60, 0)
    place = db.session.query(StockLocation).filter_by(station_id=post.id).one()
    assert level(place, gloves) == (0, 0)


def test_an_item_left_empty_stays_where_it_is(client_for, union, stocked, post, gloves, cups):
    page = client_for(keeper(union)).post(
        f"/inventory/dispatch?source={stocked.id}",
        data=filled(
            target=f"station-{post.id}",
            **{f"item-{gloves.id}-quantity": 40, f"item-{cups.id}-quantity": ""},
        ),
        follow_redirects=True,
    )
    assert "Transfer note 2026-0001" in page.text
    assert level(stocked, cups) == (10, 0)


def test_items_left_blank_stay_where_they_are(client_for, union, stocked, post, gloves, cups):
    quantities = {f"item-{gloves.id}-quantity": "40", f"item-{cups.id}-quantity": ""}
    answer = client_for(keeper(union)).post(
        f"/inventory/dispatch?source={stocked.id}",
        data=filled(target=f"station-{post.id}", note="", **quantities),
    )
    assert answer.status_code == 302
    assert level(stocked, cups) == (10, 0)
    assert level(stocked, gloves) == (60, 0)


def test_the_units_of_a_campaign_are_offered_and_named_on_the_paper(
    client_for, union, stocked, gloves
):
    unit = OrganizationFactory(name="Far away unit")
    campaign = CampaignFactory(organizer=union, units=[unit])
    client = client_for(keeper(union))
    assert "Far away unit" not in client.get(f"/inventory/dispatch?source={stocked.id}").text
    url = f"/inventory/dispatch?source={stocked.id}&campaign={campaign.id}"
    assert "Far away unit" in client.get(url).text
    data = filled(target=f"unit-{unit.id}", **{f"item-{gloves.id}-quantity": 1})
    page = client.post(url, data=data, follow_redirects=True)
    assert campaign.name in page.text
    assert (
        db.session.query(StockLocation).filter_by(kind=LocationKind.UNIT).one().name == unit.name
    )


def test_stock_goes_to_another_warehouse(client_for, union, stocked, gloves):
    other = StockLocationFactory(organization=union, name="Second warehouse")
    data = filled(target=f"warehouse-{other.id}", **{f"item-{gloves.id}-quantity": 1})
    client_for(keeper(union)).post(f"/inventory/dispatch?source={stocked.id}", data=data)
    assert (
        db.session.query(StockDocument).filter_by(target_id=other.id).one().state == "in_transit"
    )


def test_targets_are_narrowed_by_name(client_for, union, stocked, post):
    StationFactory(owner=union, name="Library")
    page = client_for(keeper(union)).get(f"/inventory/dispatch?source={stocked.id}&text=bank")
    assert "Bank Corner" in page.text
    assert "Library" not in page.text


def test_before_a_source_is_chosen_the_page_asks_for_it(client_for, union, stocked):
    page = client_for(keeper(union)).get("/inventory/dispatch")
    assert "Choose where the stock goes out" in page.text


def test_an_empty_place_has_nothing_to_dispatch(client_for, union, warehouse):
    page = client_for(keeper(union)).get(f"/inventory/dispatch?source={warehouse.id}")
    assert "cannot be dispatched" in page.text


@pytest.mark.parametrize("number", HOSTILE_NUMBERS)
def test_what_is_no_number_of_pieces_is_not_dispatched(
    client_for, union, stocked, post, gloves, number
):
    page = client_for(keeper(union)).post(
        f"/inventory/dispatch?source={stocked.id}",
        data=filled(target=f"station-{post.id}", **{f"item-{gloves.id}-quantity": number}),
    )
    assert page.status_code == 422
    assert f'id="item-{gloves.id}-quantity-errors"' in page.text
    assert level(stocked, gloves) == (100, 0)


def test_more_than_there_is_is_refused_in_its_line(client_for, union, stocked, post, gloves, cups):
    data = filled(
        target=f"station-{post.id}",
        **{f"item-{gloves.id}-quantity": 5, f"item-{cups.id}-quantity": 11},
    )
    page = client_for(keeper(union)).post(f"/inventory/dispatch?source={stocked.id}", data=data)
    assert page.status_code == 422
    assert f'id="item-{cups.id}-quantity-errors"' in page.text
    assert "Only 10 here." in page.text
    assert level(stocked, gloves) == (100, 0)
    assert documents() == 2


def test_what_somebody_else_took_meanwhile_is_named_in_its_line(client_for, union, stocked, post):
    gone = ItemFactory(name="Gone scarf")
    data = filled(target=f"station-{post.id}", **{f"item-{gone.id}-quantity": 1})
    page = client_for(keeper(union)).post(f"/inventory/dispatch?source={stocked.id}", data=data)
    assert page.status_code == 422
    assert "Gone scarf" in page.text
    assert "None is left here." in page.text


def test_what_somebody_took_while_the_form_was_checked_is_named_in_its_line(
    client_for, monkeypatch, union, stocked, post, gloves
):
    def refuse(*_places, **_more):
        raise NotEnoughStock(gloves, 3)

    monkeypatch.setattr(transfer_pages, "send_on_its_way", refuse)
    page = client_for(keeper(union)).post(
        f"/inventory/dispatch?source={stocked.id}",
        data=filled(target=f"station-{post.id}", **{f"item-{gloves.id}-quantity": 40}),
    )
    assert page.status_code == 422
    assert f'id="item-{gloves.id}-quantity-errors"' in page.text
    assert "only 3 of Gloves left here" in page.text
    assert 'value="40"' in page.text


@pytest.mark.parametrize(
    "target", ["", "station-999", "planet-1", "unit-0", "x", "\0", "station-" + "9" * 30]
)
def test_nowhere_is_no_target(client_for, union, stocked, gloves, target):
    page = client_for(keeper(union)).post(
        f"/inventory/dispatch?source={stocked.id}",
        data=filled(target=target, **{f"item-{gloves.id}-quantity": 1}),
    )
    assert page.status_code == 422
    assert 'id="target-errors"' in page.text
    assert level(stocked, gloves) == (100, 0)


def test_a_transfer_of_nothing_is_refused(client_for, union, stocked, post):
    page = client_for(keeper(union)).post(
        f"/inventory/dispatch?source={stocked.id}",
        data=filled(target=f"station-{post.id}", **{"item-999999-quantity": "5"}),
    )
    assert page.status_code == 422
    assert "at least one item" in page.text


def test_a_line_sent_twice_is_refused(client_for, union, stocked, post, gloves):
    page = client_for(keeper(union)).post(
        f"/inventory/dispatch?source={stocked.id}",
        data=filled(target=f"station-{post.id}", **{f"item-{gloves.id}-quantity": ["1", "2"]}),
    )
    assert page.status_code == 422
    assert "sent twice" in page.text


def test_a_dispatch_sent_twice_makes_one_transfer(client_for, union, stocked, post, gloves):
    client = client_for(keeper(union))
    data = filled(target=f"station-{post.id}", **{f"item-{gloves.id}-quantity": 40})
    first = client.post(f"/inventory/dispatch?source={stocked.id}", data=data)
    second = client.post(f"/inventory/dispatch?source={stocked.id}", data=data)
    assert first.location == second.location
    assert level(stocked, gloves) == (60, 0)


def test_too_long_a_note_is_refused(client_for, union, stocked, post, gloves):
    page = client_for(keeper(union)).post(
        f"/inventory/dispatch?source={stocked.id}",
        data=filled(
            target=f"station-{post.id}", note="x" * 1001, **{f"item-{gloves.id}-quantity": 1}
        ),
    )
    assert page.status_code == 422
    assert 'id="note-errors"' in page.text


@pytest.mark.parametrize("path", ["dispatch", "return"])
def test_the_stock_of_strangers_is_not_there(client_for, stocked, path):
    client = client_for(keeper(OrganizationFactory()))
    assert client.get(f"/inventory/{path}?source={stocked.id}").status_code == 404
    assert client.post(f"/inventory/{path}?source={stocked.id}", data=filled()).status_code == 404


def test_a_strange_campaign_is_not_there(client_for, union, stocked):
    campaign = CampaignFactory()
    client = client_for(keeper(union))
    url = f"/inventory/dispatch?source={stocked.id}&campaign={campaign.id}"
    assert client.get(url).status_code == 404


# Arrival


def test_the_lead_of_a_station_accepts_what_arrived(client_for, post, sent, gloves):
    client = client_for(lead_of(post))
    form = client.get(f"/inventory/documents/{sent.id}/accept")
    assert 'value="40"' in form.text
    page = client.post(
        f"/inventory/documents/{sent.id}/accept",
        data=counted(sent, (40, ""), (5, "")),
        follow_redirects=True,
    )
    assert "Received" in page.text
    assert level(ensure_station_location(post), gloves) == (40, 0)


def test_what_is_missing_needs_a_reason_and_is_written_off(client_for, post, sent, gloves):
    client = client_for(lead_of(post))
    url = f"/inventory/documents/{sent.id}/accept"
    refused = client.post(url, data=counted(sent, (38, ""), (5, "")))
    assert refused.status_code == 422
    assert f'id="line-{sent.lines[0].id}-reason-errors"' in refused.text
    page = client.post(
        url, data=counted(sent, (38, "Torn box"), (0, "Never came")), follow_redirects=True
    )
    assert "-2 Torn box" in page.text
    assert level(ensure_station_location(post), gloves) == (38, 0)


@pytest.mark.parametrize("number", ["", "-1", "41", str(10**30), "many", "🎁", "\0", "4.5"])
def test_what_cannot_have_arrived_is_refused_beside_its_field(
    client_for, post, sent, gloves, number
):
    page = client_for(lead_of(post)).post(
        f"/inventory/documents/{sent.id}/accept", data=counted(sent, (number, "why"), (5, ""))
    )
    assert page.status_code == 422
    assert f'id="line-{sent.lines[0].id}-received-errors"' in page.text
    assert level(ensure_station_location(post), gloves) == (0, 0)


def test_too_long_a_reason_is_refused(client_for, post, sent):
    page = client_for(lead_of(post)).post(
        f"/inventory/documents/{sent.id}/accept", data=counted(sent, (1, "x" * 201), (5, ""))
    )
    assert page.status_code == 422
    assert f'id="line-{sent.lines[0].id}-reason-errors"' in page.text


def test_an_arrival_without_its_lines_is_refused(client_for, post, sent):
    page = client_for(lead_of(post)).post(
        f"/inventory/documents/{sent.id}/accept", data=filled(**{"line-1-received": ["1", "2"]})
    )
    assert page.status_code == 422
    assert db.session.get(StockDocument, sent.id).state is DocumentState.IN_TRANSIT


def test_an_arrival_sent_twice_is_accepted_once(client_for, post, sent, gloves):
    client = client_for(lead_of(post))
    data = counted(sent, (40, ""), (5, ""))
    first = client.post(f"/inventory/documents/{sent.id}/accept", data=data)
    second = client.post(f"/inventory/documents/{sent.id}/accept", data=data)
    assert first.location == second.location
    assert level(ensure_station_location(post), gloves) == (40, 0)


def test_what_arrived_before_cannot_arrive_again(client_for, post, sent):
    client = client_for(lead_of(post))
    url = f"/inventory/documents/{sent.id}/accept"
    client.post(url, data=counted(sent, (40, ""), (5, "")))
    again = client.post(url, data=counted(sent, (40, ""), (5, "")))
    assert again.status_code == 409
    page = client.get(url, follow_redirects=True)
    assert "not in transit any more" in page.text


def test_the_lead_of_another_station_cannot_accept(client_for, union, sent):
    client = client_for(lead_of(StationFactory(owner=union)))
    assert client.get(f"/inventory/documents/{sent.id}/accept").status_code == 404
    data = counted(sent, (40, ""), (5, ""))
    assert client.post(f"/inventory/documents/{sent.id}/accept", data=data).status_code == 404


def test_what_is_no_transfer_cannot_be_accepted(client_for, union, stocked):
    receipt = db.session.query(StockDocument).first()
    client = client_for(keeper(union))
    assert client.get(f"/inventory/documents/{receipt.id}/accept").status_code == 404


# Return


def test_a_return_is_filled_in_with_all_that_is_there(
    client_for, union, warehouse, station, gloves
):
    receive(station, gloves, 7)
    client = client_for(keeper(union))
    form = client.get(f"/inventory/return?source={station.id}")
    assert 'value="7"' in form.text
    page = client.post(
        f"/inventory/return?source={station.id}",
        data=filled(target=warehouse.id, **{f"item-{gloves.id}-quantity": 7}),
        follow_redirects=True,
    )
    assert "Return note 2026-0001" in page.text
    assert level(warehouse, gloves) == (7, 0)
    assert level(station, gloves) == (0, 0)


def test_nothing_to_return_is_said(client_for, union, station):
    client = client_for(keeper(union))
    assert "nothing to bring back" in client.get(f"/inventory/return?source={station.id}").text
    assert "Choose where the stock comes back" in client.get("/inventory/return").text


def test_without_a_warehouse_there_is_nowhere_to_return_to(client_for, union, station, gloves):
    receive(station, gloves, 7)
    page = client_for(keeper(union)).get(f"/inventory/return?source={station.id}")
    assert "No warehouse yet" in page.text


@pytest.mark.parametrize("target", ["", "999999", str(10**30), "x", "\0"])
def test_a_return_to_nowhere_is_refused(client_for, union, warehouse, station, gloves, target):
    receive(station, gloves, 7)
    page = client_for(keeper(union)).post(
        f"/inventory/return?source={station.id}",
        data=filled(target=target, **{f"item-{gloves.id}-quantity": 7}),
    )
    assert page.status_code == 422
    assert 'id="target-errors"' in page.text
    assert level(station, gloves) == (7, 0)


@pytest.mark.parametrize("number", HOSTILE_NUMBERS)
def test_what_is_no_number_of_pieces_does_not_come_back(
    client_for, union, warehouse, station, gloves, number
):
    receive(station, gloves, 7)
    page = client_for(keeper(union)).post(
        f"/inventory/return?source={station.id}",
        data=filled(target=warehouse.id, **{f"item-{gloves.id}-quantity": number}),
    )
    assert page.status_code == 422
    assert level(station, gloves) == (7, 0)
