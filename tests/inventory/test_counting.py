"""A count finds fewer or more than the books say, or people settle it later."""

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import (
    DocumentKind,
    LocationKind,
)
from carecampaign.inventory.services import locations
from tests.inventory.stock import hand_out, level, lots, movements_to, receive, take_back

pytestmark = pytest.mark.usefixtures("adds_up")


class TestCounting:
    def test_fewer_pieces_are_a_loss(self, event, gloves):
        receive(event, gloves, 10)

        note = inventory.post_difference(event, gloves, -2, reason="Torn", by=SYSTEM)

        assert level(event, gloves) == (8, 0)
        assert (note.kind, note.note) == (DocumentKind.DIFFERENCE, "Torn")
        assert [move.quantity for move in movements_to(locations.LOSS)] == [2]

    def test_more_pieces_are_booked_as_the_latest_lot_here(self, event, warehouse, gloves):
        receive(event, gloves, 1, unit_value=600)
        receive(event, gloves, 1, unit_value=650)
        receive(warehouse, gloves, 1, unit_value=900)

        inventory.post_difference(event, gloves, 2, reason="Found", by=SYSTEM)

        assert lots(event, gloves) == [(600, 1), (650, 3)]

    def test_a_place_that_never_had_the_item_books_its_latest_lot(self, event, warehouse, gloves):
        receive(warehouse, gloves, 1, unit_value=900)

        inventory.post_difference(event, gloves, 2, reason="Found", by=SYSTEM)

        assert lots(event, gloves) == [(900, 2)]

    def test_what_was_never_received_has_no_value_to_book(self, event, gloves):
        with pytest.raises(inventory.NotAllocatable):
            inventory.post_difference(event, gloves, 2, reason="Found", by=SYSTEM)

    def test_no_difference_is_no_document(self, event, gloves):
        with pytest.raises(inventory.NothingToMove):
            inventory.post_difference(event, gloves, 0, reason="", by=SYSTEM)

    def test_found_pieces_settle_a_shortage_first(self, event, gloves):
        receive(event, gloves, 1)
        hand_out(event, gloves, 3, shortage_allowed=True)

        inventory.post_difference(event, gloves, 5, reason="Found", by=SYSTEM)

        assert level(event, gloves) == (3, 0)


class TestSettingAside:
    def test_pieces_leave_the_stock_without_a_movement(self, event, gloves):
        receive(event, gloves, 10)

        inventory.set_aside_unexplained(event, gloves, 4, reason="Later", by=SYSTEM)

        assert level(event, gloves) == (6, 4)
        assert lots(event, gloves) == [(100, 6)]
        assert movements_to(locations.LOSS) == []
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "inventory.set_aside_unexplained")
        ).one()
        assert entry.changes["quantity"] == 4

    def test_not_more_than_there_is(self, event, gloves):
        receive(event, gloves, 1)

        with pytest.raises(inventory.NotEnoughStock):
            inventory.set_aside_unexplained(event, gloves, 2, reason="Later", by=SYSTEM)

    def test_something_at_least(self, event, gloves):
        with pytest.raises(inventory.NothingToMove):
            inventory.set_aside_unexplained(event, gloves, 0, reason="Later", by=SYSTEM)

    def test_a_late_handout_explains_them_and_is_no_shortage(self, event, gloves):
        receive(event, gloves, 10)
        inventory.set_aside_unexplained(event, gloves, 10, reason="Later", by=SYSTEM)

        _id, result = hand_out(event, gloves, 4, shortage_allowed=True)
        _id, beyond = hand_out(event, gloves, 8, shortage_allowed=True)

        assert result.shortage == 0
        assert beyond.shortage == 2
        assert level(event, gloves) == (0, -2)

    def test_taking_the_late_handout_back_leaves_them_unexplained_again(self, event, gloves):
        receive(event, gloves, 10)
        inventory.set_aside_unexplained(event, gloves, 10, reason="Later", by=SYSTEM)
        handout_id, _result = hand_out(event, gloves, 4, shortage_allowed=True)

        take_back(handout_id)

        assert level(event, gloves) == (0, 10)

    def test_what_stays_unexplained_is_written_off_at_its_own_value(self, event, gloves):
        receive(event, gloves, 3, unit_value=600)
        receive(event, gloves, 3, unit_value=650)
        inventory.set_aside_unexplained(event, gloves, 5, reason="Later", by=SYSTEM)

        note = inventory.settle_unexplained(event, gloves, reason="Lost", by=SYSTEM)

        assert note.target.kind == LocationKind.LOSS
        assert level(event, gloves) == (1, 0)
        lost = [(move.quantity, move.value) for move in movements_to(locations.LOSS)]
        assert lost == [(3, 1800), (2, 1300)]

    def test_what_was_explained_by_a_handout_is_taken_off_the_last_lots(self, event, gloves):
        receive(event, gloves, 3, unit_value=600)
        receive(event, gloves, 3, unit_value=650)
        inventory.set_aside_unexplained(event, gloves, 6, reason="Later", by=SYSTEM)
        hand_out(event, gloves, 4, shortage_allowed=True)

        inventory.settle_unexplained(event, gloves, reason="Lost", by=SYSTEM)

        assert [move.value for move in movements_to(locations.LOSS)] == [1200]

    def test_a_part_that_was_explained_is_not_written_off(self, event, gloves):
        receive(event, gloves, 9)
        inventory.set_aside_unexplained(event, gloves, 9, reason="Later", by=SYSTEM)
        hand_out(event, gloves, 4, shortage_allowed=True)

        inventory.settle_unexplained(event, gloves, reason="Lost", by=SYSTEM)

        assert level(event, gloves) == (0, 0)
        assert [move.quantity for move in movements_to(locations.LOSS)] == [5]

    def test_what_was_handed_out_beyond_the_books_is_booked_as_found(self, event, gloves):
        hand_out(event, gloves, 3, shortage_allowed=True)

        note = inventory.settle_unexplained(event, gloves, reason="Uncounted", by=SYSTEM)

        assert note.source.kind == LocationKind.LOSS
        assert level(event, gloves) == (0, 0)
        assert [move.value for move in movements_to(event.id)] == [2100]

    def test_a_handout_settled_as_found_and_taken_back_can_be_written_off(self, event, gloves):
        handout_id, _result = hand_out(event, gloves, 3, shortage_allowed=True)
        inventory.settle_unexplained(event, gloves, reason="Uncounted", by=SYSTEM)
        take_back(handout_id)
        assert level(event, gloves) == (0, 3)

        inventory.settle_unexplained(event, gloves, reason="Never were", by=SYSTEM)

        assert level(event, gloves) == (0, 0)

    def test_there_must_be_something_to_settle(self, event, gloves):
        with pytest.raises(inventory.NothingToMove):
            inventory.settle_unexplained(event, gloves, reason="", by=SYSTEM)
