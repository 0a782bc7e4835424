"""A month as people hang it on the wall: weeks as rows, Monday first."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from carecampaign.core.limits import FIRST_DAY, LAST_DAY
from carecampaign.holidays.models import DayKind
from carecampaign.holidays.queries import by_weekday


class Special(Protocol):
    """A day that is not what its weekday says, entered or proposed."""

    @property
    def day(self) -> date: ...
    @property
    def kind(self) -> DayKind: ...


@dataclass(frozen=True)
class GridDay:
    """A day of the month, what it is, and the special day it is, if it is one."""

    day: date
    kind: DayKind
    special: Special | None
    is_today: bool


@dataclass(frozen=True)
class Month:
    """A month, its weeks with None for days of the months around it, and the ways on."""

    first: date
    weekdays: list[date]
    """Monday to Sunday of its first week, for the headings."""
    weeks: list[list[GridDay | None]]
    before: date | None
    after: date | None


def month_of(first: date, special: Iterable[Special], *, today: date) -> Month:
    """Lay out the month that begins with ``first``; ``special`` are the days of its year."""
    named = {one.day: one for one in special}

    def cell(day: date) -> GridDay | None:
        if day.month != first.month:
            return None
        one = named.get(day)
        kind = by_weekday(day) if one is None else one.kind
        return GridDay(day, kind, one, is_today=day == today)

    weeks = Calendar().monthdatescalendar(first.year, first.month)
    return Month(
        first,
        weeks[0],
        [[cell(day) for day in week] for week in weeks],
        before=_month_from(first, -1),
        after=_month_from(first, 1),
    )


def _month_from(first: date, months: int) -> date | None:
    """Give the first day of a month before or after, None beyond our calendar."""
    years, month = divmod(first.month - 1 + months, 12)
    year = first.year + years
    return date(year, month + 1, 1) if FIRST_DAY.year <= year <= LAST_DAY.year else None
