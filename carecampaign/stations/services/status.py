"""Open, close and delist a station."""

from datetime import date

from carecampaign.access.actor import Actor
from carecampaign.stations.models import Station, StationStatus
from carecampaign.stations.services.errors import (
    NotClosed,
    ReasonNeeded,
    ReopensTooEarly,
    SameStatus,
)
from carecampaign.stations.services.recording import record

CLOSED = frozenset({StationStatus.CLOSED, StationStatus.DELISTED})
"""States that people who come to the door want a reason for."""


def change_status(
    station: Station,
    status: StationStatus,
    *,
    reason: str = "",
    since: date | None = None,
    reopens_on: date | None = None,
    by: Actor,
) -> None:
    """Open, close or delist a station, or say more about why and until when it is closed.

    Raises SameStatus when nothing changes, ReasonNeeded when it closes without one, NotClosed
    and ReopensTooEarly for the day it is expected to open again.
    """
    if (status, reason, reopens_on) == (
        station.status,
        station.status_reason,
        station.reopens_on,
    ):
        raise SameStatus
    if status in CLOSED and not reason:
        raise ReasonNeeded
    if reopens_on is not None and status is not StationStatus.CLOSED:
        raise NotClosed
    if reopens_on is not None and since is not None and reopens_on <= since:
        raise ReopensTooEarly
    changes = {"status": [station.status, status], "status_reason": reason}
    dates = {"status_since": since, "reopens_on": reopens_on}
    station.status = status
    station.status_reason = reason
    station.status_since = since
    station.reopens_on = reopens_on
    changes |= {name: day.isoformat() for name, day in dates.items() if day is not None}
    record("change_status", station, by=by, changes=changes)
