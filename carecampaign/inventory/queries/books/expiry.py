"""What will be past its date soon, or is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased, joinedload

from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Figure, Listing, Moment, Yuan
from carecampaign.inventory.models import Lot, StockLocation, StockLot
from carecampaign.inventory.words import place_name

_Destination = aliased(StockLocation)


@dataclass(frozen=True)
class ExpiryRow:
    """Pieces of a lot at a place; ``days_left`` is negative once it is past its date."""

    location: StockLocation
    place: str
    lot: Lot
    on_hand: int
    days_left: int

    @property
    def value(self) -> int:
        return self.on_hand * self.lot.unit_value


EXPIRY: Listing[ExpiryRow] = Listing(
    _l("Expiry list"),
    (
        Column("item", _l("Item"), lambda row: row.lot.item.name, Item.name),
        Column("batch", _l("Batch"), lambda row: row.lot.code, Lot.code),
        Moment("expires", _l("Expiry"), lambda row: row.lot.expires_on, Lot.expires_on),
        Figure("days_left", _l("Days left"), lambda row: row.days_left, Lot.expires_on),
        Column("place", _l("Stock location"), lambda row: row.place, StockLocation.name),
        Column("unit", _l("Unit"), lambda row: row.lot.item.unit),
        Figure("on_hand", _l("On hand"), lambda row: row.on_hand, StockLot.on_hand),
        Yuan("value", _l("Value"), lambda row: row.value, StockLot.on_hand * Lot.unit_value),
        Column(
            "fund_source",
            _l("Fund source"),
            lambda row: row.lot.fund_source.name if row.lot.fund_source else "",
            optional=True,
        ),
    ),
    order=(Lot.expires_on, Item.name, Lot.id, StockLocation.id),
)


_COLUMNS: tuple[Any, ...] = (StockLocation, _Destination, Lot, StockLot.on_hand)


def expiring(places: Select[int], *, within_days: int) -> Select[Any]:
    """Select the pieces that are past their date, or will be in so many days.

    ``expiry_rows`` makes rows of it.
    """
    last = clock.today() + timedelta(days=within_days)
    return (
        select(*_COLUMNS)
        .select_from(StockLocation)
        .join(StockLot, StockLot.location_id == StockLocation.id)
        .join(Lot, Lot.id == StockLot.lot_id)
        .join(Item, Item.id == Lot.item_id)
        .outerjoin(_Destination, _Destination.id == StockLocation.destination_id)
        .options(joinedload(Lot.item), joinedload(Lot.fund_source))
        .where(
            StockLot.on_hand > 0,
            Lot.expires_on <= last,
            StockLocation.id.in_(places),
        )
    )


def expiry_rows(found: Sequence[Any]) -> list[ExpiryRow]:
    """Give the rows of what ``expiring`` selected."""
    today: date = clock.today()
    return [
        ExpiryRow(
            location,
            place_name(location, {location.id: destination}),
            lot,
            on_hand,
            (lot.expires_on - today).days,
        )
        for location, destination, lot, on_hand in found
    ]
