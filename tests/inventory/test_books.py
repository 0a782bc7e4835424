import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
import time_machine

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind
from carecampaign.inventory.queries.books import (
    Side,
    month_sheet,
    period_of,
    places_of,
)
from tests.factories import (
    FundSourceFactory,
    ItemFactory,
    OrganizationFactory,
    StationFactory,
    UserFactory,
)
from tests.inventory.pages import keeper, lead_of
from tests.inventory.stock import hand_out, package_of, receive
from tests.inventory.test_papers import words_of

pytestmark = pytest.mark.usefixtures("adds_up")


def at(month: int, day: int, hour: int = 4):
    return time_machine.travel(datetime(2026, month, day, hour, tzinfo=UTC), tick=False)


@pytest.fixture
def autumn(warehouse, event, gloves):
    """A hundred came in September; thirty went in October, of them ten were handed out."""
    with at(9, 10):
        receive(warehouse, gloves, 100, unit_value=200)
    with at(10, 5):
        inventory.move_stock(
            DocumentKind.OPENING, warehouse, event, [inventory.Line(gloves, 30)], by=SYSTEM
        )
    with at(10, 31, 15):
        hand_out(event, gloves, 10)
    with at(10, 31, 17):  # November by the clocks of Beijing
        hand_out(event, gloves, 5)


def sheet_of(month, **places):
    return month_sheet(places_of(SYSTEM, **places), period_of(2026, month))


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


# The month


def test_a_month_begins_with_what_the_last_one_left(autumn, warehouse):
    september, october = (sheet_of(month, location_id=warehouse.id).rows[0] for month in (9, 10))
    assert september.opening == Side(0, 0)
    assert september.received == Side(100, 20_000)
    assert october.opening == september.closing == Side(100, 20_000)
    assert october.issued == Side(30, 6_000)
    assert october.closing == Side(70, 14_000)
    assert october.adds_up


def test_a_month_ends_at_midnight_of_the_organisation(autumn, event):
    october, november = (sheet_of(month, location_id=event.id).rows[0] for month in (10, 11))
    assert (october.received.quantity, october.issued.quantity) == (30, 10)
    assert (november.opening.quantity, november.issued.quantity) == (20, 5)


def test_what_moves_between_places_is_neither_in_nor_out_of_all_of_them(autumn, union):
    row = sheet_of(10, path=union.path).rows[0]
    assert (row.opening.quantity, row.received.quantity) == (100, 0)
    assert (row.issued.quantity, row.closing.quantity) == (10, 90)


def test_books_may_close_before_the_month_ends():
    assert period_of(2026, 3, closes_on=25).since == date(2026, 2, 26)
    assert period_of(2026, 1, closes_on=25).since == date(2025, 12, 26)
    assert period_of(2026, 4).until == date(2026, 4, 30)
    assert period_of(2028, 2).until == date(2028, 2, 29)


def test_a_month_that_is_over_stays_as_it_was(autumn, warehouse, event, gloves):
    before = sheet_of(10, location_id=event.id).rows
    receive(warehouse, gloves, 7)
    hand_out(event, gloves, 50, shortage_allowed=True)
    receive(event, gloves, 60, unit_value=300)  # settles the shortage, at another value
    assert sheet_of(10, location_id=event.id).rows == before


def test_settling_a_shortage_moves_value_but_no_pieces(event, gloves):
    with at(10, 3):
        hand_out(event, gloves, 4, shortage_allowed=True)
        receive(event, gloves, 10, unit_value=900)
    row = sheet_of(10, location_id=event.id).rows[0]
    assert (row.received.quantity, row.issued.quantity, row.closing.quantity) == (10, 4, 6)
    assert row.closing.value == 6 * 900
    assert row.adds_up


def test_the_monthly_sheet_on_screen_says_that_it_adds_up(client_for, union, autumn, warehouse):
    client = client_for(keeper(union))
    page = client.get(f"/inventory/monthly-balance?month=2026-10&location={warehouse.id}")
    assert "Opening + in − out = closing" in page.text
    assert "¥140.00" in page.text
    assert "Does not add up" not in page.text
    assert "Nothing was there" in client.get("/inventory/monthly-balance?month=2026-08").text


