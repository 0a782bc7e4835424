"""The holidays of a year as a starting point: as announced, or computed until they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar

from carecampaign.holidays import lunar
from carecampaign.holidays.models import DayKind

SPRING_FESTIVAL_DAYS = 8
"""From the eve (除夕) to the sixth day of the first month (初六), without extra days."""

FESTIVALS = {
    "New Year's Day": ("元旦", "New Year's Day"),
    "Spring Festival": ("春节", "Spring Festival"),
    "Tomb-sweeping Day": ("清明节", "Tomb-Sweeping Day"),
    "Labour Day": ("劳动节", "Labour Day"),
    "Dragon Boat Festival": ("端午节", "Dragon Boat Festival"),
    "Mid-autumn Festival": ("中秋节", "Mid-Autumn Festival"),
    "National Day": ("国庆节", "National Day"),
}
"""Festivals as the library names them → Chinese and English names."""


@dataclass(frozen=True)
class SpecialDay:
    """A day as it would be kept."""

    day: date
    kind: DayKind
    name: str
    name_en: str = ""
    is_announced: bool = True


def propose(year: int) -> list[SpecialDay]:
    """Give the holidays and make-up workdays of a year, in order.

    They are those that the State Council announced where they are known, else the statutory
    days without make-up workdays, marked as not announced yet.
    """
    try:
        return list(_announced(year))
    except NotImplementedError:  # how the library says that it does not know the year
        return sorted(_computed(year), key=lambda special: special.day)


def _announced(year: int) -> Iterator[SpecialDay]:
    day = date(year, 1, 1)
    while day.year == year:
        is_off, festival = chinese_calendar.get_holiday_detail(day)
        if festival is not None:
            yield _special(day, festival, is_off=is_off)
        day += timedelta(days=1)


def _special(day: date, festival: str, *, is_off: bool) -> SpecialDay:
    known = FESTIVALS.get(festival, (chinese_calendar.Holiday(festival).chinese, festival))
    name, name_en = known
    if not is_off:
        return SpecialDay(day, DayKind.MAKE_UP_WORKDAY, f"{name}调休", f"{name_en} (make-up)")
    is_spring = festival == chinese_calendar.Holiday.spring_festival.value
    return SpecialDay(
        day, DayKind.SPRING_FESTIVAL if is_spring else DayKind.HOLIDAY, name, name_en
    )


def _computed(year: int) -> Iterator[SpecialDay]:
    """Give the days of the rules for national holidays, which hold for every year."""
    taken = set()
    for festival, first, length in (
        ("Spring Festival", lunar.new_years_eve_of(year), SPRING_FESTIVAL_DAYS - 1),
        ("New Year's Day", date(year, 1, 1), 1),
        ("Tomb-sweeping Day", lunar.tomb_sweeping_of(year), 1),
        ("Labour Day", date(year, 5, 1), 2),
        ("Dragon Boat Festival", lunar.dragon_boat_of(year), 1),
        ("National Day", date(year, 10, 1), 3),
        ("Mid-autumn Festival", lunar.mid_autumn_of(year), 1),
    ):
        name, name_en = FESTIVALS[festival]
        kind = DayKind.SPRING_FESTIVAL if festival == "Spring Festival" else DayKind.HOLIDAY
        for day in (first + timedelta(days=number) for number in range(length)):
            if day not in taken:  # the Mid-Autumn Festival falls on National Day now and then
                taken.add(day)
                yield SpecialDay(day, kind, name, name_en, is_announced=False)
