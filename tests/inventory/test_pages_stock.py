import io
from datetime import date

import openpyxl
import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.queries import pages
from tests.factories import ItemFactory, OrganizationFactory, StationFactory, UserFactory
from tests.inventory.pages import keeper, lead_of
from tests.inventory.stock import hand_out, level, package_of, receive
from tests.inventory.test_pages_documents import body_of

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def moved(warehouse, station, gloves):
    """A hundred pairs of gloves came in; forty are on their way to the station."""
    receive(warehouse, gloves, 100, unit_value=750, expires_on=date(2126, 1, 31), lot_code="L1")
    return inventory.dispatch(warehouse, station, [inventory.Line(gloves, 40)], by=SYSTEM)


def test_stock_is_shown_by_place_with_what_is_on_its_way(
    client_for, union, moved, warehouse, station
):
    page = client_for(keeper(union)).get("/inventory")
    rows = body_of(page).split("</tr>")
    here = next(row for row in rows if warehouse.name in row)
    there = next(row for row in rows if station.name in row)
    assert "60 件" in here
    assert "¥450.00" in here
    assert "0 件" in there
    assert "40 件" in there
    assert "unexplained" not in body_of(page)


def test_what_is_unexplained_is_shown_where_there_is_any(
    client_for, union, moved, warehouse, gloves
):
    hand_out(warehouse, gloves, 62, shortage_allowed=True)
    page = client_for(keeper(union)).get("/inventory")
    assert "-2 unexplained" in page.text


def test_packages_and_goods_are_told_apart(client_for, union, warehouse, gloves, cups):
    version = package_of((gloves, 1), (cups, 1))
    for item in (gloves, cups):
        receive(warehouse, item, 10)
    inventory.assemble(warehouse, version, quantity=4, by=SYSTEM)
    client = client_for(keeper(union))
    figures = client.get("/inventory").text.split('class="stats"')[1].split("</dl>")[0]
    assert ">4<" in figures
    assert ">12<" in figures
    only = body_of(client.get("/inventory?item_kind=package"))
    assert version.item.name in only
    assert "Gloves" not in only


@pytest.mark.parametrize(
    ("query", "is_here", "is_there"),
    [
        ("kind=warehouse", True, False),
        ("kind=station", False, True),
        ("text=glove", True, True),
        ("text=%25", False, False),
        ("text=hat", False, False),
        ("item_kind=package", False, False),
        ("kind=loss&location=x&item_kind=%00&text=%00", True, True),
        ("text=" + "x" * 101, True, True),
        (f"location={10**30}&page=🎁", True, True),
        ("location=999999", True, True),
    ],
)
def test_stock_is_filtered(client_for, union, moved, warehouse, station, query, is_here, is_there):
    warehouse.name, station.name = "Cellar", "Bank corner"
    page = body_of(client_for(keeper(union)).get(f"/inventory?{query}"))
    assert ("Cellar" in page) is is_here
    assert ("Bank corner" in page) is is_there


def test_stock_is_filtered_by_place(client_for, union, moved, warehouse, station):
    page = body_of(client_for(keeper(union)).get(f"/inventory?location={station.id}"))
    assert station.name in page
    assert warehouse.name not in page


def test_stock_is_filtered_by_warm_station(client_for, union, moved, warehouse, station):
    place = StationFactory(owner=union, name="Bank corner")
    station.station_id = place.id
    client = client_for(keeper(union))

    page = client.get(f"/inventory?station={place.id}")

    assert station.name in body_of(page)
    assert warehouse.name not in body_of(page)
    assert "Warm station: Bank corner" in page.text
    assert warehouse.name in body_of(client.get("/inventory?station=999999"))


def test_an_empty_stock_says_how_it_begins(client_for):
    client = client_for(keeper(OrganizationFactory()))
    assert "Nothing in stock yet" in client.get("/inventory").text
    assert "Nothing in stock matches" in client.get("/inventory?text=x").text


