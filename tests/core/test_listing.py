"""A list comes in pages, in a stable order, with sums of a page and of all."""

import csv
import io

import pytest
from sqlalchemy import select

from carecampaign.access.permissions import Role
from carecampaign.beneficiaries.models import Occupation
from carecampaign.catalogue.models import Item
from carecampaign.core.codes import propose_code
from carecampaign.core.db import db
from carecampaign.core.i18n import _l
from carecampaign.core.listing import (
    Column,
    Figure,
    Listing,
    Moment,
    Page,
    Price,
    Sum,
    Yuan,
    count_and_sum,
    page_of,
    paginate,
    showing,
)
from carecampaign.core.listing.rows import all_rows
from tests.factories import (
    CampaignFactory,
    FundSourceFactory,
    ItemFactory,
    OccupationFactory,
    OrganizationFactory,
    UserFactory,
)

ALL = select(Occupation).order_by(Occupation.code)

GOODS: Listing[Item] = Listing(
    _l("Items"),
    (
        Column("name", _l("Name"), lambda item: item.name, Item.name),
        Sum("value", _l("Value"), lambda item: item.reference_value, Item.reference_value),
        Column("unit", _l("Unit"), lambda item: item.unit),
    ),
    order=(Item.code, Item.id),
)


@pytest.mark.parametrize(
    ("page", "first", "number", "has_prev", "has_next"),
    [(1, "A0", 1, False, True), (2, "A2", 2, True, True), (99, "A4", 3, True, False)],
)
def test_a_page_of_a_list(app, page, first, number, has_prev, has_next):
    for count in range(5):
        OccupationFactory(code=f"A{count}")

    result = paginate(ALL, page=page, size=2)

    assert result.items[0].code == first
    assert (result.number, result.pages, result.total) == (number, 3, 5)
    assert (result.has_prev, result.has_next) == (has_prev, has_next)


def test_an_empty_list_has_one_empty_page(app):
    result = paginate(ALL, page=-1, size=2)

    assert (result.items, result.number, result.pages, result.total) == ([], 1, 1, 0)


@pytest.mark.parametrize(
    ("number", "pages", "links"),
    [
        (1, 1, [1]),
        (2, 3, [1, 2, 3]),
        (1, 9, [1, 2, None, 9]),
        (5, 9, [1, None, 4, 5, 6, None, 9]),
        (10_000, 10_000, [1, None, 9_999, 10_000]),
        (500_000, 1_000_000, [1, None, 499_999, 500_000, 500_001, None, 1_000_000]),
    ],
)
def test_a_pager_is_short_however_many_pages_there_are(number, pages, links):
    assert Page(items=[], number=number, size=25, total=25 * pages).links == links


def test_rows_that_sort_alike_come_in_the_usual_order(app):
    for code, name in (("C", "Cup"), ("A", "Cup"), ("B", "Bag")):
        ItemFactory(code=code, name=name)

    def codes(sort):
        statement = GOODS.in_order(select(Item.code), sort)
        return list(db.session.scalars(statement))

    assert codes("") == ["A", "B", "C"]
    assert codes("name") == ["B", "A", "C"]
    assert codes("-name") == ["A", "C", "B"]


def test_only_declared_columns_are_sorted_by():
    assert GOODS.is_sortable("name")
    assert not GOODS.is_sortable("unit")
    assert not GOODS.is_sortable("id")
    assert "ORDER BY item.code, item.id" in str(GOODS.in_order(select(Item), "unit"))


def test_sums_are_counted_with_the_rows_in_one_query(app, count_queries):
    for value in (100, 250, 400):
        ItemFactory(reference_value=value)

    with count_queries() as sent:
        found = count_and_sum(select(Item).where(Item.reference_value > 100), GOODS.columns)

    assert found == (2, {"value": 650})
    assert len(sent) == 1
    assert count_and_sum(select(Item).where(Item.id < 0), GOODS.columns) == (0, {"value": 0})


def test_rows_in_memory_are_a_list_as_well(app):
    items = [ItemFactory.build(code=f"M{number}", reference_value=10) for number in range(60)]

    page = page_of(GOODS, items, page=2)

    assert [item.code for item in page.items][:2] == ["M50", "M51"]
    assert count_and_sum(items, GOODS.columns) == (60, {"value": 600})


def test_all_rows_come_in_batches_up_to_a_bound(app, monkeypatch):
    monkeypatch.setattr("carecampaign.core.listing.rows.AT_ONCE", 2)
    for number in range(7):
        ItemFactory(code=f"B{number}")
    sizes = []

    def complete(rows):
        sizes.append(len(rows))
        return rows

    with app.test_request_context("/"):
        asked = showing.read_request(GOODS)
        found = list(all_rows(GOODS, select(Item), asked, complete, most=5))

    assert [item.code for item in found] == ["B0", "B1", "B2", "B3", "B4"]
    assert sizes == [2, 2, 1]


