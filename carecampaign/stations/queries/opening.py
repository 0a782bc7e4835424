"""When stations are open: as a condition of a query, in Python, and in words.

Both faces look for the rule of a day in the same order: a dated exception, Spring Festival,
public holidays, the weekday. Spring Festival falls back to the rule of public holidays; a
make-up workday has the first rule there is of Monday to Friday.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlalchemy.orm import aliased

from carecampaign.core import clock
from carecampaign.holidays.models import DayKind
from carecampaign.holidays.queries import kinds_between
from carecampaign.stations.models import Station, StationOpening, StationStatus
from carecampaign.stations.opening import (
    DAY,
    WEEK,
    WORKDAYS,
    OpeningDay,
    Rules,
    Spans,
    is_within,
    minute_of,
)

ONE_DAY = timedelta(days=1)
DAYS_SHOWN = 7

Chain = tuple[OpeningDay, ...]


@dataclass(frozen=True)
class DayOpening:
    """When a station is open on a day of the coming week."""

    day: date
    kind: DayKind
    spans: Spans


@dataclass(frozen=True)
class Opening:
    """What a station's rules say of an instant and the week from its day on.

    ``is_open`` is None where nobody knows: the station has no rules.
    """

    is_open: bool | None
    week: tuple[DayOpening, ...]


def chain_of(day: date, kind: DayKind) -> Chain:
    """Give the order in which a day's rule is looked for, after dated ones."""
    weekday = WEEK[day.weekday()]
    if kind is DayKind.SPRING_FESTIVAL:
        return (OpeningDay.SPRING_FESTIVAL, OpeningDay.HOLIDAY, weekday)
    if kind is DayKind.HOLIDAY:
        return (OpeningDay.HOLIDAY, weekday)
    if kind is DayKind.MAKE_UP_WORKDAY:
        return (*WORKDAYS, weekday)
    return (weekday,)


def is_open_at(instant: datetime) -> ColumnElement[bool]:
    """Give the condition that a station in use is open at an instant by its rules."""
    local = clock.local(instant)
    today, minute = local.date(), minute_of(local)
    before = today - ONE_DAY
    kinds = kinds_between(before, today)
    return and_(
        Station.status == StationStatus.OPEN,
        or_(
            _in_span(today, chain_of(today, kinds[today]), minute),
            _in_span(before, chain_of(before, kinds[before]), minute + DAY),
        ),
    )


def open_among(stations: Iterable[Station], instant: datetime) -> set[int]:
    """Give the ids of those for which ``is_open_at`` holds; their rules are loaded already."""
    day = clock.local_date(instant)
    kinds = kinds_between(day - ONE_DAY, day)
    return {
        station.id
        for station in stations
        if station.status is StationStatus.OPEN and is_open_by(station.rules, instant, kinds)
    }


def is_open_by(rules: Rules, instant: datetime, kinds: Mapping[date, DayKind]) -> bool:
    """Say what rules say of an instant; ``kinds`` are of its day and the one before."""
    local = clock.local(instant)
    today, minute = local.date(), minute_of(local)
    before = today - ONE_DAY
    return is_within(rules.spans_on(today, chain_of(today, kinds[today])), minute) or is_within(
        rules.spans_on(before, chain_of(before, kinds[before])), minute + DAY
    )


def opening_of(station: Station, instant: datetime) -> Opening:
    """Say whether a station is open at an instant, and when in the week from its day on."""
    return openings_of([station], instant)[station.id]


def openings_of(stations: Iterable[Station], instant: datetime) -> dict[int, Opening]:
    """Say it of several stations, by id, asking the calendar once."""
    first = clock.local_date(instant)
    kinds = kinds_between(first - ONE_DAY, first + (DAYS_SHOWN - 1) * ONE_DAY)
    return {station.id: _opening(station, instant, kinds) for station in stations}


def _opening(station: Station, instant: datetime, kinds: Mapping[date, DayKind]) -> Opening:
    rules = station.rules
    if not rules:
        return Opening(is_open=None, week=())
    first = clock.local_date(instant)
    days = [first + number * ONE_DAY for number in range(DAYS_SHOWN)]
    return Opening(
        is_open=station.status is StationStatus.OPEN and is_open_by(rules, instant, kinds),
        week=tuple(
            DayOpening(day, kinds[day], rules.spans_on(day, chain_of(day, kinds[day])))
            for day in days
        ),
    )


def _in_span(day: date, chain: Chain, minute: int) -> ColumnElement[bool]:
    """Give the condition that a minute lies in a span of the rule that holds on a day."""
    rule, better = aliased(StationOpening), aliased(StationOpening)
    goes_before = _rank(better, chain) < _rank(rule, chain)
    return Station.id.in_(
        select(rule.station_id).where(
            _applies(rule, day, chain),
            rule.opens <= minute,
            rule.closes > minute,
            ~exists().where(
                better.station_id == rule.station_id, _applies(better, day, chain), goes_before
            ),
        )
    )


def _applies(row: type[StationOpening], day: date, chain: Chain) -> ColumnElement[bool]:
    return or_(row.day.in_(chain), and_(row.first_on <= day, row.last_on >= day))


def _rank(row: type[StationOpening], chain: Chain) -> ColumnElement[int]:
    order = (OpeningDay.DATED, *dict.fromkeys(chain))
    return case({kind: number for number, kind in enumerate(order)}, value=row.day)
