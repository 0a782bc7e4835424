"""Stock-takes by batch: what people can tell apart is counted apart."""

from datetime import date

import pytest

from carecampaign.access.permissions import Role
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.i18n import in_language_of
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import Batch, DocumentKind, Lot, StockDocument, StockLot
from carecampaign.inventory.queries.pages.stock_takes import unit_values
from carecampaign.inventory.services.balances import level_at
from carecampaign.inventory.services.verification import verify
from tests.factories import ItemFactory
from tests.inventory.people import somebody
from tests.inventory.stock import hand_out, level, package_of, receive

pytestmark = pytest.mark.usefixtures("adds_up")

SOON, LATER = date(2027, 1, 31), date(2027, 6, 30)
A, B = Batch("A", SOON), Batch("B", LATER)


@pytest.fixture
def keeper(union):
    return somebody(union)


@pytest.fixture
def approver(union):
    return somebody(union, Role.APPROVER)


@pytest.fixture
def patches(station):
    """Ten boxes of batch A, which came in twice at two prices, and eight of batch B."""
    patches = ItemFactory(name="Patches")
    receive(station, patches, 8, unit_value=900, lot_code="B", expires_on=LATER)
    receive(station, patches, 6, unit_value=700, lot_code="A", expires_on=SOON)
    receive(station, patches, 4, unit_value=800, lot_code="A", expires_on=SOON)
    return patches


@pytest.fixture
def sheet(station, patches, keeper):
    return inventory.open_stock_take(station, is_blind=True, by=keeper)


def line_of(sheet, batch):
    (line,) = [line for line in sheet.lines if line.batch == batch]
    return line


def count(sheet, counts, *, by):
    for batch, pieces in counts.items():
        line = line_of(sheet, batch)
        inventory.record_count(line, pieces, round_number=len(line.counts) + 1, by=by)


def post(sheet, counts, *, keeper, approver):
    """Count, finish and approve; give the note."""
    count(sheet, counts, by=keeper)
    reasons = {line.id: "Looked twice" for line in sheet.lines}
    inventory.finish_stock_take(sheet, reasons, by=keeper)
    return inventory.approve_stock_take(sheet, by=approver)


def pieces(place, item):
    """What a place holds of each lot: (batch, value apiece, pieces)."""
    rows = (
        db.session.query(StockLot)
        .filter_by(location_id=place.id, item_id=item.id)
        .filter(StockLot.on_hand > 0)
        .populate_existing()
    )
    return sorted((*row.lot.batch, row.lot.unit_value, row.on_hand) for row in rows)


class TestCounting:
    def test_there_is_a_line_for_each_batch_what_expires_first_before(self, sheet):
        assert [line.batch for line in sheet.lines] == [A, B]

    def test_a_count_is_held_against_its_batch_at_that_moment(
        self, sheet, station, patches, keeper
    ):
        hand_out(station, patches, 3)
        count(sheet, {A: 7, B: 7}, by=keeper)
        hand_out(station, patches, 1)

        assert [(line.last.book, line.difference) for line in sheet.lines] == [(7, 0), (8, -1)]

    def test_a_batch_the_books_do_not_know_here_can_be_added(self, sheet, patches):
        line = inventory.add_item(sheet, patches, lot_code="C", expires_on=LATER)

        assert line in sheet.lines
        assert inventory.add_item(sheet, patches, lot_code="C", expires_on=LATER) == line
        assert inventory.add_item(sheet, patches, lot_code="A", expires_on=SOON).batch == A
        assert inventory.add_item(sheet, patches, lot_code="A").batch == Batch("A", None)

    def test_one_that_has_only_a_date_is_named_by_the_day(self, sheet, patches):
        line = inventory.add_item(sheet, patches, expires_on=SOON)

        assert line.batch == Batch(f"{clock.today():%Y%m%d}", SOON)

    def test_a_line_without_a_batch_is_about_what_has_no_line(
        self, sheet, station, patches, keeper
    ):
        line = inventory.add_item(sheet, patches)
        receive(station, patches, 5, lot_code="D")
        inventory.record_count(line, 4, round_number=1, by=keeper)

        assert (line.last.book, line.difference) == (5, -1)


