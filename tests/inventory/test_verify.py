"""``flask inventory verify`` names whatever does not add up."""

import pytest
from sqlalchemy import delete, update

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.commands import verify as verify_command
from carecampaign.inventory.models import (
    DocumentCounter,
    DocumentKind,
    DocumentLine,
    DocumentState,
    Lot,
    LotShare,
    Movement,
    StockDocument,
    StockLot,
    StockReservation,
)
from carecampaign.inventory.services import verification
from carecampaign.inventory.services.locations import ASSEMBLY, RECIPIENTS, SETTLEMENT
from carecampaign.inventory.services.verification import verify
from carecampaign.inventory.words import document_number
from tests.factories import FundSourceFactory
from tests.inventory.stock import corrupt, hand_out, package_of, receive


@pytest.fixture
def noise(warehouse, station, event, gloves, cups):
    """A ledger in which everything has happened once."""
    package = package_of((gloves, 2), (cups, 1))
    receive(warehouse, gloves, 90, unit_value=300)
    receive(warehouse, cups, 40, unit_value=1000)
    inventory.assemble(warehouse, package, quantity=20, by=SYSTEM)
    inventory.take_apart(warehouse, package, quantity=2, by=SYSTEM)
    note = inventory.dispatch(warehouse, station, [inventory.Line(package.item, 8)], by=SYSTEM)
    arrivals = {note.lines[0].id: inventory.Arrival(7, "Lost")}
    inventory.receive_transfer(note, arrivals, by=SYSTEM)
    inventory.dispatch(warehouse, station, [inventory.Line(cups, 5)], by=SYSTEM)
    hand_out(event, cups, 2, shortage_allowed=True)
    inventory.move_stock(
        DocumentKind.OPENING, warehouse, event, [inventory.Line(cups, 5)], by=SYSTEM
    )
    inventory.set_aside_unexplained(event, cups, 1, reason="Later", by=SYSTEM)
    inventory.reverse(receive(warehouse, gloves, 9), reason="Twice", by=SYSTEM)
    return package


def title(document_id):
    return document_number(db.session.get(StockDocument, document_id))


def change(model, condition, **values):
    db.session.execute(update(model).where(condition).values(**values))


def named(*words):
    """Every difference found, which must be some, names all the words."""
    differences = verify()
    assert differences
    assert all(word in difference for difference in differences for word in words), differences


def test_a_ledger_in_which_everything_happened_adds_up(noise):
    assert verify() == []


def test_a_changed_level_is_named(noise, warehouse, cups):
    corrupt(warehouse, cups, on_hand=99)

    differences = verify()

    assert len(differences) == 2
    assert all(warehouse.name in text and "Cups" in text for text in differences)


def test_a_changed_unexplained_figure_is_named(noise, event, cups):
    corrupt(event, cups, unexplained=0)

    named(event.name, "Cups")


def test_pieces_shifted_from_lot_to_lot_are_named(noise, warehouse, gloves):
    receive(warehouse, gloves, 10, lot_code="B2")
    first, last = (
        db.session.query(StockLot.lot_id)
        .filter_by(location_id=warehouse.id, item_id=gloves.id)
        .filter(StockLot.on_hand > 0)
        .order_by(StockLot.lot_id)
    )
    change(StockLot, StockLot.lot_id == first[0], on_hand=StockLot.on_hand - 1)
    change(StockLot, StockLot.lot_id == last[0], on_hand=StockLot.on_hand + 1)

    named(warehouse.name, "Gloves", "B2")


def test_a_lot_without_a_level_is_named(noise, event, gloves):
    lot_id = db.session.query(StockLot.lot_id).filter_by(item_id=gloves.id).first()[0]
    db.session.add(StockLot(location_id=event.id, lot_id=lot_id, item_id=gloves.id, on_hand=3))
    db.session.flush()

    named(event.name, "Gloves")


def test_a_movement_that_vanished_is_named(noise, event, cups):
    db.session.execute(
        delete(Movement).where(Movement.target_id == RECIPIENTS, Movement.item_id == cups.id)
    )

    named(event.name, "Cups")


@pytest.mark.parametrize("column", ["value", "fund_source_id"])
def test_a_movement_that_is_not_worth_its_lot_is_named(noise, warehouse, gloves, column):
    receive(warehouse, gloves, 5)
    movement = db.session.query(Movement).order_by(Movement.id.desc()).first()
    change(
        Movement,
        Movement.id == movement.id,
        **{column: FundSourceFactory().id if column == "fund_source_id" else movement.value + 1},
    )

    named(f" {movement.id} ")


