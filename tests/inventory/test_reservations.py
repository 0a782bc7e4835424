"""What is reserved for somebody goes to nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.audit.models import AuditEntry
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind
from carecampaign.inventory.services import Holder, Line
from carecampaign.inventory.services.balances import level_at
from tests.inventory.stock import hand_out, level, package_of, receive

pytestmark = pytest.mark.usefixtures("adds_up")

OURS, THEIRS = Holder("requisition", 1), Holder("event", 1)


@pytest.fixture
def stocked(warehouse, gloves):
    """Ten pairs of gloves, six of them reserved for us."""
    receive(warehouse, gloves, 10)
    inventory.reserve(warehouse, gloves, 6, holder=OURS)


def reserved(place, item) -> int:
    return level_at((place.id, item.id)).reserved


def dispatch(source, target, item, quantity, holder=None):
    return inventory.dispatch(source, target, [Line(item, quantity)], holder=holder, by=SYSTEM)


@pytest.mark.usefixtures("stocked")
class TestReserving:
    def test_what_is_reserved_is_still_on_hand(self, warehouse, gloves):
        assert level(warehouse, gloves) == (10, 0)
        assert reserved(warehouse, gloves) == 6
        assert inventory.held_by(OURS) == [(warehouse.id, gloves.id, 6)]

    def test_more_for_the_same_holder_adds_up(self, warehouse, gloves):
        inventory.reserve(warehouse, gloves, 2, holder=OURS)

        assert inventory.held_by(OURS) == [(warehouse.id, gloves.id, 8)]

    def test_more_than_is_free_is_refused(self, warehouse, gloves):
        with pytest.raises(inventory.NotEnoughStock) as refusal:
            inventory.reserve(warehouse, gloves, 5, holder=THEIRS)

        assert refusal.value.on_hand == 4
        assert inventory.held_by(THEIRS) == []

    def test_as_much_as_is_free_may_be_reserved_instead(self, warehouse, gloves):
        holder = THEIRS
        assert inventory.reserve_what_is_free(warehouse, gloves, 9, holder=holder) == 4
        assert inventory.reserve_what_is_free(warehouse, gloves, 9, holder=holder) == 0

        assert inventory.held_by(THEIRS) == [(warehouse.id, gloves.id, 4)]

    def test_nothing_cannot_be_reserved(self, warehouse, gloves):
        with pytest.raises(inventory.NothingToMove):
            inventory.reserve(warehouse, gloves, 0, holder=OURS)

    def test_an_event_reserves_nothing_at_its_own_place(self, event, gloves):
        with pytest.raises(ValueError, match="warehouses, stations and units"):
            inventory.reserve(event, gloves, 1, holder=OURS)

    def test_what_is_past_its_date_is_reserved_for_nobody(self, warehouse, cups):
        receive(warehouse, cups, 5, expires_on=clock.today() - timedelta(days=1))

        with pytest.raises(inventory.NotEnoughStock):
            inventory.reserve(warehouse, cups, 1, holder=OURS)


@pytest.mark.usefixtures("stocked")
class TestTaking:
    def test_others_get_only_what_is_free(self, warehouse, station, gloves):
        with pytest.raises(inventory.NotEnoughStock) as refusal:
            dispatch(warehouse, station, gloves, 5)
        assert refusal.value.on_hand == 4
        dispatch(warehouse, station, gloves, 4)

        assert level(warehouse, gloves) == (6, 0)

    def test_what_is_free_must_be_good_for_whoever_it_is_reserved_for(
        self, warehouse, station, cups
    ):
        receive(warehouse, cups, 4, expires_on=clock.today() - timedelta(days=1))
        receive(warehouse, cups, 6)
        inventory.reserve(warehouse, cups, 6, holder=OURS)

        with pytest.raises(inventory.NotEnoughStock), db.session.begin_nested():
            dispatch(warehouse, station, cups, 1)

    def test_the_holder_uses_up_its_own_reservation(self, warehouse, station, gloves):
        dispatch(warehouse, station, gloves, 5, holder=OURS)

        assert level(warehouse, gloves) == (5, 0)
        assert inventory.held_by(OURS) == [(warehouse.id, gloves.id, 1)]

    def test_the_rest_of_its_own_reservation_keeps_nothing_from_the_holder(
        self, warehouse, station, cups
    ):
        good = receive(warehouse, cups, 1)
        receive(warehouse, cups, 5)
        inventory.reserve(warehouse, cups, 6, holder=OURS)
        receive(warehouse, cups, 1, expires_on=clock.today() - timedelta(days=1))
        inventory.reverse(good, reason="Typed twice", by=SYSTEM)

        dispatch(warehouse, station, cups, 5, holder=OURS)

        assert inventory.held_by(OURS)[-1] == (warehouse.id, cups.id, 1)

    def test_the_holder_gets_what_is_free_beyond_it(self, warehouse, event, gloves):
        inventory.move_stock(
            DocumentKind.OPENING, warehouse, event, [Line(gloves, 8)], holder=OURS, by=SYSTEM
        )

        assert level(warehouse, gloves) == (2, 0)
        assert inventory.held_by(OURS) == []

    def test_the_holder_does_not_get_what_is_reserved_for_another(
        self, warehouse, station, gloves
    ):
        inventory.reserve(warehouse, gloves, 3, holder=THEIRS)

        with pytest.raises(inventory.NotEnoughStock), db.session.begin_nested():
            dispatch(warehouse, station, gloves, 8, holder=OURS)

        assert reserved(warehouse, gloves) == 9

    def test_packages_are_put_together_from_what_is_free(self, warehouse, gloves):
        version = package_of((gloves, 1))

        with pytest.raises(inventory.NotEnoughStock), db.session.begin_nested():
            inventory.assemble(warehouse, version, quantity=5, by=SYSTEM)

    def test_a_receipt_is_not_reversed_from_under_a_reservation(self, warehouse, cups):
        note = receive(warehouse, cups, 5)
        inventory.reserve(warehouse, cups, 1, holder=OURS)

        with pytest.raises(inventory.NotEnoughStock), db.session.begin_nested():
            inventory.reverse(note, reason="Typed twice", by=SYSTEM)

    def test_nothing_reserved_is_handed_out_before_the_fact(self, warehouse, gloves):
        with pytest.raises(inventory.NotEnoughStock) as refusal:
            hand_out(warehouse, gloves, 5)
        assert refusal.value.on_hand == 4

    def test_what_was_handed_out_all_the_same_is_reserved_no_more(self, warehouse, gloves):
        hand_out(warehouse, gloves, 7, shortage_allowed=True)

        assert level(warehouse, gloves) == (3, 0)
        assert inventory.held_by(OURS) == [(warehouse.id, gloves.id, 3)]


@pytest.mark.usefixtures("stocked")
class TestReleasing:
    def test_what_a_holder_gives_back_is_free_again(self, warehouse, station, gloves):
        inventory.release(OURS)

        assert reserved(warehouse, gloves) == 0
        dispatch(warehouse, station, gloves, 10)

    def test_so_many_pieces_of_an_item_are_given_back(self, warehouse, gloves, cups):
        receive(warehouse, cups, 1)
        inventory.reserve(warehouse, cups, 1, holder=OURS)

        inventory.release(OURS, item=gloves, quantity=2)

        assert [held.quantity for held in inventory.held_by(OURS)] == [4, 1]

    def test_a_count_that_finds_too_few_releases_the_latest_reservations(self, warehouse, gloves):
        inventory.reserve(warehouse, gloves, 3, holder=THEIRS)

        inventory.post_difference(warehouse, gloves, -5, reason="Counted", by=SYSTEM)

        assert level(warehouse, gloves) == (5, 0)
        assert inventory.held_by(OURS) == [(warehouse.id, gloves.id, 5)]
        assert inventory.held_by(THEIRS) == []
        [entry] = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "inventory.release_reservations")
        )
        assert entry.changes["released"] == [[*THEIRS, 3], [*OURS, 1]]

    def test_a_count_that_leaves_enough_releases_nothing(self, warehouse, gloves):
        inventory.post_difference(warehouse, gloves, -4, reason="Counted", by=SYSTEM)

        assert inventory.held_by(OURS) == [(warehouse.id, gloves.id, 6)]

    def test_pieces_set_aside_are_reserved_for_nobody(self, warehouse, gloves):
        inventory.set_aside_unexplained(warehouse, gloves, 7, reason="Gone", by=SYSTEM)

        assert inventory.held_by(OURS) == [(warehouse.id, gloves.id, 3)]

    def test_a_count_beyond_all_stock_is_refused_and_releases_nothing(self, warehouse, gloves):
        with pytest.raises(inventory.NotEnoughStock), db.session.begin_nested():
            inventory.post_difference(warehouse, gloves, -11, reason="Counted", by=SYSTEM)

        assert inventory.held_by(OURS) == [(warehouse.id, gloves.id, 6)]
