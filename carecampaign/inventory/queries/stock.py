"""What is where."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager

from carecampaign.access.actor import Actor
from carecampaign.catalogue.models import Item, ItemKind
from carecampaign.core.db import db
from carecampaign.inventory.models import LocationKind, Lot, StockLevel, StockLocation, StockLot
from carecampaign.inventory.queries.locations import is_visible


def stock_at(location: StockLocation) -> Sequence[StockLevel]:
    """List what a location holds, or misses, by item name."""
    return db.session.scalars(
        _levels().where(StockLevel.location_id == location.id, _is_anything())
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


def stock_on_hand(location: StockLocation, item: Item) -> int:
    """Give how many pieces of an item a location holds."""
    return (
        db.session.scalar(
            select(StockLevel.on_hand).where(
                StockLevel.location_id == location.id, StockLevel.item_id == item.id
            )
        )
        or 0
    )


def levels_for(
    actor: Actor,
    *,
    location_id: int | None = None,
    kind: LocationKind | None = None,
    item_id: int | None = None,
    item_kind: ItemKind | None = None,
    text: str = "",
) -> Select[StockLevel]:
    """Select the stock levels an actor may see (to paginate), by item, then location.

    ``text`` looks into the item's name and code.
    """
    statement = _levels().where(is_visible(actor), _is_anything())
    if location_id is not None:
        statement = statement.where(StockLevel.location_id == location_id)
    if kind is not None:
        statement = statement.where(StockLocation.kind == kind)
    if item_id is not None:
        statement = statement.where(StockLevel.item_id == item_id)
    if item_kind is not None:
        statement = statement.where(Item.kind == item_kind)
    if text:
        statement = statement.where(
            or_(
                Item.name.contains(text, autoescape=True),
                Item.code.contains(text, autoescape=True),
            )
        )
    return statement


def _levels() -> Select[StockLevel]:
    # Balances are written past the session, so what it remembers of them may be old.
    return (
        select(StockLevel)
        .join(StockLevel.item)
        .join(StockLevel.location)
        .options(contains_eager(StockLevel.item), contains_eager(StockLevel.location))
        .order_by(Item.name, Item.id, StockLocation.name, StockLocation.id)
        .execution_options(populate_existing=True)
    )


def _is_anything() -> ColumnElement[bool]:
    return or_(StockLevel.on_hand > 0, StockLevel.unexplained != 0)