def test_a_column_writes_its_values_for_the_screen_and_for_a_file(app):
    campaign = CampaignFactory.build()
    day = Moment("day", _l("Date"), lambda row: row.starts_on)
    never = Moment("never", _l("Date"), lambda _row: None)
    state = Column("state", _l("State"), lambda row: row.state)
    nothing = Column("nothing", _l("Note"), lambda _row: "")
    planned = Figure("planned", _l("Planned packages"), lambda _row: 1234)
    price = Price("price", _l("Value"), lambda _row: 123450)
    unknown = Yuan("unknown", _l("Value"), lambda _row: None)

    with app.test_request_context():
        shown = [c.show(campaign) for c in (day, never, state, nothing, planned, price, unknown)]
        cells = [c.cell(campaign) for c in (day, state, planned, price, unknown)]

    assert shown == ["2026年11月1日", "—", "进行中", "—", "1,234", "¥1,234.50", "—"]
    assert cells == [campaign.starts_on, "进行中", 1234, 1234.5, None]


@pytest.fixture
def union(app):
    return OrganizationFactory(name="North District")


@pytest.fixture
def client(client_for, union):
    return client_for(UserFactory(role=Role.FINANCE, organization=union))


class TestAListOnAPage:
    """What every list does, tried on the fund sources and the items."""

    def test_filters_in_force_are_taken_away_one_by_one(self, client, union):
        FundSourceFactory(organization=union, name="Winter money")

        page = client.get("/funds?q=winter&kind=own_budget&sort=-name&page=2").text

        assert "Name or organization: winter" in page
        chips = page.split('class="chips"')[1].split("</ul>")[0]
        assert 'href="/funds?kind=own_budget&amp;sort=-name"' in chips
        assert 'href="/funds?q=winter&amp;sort=-name"' in chips

    def test_a_filter_that_is_wrong_is_no_chip_and_says_so(self, client):
        page = client.get("/funds?kind=gold").text

        assert "Not a valid choice" in page
        assert 'class="chips"' not in page

    def test_forms_keep_what_they_do_not_set(self, client, union):
        FundSourceFactory(organization=union)

        page = client.get("/funds?kind=own_budget&sort=-name&size=25&columns=kind").text

        bar = page.split('class="filter-bar')[1].split("</form>")[0]
        for name, value in (("sort", "-name"), ("size", "25"), ("columns", "kind")):
            assert f'<input type="hidden" name="{name}" value="{value}" />' in bar
        assert 'name="kind" value="own_budget"' not in bar
        panel = page.split('class="list-menu__panel"')[1].split("</form>")[0]
        assert '<input type="hidden" name="kind" value="own_budget" />' in panel
        assert 'type="hidden" name="columns"' not in panel

    def test_columns_are_chosen_and_the_first_always_stays(self, client, union):
        FundSourceFactory(organization=union, name="Winter money")

        page = client.get("/funds?columns=state").text

        head = page.split("<thead>")[1].split("</thead>")[0]
        assert "Fund source" in head
        assert "State" in head
        assert "Organization" not in head

    def test_rows_on_a_page_are_chosen_from_a_few_sizes(self, client, union):
        for _number in range(60):
            FundSourceFactory(organization=union)

        assert "1–25 of 60" in client.get("/funds?size=25").text
        assert "1–50 of 60" in client.get("/funds?size=1000").text
        assert "60 entries" in client.get("/funds?size=100").text

    def test_sums_are_of_the_page_and_of_all(self, client_for, union):
        for _number in range(30):
            CampaignFactory(organizer=union, planned_packages=100)
        client = client_for(UserFactory(role=Role.PLANNER, organization=union))

        foot = client.get("/campaigns?size=25").text.split("<tfoot>")[1].split("</tfoot>")[0]

        assert "This page" in foot
        assert '<td class="num">2,500</td>' in foot
        assert "All 30" in foot
        assert '<td class="num">3,000</td>' in foot
        whole = client.get("/campaigns").text.split("<tfoot>")[1].split("</tfoot>")[0]
        assert "This page" not in whole

    def test_a_file_has_what_the_filter_leaves_in_the_order_and_columns_of_the_screen(
        self, client, union
    ):
        for name in ("Apple money", "Bread money", "Other"):
            FundSourceFactory(organization=union, name=name)

        answer = client.get("/funds?q=money&sort=-name&columns=kind&size=25&format=csv")

        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
        assert rows == [
            ["Fund source", "Kind"],
            ["Bread money", rows[1][1]],
            ["Apple money", rows[2][1]],
        ]
        assert "attachment" in answer.headers["Content-Disposition"]

    def test_a_file_that_is_cut_says_so(self, client, union, monkeypatch):
        monkeypatch.setattr(showing, "MOST_EXPORTED", 2)
        for _number in range(3):
            FundSourceFactory(organization=union)

        rows = client.get("/funds?format=csv").data.decode("utf-8-sig").splitlines()

        assert len(rows) == 4
        assert "Only the first 2 of 3 rows" in rows[-1]

    def test_money_is_a_number_of_yuan_in_a_file(self, client):
        ItemFactory(name="Gloves", reference_value=123450)

        rows = client.get("/catalogue/items?columns=reference_value&format=csv").data.decode(
            "utf-8-sig"
        )

        assert rows.splitlines() == ["Name,Reference value (yuan)", "Gloves,1234.5"]

    def test_the_keys_are_explained_in_a_dialog(self, client, union):
        FundSourceFactory(organization=union)

        page = client.get("/funds").text

        assert 'aria-labelledby="list-keys-title"' in page
        assert "Use these keys in this browser" in page


def test_a_proposed_code_is_free(app):
    assert propose_code(Occupation.code, "A") == "A0001"
    OccupationFactory(code="A0001")
    OccupationFactory(code="A0003")

    assert propose_code(Occupation.code, "A") == "A0004"
