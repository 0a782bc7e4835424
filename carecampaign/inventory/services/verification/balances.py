"""What places hold against what the movements say."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, select, union_all

from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.core.i18n import _
from carecampaign.inventory.models import Lot, Movement, StockLevel, StockLocation, StockLot
from carecampaign.inventory.services.verification.comparing import MOST, AnySelect, compared


def levels_are_their_lots() -> Iterator[str]:
    """On hand = the sum of the lots."""
    both = compared(
        select(StockLevel.location_id, StockLevel.item_id, StockLevel.on_hand.label("figure")),
        select(StockLot.location_id, StockLot.item_id, StockLot.on_hand.label("figure")),
        "location_id",
        "item_id",
    )
    for row in _named(both, both.c.held != both.c.moved):
        yield _(
            "%(place)s, %(item)s: %(held)s on hand, but its batches add up to %(moved)s.",
            **row,
        )


def levels_are_their_movements() -> Iterator[str]:
    """On hand + unexplained = the sum of the movements."""
    balance = StockLevel.on_hand + StockLevel.unexplained
    both = compared(
        select(StockLevel.location_id, StockLevel.item_id, balance.label("figure")),
        _moved(),
        "location_id",
        "item_id",
    )
    for row in _named(both, both.c.held != both.c.moved):
        yield _(
            "%(place)s, %(item)s: %(held)s on the books, but its movements add up to %(moved)s.",
            **row,
        )


def lots_are_their_movements() -> Iterator[str]:
    """No lot holds more than its movements brought.

    It may hold less where pieces were set aside as unexplained. How many those are, the other
    two checks pin down: so what one lot lacks without that, another one has too many.
    """
    both = compared(
        select(StockLot.location_id, StockLot.lot_id, StockLot.on_hand.label("figure")),
        _moved("lot_id"),
        "location_id",
        "lot_id",
    )
    rows = db.session.execute(
        select(
            StockLocation.name.label("place"),
            Item.name.label("item"),
            Lot.code.label("lot"),
            both.c.held,
            both.c.moved,
        )
        .join(StockLocation, StockLocation.id == both.c.location_id)
        .join(Lot, Lot.id == both.c.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .where(both.c.held > both.c.moved)
        .order_by(StockLocation.id, Lot.id)
        .limit(MOST)
    )
    for row in rows.mappings():
        yield _(
            "%(place)s, %(item)s, batch %(lot)s: %(held)s on hand,"
            " but its movements add up to %(moved)s.",
            **row,
        )


def _moved(key: str = "item_id") -> AnySelect:
    """Add up the movements by place and key: what came less what went."""
    column = getattr(Movement, key)
    sides = []
    for location_id, sign in ((Movement.target_id, 1), (Movement.source_id, -1)):
        sides.append(
            select(
                location_id.label("location_id"),
                column.label(key),
                (func.sum(Movement.quantity) * sign).label("figure"),
            )
            # Virtual locations have no balances, and negative ids.
            .where(location_id > 0, column.is_not(None))
            .group_by(location_id, column)
        )
    flows = union_all(*sides).subquery()
    return select(flows)


def _named(both: Subquery, condition: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    rows = db.session.execute(
        select(
            StockLocation.name.label("place"), Item.name.label("item"), both.c.held, both.c.moved
        )
        .join(StockLocation, StockLocation.id == both.c.location_id)
        .join(Item, Item.id == both.c.item_id)
        .where(condition)
        .order_by(StockLocation.id, Item.id)
        .limit(MOST)
    )
    yield from (dict(row) for row in rows.mappings())
