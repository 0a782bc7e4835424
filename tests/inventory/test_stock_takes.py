"""Stock-takes: counted against the books of the moment, approved, posted as differences."""

import pytest

from carecampaign.access.permissions import Role
from carecampaign.approvals.services import AlreadyDecided, PreparerMayNotDecide
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, StockTakeState
from carecampaign.inventory.services import locations
from carecampaign.inventory.services.balances import level_at
from tests.factories import ItemFactory
from tests.inventory.people import somebody
from tests.inventory.stock import hand_out, level, movements_to, receive

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def keeper(union):
    return somebody(union)


@pytest.fixture
def approver(union):
    return somebody(union, Role.APPROVER)


@pytest.fixture
def under_way(station, gloves, cups, keeper):
    """A station with 20 pairs of gloves and 10 cups is being counted."""
    receive(station, gloves, 20)
    receive(station, cups, 10)
    return inventory.open_stock_take(station, is_blind=True, witness="Wang", by=keeper)


def count(stock_take, item, pieces, *, by, round_number=1):
    line = next(line for line in stock_take.lines if line.item_id == item.id)
    inventory.record_count(line, pieces, round_number=round_number, by=by)
    return line


def finish(stock_take, *, by):
    reasons = {line.id: "Looked twice" for line in stock_take.lines}
    inventory.finish_stock_take(stock_take, reasons, by=by)


class TestCounting:
    def test_there_is_a_line_for_each_item_here(self, under_way, gloves, cups):
        assert {line.item for line in under_way.lines} == {gloves, cups}
        assert (under_way.number, under_way.state) == (1, StockTakeState.COUNTING)

    def test_a_count_keeps_what_the_books_held_then(self, under_way, station, gloves, keeper):
        hand_out(station, gloves, 3)
        line = count(under_way, gloves, 16, by=keeper)
        hand_out(station, gloves, 2)

        assert (line.last.book, line.last.counted, line.difference) == (17, 16, -1)

    def test_the_latest_round_holds_and_the_first_stays(self, under_way, gloves, keeper):
        count(under_way, gloves, 12, by=keeper)
        line = count(under_way, gloves, 20, by=keeper, round_number=2)

        assert [each.counted for each in line.counts] == [12, 20]
        assert line.difference == 0

    def test_two_who_count_the_same_round_are_told(self, under_way, gloves, keeper):
        count(under_way, gloves, 12, by=keeper)

        with pytest.raises(inventory.CountedMeanwhile):
            count(under_way, gloves, 12, by=keeper)

    def test_an_item_the_books_do_not_know_here_can_be_added(self, under_way):
        scarf = ItemFactory()

        line = inventory.add_item(under_way, scarf)

        assert inventory.add_item(under_way, scarf) == line
        assert line in under_way.lines

    def test_a_place_is_counted_once_at_a_time(self, under_way, station, keeper):
        assert under_way.location == station
        with pytest.raises(inventory.StockTakeUnderWay):
            inventory.open_stock_take(station, is_blind=False, by=keeper)

    def test_not_after_it_was_given_up(self, under_way, gloves, keeper):
        inventory.cancel_stock_take(under_way, by=keeper)

        with pytest.raises(inventory.MovedOn):
            count(under_way, gloves, 20, by=keeper)


class TestFinishing:
    def test_everything_has_to_be_counted(self, under_way, gloves, keeper):
        count(under_way, gloves, 20, by=keeper)

        with pytest.raises(inventory.NotAllCounted):
            finish(under_way, by=keeper)

    def test_a_difference_needs_a_reason(self, under_way, gloves, cups, keeper):
        count(under_way, gloves, 19, by=keeper)
        count(under_way, cups, 10, by=keeper)

        with pytest.raises(inventory.DifferenceUnexplained):
            inventory.finish_stock_take(under_way, {}, by=keeper)

    def test_without_a_difference_it_is_done(self, under_way, gloves, cups, keeper):
        count(under_way, gloves, 20, by=keeper)
        count(under_way, cups, 10, by=keeper)

        finish(under_way, by=keeper)

        assert under_way.state is StockTakeState.POSTED
        assert under_way.document is None

    def test_with_one_it_waits(self, under_way, station, gloves, cups, keeper):
        count(under_way, gloves, 18, by=keeper)
        count(under_way, cups, 11, by=keeper)

        finish(under_way, by=keeper)

        assert under_way.state is StockTakeState.WAITING
        assert (level(station, gloves), level(station, cups)) == ((20, 0), (10, 0))


