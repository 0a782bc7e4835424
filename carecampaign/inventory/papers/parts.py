"""Columns, and how they read a row: what the papers are put together from."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from carecampaign.catalogue.models import Item
from carecampaign.core.i18n import _
from carecampaign.core.pdf import Column, ColumnKind

Row = TypeVar("Row")
Cell = str | int | None


@dataclass(frozen=True)
class Part(Generic[Row]):
    """A column of a paper with the reader of its cells."""

    column: Column
    read: Callable[[Row], Cell]


def table(
    parts: Sequence[Part[Row]], rows: Iterable[Row]
) -> tuple[list[Column], list[list[Cell]]]:
    """Give the columns, and the cells of each row."""
    return [part.column for part in parts], [[part.read(row) for part in parts] for row in rows]


def text(heading: str, read: Callable[[Row], str], width: str = "auto") -> Part[Row]:
    """Make a column of words."""
    return Part(Column(heading, width), read)


def pieces(
    heading: str,
    read: Callable[[Row], int | None],
    width: str = "auto",
    *,
    is_summed: bool = False,
) -> Part[Row]:
    """Make a column of quantities; sum it only where all of them have the same unit."""
    return Part(Column(heading, width, ColumnKind.PIECES, is_summed), read)


def money(heading: str, read: Callable[[Row], Cell], *, is_summed: bool = False) -> Part[Row]:
    """Make a column of amounts in fen, or of several on lines of their own."""
    return Part(Column(heading, "auto", ColumnKind.MONEY, is_summed), read)


def item_parts(item_of: Callable[[Row], Item]) -> list[Part[Row]]:
    """Make the columns that say which item it is: code, name, spec."""
    return [
        text(_("Code"), lambda row: item_of(row).code, "1fr"),
        text(_("Item"), lambda row: item_of(row).name, "3fr"),
        text(_("Spec"), lambda row: item_of(row).spec, "1.6fr"),
    ]


def have_one_unit(items: Iterable[Item]) -> bool:
    """Say whether pieces of these items may be added up."""
    return len({item.unit for item in items}) == 1
