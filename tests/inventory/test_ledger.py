"""The stock ledger: what comes in and what goes to people."""

import uuid
from datetime import date

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.audit.models import AuditEntry, AuditPending
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import (
    LocationKind,
    Movement,
    StockDocument,
)
from carecampaign.inventory.queries import stock_at
from carecampaign.inventory.services import handouts, locations, sealing, statements
from carecampaign.inventory.services.moves import execute
from tests.factories import (
    FundSourceFactory,
    OrganizationFactory,
)
from tests.inventory.stock import hand_out, level, lots, movements_to, receive, take_back

pytestmark = pytest.mark.usefixtures("adds_up")


class TestReceiving:
    def test_bought_goods_come_from_the_supplier_with_value_and_fund(self, warehouse, gloves):
        fund = FundSourceFactory()

        note = receive(warehouse, gloves, 50, unit_value=650, fund=fund)

        assert level(warehouse, gloves) == (50, 0)
        assert note.source.kind == LocationKind.SUPPLIER
        [movement] = movements_to(warehouse.id)
        assert (movement.quantity, movement.value) == (50, 32_500)
        assert movement.fund_source_id == fund.id
        assert not movement.lot.is_donated

    def test_donated_goods_come_from_the_donor(self, warehouse, gloves):
        note = receive(warehouse, gloves, 5, is_donated=True)

        assert note.source.kind == LocationKind.DONOR
        assert movements_to(warehouse.id)[0].lot.is_donated

    def test_a_lot_without_a_code_is_named_by_its_day(self, warehouse, gloves):
        receive(warehouse, gloves, 5)
        receive(warehouse, gloves, 5, lot_code="B7")

        codes = [movement.lot.code for movement in movements_to(warehouse.id)]
        assert codes == ["20261124", "B7"]

    @pytest.mark.parametrize("quantity", [0, -3])
    def test_a_line_must_move_something(self, warehouse, gloves, quantity):
        with pytest.raises(inventory.NothingToMove):
            receive(warehouse, gloves, quantity)

    def test_a_note_needs_a_line(self, warehouse):
        with pytest.raises(inventory.NothingToMove):
            inventory.receive_goods(
                warehouse,
                [],
                fund_source=FundSourceFactory(),
                is_donated=False,
                counterpart="",
                dated_on=date(2026, 11, 24),
                by=SYSTEM,
            )

    @pytest.mark.parametrize("unit_value", [-1, 10**15])
    def test_a_value_out_of_bounds_is_refused(self, warehouse, gloves, unit_value):
        with pytest.raises(inventory.ValueOutOfBounds):
            receive(warehouse, gloves, 2, unit_value=unit_value)

    def test_numbers_run_without_gaps_per_organisation_year_and_kind(self, warehouse, gloves):
        elsewhere = inventory.create_warehouse(
            "Elsewhere", organization=OrganizationFactory(), by=SYSTEM
        )
        notes = [receive(place, gloves, 1) for place in (warehouse, warehouse, elsewhere)]
        other_year = inventory.receive_goods(
            warehouse,
            [inventory.ReceiptLine(gloves, 1, 1)],
            fund_source=FundSourceFactory(),
            is_donated=False,
            counterpart="",
            dated_on=date(2023, 12, 1),
            by=SYSTEM,
        )

        assert [note.number for note in notes] == [1, 2, 1]
        assert (other_year.year, other_year.number) == (2023, 1)

    def test_a_document_is_audited_and_noted_for_sealing(self, warehouse, gloves):
        note = receive(warehouse, gloves, 5)

        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "inventory.receive_goods")
        ).one()
        assert entry.subject_id == str(note.id)
        assert entry.organization_path == warehouse.organization.path
        pending = db.session.scalars(
            select(AuditPending).where(AuditPending.kind == sealing.DOCUMENT)
        ).one()
        assert sealing.document_digests([pending.ref, "not a number"]) == {
            str(note.id): pending.digest
        }


