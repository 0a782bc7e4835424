"""What a place holds, for forms to send it from."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.inventory.models import StockLevel, StockLocation


@dataclass(frozen=True)
class Holding:
    """How much of an item a place holds, as plain values: a form outlives the session's rows."""

    item_id: int
    code: str
    name: str
    spec: str
    unit: str
    on_hand: int


def holdings_at(location: StockLocation, *, also: Iterable[int] = ()) -> list[Holding]:
    """List what a place holds, packages first; ``also`` names items to list in any case."""
    rows = db.session.execute(
        select(Item, func.coalesce(StockLevel.on_hand, 0))
        .outerjoin(
            StockLevel,
            (StockLevel.item_id == Item.id) & (StockLevel.location_id == location.id),
        )
        .where(or_(StockLevel.on_hand > 0, Item.id.in_(list(also))))
        .order_by(Item.kind.desc(), Item.name, Item.id)
    )
    return [
        Holding(item.id, item.code, item.name, item.spec, item.unit, on_hand)
        for item, on_hand in rows
    ]


def items_by_id(ids: Iterable[int]) -> dict[int, Item]:
    """Give items by their ids, fetched at once."""
    rows = db.session.scalars(select(Item).where(Item.id.in_(list(ids))))
    return {item.id: item for item in rows}
