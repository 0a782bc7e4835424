"""The calendar as a table: the columns that template, export and import share."""

from collections.abc import Iterable

from carecampaign.core import cells
from carecampaign.core.i18n import _, _l
from carecampaign.core.imports import Column, Staged, one_of, refuse_duplicates, stage
from carecampaign.core.sheets import Cell, Row, Sheet
from carecampaign.holidays.models import SPECIAL, DayKind, Holiday
from carecampaign.holidays.proposals import SpecialDay

LONGEST_NAME = 50

COLUMNS = (
    Column(
        "day",
        _l("Date"),
        cells.day,
        is_required=True,
        aliases=("date",),
        example="2027-02-06",
        explanation=_l("A day a row, like 2026-11-24."),
    ),
    Column(
        "kind",
        _l("Kind"),
        one_of(
            lambda: [(kind, str(kind.label)) for kind in SPECIAL],
            _l("Write public holiday, Spring Festival holiday or make-up workday."),
        ),
        is_required=True,
        example=DayKind.SPRING_FESTIVAL.label,
        explanation=_l("Public holiday, Spring Festival holiday or make-up workday."),
    ),
    Column(
        "name",
        _l("Name"),
        cells.line_of(LONGEST_NAME),
        is_required=True,
        example="春节",
        explanation=_l("What the day is called, in Chinese."),
    ),
    Column(
        "name_en",
        _l("English name"),
        cells.line_of(LONGEST_NAME),
        example="Spring Festival",
        explanation=_l("Left empty, the Chinese name is shown."),
    ),
    Column(
        "is_announced",
        _l("Announced"),
        cells.yes_or_no,
        empty=True,
        example=_l("Yes"),
        explanation=_l("Yes or no; left empty, yes."),
    ),
)


def read_days(rows: list[Row]) -> Staged:
    """Read the days of a table, and blame those that are there twice. Raises NothingInIt."""
    staged = stage(rows, COLUMNS)
    refuse_duplicates(staged, "day")
    return staged


def days_of(staged: Staged) -> list[SpecialDay]:
    """Give the days of a table that is clean."""
    return [SpecialDay(**row.values) for row in staged.rows]


def sheet_of(title: str, holidays: Iterable[Holiday]) -> Sheet:
    """Write days in the columns that ``read_days`` reads."""
    rows: list[list[Cell]] = [
        [
            row.day,
            str(row.kind.label),
            row.name,
            row.name_en,
            _("Yes") if row.is_announced else _("No"),
        ]
        for row in holidays
    ]
    return Sheet(title, [str(column.heading) for column in COLUMNS], rows)