def test_a_reversal_that_does_not_mirror_is_named(noise):
    reversal = db.session.query(Movement).filter(Movement.reverses_id.is_not(None)).first()
    original = db.session.get(Movement, reversal.reverses_id)
    other = db.session.query(Movement).filter_by(item_id=original.item_id).first()
    change(Movement, Movement.id == reversal.id, reverses_id=other.id)

    assert any(f" {reversal.id} " in difference for difference in verify())


def test_an_assembly_that_makes_value_is_named(noise):
    made = db.session.query(Movement).filter_by(source_id=ASSEMBLY).first()
    change(Movement, Movement.id == made.id, value=made.value + 1)

    assert any(
        title(made.line.document_id) in difference and "-1" in difference
        for difference in verify()
    )


def test_an_assembly_that_swallows_contents_is_named(noise):
    used = db.session.query(Movement).filter_by(target_id=ASSEMBLY).first()
    change(Movement, Movement.id == used.id, quantity=used.quantity + 1)

    assert any(
        title(used.line.document_id) in difference and used.item.name in difference
        for difference in verify()
    )


def test_stock_in_transit_that_nobody_sent_is_named(noise, station, cups):
    note = db.session.query(StockDocument).filter_by(state=DocumentState.IN_TRANSIT).one()
    change(DocumentLine, DocumentLine.document_id == note.id, quantity=4)

    named(station.name, "Cups")


def test_an_arrival_that_did_not_come_is_named(noise):
    note = db.session.query(StockDocument).filter_by(state=DocumentState.RECEIVED).one()
    change(DocumentLine, DocumentLine.document_id == note.id, received=8)

    named(title(note.id), "8", "7")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (DocumentState.REVERSED, DocumentState.POSTED),
        (DocumentState.POSTED, DocumentState.REVERSED),
    ],
)
def test_a_state_that_its_movements_contradict_is_named(noise, before, after):
    note = db.session.query(StockDocument).filter_by(state=before).first()
    change(StockDocument, StockDocument.id == note.id, state=after)

    named(title(note.id))


def test_a_changed_reservation_is_named(noise, warehouse, gloves):
    inventory.reserve(warehouse, gloves, 5, holder=inventory.Holder("requisition", 1))
    change(StockReservation, StockReservation.item_id == gloves.id, quantity=4)

    named(warehouse.name, "Gloves", "5", "4")


def test_a_reserved_figure_that_nobody_holds_is_named(noise, station, warehouse, cups):
    corrupt(warehouse, cups, reserved=3)

    named(warehouse.name, "Cups", "3", "0")


def test_a_lot_whose_shares_are_not_its_value_is_named(noise, gloves):
    lot = db.session.query(Lot).filter_by(item_id=gloves.id).first()
    change(LotShare, LotShare.lot_id == lot.id, value=lot.unit_value + 1)

    named("Gloves", lot.code, str(lot.unit_value + 1))


def test_a_lot_that_nobody_paid_for_is_named(noise, gloves):
    lot = db.session.query(Lot).filter_by(item_id=gloves.id).first()
    db.session.execute(delete(LotShare).where(LotShare.lot_id == lot.id))

    named("Gloves", lot.code)


def test_a_settlement_with_something_left_over_is_named(noise, cups):
    settled = db.session.query(Movement).filter_by(source_id=SETTLEMENT).first()
    change(Movement, Movement.id == settled.id, quantity=settled.quantity + 1)

    assert any("Cups" in difference for difference in verify())


def test_a_gap_in_the_numbers_is_named(noise, union):
    note = db.session.query(StockDocument).filter_by(kind=DocumentKind.RECEIPT, number=2).one()
    change(StockDocument, StockDocument.id == note.id, number=9)

    named(union.name, "9")


def test_a_counter_that_ran_ahead_is_named(noise, union):
    change(DocumentCounter, DocumentCounter.kind == DocumentKind.OPENING, last=5)

    named(union.name, "5")


@pytest.fixture
def run(app, noise, monkeypatch):
    """Run the command on what is committed, without the checks of higher areas."""
    monkeypatch.setattr(verification, "_registered", [])

    def invoke():
        db.session.commit()
        return app.test_cli_runner().invoke(verify_command)

    return invoke


def test_the_command_says_that_all_is_well(run):
    result = run()

    assert result.exit_code == 0
    assert result.output


def test_the_command_fails_and_names_each_difference(run, warehouse, cups):
    corrupt(warehouse, cups, on_hand=99)

    result = run()

    assert result.exit_code == 1
    assert result.output.count(warehouse.name) == 2


def test_an_area_above_can_add_a_check(app, monkeypatch):
    monkeypatch.setattr(verification, "_registered", [])

    @verification.register_check
    def recipients_are_handouts():
        yield "A handout has no movement."

    assert verification.verify_everything() == ["A handout has no movement."]
    assert verify() == []