class TestHandingOut:
    def test_pieces_go_to_the_recipients_at_their_value(self, event, gloves):
        receive(event, gloves, 10, unit_value=650)

        _id, result = hand_out(event, gloves, 3)

        assert (result.value, result.shortage) == (1950, 0)
        assert level(event, gloves) == (7, 0)
        [movement] = movements_to(locations.RECIPIENTS)
        assert (movement.quantity, movement.value, movement.source_id) == (3, 1950, event.id)

    def test_what_expires_first_goes_first_and_what_never_expires_last(self, event, gloves):
        receive(event, gloves, 5, unit_value=1)
        receive(event, gloves, 5, unit_value=2, expires_on=date(2127, 6, 1))
        receive(event, gloves, 5, unit_value=3, expires_on=date(2127, 1, 1))

        _id, result = hand_out(event, gloves, 7)

        assert result.value == 5 * 3 + 2 * 2
        assert lots(event, gloves) == [(1, 5), (2, 3)]

    def test_more_than_there_is_is_refused_with_the_number_left(self, event, gloves):
        receive(event, gloves, 2)

        with pytest.raises(inventory.NotEnoughStock) as refusal:
            hand_out(event, gloves, 3)

        assert refusal.value.on_hand == 2
        assert refusal.value.field == "quantity"
        assert level(event, gloves) == (2, 0)

    def test_what_a_place_never_had_is_refused_too(self, event, gloves):
        with pytest.raises(inventory.NotEnoughStock) as refusal:
            hand_out(event, gloves, 1)

        assert refusal.value.on_hand == 0

    def test_nothing_cannot_be_handed_out(self, event, gloves):
        receive(event, gloves, 2)

        with pytest.raises(inventory.NothingToMove):
            hand_out(event, gloves, -1)

    def test_taking_back_restores_lots_and_value(self, event, gloves):
        receive(event, gloves, 2, unit_value=5, expires_on=date(2127, 1, 1))
        receive(event, gloves, 2, unit_value=7)
        handout_id, result = hand_out(event, gloves, 3)

        assert take_back(handout_id) == result.value == 17
        assert lots(event, gloves) == [(5, 2), (7, 2)]

    def test_a_handout_is_taken_back_once(self, event, gloves):
        receive(event, gloves, 2)
        handout_id, _result = hand_out(event, gloves, 1)
        take_back(handout_id)

        with pytest.raises(inventory.AlreadyReversed):
            take_back(handout_id)

    def test_the_database_refuses_a_second_reversal_by_itself(self, event, gloves, monkeypatch):
        receive(event, gloves, 2)
        handout_id, _result = hand_out(event, gloves, 1)
        seen_by_both = execute(statements.MOVEMENTS_OF_HANDOUT, handout=handout_id).all()
        take_back(handout_id)
        db.session.commit()
        monkeypatch.setattr(handouts, "_movements_of", lambda _id: seen_by_both)

        with pytest.raises(inventory.AlreadyReversed):
            take_back(handout_id)
        db.session.rollback()

        assert level(event, gloves) == (2, 0)

    def test_an_unknown_handout_cannot_be_taken_back(self):
        with pytest.raises(NotFound):
            take_back(uuid.uuid4())


