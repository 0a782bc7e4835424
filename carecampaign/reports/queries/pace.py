"""How fast a campaign goes, who falls behind it, and what is to be done next: plain reckoning."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from carecampaign.campaigns.models import Campaign
from carecampaign.core.i18n import Labelled, _l
from carecampaign.distributions.models import EventState
from carecampaign.inventory.models import LocationKind
from carecampaign.reports.queries.steering import Facts, Occurrence

Key = TypeVar("Key", int, int | None)

EVENT_DAYS = 7
"""Days with handouts that the pace is taken from."""

FARTHEST = timedelta(days=3650)
"""A pace that needs longer is none."""


@dataclass(frozen=True)
class Elapsed:
    """How much of a campaign's period is over on a day: full days, of all of its days."""

    days_over: int
    days: int
    days_left: int

    @classmethod
    def of(cls, campaign: Campaign, today: date) -> "Elapsed":
        """Reckon how much of a campaign is over; today still counts among the days left."""
        days = (campaign.ends_on - campaign.starts_on).days + 1
        over = min(days, max(0, (today - campaign.starts_on).days))
        return cls(days_over=over, days=days, days_left=days - over)

    @property
    def percent(self) -> int:
        return self.days_over * 100 // self.days


@dataclass(frozen=True)
class Pace:
    """Packages a day over the last event days, and what the rest of the plan needs.

    ``per_day`` spreads what the last event days came to over the calendar days since the
    first of them, so that it compares with ``needed_per_day``; None where nothing tells.
    """

    event_days: int
    per_event_day: int
    per_day: int
    needed_per_day: int | None
    done_on: date | None


def pace(days: Sequence[tuple[date, int]], *, left: int, days_left: int, today: date) -> Pace:
    """Reckon the pace from the packages of each day, and when so many left will be done.

    After the last day of a campaign nothing is projected.
    """
    last = [(day, packages) for day, packages in days if packages > 0][-EVENT_DAYS:]
    if not last:
        return Pace(0, 0, 0, _share(left, days_left), None)
    total = sum(packages for _day, packages in last)
    span = max(1, (today - last[0][0]).days + 1)
    ahead = timedelta(days=_ceil(left * span, total)) if days_left else timedelta()
    return Pace(
        event_days=len(last),
        per_event_day=round(total / len(last)),
        per_day=round(total / span),
        needed_per_day=_share(left, days_left),
        done_on=today + ahead if timedelta() < ahead <= FARTHEST else None,
    )


class Step(Labelled):
    """What to do next where packages are not handed out as planned."""

    LOOK_AFTER = "look_after", _l("Look at the open event")
    PREPARE = "prepare", _l("Look at the next event")
    PLAN = "plan", _l("Plan an event")
    SEND = "send", _l("Send packages")


@dataclass(frozen=True)
class Lag:
    """A unit or a station that is behind: its share handed out is below that of days over.

    ``behind`` is the packages it would have to have handed out beyond what it has;
    ``is_station`` tells what ``id`` is of.
    """

    id: int
    is_station: bool
    name: str
    planned: int
    handed_out: int
    behind: int
    in_stock: int
    step: Step
    event: Occurrence | None

    @property
    def percent(self) -> int:
        return self.handed_out * 100 // self.planned


def lagging_units(facts: Facts, elapsed: Elapsed, today: date) -> list[Lag]:
    """List the units behind their quota, the farthest behind first."""
    planned = _sums((unit_id, number) for (unit_id, _group), number in facts.quotas.items())
    done = _sums((one.unit_id, one.quantity) for one in facts.done)
    stock = _sums(
        (one.organization_id, one.on_hand) for one in facts.stock if one.kind == LocationKind.UNIT
    )
    events = _grouped((event.unit_id, event) for event in facts.events)
    lags = (
        _lag(
            facts.unit_names[key],
            key,
            planned=number,
            handed_out=done.get(key, 0),
            in_stock=stock.get(key, 0),
            elapsed=elapsed,
            next_one=_next(events.get(key, ()), today),
        )
        for key, number in planned.items()
    )
    return _sorted(lags)


def lagging_stations(facts: Facts, elapsed: Elapsed, today: date) -> list[Lag]:
    """List the stations behind the plan of their events, the farthest behind first."""
    done = _sums((one.station_id, one.quantity) for one in facts.done)
    stock = _sums(
        (one.station_id, one.on_hand) for one in facts.stock if one.kind == LocationKind.STATION
    )
    by_station = _grouped(
        (event.station_id, event) for event in facts.events if event.station_id is not None
    )
    lags = (
        _lag(
            facts.station_names[key],
            key,
            is_station=True,
            planned=sum(event.planned for event in events),
            handed_out=done.get(key, 0),
            in_stock=stock.get(key, 0),
            elapsed=elapsed,
            next_one=_next(events, today),
        )
        for key, events in by_station.items()
    )
    return _sorted(lags)


def _lag(
    name: str,
    key: int,
    *,
    planned: int,
    handed_out: int,
    in_stock: int,
    elapsed: Elapsed,
    next_one: Occurrence | None,
    is_station: bool = False,
) -> Lag:
    return Lag(
        id=key,
        is_station=is_station,
        name=name,
        planned=planned,
        handed_out=handed_out,
        behind=_ceil(planned * elapsed.days_over - handed_out * elapsed.days, elapsed.days),
        in_stock=in_stock,
        step=_step(next_one, in_stock),
        event=next_one,
    )


def _next(events: Iterable[Occurrence], today: date) -> Occurrence | None:
    """Give the event that is open, else the next that is planned, else one that was not held."""
    waiting = [event for event in events if event.state != EventState.CLOSED]
    return min(
        waiting,
        key=lambda event: (event.state != EventState.OPEN, event.held_on < today, event.held_on),
        default=None,
    )


def _step(next_one: Occurrence | None, in_stock: int) -> Step:
    if next_one is not None:
        return Step.LOOK_AFTER if next_one.state == EventState.OPEN else Step.PREPARE
    return Step.PLAN if in_stock else Step.SEND


def _sorted(lags: Iterable[Lag]) -> list[Lag]:
    behind = (lag for lag in lags if lag.planned and lag.behind > 0)
    return sorted(behind, key=lambda lag: (lag.handed_out / lag.planned, -lag.behind, lag.name))


def _sums(pairs: Iterable[tuple[Key, int]]) -> dict[Key, int]:
    sums: dict[Key, int] = {}
    for key, number in pairs:
        sums[key] = sums.get(key, 0) + number
    return sums


def _grouped(pairs: Iterable[tuple[int, Occurrence]]) -> dict[int, list[Occurrence]]:
    groups: dict[int, list[Occurrence]] = {}
    for key, event in pairs:
        groups.setdefault(key, []).append(event)
    return groups


def _share(left: int, days: int) -> int | None:
    return _ceil(left, days) if days else None


def _ceil(number: int, by: int) -> int:
    return -(-number // by)
