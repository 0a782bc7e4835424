"""Spreadsheets out and in: .xlsx and .csv with the same columns."""

from carecampaign.core.sheets.reading import (
    Row,
    SheetDamaged,
    SheetTooLarge,
    TooManyRows,
    WrongSheetType,
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
    "read_sheet",
    "to_csv",
    "to_xlsx",
]
