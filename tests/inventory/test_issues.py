"""Goods-issue notes: goods that leave the stock for good."""

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, DocumentState, LocationKind
from tests.inventory.stock import level, receive

pytestmark = pytest.mark.usefixtures("adds_up")


def issue(place, item, quantity, **values):
    return inventory.issue_goods(
        place,
        [inventory.Line(item, quantity)],
        counterpart="A school",
        receiver="Li",
        purpose="Open day",
        by=SYSTEM,
        **values,
    )


def test_issued_goods_leave_the_stock(warehouse, gloves):
    receive(warehouse, gloves, 10)

    note = issue(warehouse, gloves, 4)

    assert level(warehouse, gloves) == (6, 0)
    assert (note.kind, note.number) == (DocumentKind.ISSUE, 1)
    assert note.target.kind is LocationKind.ISSUED
    assert (note.counterpart, note.receiver, note.purpose) == ("A school", "Li", "Open day")


def test_not_more_than_there_is(warehouse, gloves):
    receive(warehouse, gloves, 10)

    with pytest.raises(inventory.NotEnoughStock):
        issue(warehouse, gloves, 11)


def test_what_is_reserved_for_others_stays(warehouse, gloves):
    receive(warehouse, gloves, 10)
    inventory.reserve(warehouse, gloves, 8, holder=inventory.Holder("event", 1))

    with pytest.raises(inventory.NotEnoughStock):
        issue(warehouse, gloves, 3)


def test_a_wrong_one_is_reversed(warehouse, gloves):
    receive(warehouse, gloves, 10)
    note = issue(warehouse, gloves, 4)

    inventory.reverse(note, reason="Never fetched", by=SYSTEM)

    assert level(warehouse, gloves) == (10, 0)
    assert note.state is DocumentState.REVERSED
