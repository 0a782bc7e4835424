"""What is where, as the pages show it: what is on its way counts for the place it goes to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from carecampaign.access.actor import Actor
from carecampaign.catalogue.models import Item, ItemKind
from carecampaign.core.db import db
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Figure, Listing, Page, Yuan, by_member, page_of
from carecampaign.inventory.models import LocationKind, Lot, StockLevel, StockLocation, StockLot
from carecampaign.inventory.queries.locations import is_visible

Key = tuple[int, int]
"""A location's and an item's id."""

_Here = aliased(StockLocation)
_IS_TRANSIT = _Here.kind == LocationKind.TRANSIT
_ON_HAND = case((_IS_TRANSIT, 0), else_=StockLevel.on_hand)
_IN_TRANSIT = case((_IS_TRANSIT, StockLevel.on_hand), else_=0)

KIND_ORDER = case(
    {
        LocationKind.WAREHOUSE: 1,
        LocationKind.STATION: 2,
        LocationKind.UNIT: 3,
        LocationKind.EVENT: 4,
    },
    value=StockLocation.kind,
    else_=5,
)


@dataclass(frozen=True)
class StockFilters:
    """What the stock is narrowed to; "" and None narrow nothing."""

    kind: LocationKind | None = None
    location: int | None = None
    station: int | None = None
    item: int | None = None
    item_kind: ItemKind | None = None
    text: str = ""


@dataclass(frozen=True)
class StockRow:
    """An item at a place: pieces, and the value (fen) of those on hand.

    Of what is on hand some may be ``reserved``; the rest is available to anybody.
    """

    location: StockLocation
    item: Item
    on_hand: int
    reserved: int
    in_transit: int
    unexplained: int
    value: int

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


@dataclass(frozen=True)
class StockTotals:
    """Everything that matches: packages and goods (pieces) on hand, on their way, value in fen."""

    packages: int
    goods: int
    in_transit: int
    value: int


_VALUE = func.coalesce(
    select(func.sum(StockLot.on_hand * Lot.unit_value))
    .join(Lot, Lot.id == StockLot.lot_id)
    .where(
        StockLot.location_id == StockLocation.id,
        StockLot.item_id == Item.id,
        StockLot.on_hand > 0,
    )
    .correlate(StockLocation, Item)
    .scalar_subquery(),
    0,
)

STOCK: Listing[StockRow] = Listing(
    _l("Stock"),
    (
        Column("place", _l("Stock location"), lambda row: row.location.name, StockLocation.name),
        Column("kind", _l("Kind of place"), lambda row: row.location.kind, KIND_ORDER),
        Column("item", _l("Item"), lambda row: row.item.name, Item.name),
        Column("code", _l("Code"), lambda row: row.item.code, Item.code, optional=True),
        Column("spec", _l("Spec"), lambda row: row.item.spec, Item.spec, optional=True),
        Column("item_kind", _l("Kind"), lambda row: row.item.kind, by_member(Item.kind, ItemKind)),
        Figure("on_hand", _l("On hand"), lambda row: row.on_hand, func.sum(_ON_HAND)),
        Figure(
            "reserved",
            _l("Reserved"),
            lambda row: row.reserved,
            func.sum(StockLevel.reserved),
        ),
        Figure(
            "available",
            _l("Available"),
            lambda row: row.available,
            func.sum(_ON_HAND - StockLevel.reserved),
        ),
        Figure("in_transit", _l("In transit"), lambda row: row.in_transit, func.sum(_IN_TRANSIT)),
        Column("unit", _l("Unit of measure"), lambda row: row.item.unit, Item.unit, optional=True),
        Figure(
            "unexplained",
            _l("Unexplained"),
            lambda row: row.unexplained,
            func.sum(StockLevel.unexplained),
            optional=True,
        ),
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
"""Pieces of unlike things are not added up; their value is."""


def stock_for(actor: Actor, filters: StockFilters) -> Select[Any]:
    """Select what the actor's places hold: place, item, and the sums ``stock_rows`` takes."""
    return _levels(
        actor,
        filters,
        StockLocation,
        Item,
        func.sum(_ON_HAND),
        func.sum(StockLevel.reserved),
        func.sum(_IN_TRANSIT),
        func.sum(StockLevel.unexplained),
    ).group_by(StockLocation.id, Item.id)


