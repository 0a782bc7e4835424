"""The one place that reads the clock. Instants are aware UTC, dates are local dates."""

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo(os.environ.get("TIME_ZONE", "Asia/Shanghai"))
"""The organisation's zone: what a date on paper means."""


def now() -> datetime:
    """Give the present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Give the present local date of the organisation's zone."""
    return local_date(now())


def local(instant: datetime) -> datetime:
    """Put an instant into the organisation's zone."""
    return instant.astimezone(ZONE)


def local_date(instant: datetime) -> date:
    """Give the local date an instant falls on."""
    return local(instant).date()


def start_of(day: date) -> datetime:
    """Give the instant (UTC) at which a local date begins."""
    return datetime.combine(day, time.min, tzinfo=ZONE).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Give the instant (UTC) at which a local date is over."""
    return start_of(day + timedelta(days=1))


def seconds_from_now(seconds: float) -> datetime:
    """Give the instant so many seconds ahead (negative: ago)."""
    return now() + timedelta(seconds=seconds)
