"""Spreadsheets out and in: .xlsx and .csv with the same columns, and .xls in."""

from carecampaign.core.sheets.locking import draw_password, lock_xlsx
from carecampaign.core.sheets.reading import (
    Row,
    SheetDamaged,
    SheetTooLarge,
    TooManyRows,
    WrongSheetType,
    iter_sheet,
    read_sheet,
)
from carecampaign.core.sheets.writing import CSV, XLSX, Cell, Sheet, to_csv, to_xlsx

__all__ = [
    "CSV",
    "XLSX",
    "Cell",
    "Row",
    "Sheet",
    "SheetDamaged",
    "SheetTooLarge",
    "TooManyRows",
    "WrongSheetType",
    "draw_password",
    "iter_sheet",
    "lock_xlsx",
    "read_sheet",
    "to_csv",
    "to_xlsx",
]
