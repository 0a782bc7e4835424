"""The monthly balance sheet (DOMAIN.md section 1, 收支结存表), which checks itself.

A movement belongs to the day it was posted, so that a month that is over never changes.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, Select, case, func, literal, or_, select, union_all

from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory.models import LocationKind, Movement, StockLocation
from carecampaign.inventory.queries.books.balances import balances_before
from carecampaign.inventory.queries.contents import MovementOfItems

_EXCHANGES = select(StockLocation.id).where(StockLocation.kind == LocationKind.SETTLEMENT)
"""Ends at which the same pieces leave and come back as something else: only the net counts."""

_EXCHANGES_OF_ITEMS = select(StockLocation.id).where(
    StockLocation.kind.in_([LocationKind.SETTLEMENT, LocationKind.ASSEMBLY])
)


@dataclass(frozen=True)
class Period:
    """Local dates from the first to the last, both included."""

    since: date
    until: date


def period_of(year: int, month: int, *, closes_on: int | None = None) -> Period:
    """Give an accounting month: to its last day, or to ``closes_on`` (at most the 28th)."""
    if closes_on is None:
        return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    last = date(year, month, closes_on)
    before = last.replace(day=1) - timedelta(days=1)
    return Period(before.replace(day=closes_on) + timedelta(days=1), last)


@dataclass(frozen=True)
class Side:
    """Pieces and what they are worth in fen."""

    quantity: int = 0
    value: int = 0

    def __add__(self, other: "Side") -> "Side":
        return Side(self.quantity + other.quantity, self.value + other.value)

    def __sub__(self, other: "Side") -> "Side":
        return Side(self.quantity - other.quantity, self.value - other.value)


@dataclass(frozen=True)
class MonthRow:
    """An item in a month. ``closing`` is added up by itself, from all movements to the end."""

    item: Item
    opening: Side
    received: Side
    issued: Side
    closing: Side

    @property
    def adds_up(self) -> bool:
        """Whether opening + in - out is what was found at the end."""
        return self.opening + self.received - self.issued == self.closing


@dataclass(frozen=True)
class MonthSheet:
    """The items that were there, came or went, with what they come to.

    ``by_items`` says that packages are counted as the items in them.
    """

    period: Period
    rows: Sequence[MonthRow]
    by_items: bool = False

    @property
    def adds_up(self) -> bool:
        return all(row.adds_up for row in self.rows)

    def total(self, side: str) -> Side:
        """Add up one of the four sides; pieces of different units only count together."""
        return sum((getattr(row, side) for row in self.rows), Side())


def month_sheet(places: Select[int], period: Period, *, by_items: bool = False) -> MonthSheet:
    """Give the sheet of places for a period.

    What moved between the places themselves is neither in nor out. Where the batch of pieces
    became known later, the difference in value counts as in or out. ``by_items`` counts
    packages as the items in them; putting packages together or taking them apart then moves
    nothing, but for fen that do not divide. It costs as much as there are movements from and
    to the places up to the end of the period.
    """
    ledger = MovementOfItems if by_items else Movement
    exchanges = _EXCHANGES_OF_ITEMS if by_items else _EXCHANGES
    flows = {
        row.item_id: row for row in db.session.execute(_flows(places, period, ledger, exchanges))
    }
    closing = _closing(places, period, ledger)
    items = db.session.scalars(
        select(Item)
        .where(Item.id.in_(flows.keys() | closing.keys()))
        .order_by(Item.kind.desc(), Item.name, Item.id)
    )
    rows = (_row(item, flows.get(item.id), closing.get(item.id, Side())) for item in items)
    return MonthSheet(period, [row for row in rows if _says_something(row)], by_items)


def _closing(places: Select[int], period: Period, ledger: type[Movement]) -> Mapping[int, Side]:
    book = balances_before(places, clock.end_of(period.until), ledger=ledger)
    rows = db.session.execute(
        select(book.c.item_id, func.sum(book.c.quantity), func.sum(book.c.value)).group_by(
            book.c.item_id
        )
    )
    return {item_id: Side(int(quantity), int(value)) for item_id, quantity, value in rows}


def _flows(
    places: Select[int], period: Period, ledger: type[Movement], exchanges: Select[int]
) -> Select[Any]:
    comes = _ends(ledger, exchanges, 1).where(
        ledger.target_id.in_(places), ledger.source_id.not_in(places)
    )
    goes = _ends(ledger, exchanges, -1).where(
        ledger.source_id.in_(places), ledger.target_id.not_in(places)
    )
    until = ledger.recorded_at < clock.end_of(period.until)
    moved = union_all(comes.where(until), goes.where(until)).subquery("moved")
    is_before = moved.c.recorded_at < clock.start_of(period.since)
    is_plain = ~is_before & ~moved.c.is_exchanged
    sides: list[tuple[Any, Any]] = [
        (is_before, moved.c.sign),
        (is_plain & (moved.c.sign > 0), 1),
        (is_plain & (moved.c.sign < 0), 1),
        (~is_before & moved.c.is_exchanged, moved.c.sign),
    ]
    sums: list[Any] = [
        func.sum(case((condition, figure * sign), else_=0))
        for condition, sign in sides
        for figure in (moved.c.quantity, moved.c.value)
    ]
    return select(moved.c.item_id, *sums).group_by(moved.c.item_id)


def _ends(ledger: type[Movement], exchanges: Select[int], sign: int) -> Select[Any]:
    is_exchanged = or_(ledger.source_id.in_(exchanges), ledger.target_id.in_(exchanges))
    columns: list[Any] = [
        ledger.item_id,
        ledger.recorded_at.label("recorded_at"),
        ledger.quantity.label("quantity"),
        ledger.value.label("value"),
        is_exchanged.label("is_exchanged"),
        literal(sign).label("sign"),
    ]
    return select(*columns)


def _row(item: Item, flow: Row[Any] | None, closing: Side) -> MonthRow:
    figures = [0] * 8 if flow is None else list(map(int, flow[1:]))
    opening, received, issued, exchanged = (
        Side(*figures[at : at + 2]) for at in range(0, len(figures), 2)
    )
    more = Side(max(exchanged.quantity, 0), max(exchanged.value, 0))
    return MonthRow(item, opening, received + more, issued + more - exchanged, closing)


def _says_something(row: MonthRow) -> bool:
    sides = (row.opening, row.received, row.issued, row.closing)
    return any(side.quantity or side.value for side in sides)