class TestDeciding:
    @pytest.fixture
    def waiting(self, under_way, gloves, cups, keeper):
        """Two pairs of gloves are missing, and there is a cup too many."""
        count(under_way, gloves, 18, by=keeper)
        count(under_way, cups, 11, by=keeper)
        finish(under_way, by=keeper)
        return under_way

    @pytest.fixture
    def given_up(self, warehouse, keeper):
        """An earlier stock-take of the union took a number and posted nothing."""
        inventory.cancel_stock_take(
            inventory.open_stock_take(warehouse, is_blind=True, by=keeper), by=keeper
        )

    @pytest.mark.usefixtures("given_up")
    def test_gain_and_loss_are_posted_on_a_note_with_a_number_of_its_own(
        self, waiting, station, gloves, cups, approver
    ):
        document = inventory.approve_stock_take(waiting, by=approver)

        assert (document.kind, document.number) == (DocumentKind.GAIN_LOSS, 1)
        assert (waiting.number, waiting.document) == (2, document)
        assert (level(station, gloves), level(station, cups)) == ((18, 0), (11, 0))
        assert [move.quantity for move in movements_to(locations.LOSS)] == [2]
        assert waiting.state is StockTakeState.POSTED

    def test_what_was_handed_out_since_is_not_lost(self, waiting, station, gloves, approver):
        hand_out(station, gloves, 5)

        inventory.approve_stock_take(waiting, by=approver)

        assert level(station, gloves) == (13, 0)

    def test_nor_is_what_was_handed_out_during_the_count(
        self, under_way, station, gloves, cups, keeper, approver
    ):
        count(under_way, gloves, 18, by=keeper)
        hand_out(station, cups, 4)
        count(under_way, cups, 6, by=keeper)
        hand_out(station, gloves, 1)
        finish(under_way, by=keeper)

        inventory.approve_stock_take(under_way, by=approver)

        assert (level(station, gloves), level(station, cups)) == ((17, 0), (6, 0))

    def test_more_missing_than_is_left_by_now_is_refused(self, waiting, station, gloves, approver):
        hand_out(station, gloves, 19)

        with pytest.raises(inventory.NotEnoughStock):
            inventory.approve_stock_take(waiting, by=approver)
        db.session.rollback()

    def test_a_loss_releases_what_it_leaves_no_pieces_for(
        self, waiting, station, gloves, approver
    ):
        holder = inventory.Holder("event", 7)
        inventory.reserve(station, gloves, 19, holder=holder)

        inventory.approve_stock_take(waiting, by=approver)

        assert level_at((station.id, gloves.id)).reserved == 18

    def test_not_by_whoever_finished_it(self, waiting, keeper):
        with pytest.raises(PreparerMayNotDecide):
            inventory.approve_stock_take(waiting, by=keeper)

    def test_nor_by_whoever_counted(self, under_way, gloves, cups, keeper, approver):
        count(under_way, gloves, 18, by=approver)
        count(under_way, cups, 10, by=keeper)
        finish(under_way, by=keeper)

        with pytest.raises(PreparerMayNotDecide):
            inventory.approve_stock_take(under_way, by=approver)

    def test_not_twice(self, waiting, approver):
        inventory.approve_stock_take(waiting, by=approver)

        with pytest.raises(AlreadyDecided):
            inventory.approve_stock_take(waiting, by=approver)

    def test_refused_it_is_counted_again(self, waiting, gloves, cups, keeper, approver):
        inventory.refuse_stock_take(waiting, comment="Look behind the door", by=approver)
        count(waiting, gloves, 20, by=keeper, round_number=2)
        count(waiting, cups, 10, by=keeper, round_number=2)

        finish(waiting, by=keeper)

        assert waiting.state is StockTakeState.POSTED
        assert waiting.document is None

    def test_given_up_while_it_waits_nothing_is_posted(self, waiting, keeper, approver):
        inventory.cancel_stock_take(waiting, by=keeper)

        with pytest.raises(AlreadyDecided):
            inventory.approve_stock_take(waiting, by=approver)

    def test_a_gain_settles_a_shortage_first(self, station, gloves, keeper, approver):
        receive(station, gloves, 1)
        hand_out(station, gloves, 3, shortage_allowed=True)
        stock_take = inventory.open_stock_take(station, is_blind=False, by=keeper)
        count(stock_take, gloves, 5, by=keeper)
        finish(stock_take, by=keeper)

        inventory.approve_stock_take(stock_take, by=approver)

        assert level(station, gloves) == (3, 0)