class TestHandingOutBeyondTheBooks:
    def test_the_rest_goes_out_unexplained_at_a_provisional_value(self, event, gloves):
        receive(event, gloves, 2, unit_value=650)

        _id, result = hand_out(event, gloves, 5, shortage_allowed=True)

        assert (result.value, result.shortage) == (5 * 650, 3)
        assert level(event, gloves) == (0, -3)
        assert [movement.lot_id is None for movement in movements_to(locations.RECIPIENTS)] == [
            False,
            True,
        ]

    def test_where_no_lot_is_known_the_reference_value_counts(self, event, gloves):
        _id, result = hand_out(event, gloves, 2, shortage_allowed=True)

        assert (result.value, result.shortage) == (1400, 2)
        assert level(event, gloves) == (0, -2)

    def test_what_is_in_stock_is_no_shortage(self, event, gloves):
        receive(event, gloves, 2)

        _id, result = hand_out(event, gloves, 2, shortage_allowed=True)

        assert result.shortage == 0

    def test_stock_that_came_in_the_meantime_is_used_first(self, event, gloves, monkeypatch):
        receive(event, gloves, 5)
        monkeypatch.setattr(handouts, "take_level", lambda _key, _quantity: False)

        _id, result = hand_out(event, gloves, 2, shortage_allowed=True)

        assert result.shortage == 0
        assert level(event, gloves) == (3, 0)

    def test_a_late_receipt_settles_it_with_true_value_and_fund(self, event, gloves):
        fund = FundSourceFactory()
        hand_out(event, gloves, 3, shortage_allowed=True)

        receive(event, gloves, 10, unit_value=650, fund=fund)

        assert level(event, gloves) == (7, 0)
        settled = movements_to(locations.SETTLEMENT)
        assert [(move.quantity, move.value, move.fund_source_id) for move in settled] == [
            (3, 1950, fund.id)
        ]
        unknown = [move for move in movements_to(event.id) if move.lot_id is None]
        assert [(move.quantity, move.value) for move in unknown] == [(3, 2100)]

    def test_a_receipt_that_covers_a_part_settles_a_part(self, event, gloves):
        hand_out(event, gloves, 3, shortage_allowed=True)

        receive(event, gloves, 1, unit_value=650)
        receive(event, gloves, 5, unit_value=600)

        assert level(event, gloves) == (3, 0)
        returned = [move.value for move in movements_to(event.id) if move.lot_id is None]
        assert returned == [700, 1400]

    def test_taking_it_back_before_the_receipt_gives_the_unexplained_back(self, event, gloves):
        receive(event, gloves, 2)
        handout_id, result = hand_out(event, gloves, 5, shortage_allowed=True)

        assert take_back(handout_id) == result.value
        assert level(event, gloves) == (2, 0)

    def test_taking_it_back_after_the_receipt_gives_the_pieces_back(self, event, gloves):
        receive(event, gloves, 3, unit_value=600)
        handout_id, _result = hand_out(event, gloves, 5, shortage_allowed=True)
        receive(event, gloves, 10, unit_value=650)
        assert level(event, gloves) == (8, 0)

        take_back(handout_id)

        assert level(event, gloves) == (13, 0)
        assert lots(event, gloves) == [(600, 3), (650, 10)]

    def test_what_one_handout_gives_back_covers_what_another_lacks(self, event, gloves):
        receive(event, gloves, 3)
        first, _result = hand_out(event, gloves, 3)
        hand_out(event, gloves, 4, shortage_allowed=True)

        take_back(first)

        assert level(event, gloves) == (0, -1)

    def test_no_more_lots_come_back_than_the_handout_took(self, event, gloves):
        hand_out(event, gloves, 2, shortage_allowed=True)
        second, _result = hand_out(event, gloves, 3, shortage_allowed=True)
        receive(event, gloves, 2, unit_value=600)
        receive(event, gloves, 3, unit_value=650)

        take_back(second)

        assert lots(event, gloves) == [(650, 3)]

    def test_only_the_settled_part_comes_back_as_pieces(self, event, gloves):
        first, _result = hand_out(event, gloves, 2, shortage_allowed=True)
        hand_out(event, gloves, 2, shortage_allowed=True)
        receive(event, gloves, 3)
        assert level(event, gloves) == (0, -1)

        take_back(first)

        assert level(event, gloves) == (1, 0)


def test_handouts_leave_the_session_alone_but_queries_see_the_truth(event, gloves):
    receive(event, gloves, 3)
    [before] = stock_at(event)
    assert before.on_hand == 3

    hand_out(event, gloves, 1)

    assert [row.on_hand for row in stock_at(event)] == [2]


def test_nothing_is_ever_changed_in_the_ledger(event, gloves):
    receive(event, gloves, 3)
    before = [(row.id, row.quantity, row.value) for row in db.session.query(Movement)]
    handout_id, _result = hand_out(event, gloves, 5, shortage_allowed=True)
    take_back(handout_id)
    receive(event, gloves, 3)

    after = [(row.id, row.quantity, row.value) for row in db.session.query(Movement)]

    assert after[: len(before)] == before
    assert all(
        isinstance(row.recorded_at, type(clock.now())) for row in db.session.query(Movement)
    )
    assert db.session.query(StockDocument).count() == 2
