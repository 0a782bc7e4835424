"""A document that was wrong is reversed, once, with the very pieces it moved."""

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, DocumentState
from carecampaign.inventory.queries import find_reversal_of, movements_of
from tests.inventory.stock import hand_out, level, lots, package_of, receive, take_back

pytestmark = pytest.mark.usefixtures("adds_up")


def reverse(document):
    return inventory.reverse(document, reason="Typed twice", by=SYSTEM)


def test_every_movement_goes_back_with_its_lot_and_value(warehouse, gloves):
    note = receive(warehouse, gloves, 5, unit_value=650)

    reversal = reverse(note)

    assert level(warehouse, gloves) == (0, 0)
    assert note.state == DocumentState.REVERSED
    assert find_reversal_of(note) is reversal
    assert (reversal.kind, reversal.note, reversal.number) == (
        DocumentKind.REVERSAL,
        "Typed twice",
        1,
    )
    [original], [mirrored] = movements_of(note), movements_of(reversal)
    assert mirrored.reverses_id == original.id
    assert (mirrored.source_id, mirrored.target_id) == (original.target_id, original.source_id)
    assert (mirrored.lot_id, mirrored.value) == (original.lot_id, original.value)


def test_it_is_reversed_once(warehouse, gloves):
    note = receive(warehouse, gloves, 5)
    reverse(note)

    with pytest.raises(inventory.AlreadyReversed):
        reverse(note)


def test_a_reversal_is_not_reversed(warehouse, gloves):
    reversal = reverse(receive(warehouse, gloves, 5))

    with pytest.raises(inventory.NotReversible):
        reverse(reversal)


def test_pieces_that_are_gone_cannot_go_back(event, gloves):
    note = receive(event, gloves, 5)
    hand_out(event, gloves, 2)
    db.session.commit()

    with pytest.raises(inventory.NotEnoughStock) as refusal:
        reverse(note)
    db.session.rollback()

    assert refusal.value.on_hand == 3
    assert note.state == DocumentState.POSTED


def test_other_pieces_do_not_stand_in_for_those_that_are_gone(event, gloves):
    note = receive(event, gloves, 5, unit_value=600)
    receive(event, gloves, 5, unit_value=650)
    hand_out(event, gloves, 2)
    db.session.commit()

    with pytest.raises(inventory.NotEnoughStock) as refusal:
        reverse(note)
    db.session.rollback()

    assert refusal.value.on_hand == 3
    assert lots(event, gloves) == [(600, 3), (650, 5)]


def test_pieces_of_a_lot_that_never_came_here_are_missing(event, warehouse, gloves):
    note = receive(event, gloves, 5)
    inventory.move_stock(
        DocumentKind.CLOSING, event, warehouse, [inventory.Line(gloves, 5)], by=SYSTEM
    )
    receive(event, gloves, 5)
    db.session.commit()

    with pytest.raises(inventory.NotEnoughStock) as refusal:
        reverse(note)
    db.session.rollback()

    assert refusal.value.on_hand == 0


def test_a_transfer_in_transit_goes_back_to_where_it_came_from(warehouse, station, gloves):
    receive(warehouse, gloves, 5)
    note = inventory.dispatch(warehouse, station, [inventory.Line(gloves, 3)], by=SYSTEM)

    reversal = reverse(note)

    assert level(warehouse, gloves) == (5, 0)
    assert reversal.organization == note.organization
    with pytest.raises(inventory.NotInTransit):
        inventory.receive_transfer(note, {}, by=SYSTEM)


def test_a_transfer_that_arrived_is_returned_not_reversed(warehouse, station, gloves):
    receive(warehouse, gloves, 5)
    note = inventory.dispatch(warehouse, station, [inventory.Line(gloves, 3)], by=SYSTEM)
    inventory.receive_transfer(note, {}, by=SYSTEM)

    with pytest.raises(inventory.NotReversible):
        reverse(note)


def test_an_assembly_is_reversed_into_the_same_lots(warehouse, gloves):
    package = package_of((gloves, 2))
    receive(warehouse, gloves, 3, unit_value=100)
    receive(warehouse, gloves, 1, unit_value=133)
    note = inventory.assemble(warehouse, package, quantity=2, by=SYSTEM)

    reverse(note)

    assert lots(warehouse, gloves) == [(100, 3), (133, 1)]
    assert level(warehouse, package.item) == (0, 0)


def test_a_difference_is_reversed(warehouse, gloves):
    receive(warehouse, gloves, 3)
    note = inventory.post_difference(warehouse, gloves, -1, reason="Torn", by=SYSTEM)

    reverse(note)

    assert level(warehouse, gloves) == (3, 0)


def test_reversing_a_receipt_that_settled_a_shortage_brings_the_shortage_back(event, gloves):
    hand_out(event, gloves, 3, shortage_allowed=True)
    note = receive(event, gloves, 10)

    reverse(note)

    assert level(event, gloves) == (0, -3)


def test_the_shortage_is_settled_from_what_is_still_there(event, gloves):
    hand_out(event, gloves, 3, shortage_allowed=True)
    note = receive(event, gloves, 10)
    receive(event, gloves, 2)

    reverse(note)

    assert level(event, gloves) == (0, -1)


def test_a_receipt_can_be_reversed_after_its_settlement_was_undone(event, gloves):
    handout_id, _result = hand_out(event, gloves, 3, shortage_allowed=True)
    note = receive(event, gloves, 10)
    take_back(handout_id)
    assert level(event, gloves) == (10, 0)

    reverse(note)

    assert level(event, gloves) == (0, 0)


def test_a_loss_that_settled_a_shortage_as_found_is_reversed(event, gloves):
    hand_out(event, gloves, 3, shortage_allowed=True)
    note = inventory.settle_unexplained(event, gloves, reason="Uncounted", by=SYSTEM)

    reverse(note)

    assert level(event, gloves) == (0, -3)
