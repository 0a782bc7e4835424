"""What rules of opening are, and what they say of one day; the calendar is told to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

HOUR = 60
DAY = 24 * HOUR
"""Times of a day are minutes since its midnight."""


class OpeningDay(StrEnum):
    """What a rule is for; a dated rule goes before all others."""

    DATED = "dated"
    SPRING_FESTIVAL = "spring_festival"
    HOLIDAY = "holiday"
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


WEEK = tuple(OpeningDay)[3:]
"""Monday to Sunday, as ``date.weekday()`` counts."""
WORKDAYS = WEEK[:5]


@dataclass(frozen=True, order=True)
class Span:
    """Open from one minute up to another; past midnight the end is above ``DAY``."""

    opens: int
    closes: int


WHOLE_DAY = Span(0, DAY)
Spans = tuple[Span, ...]
"""In order and apart from one another; none means closed."""


@dataclass(frozen=True, order=True)
class Dated:
    """What holds from the first to the last of some dates, whatever days they are."""

    first: date
    last: date
    spans: Spans


@dataclass(frozen=True)
class Rules:
    """Spans by day of the week and kind of day, and for single dates; all empty: not known."""

    days: Mapping[OpeningDay, Spans] = field(default_factory=dict)
    dated: tuple[Dated, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.days or self.dated)

    def spans_on(self, day: date, chain: Sequence[OpeningDay]) -> Spans:
        """Give when it is open on a day, whose rules are looked for in the order of ``chain``.

        Spans that begin on the day: the small hours belong to the day before.
        """
        for rule in self.dated:
            if rule.first <= day <= rule.last:
                return rule.spans
        return next((self.days[kind] for kind in chain if kind in self.days), ())


def is_within(spans: Spans, minute: int) -> bool:
    """Say whether a minute, counted from the midnight the spans count from, is in one."""
    return any(span.opens <= minute < span.closes for span in spans)


def minute_of(local: datetime) -> int:
    """Give the minute of the day of a local time."""
    return local.hour * HOUR + local.minute
