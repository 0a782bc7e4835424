"""What is where, as the pages show it: what is on its way counts for the place it goes to."""

from collections.abc import Sequence
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
from carecampaign.inventory.queries.contents import LevelOfItems, levels_of_items
from carecampaign.inventory.queries.locations import is_visible

Key = tuple[int, int]
"""A location's and an item's id."""

_Here = aliased(StockLocation)
_IS_TRANSIT = _Here.kind == LocationKind.TRANSIT

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
    """What the stock is narrowed to; "" and None narrow nothing.

    ``by_items`` counts packages as the items in them.
    """

    kind: LocationKind | None = None
    location: int | None = None
    station: int | None = None
    item: int | None = None
    item_kind: ItemKind | None = None
    text: str = ""
    by_items: bool = False


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
_VALUE_OF_ITEMS: ColumnElement[int] = func.coalesce(
    func.sum(case((_IS_TRANSIT, 0), else_=levels_of_items.c.value)), 0
)


def _on_hand(level: type[StockLevel]) -> ColumnElement[int]:
    return case((_IS_TRANSIT, 0), else_=level.on_hand)


def _in_transit(level: type[StockLevel]) -> ColumnElement[int]:
    return case((_IS_TRANSIT, level.on_hand), else_=0)


_WHAT: tuple[Column[StockRow], ...] = (
    Column("place", _l("Stock location"), lambda row: row.location.name, StockLocation.name),
    Column("kind", _l("Kind of place"), lambda row: row.location.kind, KIND_ORDER),
    Column("item", _l("Item"), lambda row: row.item.name, Item.name),
    Column("code", _l("Code"), lambda row: row.item.code, Item.code, optional=True),
    Column("spec", _l("Spec"), lambda row: row.item.spec, Item.spec, optional=True),
    Column("item_kind", _l("Kind"), lambda row: row.item.kind, by_member(Item.kind, ItemKind)),
)


def _how_much(level: type[StockLevel], value: ColumnElement[int]) -> tuple[Column[StockRow], ...]:
    return (
        Figure("on_hand", _l("On hand"), lambda row: row.on_hand, func.sum(_on_hand(level))),
        Figure(
            "reserved",
            _l("Reserved"),
            lambda row: row.reserved,
            func.sum(level.reserved),
        ),
        Figure(
            "available",
            _l("Available"),
            lambda row: row.available,
            func.sum(_on_hand(level) - level.reserved),
        ),
        Figure(
            "in_transit",
            _l("In transit"),
            lambda row: row.in_transit,
            func.sum(_in_transit(level)),
        ),
        Column("unit", _l("Unit of measure"), lambda row: row.item.unit, Item.unit, optional=True),
        Figure(
            "unexplained",
            _l("Unexplained"),
            lambda row: row.unexplained,
            func.sum(level.unexplained),
            optional=True,
        ),
        Yuan("value", _l("Value"), lambda row: row.value, value),
    )


def _listing(level: type[StockLevel], value: ColumnElement[int]) -> Listing[StockRow]:
    """Declare the list over the levels as they are, or by items: it is sorted by these."""
    return Listing(
        _l("Stock"),
        (*_WHAT, *_how_much(level, value)),
        order=(
            KIND_ORDER,
            StockLocation.name,
            StockLocation.id,
            Item.kind.desc(),
            Item.name,
            Item.id,
        ),
    )


STOCK = _listing(StockLevel, _VALUE)
STOCK_OF_ITEMS = _listing(LevelOfItems, _VALUE_OF_ITEMS)
"""Pieces of unlike things are not added up; their value is."""


def stock_for(actor: Actor, filters: StockFilters) -> Select[Any]:
    """Select what the actor's places hold: place, item, and the sums ``stock_rows`` takes."""
    level = _level(filters)
    return _levels(
        actor,
        filters,
        StockLocation,
        Item,
        func.sum(_on_hand(level)),
        func.sum(level.reserved),
        func.sum(_in_transit(level)),
        func.sum(level.unexplained),
        *([_VALUE_OF_ITEMS] if filters.by_items else []),
    ).group_by(StockLocation.id, Item.id)


def stock_rows(found: Sequence[Any]) -> list[StockRow]:
    """Give what ``stock_for`` selects as rows, with values."""
    values = _values([(location.id, item.id) for location, item, *_pieces in found])
    return stock_rows_of_items(
        [
            (location, item, *pieces, values.get((location.id, item.id), 0))
            for location, item, *pieces in found
        ]
    )


def stock_rows_of_items(found: Sequence[Any]) -> list[StockRow]:
    """Give what ``stock_for`` selects by items, which has the values, as rows."""
    return [StockRow(location, item, *map(int, figures)) for location, item, *figures in found]


def stock_page(actor: Actor, filters: StockFilters, *, page: int) -> Page[StockRow]:
    """Give a page of what the actor's places hold, by place, packages before goods."""
    return page_of(STOCK, stock_for(actor, filters), page=page, complete=stock_rows)


def stock_totals(actor: Actor, filters: StockFilters) -> StockTotals:
    """Add up all that the list of the stock has on all its pages."""
    level, is_package = _level(filters), Item.kind == ItemKind.PACKAGE
    figures = db.session.execute(
        _levels(
            actor,
            filters,
            func.sum(case((is_package, _on_hand(level)), else_=0)),
            func.sum(case((is_package, 0), else_=_on_hand(level))),
            func.sum(_in_transit(level)),
            *([_VALUE_OF_ITEMS] if filters.by_items else []),
        )
    ).one()
    packages, goods, in_transit, *value = (int(figure or 0) for figure in figures)
    return StockTotals(packages, goods, in_transit, *(value or [_value_on_hand(actor, filters)]))


def _value_on_hand(actor: Actor, filters: StockFilters) -> int:
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
    return int(value or 0)


def _level(filters: StockFilters) -> type[StockLevel]:
    return LevelOfItems if filters.by_items else StockLevel


def _levels(actor: Actor, filters: StockFilters, *columns: Any) -> Select[Any]:  # noqa: ANN401 - entities or figures
    level = _level(filters)
    statement = (
        select(*columns)
        .select_from(level)
        .join(_Here, _Here.id == level.location_id)
        .join(StockLocation, StockLocation.id == func.coalesce(_Here.destination_id, _Here.id))
        .join(Item, Item.id == level.item_id)
        .where(*_conditions(actor, filters))
    )
    if filters.by_items:
        return statement
    return statement.where(or_(StockLevel.on_hand > 0, StockLevel.unexplained != 0))


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
