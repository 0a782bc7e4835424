"""Lots against whose money they are, and balances against what is reserved of them."""

from collections.abc import Iterator

from sqlalchemy import func, select

from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.core.i18n import _
from carecampaign.inventory.models import (
    Lot,
    LotShare,
    StockLevel,
    StockLocation,
    StockReservation,
)
from carecampaign.inventory.services.verification.comparing import MOST, compared


def shares_are_the_value() -> Iterator[str]:
    """What the sources paid for a piece of a lot is what the piece is worth."""
    paid = func.coalesce(func.sum(LotShare.value), 0)
    rows = db.session.execute(
        select(Item.name, Lot.code, Lot.unit_value, paid, func.count(LotShare.id))
        .join(Item, Item.id == Lot.item_id)
        .outerjoin(LotShare, LotShare.lot_id == Lot.id)
        .group_by(Lot.id, Item.name, Lot.code, Lot.unit_value)
        .having((paid != Lot.unit_value) | (func.count(LotShare.id) == 0))
        .order_by(Lot.id)
        .limit(MOST)
    )
    for item, code, unit_value, fen, sources in rows:
        yield _(
            "%(item)s, batch %(lot)s: worth %(value)s fen apiece, but %(sources)s sources paid"
            " %(paid)s.",
            item=item,
            lot=code,
            value=unit_value,
            sources=sources,
            paid=fen,
        )


def reserved_is_what_holders_reserve() -> Iterator[str]:
    """Reserved = the sum of the reservations."""
    both = compared(
        select(StockLevel.location_id, StockLevel.item_id, StockLevel.reserved.label("figure")),
        select(
            StockReservation.location_id,
            StockReservation.item_id,
            StockReservation.quantity.label("figure"),
        ),
        "location_id",
        "item_id",
    )
    rows = db.session.execute(
        select(
            StockLocation.name.label("place"), Item.name.label("item"), both.c.held, both.c.moved
        )
        .join(StockLocation, StockLocation.id == both.c.location_id)
        .join(Item, Item.id == both.c.item_id)
        .where(both.c.held != both.c.moved)
        .order_by(StockLocation.id, Item.id)
        .limit(MOST)
    )
    for row in rows.mappings():
        yield _(
            "%(place)s, %(item)s: %(held)s reserved, but the reservations add up to %(moved)s.",
            **row,
        )