def test_the_stock_of_strangers_is_not_shown(client_for, moved, warehouse, gloves):
    client = client_for(keeper(OrganizationFactory()))
    assert warehouse.name not in client.get("/inventory").text
    assert warehouse.name not in client.get(f"/inventory?location={warehouse.id}").text
    assert client.get(f"/inventory/locations/{warehouse.id}").status_code == 404
    assert client.get(f"/inventory/items/{gloves.id}?location={warehouse.id}").status_code == 404
    assert "Nothing moved yet" in client.get(f"/inventory/items/{gloves.id}").text
    assert "Nothing moved yet" in client.get("/inventory/movements").text


def test_who_has_no_business_with_stock_is_refused(client_for, union):
    client = client_for(UserFactory(role=Role.VOLUNTEER, organization=union))
    assert client.get("/inventory").status_code == 403
    assert client_for(None).get("/inventory").status_code in {302, 401}


def test_stock_takes_as_many_queries_for_many_rows(
    client_for, count_queries, union, warehouse, gloves
):
    client = client_for(keeper(union))
    receive(warehouse, gloves, 1)
    db.session.commit()
    counts = []
    for _round in range(2):
        with count_queries() as sent:
            client.get("/inventory")
            client.get(f"/inventory/locations/{warehouse.id}")
            client.get("/inventory/movements")
            client.get("/inventory/locations")
            client.get(f"/inventory/items/{gloves.id}")
        counts.append(len(sent))
        for _number in range(4):
            receive(warehouse, ItemFactory(), 1)
            receive(warehouse, gloves, 1)
        db.session.commit()
    assert counts[0] == counts[1]


# One place


def test_a_place_shows_batches_documents_and_movements(
    client_for, union, moved, warehouse, gloves
):
    receive(warehouse, gloves, 1, expires_on=date(2026, 1, 31))
    page = client_for(keeper(union)).get(f"/inventory/locations/{warehouse.id}")
    for words in (
        "L1",
        "Jan 31, 2026",
        "Expired",
        "¥7.50",
        "Latest documents",
        "Transfer 2026-0001",
        "Latest movements",
        "On the way to",
    ):
        assert words in page.text


def test_a_place_shows_what_is_on_its_way_there(client_for, union, moved, station):
    page = client_for(keeper(union)).get(f"/inventory/locations/{station.id}")
    assert "On the way here" in page.text
    assert f"/inventory/documents/{moved.id}/accept" in page.text
    assert "Nothing is here" not in page.text


def test_an_empty_place_says_so(client_for, union, warehouse):
    page = client_for(keeper(union)).get(f"/inventory/locations/{warehouse.id}")
    assert "Nothing is here" in page.text


def test_what_is_in_transit_is_shown_at_its_destination(client_for, union, moved, station):
    transit = inventory.ensure_transit_to(station)
    answer = client_for(keeper(union)).get(f"/inventory/locations/{transit.id}")
    assert answer.location == f"/inventory/locations/{station.id}"


def test_a_lead_sees_the_own_station_and_no_other_place(client_for, union, warehouse, gloves):
    post = StationFactory(owner=union)
    place = inventory.ensure_station_location(post)
    receive(place, gloves, 3)
    receive(warehouse, gloves, 3)
    client = client_for(lead_of(post))
    page = client.get("/inventory")
    assert place.name in page.text
    assert warehouse.name not in page.text
    assert "Receive goods" not in page.text
    assert post.name in client.get(f"/inventory/locations/{place.id}").text
    assert client.get(f"/inventory/locations/{warehouse.id}").status_code == 404
    assert client.get("/inventory/receive").status_code == 403


# One item


def test_the_history_of_an_item_runs_its_balance_at_a_place(
    client_for, union, moved, warehouse, gloves
):
    page = client_for(keeper(union)).get(f"/inventory/items/{gloves.id}?location={warehouse.id}")
    history = page.text.split("History</caption>")[1]
    cells = [part.split("</td>")[0] for part in history.split('<td class="num">')[1:]]
    assert cells[0:2] == ["-40", "60"]
    assert cells[3:5] == ["+100", "100"]


