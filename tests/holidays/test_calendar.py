"""What a day is: by its weekday, unless the calendar says otherwise."""

from datetime import date, timedelta

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.holidays import lunar, services
from carecampaign.holidays.models import DayKind
from carecampaign.holidays.proposals import propose
from carecampaign.holidays.queries import kind_of, kinds_between, list_years

KNOWN_SPRING_FESTIVALS = [
    date(1900, 1, 31),
    date(1985, 2, 20),
    date(2023, 1, 22),
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2033, 1, 31),
    date(2034, 2, 19),
]


@pytest.mark.parametrize("day", KNOWN_SPRING_FESTIVALS, ids=str)
def test_the_spring_festival_follows_the_moon(day):
    assert lunar.spring_festival_of(day.year) == day


@pytest.mark.parametrize("year", [-1, 0, 1, 1899, 2200, 9999, 10_000, 10**9])
def test_odd_years_have_a_spring_festival_too(year):
    assert isinstance(lunar.spring_festival_of(year), date)


def test_the_spring_festival_lies_between_late_january_and_late_february():
    for year in range(1949, 2101):
        assert date(year, 1, 20) < lunar.spring_festival_of(year) < date(year, 2, 22)


def test_the_other_festivals_of_2027():
    assert lunar.tomb_sweeping_of(2027) == date(2027, 4, 5)
    assert lunar.dragon_boat_of(2027) == date(2027, 6, 9)
    assert lunar.mid_autumn_of(2027) == date(2027, 9, 15)


def test_without_a_calendar_the_weekday_tells(app):
    assert kind_of(date(2026, 11, 27)) is DayKind.WORKDAY
    assert kind_of(date(2026, 11, 28)) is DayKind.WEEKEND


def test_the_calendar_overrules_the_weekday(app):
    services.take_over(2026, by=SYSTEM)

    assert kind_of(date(2026, 2, 14)) is DayKind.MAKE_UP_WORKDAY  # a Saturday
    assert kind_of(date(2026, 2, 17)) is DayKind.SPRING_FESTIVAL
    assert kind_of(date(2026, 10, 1)) is DayKind.HOLIDAY
    assert kind_of(date(2026, 10, 8)) is DayKind.WORKDAY


def test_a_period_is_read_with_one_query(app, count_queries):
    services.take_over(2026, by=SYSTEM)

    with count_queries() as sent:
        kinds = kinds_between(date(2026, 1, 1), date(2026, 12, 31))

    assert len(sent) == 1
    assert len(kinds) == 365
    assert list(kinds) == sorted(kinds)


def test_a_period_the_wrong_way_round_is_empty(app):
    assert kinds_between(date(2026, 2, 1), date(2026, 1, 1)) == {}


def test_days_off_are_those_on_which_offices_are_closed():
    assert [kind for kind in DayKind if kind.is_day_off] == [
        DayKind.WEEKEND,
        DayKind.HOLIDAY,
        DayKind.SPRING_FESTIVAL,
    ]


def test_a_year_that_was_announced_is_proposed_as_announced():
    proposed = propose(2026)

    assert all(special.is_announced for special in proposed)
    spring = [it.day for it in proposed if it.kind is DayKind.SPRING_FESTIVAL]
    assert (spring[0], spring[-1], len(spring)) == (date(2026, 2, 15), date(2026, 2, 23), 9)
    assert sum(it.kind is DayKind.MAKE_UP_WORKDAY for it in proposed) == 6


def test_a_year_that_was_not_announced_is_computed_and_marked():
    proposed = propose(2027)

    assert not any(special.is_announced for special in proposed)
    spring = [it.day for it in proposed if it.kind is DayKind.SPRING_FESTIVAL]
    assert (spring[0], spring[-1], len(spring)) == (date(2027, 2, 5), date(2027, 2, 11), 7)
    others = [f"{it.day:%m-%d}" for it in proposed if it.kind is DayKind.HOLIDAY]
    assert others == [
        "01-01",
        "04-05",
        "05-01",
        "05-02",
        "06-09",
        "09-15",
        "10-01",
        "10-02",
        "10-03",
    ]


@pytest.mark.parametrize("year", [2000, 2004, 2020, 2028, 2031, 2050, 2199])
def test_every_year_can_be_proposed_with_each_day_once_in_order(year):
    days = [special.day for special in propose(year)]

    assert days == sorted(set(days))
    assert {day.year for day in days} == {year}
    assert len(days) >= 14


def test_the_mid_autumn_festival_on_national_day_is_one_day():
    assert lunar.mid_autumn_of(2020) == date(2020, 10, 1)
    assert lunar.mid_autumn_of(2031) == date(2031, 10, 1)
    names = {special.day: special.name for special in propose(2031)}
    assert names[date(2031, 10, 1)] == "国庆节"


def test_the_years_of_the_calendar_are_listed(app):
    for year in (2027, 2026):
        services.take_over(year, by=SYSTEM)

    assert list_years() == [2026, 2027]


def test_taking_over_twice_is_refused(app):
    services.take_over(2026, by=SYSTEM)

    with pytest.raises(services.YearBegun):
        services.take_over(2026, by=SYSTEM)


@pytest.mark.parametrize(
    ("length", "error"),
    [(-1, services.LastBeforeFirst), (31, services.RangeTooLong), (3, services.DayTaken)],
)
def test_a_range_that_cannot_be_is_refused(app, length, error):
    first = date(2027, 5, 1)
    services.add_days(
        date(2027, 5, 3), date(2027, 5, 3), kind=DayKind.HOLIDAY, name="劳动节", by=SYSTEM
    )

    with pytest.raises(error):
        services.add_days(
            first,
            first + timedelta(days=length),
            kind=DayKind.HOLIDAY,
            name="劳动节",
            by=SYSTEM,
        )
