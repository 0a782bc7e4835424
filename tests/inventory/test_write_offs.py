"""Goods written off: prepared by one, approved by another, then posted."""

from datetime import date

import pytest
from sqlalchemy import select

from carecampaign.access.permissions import Role
from carecampaign.approvals.services import AlreadyDecided, PreparerMayNotDecide
from carecampaign.core.db import db
from carecampaign.core.i18n import in_language_of
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, Lot, WriteOffCause, WriteOffState
from carecampaign.inventory.services import locations
from carecampaign.inventory.services.balances import level_at
from carecampaign.inventory.services.verification import verify
from tests.inventory.people import somebody
from tests.inventory.stock import corrupt_number, level, lots, movements_to, receive

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def keeper(union):
    return somebody(union)


@pytest.fixture
def approver(union):
    return somebody(union, Role.APPROVER)


@pytest.fixture
def two_lots(warehouse, gloves):
    """The warehouse has ten pairs of gloves at 6 yuan, and ten at 6.50 that are past it."""
    receive(warehouse, gloves, 10, unit_value=600)
    receive(warehouse, gloves, 10, unit_value=650, expires_on=date(2026, 11, 1))
    return db.session.scalars(select(Lot).order_by(Lot.id)).all()


def prepare(place, *spoiled, by, cause=WriteOffCause.DAMAGED):
    return inventory.prepare_write_off(
        place,
        [inventory.Spoiled(lot, pieces) for lot, pieces in spoiled],
        cause=cause,
        reason="Wet boxes",
        by=by,
    )


def test_nothing_moves_before_it_is_approved(warehouse, gloves, two_lots, keeper):
    write_off = prepare(warehouse, (two_lots[0], 3), by=keeper)

    assert (write_off.number, write_off.state) == (1, WriteOffState.WAITING)
    assert level(warehouse, gloves) == (20, 0)


def test_approved_it_is_posted_under_its_number(warehouse, gloves, two_lots, keeper, approver):
    prepare(warehouse, (two_lots[0], 1), by=keeper)
    write_off = prepare(warehouse, (two_lots[0], 3), (two_lots[1], 10), by=keeper)

    document = inventory.approve_write_off(write_off, by=approver)

    assert (document.kind, document.number) == (DocumentKind.WRITE_OFF, 2)
    assert write_off.state is WriteOffState.POSTED
    assert lots(warehouse, gloves) == [(600, 7)]
    assert [move.value for move in movements_to(locations.LOSS)] == [1800, 6500]


def test_a_refused_one_keeps_its_number(warehouse, gloves, two_lots, keeper, approver):
    write_off = prepare(warehouse, (two_lots[0], 3), by=keeper)

    inventory.refuse_write_off(write_off, comment="Dry them", by=approver)

    assert write_off.state is WriteOffState.REFUSED
    assert level(warehouse, gloves) == (20, 0)
    assert prepare(warehouse, (two_lots[0], 3), by=keeper).number == 2


def test_not_by_whoever_prepared_it(warehouse, two_lots, keeper):
    write_off = prepare(warehouse, (two_lots[0], 3), by=keeper)

    with pytest.raises(PreparerMayNotDecide):
        inventory.approve_write_off(write_off, by=keeper)


def test_not_twice(warehouse, two_lots, keeper, approver):
    write_off = prepare(warehouse, (two_lots[0], 3), by=keeper)
    inventory.approve_write_off(write_off, by=approver)

    with pytest.raises(AlreadyDecided):
        inventory.approve_write_off(write_off, by=approver)


def test_one_taken_back_is_not_approved(warehouse, two_lots, keeper, approver):
    write_off = prepare(warehouse, (two_lots[0], 3), by=keeper)
    inventory.cancel_write_off(write_off, by=keeper)

    assert write_off.state is WriteOffState.CANCELLED
    with pytest.raises(AlreadyDecided):
        inventory.approve_write_off(write_off, by=approver)


def test_not_more_than_the_place_has_of_the_lot(warehouse, two_lots, keeper):
    with pytest.raises(inventory.NotEnoughStock):
        prepare(warehouse, (two_lots[0], 11), by=keeper)


def test_something_at_least(warehouse, two_lots, keeper):
    for spoiled in ([], [(two_lots[0], 0)]):
        with pytest.raises(inventory.NothingToMove):
            prepare(warehouse, *spoiled, by=keeper)


def test_pieces_that_left_meanwhile_cannot_be_written_off(
    warehouse, station, gloves, two_lots, keeper, approver
):
    write_off = prepare(warehouse, (two_lots[0], 8), by=keeper)
    inventory.dispatch(warehouse, station, [inventory.Line(gloves, 5)], by=keeper)

    with pytest.raises(inventory.NotEnoughStock):
        inventory.approve_write_off(write_off, by=approver)
    db.session.rollback()


def test_it_releases_what_was_kept_for_somebody(warehouse, gloves, two_lots, keeper, approver):
    holder = inventory.Holder("event", 7)
    inventory.reserve(warehouse, gloves, 9, holder=holder)
    write_off = prepare(warehouse, (two_lots[0], 10), (two_lots[1], 5), by=keeper)

    inventory.approve_write_off(write_off, by=approver)

    assert [held.quantity for held in inventory.held_by(holder)] == [5]
    assert level_at((warehouse.id, gloves.id)).reserved == 5


def test_a_document_of_another_number_is_found(warehouse, two_lots, keeper, approver):
    write_off = prepare(warehouse, (two_lots[0], 3), by=keeper)
    document = inventory.approve_write_off(write_off, by=approver)

    with corrupt_number(document), in_language_of("en"):
        assert any("another number" in each for each in verify())
