"""Opening rules as rows, so that "open now" is a condition of a query."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from carecampaign.core.db import Model
from carecampaign.stations.opening import Dated, OpeningDay, Rules, Span, Spans


class StationOpening(Model):
    """One span of a day of a station (minutes since midnight), or, without one, that it is closed.

    A dated rule has its first and last date; spans past midnight close after minute 1440.
    """

    __tablename__ = "station_opening"
    __table_args__ = (
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="span_whole_or_closed"),
        CheckConstraint("opens BETWEEN 0 AND 1439", name="opens_on_its_day"),
        CheckConstraint("closes > opens AND closes <= opens + 1440", name="closes_within_a_day"),
        CheckConstraint(
            "(day = 'dated') = (first_on IS NOT NULL) AND (day = 'dated') = (last_on IS NOT NULL)",
            name="dates_of_dated_rules",
        ),
        CheckConstraint("last_on >= first_on", name="dates_in_order"),
    )

    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"), index=True)
    day: Mapped[OpeningDay]
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]
    opens: Mapped[int | None]
    closes: Mapped[int | None]


def rows_of(rules: Rules) -> list[StationOpening]:
    """Give rules as rows."""
    return [StationOpening(**values) for values in values_of(rules)]


def values_of(rules: Rules) -> list[dict[str, Any]]:
    """Give rules as the values of rows, for many stations at once."""
    named = [(day, None, None, spans) for day, spans in rules.days.items()]
    dated = [(OpeningDay.DATED, rule.first, rule.last, rule.spans) for rule in rules.dated]
    return [
        {
            "day": day,
            "first_on": first,
            "last_on": last,
            "opens": span and span.opens,
            "closes": span and span.closes,
        }
        for day, first, last, spans in [*named, *dated]
        for span in spans or (None,)
    ]


def rules_of(rows: Iterable[StationOpening]) -> Rules:
    """Read rules back from their rows."""
    days: dict[OpeningDay, list[Span]] = defaultdict(list)
    dated: dict[tuple[date, date], list[Span]] = defaultdict(list)
    for row in rows:
        is_dated = row.first_on is not None and row.last_on is not None
        spans = dated[row.first_on, row.last_on] if is_dated else days[row.day]  # type: ignore[index]
        if row.opens is not None and row.closes is not None:
            spans.append(Span(row.opens, row.closes))
    return Rules(
        days={day: _in_order(spans) for day, spans in days.items()},
        dated=tuple(
            Dated(first, last, _in_order(spans)) for (first, last), spans in sorted(dated.items())
        ),
    )


def _in_order(spans: list[Span]) -> Spans:
    return tuple(sorted(spans))
