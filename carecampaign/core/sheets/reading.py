"""Spreadsheets in: .xlsx, .xls and .csv as rows of text, bounded whatever the file holds."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from carecampaign.core.sheets.errors import (
    SheetDamaged,
    SheetTooLarge,
    TooManyRows,
    WrongSheetType,
)
from carecampaign.core.sheets.old_excel import OLD_EXCEL, MergedCells, read_old_excel
from carecampaign.core.sheets.unpacking import MOST_COLUMNS, unpack
from carecampaign.core.sheets.writing import FORMULA_STARTS
from carecampaign.core.text import printable

__all__ = [
    "Row",
    "SheetDamaged",
    "SheetTooLarge",
    "TooManyRows",
    "WrongSheetType",
    "iter_sheet",
    "read_sheet",
]

DEFAULT_MAX_ROWS = 20_000
_WITHIN_A_CELL = "\t\r\n"
_NONE: frozenset[int] = frozenset()
_ZIP = b"PK\x03\x04"
_LARGEST_EXACT = 10**15
"""Numbers are kept with 15 digits in a spreadsheet: a longer one has lost its last."""


class Row(NamedTuple):
    """A row as text: its number as the spreadsheet shows it, and its cells, "" where empty.

    ``inexact`` holds the positions of long numbers that lost digits, such as an identity
    number typed as a number: what stands there is not what was meant.
    """

    number: int
    cells: tuple[str, ...]
    inexact: frozenset[int] = frozenset()


def read_sheet(stream: BinaryIO, filename: str, *, max_rows: int = DEFAULT_MAX_ROWS) -> list[Row]:
    """Read a whole table as ``iter_sheet`` does. Raises what that raises."""
    return list(iter_sheet(stream.read(), filename, max_rows=max_rows))


def iter_sheet(content: bytes, filename: str, *, max_rows: int) -> Iterator[Row]:
    """Read the first sheet of a workbook, or a .csv in UTF-8 or GB18030, as rows of text.

    The headings are the first row; rows without any text are left out. ``max_rows`` does
    not count the headings. Dates read ``2026-11-24``, numbers as they would be typed;
    formulas give the value they last had, macros are not looked at. Cells merged down a
    column all read what stands in the first of them.

    Raises WrongSheetType, SheetDamaged, SheetTooLarge or TooManyRows, some only on the way.
    """
    if content.startswith(_ZIP):
        rows = _xlsx_rows(content, max_rows)
    elif content.startswith(OLD_EXCEL):
        rows = _grid_rows(*read_old_excel(content))
    elif filename.lower().endswith((".csv", ".txt")):
        rows = _csv_rows(content)
    else:
        raise WrongSheetType
    for number, row in enumerate(rows):
        if number > max_rows:
            raise TooManyRows(max_rows)
        yield row


def _xlsx_rows(content: bytes, max_rows: int) -> Iterator[Row]:
    bounded = unpack(content, max_rows=max_rows)
    try:
        sheet = CalamineWorkbook.from_filelike(bounded).get_sheet_by_index(0)
        merged = sheet.merged_cell_ranges
    except (CalamineError, IndexError, ValueError) as error:
        raise SheetDamaged from error
    empty = [""] * (sheet.start[1] if sheet.start else 0)  # columns left of the first cell
    return _grid_rows(([*empty, *cells] for cells in sheet.iter_rows()), merged or ())


def _grid_rows(grid: Iterable[Sequence[object]], merged: Iterable[MergedCells]) -> Iterator[Row]:
    down = _MergedDown(merged)
    for place, cells in enumerate(grid):
        texts = _cleaned([_WRITERS.get(type(cell), str)(cell) for cell in cells])
        if any(texts):
            yield Row(place + 1, down.fill(place, texts), _inexact(cells))


class _MergedDown:
    """Gives what stands in the first of cells that are merged down a column to those below."""

    def __init__(self, merged: Iterable[MergedCells]) -> None:
        self._starts = {
            first: last_row for first, (last_row, _column) in merged if last_row > first[0]
        }
        self._running: dict[int, tuple[int, str]] = {}

    def fill(self, place: int, texts: tuple[str, ...]) -> tuple[str, ...]:
        if not self._starts:
            return texts
        filled = list(texts)
        for column, text in enumerate(texts):
            if (last := self._starts.get((place, column))) is not None:
                self._running[column] = last, text
            elif place <= (running := self._running.get(column, (-1, "")))[0]:
                filled[column] = text or running[1]
        return tuple(filled)


def _csv_rows(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    first_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1
        ):
            if len(row) > MOST_COLUMNS:
                raise SheetTooLarge
            cells = _cleaned(_without_guard(cell) for cell in row)
            if any(cells):
                yield Row(number, cells)
    except csv.Error as error:
        raise SheetDamaged from error


def _cleaned(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple([printable(cell, but=_WITHIN_A_CELL).strip() for cell in cells])


def _decoded(content: bytes) -> str:
    """Decode what Excel and other programs write in China; a binary file is not text."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise WrongSheetType


def _without_guard(cell: str) -> str:
    """Take the apostrophe away that keeps a text from being a formula, as ``to_csv`` set it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS) else cell


def _inexact(cells: Sequence[object]) -> frozenset[int]:
    numbers = [(n, cell) for n, cell in enumerate(cells) if isinstance(cell, int | float)]
    if not numbers:
        return _NONE
    return frozenset(n for n, number in numbers if abs(number) >= _LARGEST_EXACT)


def _number_as_text(cell: float) -> str:
    return str(int(cell)) if cell.is_integer() else repr(cell)


def _instant_as_text(cell: datetime) -> str:
    is_a_day = cell.time() == time.min
    return cell.date().isoformat() if is_a_day else f"{cell:%Y-%m-%d %H:%M:%S}"


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda cell: "1" if cell else "0",
    float: _number_as_text,
    datetime: _instant_as_text,
    date: date.isoformat,
    time: lambda cell: f"{cell:%H:%M}",
}
"""How the values of a workbook are written as they would be typed."""
