"""What was where at the end of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Integer, Select, literal_column, or_, select
from sqlalchemy.orm import aliased

from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Figure, Listing, Yuan
from carecampaign.inventory.models import Movement, StockLocation
from carecampaign.inventory.queries.books.balances import balances_before
from carecampaign.inventory.queries.contents import MovementOfItems
from carecampaign.inventory.queries.pages.stock import KIND_ORDER
from carecampaign.inventory.words import place_name

_Destination = aliased(StockLocation)
_QUANTITY = literal_column("book.quantity", Integer)
_VALUE = literal_column("book.value", Integer)


@dataclass(frozen=True)
class DayRow:
    """An item at a place: pieces on the books, and what they are worth (fen)."""

    location: StockLocation
    place: str
    item: Item
    quantity: int
    value: int


STOCK_ON_DAY: Listing[DayRow] = Listing(
    _l("Stock at a date"),
    (
        Column("place", _l("Stock location"), lambda row: row.place, StockLocation.name),
        Column("kind", _l("Kind of place"), lambda row: str(row.location.kind.label), KIND_ORDER),
        Column("code", _l("Code"), lambda row: row.item.code, Item.code),
        Column("item", _l("Item"), lambda row: row.item.name, Item.name),
        Column("spec", _l("Spec"), lambda row: row.item.spec, Item.spec),
        Column("unit", _l("Unit"), lambda row: row.item.unit),
        Figure("quantity", _l("Quantity"), lambda row: row.quantity, _QUANTITY),
        Yuan("value", _l("Value"), lambda row: row.value, _VALUE),
    ),
    order=(
        KIND_ORDER,
        StockLocation.name,
        StockLocation.id,
        Item.kind.desc(),
        Item.name,
        Item.id,
    ),
)


_COLUMNS: tuple[Any, ...] = (StockLocation, _Destination, Item, _QUANTITY, _VALUE)


def stock_on(places: Select[int], day: date, *, by_items: bool = False) -> Select[Any]:
    """Select what places held when a day was over; ``day_rows`` makes rows of it.

    ``by_items`` counts packages as the items in them. It costs as much as there are movements
    from and to the places up to that day.
    """
    ledger = MovementOfItems if by_items else Movement
    book = balances_before(places, clock.end_of(day), ledger=ledger)
    return (
        select(*_COLUMNS)
        .select_from(StockLocation)
        .join(book, book.c.location_id == StockLocation.id)
        .join(Item, Item.id == book.c.item_id)
        .outerjoin(_Destination, _Destination.id == StockLocation.destination_id)
        .where(or_(book.c.quantity != 0, book.c.value != 0))
    )


def day_rows(found: Sequence[Any]) -> list[DayRow]:
    """Give the rows of what ``stock_on`` selected."""
    return [
        DayRow(
            location,
            place_name(location, {location.id: destination}),
            item,
            int(quantity),
            int(value),
        )
        for location, destination, item, quantity, value in found
    ]
