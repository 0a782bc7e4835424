"""Spreadsheets in: .xlsx and .csv as rows of text, within bounds, whatever the file holds."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook

from carecampaign.core.sheets.errors import (
    SheetDamaged,
    SheetTooLarge,
    TooManyRows,
    WrongSheetType,
)
from carecampaign.core.sheets.unpacking import MOST_COLUMNS, unpack
from carecampaign.core.sheets.writing import FORMULA_STARTS

__all__ = [
    "Row",
    "SheetDamaged",
    "SheetTooLarge",
    "TooManyRows",
    "WrongSheetType",
    "read_sheet",
]

DEFAULT_MAX_ROWS = 20_000
_ZIP = b"PK\x03\x04"
_LARGEST_EXACT = 10**15
"""Numbers are kept with 15 digits in a spreadsheet: a longer one has lost its last."""


@dataclass(frozen=True)
class Row:
    """A row as text: its number as the spreadsheet shows it, and its cells, "" where empty.

    ``inexact`` holds the positions of long numbers that lost digits, such as an identity
    number typed as a number: what stands there is not what was meant.
    """

    number: int
    cells: tuple[str, ...]
    inexact: frozenset[int] = frozenset()


def read_sheet(stream: BinaryIO, filename: str, *, max_rows: int = DEFAULT_MAX_ROWS) -> list[Row]:
    """Read the first sheet of a workbook, or a .csv in UTF-8 or GB18030, as rows of text.

    The headings are the first row; rows without any text are left out. ``max_rows`` does
    not count the headings. Dates read ``2026-11-24``, numbers as they would be typed;
    formulas give the value they last had, macros are not looked at.

    Raises WrongSheetType, SheetDamaged, SheetTooLarge or TooManyRows.
    """
    content = stream.read()
    if content.startswith(_ZIP):
        rows = list(_xlsx_rows(content, max_rows))
    elif filename.lower().endswith((".csv", ".txt")):
        rows = list(_csv_rows(content))
    else:
        raise WrongSheetType
    if len(rows) > max_rows + 1:
        raise TooManyRows(max_rows)
    return rows


def _xlsx_rows(content: bytes, max_rows: int) -> Iterator[Row]:
    plain = unpack(content, max_rows=max_rows)
    try:
        sheet = CalamineWorkbook.from_filelike(plain).get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
    except (CalamineError, IndexError, ValueError) as error:
        raise SheetDamaged from error
    for number, row in enumerate(cells, start=1):
        inexact = frozenset(n for n, cell in enumerate(row) if _is_inexact(cell))
        yield from _row(number, (_as_text(cell) for cell in row), inexact)


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
            yield from _row(number, (_without_guard(cell) for cell in row))
    except csv.Error as error:
        raise SheetDamaged from error


def _row(
    number: int, cells: Iterable[str], inexact: frozenset[int] = frozenset()
) -> Iterator[Row]:
    cleaned = tuple(unicodedata.normalize("NFC", cell).strip() for cell in cells)
    if any(cleaned):
        yield Row(number, cleaned, inexact)


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


def _is_inexact(cell: object) -> bool:
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool)
    return is_number and abs(cell) >= _LARGEST_EXACT  # type: ignore[arg-type]


def _as_text(cell: object) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        is_a_day = cell.time() == time.min
        return cell.date().isoformat() if is_a_day else f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, time):
        return f"{cell:%H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\0", "")
