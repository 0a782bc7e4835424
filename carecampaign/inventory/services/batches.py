"""Batches: the lots of an item that people cannot tell apart are counted as one."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Row, and_, select

from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.inventory.models import (
    Batch,
    Lot,
    LotContent,
    LotShare,
    StockLocation,
    StockLot,
)
from carecampaign.inventory.services.balances import Key
from carecampaign.inventory.services.errors import NotAllocatable
from carecampaign.inventory.services.moves import Portion
from carecampaign.inventory.services.picking import take_in_order

Belongs = Callable[[Batch], bool]
"""Says which batches are meant."""


def pieces_by_batch(key: Key) -> Counter[Batch]:
    """Count what a place holds of each batch of an item."""
    pieces: Counter[Batch] = Counter()
    for row in _lots_at(key):
        pieces[_batch_of(row)] += row.on_hand
    return pieces


def take_batch(key: Key, quantity: int, belongs: Belongs) -> list[Portion]:
    """Take pieces off the lots that are meant, and what these lack off the item's others.

    A batch may have fewer left in the books than are missing of it: what was handed out since
    was booked first-expired-first, whatever people took. The level is lowered by then.
    """
    rows = sorted(_lots_at(key), key=lambda row: not belongs(_batch_of(row)))
    return take_in_order(key, rows, quantity)


def found_at(
    location: StockLocation, item: Item, quantity: int, batch: Batch | None = None
) -> Portion:
    """Give pieces that turned up as pieces of the latest lot that was here, of their batch.

    A batch that no lot is of becomes one: worth, paid for and filled as the latest lot is.
    Raises NotAllocatable when the item was never received anywhere.
    """
    lot = _latest_lot(location, item, batch)
    if lot is None and batch is not None:
        like = _latest_lot(location, item)
        lot = None if like is None else _new_lot(like, batch)
    if lot is None:
        raise NotAllocatable(item)
    return Portion(lot.id, quantity, quantity * lot.unit_value, lot.fund_source_id)


def _lots_at(key: Key) -> Sequence[Row[*tuple[Any, ...]]]:
    """List the lots of an item that have pieces at a place, first-expired-first."""
    return db.session.execute(
        select(
            StockLot.lot_id,
            StockLot.on_hand,
            Lot.unit_value,
            Lot.fund_source_id,
            Lot.code,
            Lot.expires_on,
        )
        .join(Lot, Lot.id == StockLot.lot_id)
        .where(StockLot.location_id == key[0], StockLot.item_id == key[1], StockLot.on_hand > 0)
        .order_by(Lot.expires_on.nulls_last(), Lot.id)
    ).all()


def _batch_of(row: Row[*tuple[Any, ...]]) -> Batch:
    return Batch(row.code, row.expires_on)


def _latest_lot(location: StockLocation, item: Item, batch: Batch | None = None) -> Lot | None:
    here = and_(StockLot.lot_id == Lot.id, StockLot.location_id == location.id)
    statement = select(Lot).outerjoin(StockLot, here).where(Lot.item_id == item.id)
    if batch is not None:
        statement = statement.where(Lot.code == batch.code, Lot.expires_on == batch.expires_on)
    return db.session.scalar(statement.order_by(StockLot.lot_id.is_(None), Lot.id.desc()).limit(1))


def _new_lot(like: Lot, batch: Batch) -> Lot:
    lot = Lot(
        item_id=like.item_id,
        code=batch.code,
        expires_on=batch.expires_on,
        unit_value=like.unit_value,
        fund_source_id=like.fund_source_id,
        is_donated=like.is_donated,
        earmark_id=like.earmark_id,
        shares=[
            LotShare(
                fund_source_id=share.fund_source_id, earmark_id=share.earmark_id, value=share.value
            )
            for share in like.shares
        ],
        contents=[
            LotContent(
                line_id=content.line_id,
                item_id=content.item_id,
                quantity=content.quantity,
                value=content.value,
                note=content.note,
            )
            for content in like.contents
        ],
    )
    db.session.add(lot)
    db.session.flush()
    return lot
