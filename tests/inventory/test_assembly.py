"""Care packages are put together and taken apart without losing a piece or a fen."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import Lot, StockLot
from tests.factories import FundSourceFactory, ItemFactory
from tests.inventory.stock import hand_out, level, lots, package_of, receive

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def package(gloves, cups):
    """Two gloves and one cup."""
    return package_of((gloves, 2), (cups, 1))


def assemble(place, version, quantity):
    return inventory.assemble(place, version, quantity=quantity, by=SYSTEM)


def take_apart(place, version, quantity):
    return inventory.take_apart(place, version, quantity=quantity, by=SYSTEM)


def lots_of(place, item):
    return db.session.scalars(
        select(Lot)
        .join(StockLot, StockLot.lot_id == Lot.id)
        .where(StockLot.location_id == place.id, StockLot.item_id == item.id)
        .order_by(Lot.id)
    ).all()


class TestAssembling:
    def test_contents_go_and_packages_come(self, warehouse, gloves, cups, package):
        receive(warehouse, gloves, 50, unit_value=300)
        receive(warehouse, cups, 50, unit_value=1000)

        note = assemble(warehouse, package, 10)

        assert level(warehouse, gloves) == (30, 0)
        assert level(warehouse, cups) == (40, 0)
        assert lots(warehouse, package.item) == [(1600, 10)]
        assert [(line.item, line.quantity) for line in note.lines] == [
            (gloves, 20),
            (cups, 10),
            (package.item, 10),
        ]

    def test_a_value_that_does_not_divide_makes_two_lots_a_fen_apart(self, warehouse, gloves):
        package = package_of((gloves, 1))
        fund = FundSourceFactory()
        receive(warehouse, gloves, 2, unit_value=100, fund=fund)
        receive(warehouse, gloves, 1, unit_value=101, fund=fund)

        assemble(warehouse, package, 3)

        assert lots(warehouse, package.item) == [(100, 2), (101, 1)]

    def test_each_source_pays_for_the_packages_exactly_what_its_contents_were_worth(
        self, warehouse, gloves, cups, package
    ):
        bought, given = FundSourceFactory(), FundSourceFactory()
        receive(warehouse, gloves, 14, unit_value=0, fund=bought)
        receive(warehouse, cups, 1, unit_value=104, fund=given)
        receive(warehouse, cups, 6, unit_value=101, fund=bought)

        assemble(warehouse, package, 7)

        worth = Counter()
        for lot in lots_of(warehouse, package.item):
            assert sum(share.value for share in lot.shares) == lot.unit_value
            held = db.session.get_one(StockLot, (warehouse.id, lot.id)).on_hand
            worth.update({share.fund_source: share.value * held for share in lot.shares})
        assert worth == {bought: 606, given: 104}

    def test_what_is_past_its_date_goes_into_no_package(self, warehouse, gloves, cups, package):
        receive(warehouse, gloves, 2, expires_on=clock.today() - timedelta(days=1))
        receive(warehouse, cups, 1)

        with pytest.raises(inventory.NotEnoughStock) as refusal:
            assemble(warehouse, package, 1)

        assert (refusal.value.item, refusal.value.on_hand) == (gloves, 0)
        db.session.rollback()

    def test_short_contents_are_refused(self, warehouse, gloves, cups, package):
        receive(warehouse, gloves, 50)
        receive(warehouse, cups, 3)

        with pytest.raises(inventory.NotEnoughStock) as refusal:
            assemble(warehouse, package, 4)

        assert refusal.value.item == cups
        db.session.rollback()

    def test_an_empty_package_cannot_be_assembled(self, warehouse):
        with pytest.raises(inventory.NothingToMove):
            assemble(warehouse, package_of(), 1)

    def test_packages_expire_with_the_first_of_their_contents(
        self, warehouse, gloves, cups, package
    ):
        receive(warehouse, gloves, 2, expires_on=date(2127, 5, 1))
        receive(warehouse, cups, 1)

        assemble(warehouse, package, 1)

        assert [lot.expires_on for lot in lots_of(warehouse, package.item)] == [date(2127, 5, 1)]

    @pytest.mark.parametrize("is_shared", [True, False])
    def test_the_fund_source_is_kept_where_all_contents_share_it(
        self, warehouse, gloves, cups, package, is_shared
    ):
        fund = FundSourceFactory()
        receive(warehouse, gloves, 2, fund=fund)
        receive(warehouse, cups, 1, fund=fund if is_shared else FundSourceFactory())

        assemble(warehouse, package, 1)

        [lot] = lots_of(warehouse, package.item)
        assert lot.fund_source_id == (fund.id if is_shared else None)

    def test_packages_count_as_donated_when_all_of_them_is(self, warehouse, gloves, cups, package):
        receive(warehouse, gloves, 4, is_donated=True)
        receive(warehouse, cups, 1, is_donated=True)
        assemble(warehouse, package, 1)
        receive(warehouse, cups, 1)
        assemble(warehouse, package, 1)

        assert [lot.is_donated for lot in lots_of(warehouse, package.item)] == [True, False]

    def test_packages_assembled_late_settle_what_was_handed_out_early(
        self, event, gloves, cups, package
    ):
        receive(event, gloves, 20)
        receive(event, cups, 10)
        hand_out(event, package.item, 3, shortage_allowed=True)

        assemble(event, package, 10)

        assert level(event, package.item) == (7, 0)


class TestTakingApart:
    def test_contents_come_back_as_the_lots_they_were(self, warehouse, gloves, cups, package):
        receive(warehouse, gloves, 20, unit_value=300)
        receive(warehouse, cups, 10, unit_value=1000)
        assemble(warehouse, package, 10)

        take_apart(warehouse, package, 4)

        assert lots(warehouse, gloves) == [(300, 8)]
        assert lots(warehouse, cups) == [(1000, 4)]
        assert lots(warehouse, package.item) == [(1600, 6)]
        assert db.session.query(Lot).count() == 3

    def test_a_whole_assembly_comes_back_whole_however_its_value_divided(self, warehouse, gloves):
        package = package_of((gloves, 1))
        receive(warehouse, gloves, 2, unit_value=100)
        receive(warehouse, gloves, 3, unit_value=163)
        assemble(warehouse, package, 5)

        take_apart(warehouse, package, 5)

        assert lots(warehouse, gloves) == [(100, 2), (163, 3)]

    def test_pieces_worth_something_else_come_back_as_new_lots_of_the_same_worth(
        self, warehouse, gloves
    ):
        package = package_of((gloves, 1))
        receive(warehouse, gloves, 2, unit_value=100)
        receive(warehouse, gloves, 2, unit_value=163)
        assemble(warehouse, package, 4)

        take_apart(warehouse, package, 1)

        assert lots(warehouse, gloves) == [(131, 1)]

    def test_no_piece_comes_back_twice(self, warehouse, gloves):
        package = package_of((gloves, 2))
        receive(warehouse, gloves, 6, unit_value=100)
        assemble(warehouse, package, 3)

        for _package in range(3):
            take_apart(warehouse, package, 1)

        assert lots(warehouse, gloves) == [(100, 6)]

    def test_packages_of_several_assemblies_come_back_as_each_was(self, warehouse, gloves):
        package = package_of((gloves, 1))
        for unit_value in (100, 120):
            receive(warehouse, gloves, 2, unit_value=unit_value)
            assemble(warehouse, package, 2)

        take_apart(warehouse, package, 3)

        assert lots(warehouse, gloves) == [(100, 2), (120, 1)]

    def test_packages_that_came_from_outside_are_spread_by_reference_value(
        self, warehouse, gloves, cups, package
    ):
        fund = FundSourceFactory()
        receive(warehouse, package.item, 1, unit_value=3401, fund=fund, lot_code="P1")

        take_apart(warehouse, package, 1)

        # Two gloves at 7 yuan and a cup at 20 yuan: 1400 to 2000 of 3401 fen.
        assert lots(warehouse, gloves) == [(700, 2)]
        assert lots(warehouse, cups) == [(2001, 1)]
        assert {lot.fund_source_id for lot in lots_of(warehouse, gloves)} == {fund.id}
        assert {lot.code for lot in lots_of(warehouse, cups)} == {"P1"}

    def test_without_reference_values_they_are_spread_by_pieces(self, warehouse):
        first, second = ItemFactory(), ItemFactory()
        package = package_of((first, 3), (second, 1))
        receive(warehouse, package.item, 1, unit_value=401)

        take_apart(warehouse, package, 1)

        assert lots(warehouse, first) == [(100, 3)]
        assert lots(warehouse, second) == [(101, 1)]

    def test_a_worthless_content_gets_nothing_of_the_value(self, warehouse, gloves):
        leaflet = ItemFactory()
        package = package_of((gloves, 1), (leaflet, 1))
        receive(warehouse, package.item, 1, unit_value=401)

        take_apart(warehouse, package, 1)

        assert lots(warehouse, gloves) == [(401, 1)]
        assert lots(warehouse, leaflet) == [(0, 1)]

    def test_not_more_than_there_are(self, warehouse, package):
        with pytest.raises(inventory.NotEnoughStock):
            take_apart(warehouse, package, 1)
        db.session.rollback()

    def test_taking_apart_can_be_reversed(self, warehouse, gloves):
        package = package_of((gloves, 2))
        receive(warehouse, gloves, 6)
        assemble(warehouse, package, 3)
        note = take_apart(warehouse, package, 2)

        inventory.reverse(note, reason="Still needed", by=SYSTEM)
        assert level(warehouse, package.item) == (3, 0)

        take_apart(warehouse, package, 3)
        assert lots(warehouse, gloves) == [(100, 6)]