def stock_rows(found: Sequence[Any]) -> list[StockRow]:
    """Give what ``stock_for`` selects as rows, with values."""
    values = _values([(location.id, item.id) for location, item, *_pieces in found])
    return [
        StockRow(
            location,
            item,
            int(on_hand),
            int(reserved),
            int(in_transit),
            int(unexplained),
            values.get((location.id, item.id), 0),
        )
        for location, item, on_hand, reserved, in_transit, unexplained in found
    ]


def stock_page(actor: Actor, filters: StockFilters, *, page: int) -> Page[StockRow]:
    """Give a page of what the actor's places hold, by place, packages before goods."""
    return page_of(STOCK, stock_for(actor, filters), page=page, complete=stock_rows)


def stock_totals(actor: Actor, filters: StockFilters) -> StockTotals:
    """Add up all that ``stock_page`` would list on all its pages."""
    is_package = Item.kind == ItemKind.PACKAGE
    pieces = db.session.execute(
        _levels(
            actor,
            filters,
            func.sum(case((is_package, _ON_HAND), else_=0)),
            func.sum(case((is_package, 0), else_=_ON_HAND)),
            func.sum(_IN_TRANSIT),
        )
    ).one()
    value = db.session.scalar(
        select(func.sum(StockLot.on_hand * Lot.unit_value))
        .join(Lot, Lot.id == StockLot.lot_id)
        .join(StockLocation, StockLocation.id == StockLot.location_id)
        .join(Item, Item.id == StockLot.item_id)
        .where(
            StockLot.on_hand > 0,
            StockLocation.kind != LocationKind.TRANSIT,
            *_conditions(actor, filters),
        )
    )
    packages, goods, in_transit = (int(count or 0) for count in pieces)
    return StockTotals(packages, goods, in_transit, int(value or 0))


def _levels(actor: Actor, filters: StockFilters, *columns: Any) -> Select[Any]:  # noqa: ANN401 - entities or figures
    return (
        select(*columns)
        .select_from(StockLevel)
        .join(_Here, _Here.id == StockLevel.location_id)
        .join(StockLocation, StockLocation.id == func.coalesce(_Here.destination_id, _Here.id))
        .join(Item, Item.id == StockLevel.item_id)
        .where(
            or_(StockLevel.on_hand > 0, StockLevel.unexplained != 0),
            *_conditions(actor, filters),
        )
    )


def _conditions(actor: Actor, filters: StockFilters) -> list[ColumnElement[bool]]:
    conditions = [is_visible(actor)]
    if filters.kind is not None:
        conditions.append(StockLocation.kind == filters.kind)
    if filters.location is not None:
        conditions.append(StockLocation.id == filters.location)
    if filters.station is not None:
        conditions.append(StockLocation.station_id == filters.station)
    if filters.item is not None:
        conditions.append(Item.id == filters.item)
    if filters.item_kind is not None:
        conditions.append(Item.kind == filters.item_kind)
    if filters.text:
        searched = (Item.name, Item.code, Item.spec, StockLocation.name)
        conditions.append(
            or_(*(column.icontains(filters.text, autoescape=True) for column in searched))
        )
    return conditions


def _values(keys: Sequence[Key]) -> dict[Key, int]:
    rows = db.session.execute(
        select(StockLot.location_id, StockLot.item_id, func.sum(StockLot.on_hand * Lot.unit_value))
        .join(Lot, Lot.id == StockLot.lot_id)
        .where(StockLot.on_hand > 0, tuple_(StockLot.location_id, StockLot.item_id).in_(keys))
        .group_by(StockLot.location_id, StockLot.item_id)
    )
    return {(location_id, item_id): int(value) for location_id, item_id, value in rows}


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
