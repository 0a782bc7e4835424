"""Read the calendar: it is one for the whole installation."""

from datetime import date, timedelta

from sqlalchemy import extract, select

from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.holidays.lunar import spring_festival_of
from carecampaign.holidays.models import DayKind, Holiday

__all__ = [
    "by_weekday",
    "get_holiday",
    "kind_of",
    "kinds_between",
    "list_between",
    "list_of_year",
    "list_years",
    "spring_festival_of",
]

SATURDAY = 5


def kind_of(day: date) -> DayKind:
    """Say what a day is."""
    return kinds_between(day, day)[day]


def kinds_between(first: date, last: date) -> dict[date, DayKind]:
    """Say what each day of a period is, both ends included, in order."""
    special = {row.day: row.kind for row in list_between(first, last)}
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day: special.get(day) or by_weekday(day) for day in days}


def by_weekday(day: date) -> DayKind:
    """Say what a day is that nothing was entered of."""
    return DayKind.WEEKEND if day.weekday() >= SATURDAY else DayKind.WORKDAY


def list_between(first: date, last: date) -> list[Holiday]:
    """Give the holidays and make-up workdays of a period, both ends included, in order."""
    return list(
        db.session.scalars(
            select(Holiday).where(Holiday.day.between(first, last)).order_by(Holiday.day)
        )
    )


def list_of_year(year: int) -> list[Holiday]:
    """Give the holidays and make-up workdays of a year, in order."""
    return list_between(date(year, 1, 1), date(year, 12, 31))


def list_years() -> list[int]:
    """Give the years of which any day is known, in order."""
    year = extract("year", Holiday.day)
    return [int(found) for found in db.session.scalars(select(year).distinct().order_by(year))]


def get_holiday(holiday_id: int) -> Holiday:
    """Give a holiday or make-up workday. Raises NotFound."""
    holiday = db.session.get(Holiday, holiday_id)
    if holiday is None:
        raise NotFound(_l("There is no such day in the calendar."))
    return holiday