def test_the_monthly_sheet_is_exported_with_stable_columns(client_for, union, autumn, warehouse):
    client = client_for(keeper(union))
    url = f"/inventory/monthly-balance?month=2026-10&location={warehouse.id}&format="
    row = rows_of(client.get(url + "csv"))[0]
    assert row["Item"] == "Gloves"
    assert row["Opening balance, quantity"] == "100"
    assert row["Out, amount (yuan)"] == "60.0"
    book = openpyxl.load_workbook(io.BytesIO(client.get(url + "xlsx").data))
    assert list(book.active.values)[1][-2:] == (70, 140)
    assert client.get(url + "exe").status_code == 404


def test_the_monthly_sheet_is_printed(client_for, union, autumn, warehouse):
    client = client_for(keeper(union))
    words = words_of(
        client.get(f"/inventory/monthly-balance?month=2026-10&location={warehouse.id}&format=pdf")
    )
    for said in ("Monthly stock balance", "2026-10", "Opening balance", "壹佰肆拾元整", "Gloves"):
        assert said in words


# A day


def test_stock_at_a_date_is_what_the_movements_until_then_add_up_to(
    client_for, union, autumn, warehouse, event
):
    client = client_for(keeper(union))
    rows = rows_of(client.get("/inventory/stock-at-date?on=2026-10-31&format=csv"))
    assert {row["Stock location"]: row["Quantity"] for row in rows} == {
        warehouse.name: "70",
        event.name: "20",
    }
    assert "Nothing was there" in client.get("/inventory/stock-at-date?on=2026-09-01").text
    assert "70" in client.get(f"/inventory/stock-at-date?location={warehouse.id}").text


def test_what_is_on_its_way_is_listed_by_where_it_goes(
    client_for, union, warehouse, station, gloves
):
    receive(warehouse, gloves, 10)
    inventory.dispatch(warehouse, station, [inventory.Line(gloves, 4)], by=SYSTEM)
    page = client_for(keeper(union)).get("/inventory/stock-at-date")
    assert f"On the way to {station.name}" in page.text


# The ledger of a place


def test_a_ledger_runs_the_balance_of_each_item(client_for, union, warehouse, gloves, cups):
    receive(warehouse, gloves, 10)
    receive(warehouse, cups, 5)
    hand_out(warehouse, gloves, 3)
    client = client_for(keeper(union))
    rows = rows_of(client.get(f"/inventory/locations/{warehouse.id}/ledger?format=csv"))
    assert [(row["Item"], row["In"], row["Out"], row["Balance"]) for row in rows] == [
        ("Gloves", "10", "", "10"),
        ("Cups", "5", "", "5"),
        ("Gloves", "", "3", "7"),
    ]
    page = client.get(f"/inventory/locations/{warehouse.id}/ledger?item={cups.id}")
    assert "Receipt 2026-0002" in page.text
    assert "Receipt 2026-0001" not in page.text


def test_a_ledger_of_a_period_goes_on_from_what_was_there(client_for, union, autumn, event):
    client = client_for(keeper(union))
    rows = rows_of(
        client.get(f"/inventory/locations/{event.id}/ledger?since=2026-11-01&format=csv")
    )
    assert [(row["Out"], row["Balance"]) for row in rows] == [("5", "15")]


# Whose money


def test_packages_count_for_the_funds_of_what_is_in_them(
    client_for, union, warehouse, gloves, cups
):
    ours, theirs = FundSourceFactory(name="Own budget"), FundSourceFactory(name="Donations")
    receive(warehouse, gloves, 10, unit_value=100, fund=ours)
    receive(warehouse, cups, 10, unit_value=300, fund=theirs)
    version = package_of((gloves, 1), (cups, 1))
    inventory.assemble(warehouse, version, quantity=10, by=SYSTEM)
    hand_out(warehouse, version.item, 4)
    rows = rows_of(client_for(keeper(union)).get("/inventory/value-by-fund?format=csv"))
    figures = {
        row["Fund source"]: (
            row["Received from outside (yuan)"],
            row["Handed out (yuan)"],
            row["In stock (yuan)"],
        )
        for row in rows
    }
    assert figures == {"Own budget": ("10.0", "4.0", "6.0"), "Donations": ("30.0", "12.0", "18.0")}


