"""What the pieces that would be handed out next are worth, and who paid for them."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from carecampaign.core.db import db
from carecampaign.inventory.models import Lot, LotShare, StockLevel, StockLot


class Worth(NamedTuple):
    """What pieces are worth (fen): in all, and by the id of the fund source that paid.

    ``missing`` are pieces that are not there.
    """

    value: int
    by_source: Mapping[int, int]
    missing: int = 0


def worth_of_next(
    location_id: int,
    item_id: int,
    quantity: int,
    *,
    good_on: date,
    with_expired: bool = False,
    with_sources: bool = False,
    lock: bool = False,
) -> Worth:
    """Give the worth of the pieces a place would hand out next: what expires first of the good.

    What is past its date comes after them, ``with_expired``. ``by_source`` is read only
    ``with_sources``. ``lock`` keeps others from taking these very pieces before.
    """
    if lock:
        db.session.execute(
            select(StockLevel.on_hand)
            .where(StockLevel.location_id == location_id, StockLevel.item_id == item_id)
            .with_for_update()
        )
    is_expired = func.coalesce(Lot.expires_on < good_on, False)
    lots = (
        select(StockLot.lot_id, StockLot.on_hand, Lot.unit_value)
        .join(Lot, Lot.id == StockLot.lot_id)
        .where(
            StockLot.location_id == location_id,
            StockLot.item_id == item_id,
            StockLot.on_hand > 0,
        )
        .order_by(is_expired, Lot.expires_on.nulls_last(), StockLot.lot_id)
    )
    value, missing = 0, quantity
    taken: dict[int, int] = {}
    for lot_id, on_hand, unit_value in db.session.execute(
        lots if with_expired else lots.where(~is_expired)
    ):
        pieces = min(on_hand, missing)
        taken[lot_id] = pieces
        value += pieces * unit_value
        missing -= pieces
    return Worth(value, _shares_of(taken) if with_sources else {}, missing)


def _shares_of(pieces: Mapping[int, int]) -> dict[int, int]:
    """Give the value (fen) of pieces, by their lots, by the fund source that paid it."""
    by_source: dict[int, int] = {}
    shares = select(LotShare.lot_id, LotShare.fund_source_id, LotShare.value)
    rows = db.session.execute(shares.where(LotShare.lot_id.in_(list(pieces))))
    for lot_id, source_id, value in rows:
        by_source[source_id] = by_source.get(source_id, 0) + pieces[lot_id] * value
    return by_source
