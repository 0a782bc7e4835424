"""What places hold against what the movements say."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Subquery, cast, func, null, select, union_all

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
    for row in _named(_where(both, both.c.held != both.c.moved)):
        yield _(
            "%(place)s, %(item)s: %(held)s on hand, but its batches add up to %(moved)s.",
            place=row.place,
            item=row.item,
            held=row.held,
            moved=row.moved,
        )


def balances_are_their_movements() -> Iterator[str]:
    """On hand + unexplained = the sum of the movements, and no lot holds more than came of it.

    A lot may hold less where pieces were set aside as unexplained. How many those are, the
    sums pin down: so what one lot lacks without that, another one has too many. Both are
    asked in one statement, so that the movements are read once.
    """
    flows = _flows()
    levels = compared(
        select(
            StockLevel.location_id,
            StockLevel.item_id,
            (StockLevel.on_hand + StockLevel.unexplained).label("figure"),
        ),
        select(flows),
        "location_id",
        "item_id",
    )
    lots = compared(
        select(
            StockLot.location_id,
            StockLot.item_id,
            StockLot.lot_id,
            StockLot.on_hand.label("figure"),
        ),
        select(flows).where(flows.c.lot_id.is_not(None)),
        "location_id",
        "item_id",
        "lot_id",
    )
    differences = union_all(
        _where(levels, levels.c.held != levels.c.moved),
        _where(lots, lots.c.held > lots.c.moved, lot_id=lots.c.lot_id),
    )
    for row in _named(select(differences.subquery())):
        yield _level_differs(row) if row.lot is None else _lot_differs(row)


def _level_differs(row: Row[*tuple[Any, ...]]) -> str:
    return _(
        "%(place)s, %(item)s: %(held)s on the books, but its movements add up to %(moved)s.",
        place=row.place,
        item=row.item,
        held=row.held,
        moved=row.moved,
    )


def _lot_differs(row: Row[*tuple[Any, ...]]) -> str:
    return _(
        "%(place)s, %(item)s, batch %(lot)s: %(held)s on hand,"
        " but its movements add up to %(moved)s.",
        place=row.place,
        item=row.item,
        lot=row.lot,
        held=row.held,
        moved=row.moved,
    )


def _flows() -> CTE:
    """Add up the movements by place, item and lot: what came, and less what went."""
    # Adding nothing keeps SQLite from fetching a million rows one by one along an index.
    source_id = Movement.source_id + 0
    totals = (
        select(
            source_id.label("source_id"),
            Movement.target_id,
            Movement.item_id,
            Movement.lot_id,
            func.sum(Movement.quantity).label("pieces"),
        )
        .group_by(source_id, Movement.target_id, Movement.item_id, Movement.lot_id)
        .cte()
    )
    sides = (
        select(
            location_id.label("location_id"),
            totals.c.item_id,
            totals.c.lot_id,
            pieces.label("figure"),
        ).where(location_id > 0)  # virtual locations have negative ids and no balances
        for location_id, pieces in (
            (totals.c.target_id, totals.c.pieces),
            (totals.c.source_id, -totals.c.pieces),
        )
    )
    return union_all(*sides).cte()


def _where(
    both: Subquery, differs: ColumnElement[bool], *, lot_id: ColumnElement[Any] | None = None
) -> AnySelect:
    lot = cast(null(), Lot.id.type) if lot_id is None else lot_id
    return select(
        both.c.location_id, both.c.item_id, lot.label("lot_id"), both.c.held, both.c.moved
    ).where(differs)


def _named(differences: AnySelect) -> Iterator[Row[*tuple[Any, ...]]]:
    """Put names to the ids of differences."""
    found = differences.subquery()
    yield from db.session.execute(
        select(
            StockLocation.name.label("place"),
            Item.name.label("item"),
            Lot.code.label("lot"),
            found.c.held,
            found.c.moved,
        )
        .join(StockLocation, StockLocation.id == found.c.location_id)
        .join(Item, Item.id == found.c.item_id)
        .outerjoin(Lot, Lot.id == found.c.lot_id)
        .order_by(StockLocation.id, Item.id, Lot.id)
        .limit(MOST)
    )
