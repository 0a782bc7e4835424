"""The switch of the stock's reports: packages counted as the items in them (按物品展开)."""

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.catalogue.models import ItemKind
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind
from carecampaign.inventory.queries.books import Period, Side, month_sheet, places_of
from tests.factories import ItemFactory
from tests.inventory.pages import keeper
from tests.inventory.stock import hand_out, package_of, receive
from tests.inventory.test_books import rows_of
from tests.inventory.test_papers import words_of

pytestmark = pytest.mark.usefixtures("adds_up")
ON = "by_items=y"


@pytest.fixture
def scarves(app):
    return ItemFactory(name="Scarves", reference_value=70)


@pytest.fixture
def package(warehouse, event, gloves, cups, scarves):
    """Ten packages of two gloves and a cup, four of them with three scarves for the gloves.

    One is reserved and seven are at an event, where two of those with scarves were handed out.
    """
    version = package_of((gloves, 2), (cups, 1))
    receive(warehouse, gloves, 20, unit_value=100)
    receive(warehouse, cups, 11, unit_value=1000)
    receive(warehouse, scarves, 12, unit_value=70, expires_on=clock.today())
    substitution = inventory.Substitution(version.lines[0], scarves, 3, "Gloves ran out", 4)
    inventory.assemble(warehouse, version, quantity=10, substitution=substitution, by=SYSTEM)
    line = inventory.Line(version.item, 7)
    inventory.move_stock(DocumentKind.OPENING, warehouse, event, [line], by=SYSTEM)
    hand_out(event, version.item, 2)
    inventory.reserve(warehouse, version.item, 1, holder=inventory.Holder("event", 1))
    db.session.commit()
    return version


@pytest.fixture
def client(client_for, union):
    return client_for(keeper(union))


def test_the_stock_is_what_is_in_the_packages_too(client, package, warehouse, event, gloves):
    rows = rows_of(client.get(f"/inventory?{ON}&format=csv"))

    found = {
        (row["Stock location"], row["Item"]): (
            row["On hand"],
            row["Reserved"],
            float(row["Value (yuan)"]),
        )
        for row in rows
    }
    # Packages with scarves expire first: all of them are at the event.
    assert found == {
        (warehouse.name, "Gloves"): ("14", "2", 14),
        (warehouse.name, "Cups"): ("4", "1", 40),
        (event.name, "Gloves"): ("6", "0", 6),
        (event.name, "Scarves"): ("6", "0", 4.2),
        (event.name, "Cups"): ("5", "0", 50),
    }
    page, plain = client.get(f"/inventory?{ON}"), client.get("/inventory")
    assert "Scarves" in page.text
    assert "Scarves" not in plain.text
    for text in (page.text, plain.text):
        assert "¥114.20" in text
    only = client.get(f"/inventory?{ON}&location={event.id}&item_kind=goods&sort=-value")
    assert "¥60.20" in only.text


def test_what_nobody_knows_the_lot_of_counts_as_the_version_says(client, package, event):
    hand_out(event, package.item, 8, shortage_allowed=True)
    db.session.commit()

    columns = "columns=item&columns=on_hand&columns=unexplained"
    rows = rows_of(client.get(f"/inventory?{ON}&location={event.id}&{columns}&format=csv"))

    assert {row["Item"]: (row["On hand"], row["Unexplained"]) for row in rows} == {
        "Gloves": ("0", "-6"),
        "Cups": ("0", "-3"),
    }


def test_the_month_counts_items_and_putting_them_together_moves_none(package, warehouse):
    today = clock.today()
    sheet = month_sheet(
        places_of(SYSTEM, location_id=warehouse.id), Period(today, today), by_items=True
    )

    assert sheet.adds_up
    found = {row.item.name: (row.received, row.issued, row.closing) for row in sheet.rows}
    assert found == {
        "Gloves": (Side(20, 2000), Side(6, 600), Side(14, 1400)),
        "Cups": (Side(11, 11000), Side(7, 7000), Side(4, 4000)),
        "Scarves": (Side(12, 840), Side(12, 840), Side()),
    }


def test_the_paper_of_the_month_says_how_it_counts(client, package):
    paper = words_of(client.get(f"/inventory/monthly-balance?{ON}&format=pdf"))
    assert "counted as" in paper
    assert "Scarves" in paper
    plain = words_of(client.get("/inventory/monthly-balance?format=pdf"))
    assert "counted as" not in plain


@pytest.mark.parametrize("page", ["monthly-balance", "stock-at-date"])
def test_the_books_are_worth_the_same_either_way(client, package, page):
    plain, by_items = (client.get(f"/inventory/{page}?{switch}&format=csv") for switch in ("", ON))
    names = {row["Item"] for row in rows_of(by_items)}
    assert names == {"Gloves", "Cups", "Scarves"}
    assert package.item.name in {row["Item"] for row in rows_of(plain)}
    name = "Closing balance, amount (yuan)" if page == "monthly-balance" else "Value (yuan)"
    worth = [sum(float(row[name]) for row in rows_of(answer)) for answer in (plain, by_items)]
    assert worth == [114.2, 114.2]
    assert "Scarves" in client.get(f"/inventory/{page}?{ON}").text


def test_movements_of_packages_are_those_of_their_items(client, package, scarves):
    rows = rows_of(client.get(f"/inventory/movements?{ON}&item={scarves.id}&format=csv"))

    assert [(row["Document"], row["Quantity"], row["Value (yuan)"]) for row in rows] == [
        ("Handout", "6", "4.2"),
        ("Opening 2026-0001", "12", "8.4"),
        ("Assembly 2026-0001", "12", "8.4"),
        ("Assembly 2026-0001", "12", "8.4"),
        ("Receipt 2026-0003", "12", "8.4"),
    ]
    page = client.get(f"/inventory/movements?{ON}&sort=item")
    assert "Scarves" in page.text
    total, plain = (
        sum(float(row["Value (yuan)"]) for row in rows_of(client.get(path)))
        for path in (f"/inventory/movements?{ON}&format=csv", "/inventory/movements?format=csv")
    )
    assert round(total, 2) == round(plain, 2)


def test_a_package_without_a_list_stays_what_it_is(client, warehouse):
    whole = ItemFactory(name="Sealed box", kind=ItemKind.PACKAGE)
    receive(warehouse, whole, 3)
    db.session.commit()
    for page in ("/inventory", "/inventory/movements", "/inventory/stock-at-date"):
        assert "Sealed box" in client.get(f"{page}?{ON}").text


@pytest.mark.parametrize(
    "page",
    [
        "/inventory",
        "/inventory/movements",
        "/inventory/stock-at-date",
        "/inventory/monthly-balance",
    ],
)
def test_the_switch_takes_few_queries(client, count_queries, package, page):
    with count_queries() as queries:
        client.get(f"{page}?{ON}")
    assert len(queries) <= 12