def test_over_all_places_a_transfer_changes_nothing(client_for, union, moved, warehouse, gloves):
    hand_out(warehouse, gloves, 10)
    page = client_for(keeper(union)).get(f"/inventory/items/{gloves.id}")
    history = page.text.split("History</caption>")[1]
    cells = [part.split("</td>")[0] for part in history.split('<td class="num">')[1:]]
    assert cells[0:2] == ["-10", "90"]
    assert cells[3:5] == ["40 within", "100"]
    assert cells[6:8] == ["+100", "100"]
    assert "Handout" in history


def test_an_unknown_item_is_not_there(client_for, union):
    client = client_for(keeper(union))
    assert client.get("/inventory/items/999999").status_code == 404


# Movements and their export


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 3),
        ("kind=receipt", 1),
        ("kind=transfer", 1),
        ("kind=handout", 1),
        ("number=2026-0001", 2),
        ("number=1", 2),
        ("number=2025-0001", 0),
        ("number=7", 0),
        ("since=2999-01-01", 3),
        ("since=2199-01-01", 0),
        ("until=2001-01-01", 0),
        ("number=abc&kind=%00&item=-1&location=x&since=%00", 3),
        (f"item={10**30}&number={'9' * 40}", 3),
    ],
)
def test_movements_are_filtered(client_for, union, moved, warehouse, gloves, query, count):
    hand_out(warehouse, gloves, 10)
    page = client_for(keeper(union)).get(f"/inventory/movements?{query}")
    assert body_of(page).count("<tr>") == count


def test_movements_are_filtered_by_item_and_place(client_for, union, moved, station, gloves, cups):
    receive(station, cups, 1)
    client = client_for(keeper(union))
    assert body_of(client.get(f"/inventory/movements?item={cups.id}")).count("<tr>") == 1
    assert body_of(client.get(f"/inventory/movements?location={station.id}")).count("<tr>") == 1
    assert "No movement matches" in client.get("/inventory/movements?number=99").text


def test_the_exports_have_the_columns_of_the_list(client_for, union, moved, warehouse, gloves):
    hand_out(warehouse, gloves, 10)
    client = client_for(keeper(union))
    book = openpyxl.load_workbook(io.BytesIO(client.get("/inventory/movements?format=xlsx").data))
    rows = list(book.active.values)
    assert rows[0][1:3] == ("Document", "Item")
    assert [row[1] for row in rows[1:]] == ["Handout", "Transfer 2026-0001", "Receipt 2026-0001"]
    assert rows[3][2:8] == ("Gloves", "L1", "Supplier", warehouse.name, 100, 750)
    text = client.get("/inventory/movements?format=csv&kind=receipt").data.decode("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 2
    assert lines[0].split(",") == list(rows[0])
    assert "Gloves,L1,Supplier" in lines[1]


def test_an_export_goes_through_all_pages(client_for, monkeypatch, union, warehouse, gloves):
    monkeypatch.setattr("carecampaign.core.listing.rows.AT_ONCE", 2)
    for _number in range(5):
        receive(warehouse, gloves, 1)
    client = client_for(keeper(union))
    text = client.get("/inventory/movements?format=csv").data.decode("utf-8-sig")
    assert len(text.splitlines()) == 6


def test_an_export_is_for_those_who_may_export(client_for, union, moved):
    post = StationFactory(owner=union)
    assert client_for(lead_of(post)).get("/inventory/movements?format=csv").status_code == 403
    client = client_for(keeper(union))
    assert client.get("/inventory/movements?format=exe").status_code == 404


def test_balances_are_those_of_the_ledger(moved, warehouse, gloves):
    row = pages.stock_page(SYSTEM, pages.StockFilters(location=warehouse.id), page=1).items[0]
    assert (row.on_hand, row.unexplained) == level(warehouse, gloves)