# What expires


def test_what_expires_soon_is_listed_first(client_for, union, warehouse, gloves, cups):
    with time_machine.travel(datetime(2026, 12, 1, 4, tzinfo=UTC)):
        receive(warehouse, gloves, 3, expires_on=date(2026, 12, 20), unit_value=50)
        receive(warehouse, cups, 4, expires_on=date(2026, 11, 28))
        receive(warehouse, ItemFactory(name="Blanket"), 4, expires_on=date(2029, 1, 1))
        client = client_for(keeper(union))
        rows = rows_of(client.get("/inventory/expiry?format=csv"))
        assert [(row["Item"], row["Days left"]) for row in rows] == [
            ("Cups", "-3"),
            ("Gloves", "19"),
        ]
        assert "Expired" in client.get("/inventory/expiry").text
        past = rows_of(client.get("/inventory/expiry?days=-1&format=csv"))
        assert [row["Item"] for row in past] == ["Cups"]


# Who sees them


PAGES = ["monthly-balance", "stock-at-date", "value-by-fund", "expiry", "books", "low-stock"]


def test_strangers_see_nothing_of_it(client_for, autumn, union, warehouse):
    client = client_for(keeper(OrganizationFactory()))
    for page in PAGES:
        assert "Gloves" not in client.get(f"/inventory/{page}").text
    assert client.get(f"/inventory/locations/{warehouse.id}/ledger").status_code == 404
    for page in PAGES[:4]:
        assert client.get(f"/inventory/{page}?location={warehouse.id}").status_code in {200, 404}
        assert "Gloves" not in client.get(f"/inventory/{page}?organization={union.id}").text


def test_a_lead_sees_the_books_of_the_own_station_but_takes_no_file(client_for, union, gloves):
    post = StationFactory(owner=union)
    place = inventory.ensure_station_location(post)
    receive(place, gloves, 3)
    client = client_for(lead_of(post))
    assert "Gloves" in client.get("/inventory/monthly-balance").text
    assert "Gloves" in client.get(f"/inventory/locations/{place.id}/ledger").text
    for page in ("monthly-balance", "stock-at-date", f"locations/{place.id}/ledger"):
        assert client.get(f"/inventory/{page}?format=csv").status_code == 403
    volunteer = client_for(UserFactory(role=Role.VOLUNTEER, organization=union))
    assert volunteer.get("/inventory/books").status_code == 403


@pytest.mark.parametrize(
    "query",
    [
        "month=%00&closes_on=🎁&location=x&organization=-1&on=%00&days=x&item=x&since=1-1-1",
        f"location={10**30}&organization={10**30}&month=9999-99&on=0001-01-01&until=9999-12-31",
        "page=99999999999&sort=--x&size=1&columns=x",
    ],
)
def test_nonsense_in_the_url_is_no_reason_to_fail(client_for, union, autumn, warehouse, query):
    client = client_for(keeper(union))
    for page in [*PAGES, f"locations/{warehouse.id}/ledger"]:
        assert client.get(f"/inventory/{page}?{query}").status_code == 200


def test_the_books_take_few_queries_however_many_rows(
    client_for, count_queries, union, autumn, warehouse, event
):
    client = client_for(keeper(union))
    pages = [*PAGES, f"locations/{warehouse.id}/ledger"]
    counts = []
    for _round in range(2):
        for page in pages:
            with count_queries() as sent:
                client.get(f"/inventory/{page}")
            counts.append(len(sent))
            assert len(sent) <= 12, page
        for _number in range(4):
            receive(warehouse, ItemFactory(), 1, expires_on=date(2027, 1, 1))
        client = client_for(keeper(union))
    assert counts[: len(pages)] == counts[len(pages) :]