class TestPosting:
    def test_a_loss_comes_off_its_own_batch(self, sheet, station, patches, keeper, approver):
        note = post(sheet, {A: 10, B: 5}, keeper=keeper, approver=approver)

        assert pieces(station, patches) == [
            ("A", SOON, 700, 6),
            ("A", SOON, 800, 4),
            ("B", LATER, 900, 5),
        ]
        assert [(line.quantity, line.difference_reason) for line in note.lines] == [
            (3, "Looked twice")
        ]

    def test_lots_of_one_batch_are_one_to_whoever_counts(
        self, sheet, station, patches, keeper, approver
    ):
        post(sheet, {A: 3, B: 8}, keeper=keeper, approver=approver)

        assert pieces(station, patches) == [("A", SOON, 800, 3), ("B", LATER, 900, 8)]

    def test_what_was_in_the_wrong_batch_is_missing_for_nobody(
        self, sheet, station, patches, keeper, approver
    ):
        inventory.reserve(station, patches, 18, holder=inventory.Holder("event", 7))

        note = post(sheet, {A: 8, B: 10}, keeper=keeper, approver=approver)

        assert level_at((station.id, patches.id)).reserved == 18
        assert pieces(station, patches) == [
            ("A", SOON, 700, 4),
            ("A", SOON, 800, 4),
            ("B", LATER, 900, 10),
        ]
        assert len(note.lines) == 2

    def test_only_what_is_missing_in_all_is_kept_for_nobody_any_more(
        self, sheet, station, patches, keeper, approver
    ):
        inventory.reserve(station, patches, 18, holder=inventory.Holder("event", 7))

        post(sheet, {A: 5, B: 10}, keeper=keeper, approver=approver)

        assert level_at((station.id, patches.id)).reserved == 15

    def test_what_the_books_took_of_it_since_is_taken_off_the_others(
        self, sheet, station, patches, keeper, approver
    ):
        count(sheet, {A: 7, B: 8}, by=keeper)
        hand_out(station, patches, 9)

        post(sheet, {}, keeper=keeper, approver=approver)

        assert level(station, patches) == (6, 0)
        assert pieces(station, patches) == [("B", LATER, 900, 6)]

    def test_a_batch_the_books_know_elsewhere_is_that_one(
        self, sheet, station, warehouse, patches, keeper, approver
    ):
        receive(warehouse, patches, 1, unit_value=500, lot_code="C", expires_on=LATER)
        inventory.add_item(sheet, patches, lot_code="C", expires_on=LATER)

        post(sheet, {A: 10, B: 8, Batch("C", LATER): 2}, keeper=keeper, approver=approver)

        assert ("C", LATER, 500, 2) in pieces(station, patches)

    def test_one_they_do_not_know_is_worth_and_paid_for_as_the_latest_here(
        self, sheet, station, patches, keeper, approver
    ):
        inventory.add_item(sheet, patches, lot_code="X")

        post(sheet, {A: 10, B: 8, Batch("X", None): 2}, keeper=keeper, approver=approver)

        lots = {lot.code: lot for lot in db.session.query(Lot).order_by(Lot.id)}
        assert (lots["X"].unit_value, lots["X"].fund_source_id) == (800, lots["A"].fund_source_id)
        assert lots["X"].expires_on is None
        assert level(station, patches) == (20, 0)

    def test_packages_of_one_hold_what_the_latest_hold(self, station, patches, keeper, approver):
        version = package_of((patches, 2))
        inventory.assemble(station, version, quantity=3, by=keeper)
        sheet = inventory.open_stock_take(station, is_blind=True, by=keeper)
        inventory.add_item(sheet, version.item, lot_code="X")
        counts = {line.batch: 8 if line.batch == B else 4 for line in sheet.lines}

        post(sheet, {**counts, Batch("X", None): 1}, keeper=keeper, approver=approver)

        (lot,) = db.session.query(Lot).filter_by(code="X")
        assert [(content.item, content.quantity) for content in lot.contents] == [(patches, 2)]
        inventory.take_apart(station, version, quantity=5, by=keeper)

    def test_of_an_item_that_never_came_in_nothing_can_be_booked(self, sheet, keeper, approver):
        inventory.add_item(sheet, ItemFactory(), lot_code="X")

        with pytest.raises(inventory.NotAllocatable):
            post(sheet, {A: 10, B: 8, Batch("X", None): 2}, keeper=keeper, approver=approver)
        db.session.rollback()

    def test_it_is_taken_back_like_any_other(self, sheet, station, patches, keeper, approver):
        before = pieces(station, patches)
        note = post(sheet, {A: 8, B: 9}, keeper=keeper, approver=approver)

        inventory.reverse(note, reason="Wrong place", by=keeper)

        assert pieces(station, patches) == before


def test_the_value_of_a_difference_is_that_of_its_batch(sheet, patches):
    unknown = inventory.add_item(sheet, patches, lot_code="X")
    new = inventory.add_item(sheet, ItemFactory(reference_value=123))

    values = unit_values(sheet)

    assert [values[line.id] for line in sheet.lines] == [800, 900, 800, 123]
    assert (sheet.lines[2], sheet.lines[3]) == (unknown, new)


def its_number_is_wrong():
    with in_language_of("en"):
        return any("has another number" in words for words in verify())


def test_what_was_posted_under_the_sheets_number_stays_right(sheet, keeper, approver):
    note = post(sheet, {A: 8, B: 9}, keeper=keeper, approver=approver)
    this = db.session.query(StockDocument).filter_by(id=note.id)
    this.update({"kind": DocumentKind.STOCK_TAKE, "number": sheet.number + 1})
    assert its_number_is_wrong()
    this.update({"number": sheet.number})
    assert not its_number_is_wrong()
    this.update({"kind": DocumentKind.GAIN_LOSS})
