"""Spreadsheets out: .xlsx and .csv with the same columns, safe to open in Excel."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from carecampaign.core import clock

Cell = str | int | float | date | datetime | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
"""What a spreadsheet takes for the beginning of a formula; .csv writes an apostrophe before."""


@dataclass(frozen=True)
class Sheet:
    """A named table: headings and rows of plain values (instants aware, money in yuan).

    ``remark`` stands in a line of its own above the headings, in .xlsx alone.
    """

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    remark: str = ""


def to_xlsx(*sheets: Sheet) -> bytes:
    """Write one workbook; text stays text, also where it looks like a formula or a link."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        bold = book.add_format({"bold": True, "bg_color": "#F1F1F1", "border": 1})
        formats = {
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.title))
            first = 1 if sheet.remark else 0
            if sheet.remark:
                page.write_string(0, 0, sheet.remark)
            page.freeze_panes(first + 1, 0)
            page.set_column(0, len(sheet.headings) - 1, 16)
            page.write_row(first, 0, list(sheet.headings), bold)
            for number, row in enumerate(sheet.rows, start=first + 1):
                _write_row(page, number, row, formats)
    return stream.getvalue()


def to_csv(sheet: Sheet) -> bytes:
    """Write UTF-8 with a byte-order mark, for Excel; what looks like a formula is quoted."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([_csv_cell(heading) for heading in sheet.headings])
    for row in sheet.rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _write_row(
    page: Worksheet, number: int, row: Sequence[Cell], formats: dict[type[date], Format]
) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, datetime):
            page.write_datetime(number, column, _local_naive(cell), formats[datetime])
        elif isinstance(cell, date):
            page.write_datetime(number, column, cell, formats[date])
        elif isinstance(cell, str):
            page.write_string(number, column, cell)
        elif cell is not None:
            page.write_number(number, column, cell)


def _csv_cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return _local_naive(cell).isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return "'" + cell
    return cell


def _local_naive(instant: datetime) -> datetime:
    return clock.local(instant).replace(tzinfo=None)


def _sheet_name(title: str) -> str:
    # Excel allows 31 characters and forbids these.
    return "".join("_" if sign in "[]:*?/\\'" else sign for sign in title)[:31] or "Sheet"
