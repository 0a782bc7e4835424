"""What a list shows, declared once and near its query."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Generic, TypeVar

from flask_babel.speaklater import LazyString
from sqlalchemy import ColumnElement, Select, case

from carecampaign.core.babel import show_date, show_datetime, show_number, show_yuan
from carecampaign.core.i18n import Labelled, _
from carecampaign.core.sheets import Cell

Row = TypeVar("Row")
NOTHING = "—"
FEN = 100
"""Of a yuan: files hold money in yuan."""


@dataclass(frozen=True)
class Column(Generic[Row]):
    """One column of a list.

    ``value`` reads the plain value of a row: for a file, and for a cell the template does not
    draw by itself. Rows are sorted by ``sql``; without it the column offers no sorting. A
    column that is ``optional`` is shown only to those who choose it.
    """

    key: str
    heading: LazyString
    value: Callable[[Row], Cell]
    sql: Any = None
    optional: bool = False

    is_figure: ClassVar[bool] = False
    is_moment: ClassVar[bool] = False

    def show(self, row: Row) -> str:
        """Write the value of a row for the screen."""
        value = self.cell(row)
        return NOTHING if value is None or value == "" else str(value)

    def cell(self, row: Row) -> Cell:
        """Give the value of a row for a file: of a closed list its words."""
        value = self.value(row)
        return str(value.label) if isinstance(value, Labelled) else value

    @property
    def heading_in_file(self) -> str:
        return str(self.heading)


class Moment(Column[Row]):
    """A day or an instant, on one line."""

    is_moment = True

    def show(self, row: Row) -> str:
        value = self.value(row)
        if isinstance(value, datetime):
            return show_datetime(value)
        return show_date(value) if isinstance(value, date) else NOTHING


class Figure(Column[Row]):
    """A whole number, set right. It says nothing to add it up: see ``Sum``."""

    is_figure = True

    def show(self, row: Row) -> str:
        return self.show_figure(self.value(row))

    def show_figure(self, figure: Any) -> str:  # noqa: ANN401 - an int, or nothing
        """Write a figure of this column, or a sum of them."""
        return NOTHING if figure is None else show_number(figure)


@dataclass(frozen=True)
class Sum(Figure[Row]):
    """A whole number with a sum below it, of this page and of all: ``sql`` is what adds up.

    ``adds`` is what a row adds to the sum of its page, where that is not its value: nothing,
    for what was taken back.
    """

    adds: Callable[[Row], int] | None = None

    def add_up(self, rows: Iterable[Row]) -> int:
        """Add up the rows of a page."""
        values: Iterable[Any] = map(self.adds or self.value, rows)
        return sum(value or 0 for value in values)


class Price(Figure[Row]):
    """Money that says nothing added up, such as a price: ``value`` and ``sql`` are fen."""

    def show_figure(self, figure: Any) -> str:  # noqa: ANN401 - an int, or nothing
        return NOTHING if figure is None else show_yuan(figure)

    def cell(self, row: Row) -> Cell:
        fen: Any = self.value(row)
        return None if fen is None else fen / FEN

    @property
    def heading_in_file(self) -> str:
        return _("%(heading)s (yuan)", heading=self.heading)


class Yuan(Price[Row], Sum[Row]):
    """Money with a sum below it, of this page and of all: ``value`` and ``sql`` are fen."""


def by_member(column: Any, kind: type[Labelled]) -> ColumnElement[int]:  # noqa: ANN401 - of a model
    """Sort a closed list as it is declared, not by the letters it is kept as."""
    return case({member: number for number, member in enumerate(kind)}, value=column)


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A list: its columns, the first of which is always shown, and its order.

    ``order`` holds while nobody sorts, and among rows that sort alike; what it ends with is
    unique, so that pages never overlap. A list that grows without end is counted, added up and
    paged through up to ``countable`` rows only, so that it costs the same however long it gets.
    """

    title: LazyString
    columns: tuple[Column[Row], ...]
    order: tuple[Any, ...]
    countable: int | None = None

    def column(self, key: str) -> Column[Row] | None:
        """Find a column by its key."""
        return next((column for column in self.columns if column.key == key), None)

    def is_sortable(self, key: str) -> bool:
        """Say whether rows can be sorted by a column: the only way into ORDER BY."""
        column = self.column(key)
        return column is not None and column.sql is not None

    def in_order(self, statement: Select[Any], sort: str) -> Select[Any]:
        """Put rows in order: by a column's key, by ``-key`` the other way round, or as usual."""
        column = self.column(sort.removeprefix("-"))
        if column is None or column.sql is None:
            return statement.order_by(None).order_by(*self.order)
        wanted = column.sql.desc() if sort.startswith("-") else column.sql.asc()
        return statement.order_by(None).order_by(wanted.nulls_last(), *self.order)
