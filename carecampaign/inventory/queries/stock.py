"""What is where."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager

from carecampaign.catalogue.models import Item
from carecampaign.core.db import Base, db
from carecampaign.inventory.models import Lot, StockLevel, StockLocation, StockLot


def stock_at(location: StockLocation) -> Sequence[StockLevel]:
    """List what a location holds, or misses, by item name."""
    return db.session.scalars(
        select(StockLevel)
        .join(StockLevel.item)
        .where(
            StockLevel.location_id == location.id,
            or_(StockLevel.on_hand > 0, StockLevel.unexplained != 0),
        )
        .options(contains_eager(StockLevel.item))
        .order_by(Item.name, Item.id)
        # Balances are written past the session, so what it remembers of them may be old.
        .execution_options(populate_existing=True)
    ).all()


def lots_at(location: StockLocation, item: Item | None = None) -> Sequence[StockLot]:
    """List the lots that have pieces at a location, per item first-expired-first."""
    statement = (
        select(StockLot)
        .join(StockLot.lot)
        .join(Lot.item)
        .where(StockLot.location_id == location.id, StockLot.on_hand > 0)
        .options(
            contains_eager(StockLot.lot).contains_eager(Lot.item),
            contains_eager(StockLot.lot).joinedload(Lot.fund_source),
        )
        .order_by(Item.name, Item.id, Lot.expires_on.is_(None), Lot.expires_on, Lot.id)
        .execution_options(populate_existing=True)
    )
    if item is not None:
        statement = statement.where(StockLot.item_id == item.id)
    return db.session.scalars(statement).all()


def first_lot(
    location_id: ColumnElement[Any] | InstrumentedAttribute[int],
    item_id: ColumnElement[Any],
    *,
    good_on: ColumnElement[date],
) -> ScalarSelect[Any]:
    """Give the id of the lot that pieces are taken off next: it expires first, of the good ones.

    It is an expression for other statements, of a place and an item that these name.
    """
    # Tables and not classes, so that statements of either kind can take it in.
    tables = Base.metadata.tables
    here, lot = tables[StockLot.__tablename__].alias(), tables[Lot.__tablename__].alias()
    return (
        select(here.c.lot_id)
        .join(lot, lot.c.id == here.c.lot_id)
        .where(
            here.c.location_id == location_id,
            here.c.item_id == item_id,
            here.c.on_hand > 0,
            or_(lot.c.expires_on.is_(None), lot.c.expires_on >= good_on),
        )
        .order_by(lot.c.expires_on.nulls_last(), here.c.lot_id)
        .limit(1)
        .scalar_subquery()
    )
