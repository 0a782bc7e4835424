"""Open now: as a condition of a query, in Python, and in words, by the calendar."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carecampaign.access.permissions import Role
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.holidays.models import DayKind, Holiday
from carecampaign.stations.models import Station, StationStatus, rows_of
from carecampaign.stations.opening import parse
from carecampaign.stations.queries import is_open_at, open_among, opening_of
from tests.factories import OrganizationFactory, StationFactory, UserFactory
from tests.stations.rules import FIRST_DAY, rules

SATURDAY = date(2027, 1, 30)
"""Worked on, in the tests' calendar."""
HOLIDAY = date(2027, 2, 3)
SPRING_FESTIVAL = date(2027, 2, 6)


@pytest.fixture
def calendar(app):
    """A calendar of the tests: a make-up workday, a holiday, two days of Spring Festival."""
    days = {
        SATURDAY: DayKind.MAKE_UP_WORKDAY,
        HOLIDAY: DayKind.HOLIDAY,
        SPRING_FESTIVAL: DayKind.SPRING_FESTIVAL,
        SPRING_FESTIVAL + timedelta(days=1): DayKind.SPRING_FESTIVAL,
    }
    db.session.add_all(
        Holiday(day=day, kind=kind, name="", name_en="") for day, kind in days.items()
    )
    db.session.flush()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=clock.ZONE)


def a_station(text: str, **facts) -> Station:
    return StationFactory(opening=rows_of(parse(text)), **facts)


def is_open(station: Station, instant: datetime) -> bool:
    """Ask both faces, which must agree."""
    condition = db.session.query(is_open_at(instant)).filter(Station.id == station.id).scalar()
    [in_python] = [station.id in open_among([station], instant)]
    assert bool(condition) is in_python
    return in_python


@pytest.mark.usefixtures("calendar")
class TestPriority:
    def test_split_hours_are_open_and_closed_in_turn(self):
        station = a_station("每天 9:00-12:00、13:30-17:30")

        hours = [
            is_open(station, at(FIRST_DAY, *when)) for when in ((8, 59), (9,), (12,), (13, 30))
        ]
        assert hours == [False, True, False, True]

    def test_a_day_without_a_rule_is_closed(self):
        station = a_station("周一至周五 9:00-17:00")

        assert not is_open(station, at(FIRST_DAY + timedelta(days=6), 10))

    def test_hours_past_midnight_belong_to_the_day_they_began(self):
        station = a_station("周一 22:00-2:00")

        assert is_open(station, at(FIRST_DAY + timedelta(days=1), 1, 59))
        assert not is_open(station, at(FIRST_DAY + timedelta(days=1), 2))
        assert not is_open(station, at(FIRST_DAY, 1))

    def test_a_holiday_without_a_rule_is_an_ordinary_weekday(self):
        assert is_open(a_station("每天 9:00-17:00"), at(HOLIDAY, 10))
        assert not is_open(a_station("每天 9:00-17:00；节假日 休息"), at(HOLIDAY, 10))

    def test_spring_festival_goes_before_holidays_and_falls_back_to_them(self):
        both = a_station("每天 9:00-17:00；节假日 休息；春节 10:00-15:00")
        holidays = a_station("每天 9:00-17:00；节假日 休息")

        assert is_open(both, at(SPRING_FESTIVAL, 10))
        assert not is_open(both, at(HOLIDAY, 10))
        assert not is_open(holidays, at(SPRING_FESTIVAL, 10))

    def test_a_date_goes_before_all(self):
        station = a_station("24小时；春节 24小时；2027-02-06 9:00-10:00")

        assert not is_open(station, at(SPRING_FESTIVAL, 12))
        assert is_open(station, at(SPRING_FESTIVAL + timedelta(days=1), 12))

    def test_a_make_up_workday_counts_as_monday_to_friday(self):
        assert is_open(a_station("周一至周五 9:00-17:00；周六 休息"), at(SATURDAY, 10))
        assert is_open(a_station("周二至周五 9:00-17:00；周六 休息"), at(SATURDAY, 10))
        assert is_open(a_station("周六 9:00-17:00"), at(SATURDAY, 10))

    def test_only_a_station_in_use_is_open(self):
        station = a_station("24小时", status=StationStatus.CLOSED)

        assert not is_open(station, at(FIRST_DAY, 10))

    def test_without_rules_nobody_knows(self):
        station = StationFactory()

        assert not is_open(station, at(FIRST_DAY, 10))
        assert opening_of(station, at(FIRST_DAY, 10)).is_open is None

    def test_the_coming_week_begins_today(self):
        station = a_station("周一至周五 9:00-17:00；春节 10:00-15:00")

        opening = opening_of(station, at(SPRING_FESTIVAL, 14))

        assert opening.is_open
        assert [day.day for day in opening.week][:2] == [date(2027, 2, 6), date(2027, 2, 7)]
        assert [len(day.spans) for day in opening.week] == [1, 1, 1, 1, 1, 1, 1]
        assert opening.week[0].kind is DayKind.SPRING_FESTIVAL


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(rules, min_size=1, max_size=8), st.data())
def test_the_query_and_python_agree(calendar, many_rules, data):
    stations = [StationFactory(opening=rows_of(one)) for one in many_rules]
    ids = [station.id for station in stations]
    for _number in range(6):
        minutes = data.draw(st.integers(0, 16 * 24 * 60 - 1))
        instant = at(FIRST_DAY, 0) + timedelta(minutes=minutes)
        found = db.session.scalars(
            db.select(Station.id).where(is_open_at(instant), Station.id.in_(ids))
        )

        assert set(found) == open_among(stations, instant)


def test_rules_come_back_from_their_rows(app):
    text = "周一至周五 9:00-12:00、13:30-17:30；法定节假日 休息；2027-02-05至2027-02-12 休息"
    station = a_station(text)
    db.session.commit()
    db.session.expire_all()

    assert station.rules == parse(text)


def test_the_list_can_be_narrowed_to_what_is_open_now(client_for):
    district = OrganizationFactory()
    a_station("24小时", owner=district, name="Always")
    StationFactory(owner=district, name="Unknown")
    client = client_for(UserFactory(role=Role.PLANNER, organization=district))

    page = client.get("/stations?is_open=y").text

    assert "Always" in page
    assert "Unknown" not in page
    assert "Open right now" in client.get("/stations").text
