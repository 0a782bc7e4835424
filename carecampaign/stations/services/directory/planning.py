"""Compare a table with the directory: what is new, what is changed, what is not theirs."""

from dataclasses import dataclass, field
from typing import Any

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.core.i18n import _
from carecampaign.core.imports import Staged, StagedRow
from carecampaign.stations.directory import columns_for
from carecampaign.stations.models import StationStatus
from carecampaign.stations.queries.directory import Known, stations_by_code

NEEDED = ("host_unit", "address")
"""Unknown of a few stations that were entered long ago; nobody opens one without."""


@dataclass(frozen=True)
class Addition:
    """A station to open, by all its values; an empty code is still to be given."""

    row: int
    values: dict[str, Any]


@dataclass(frozen=True)
class Change:
    """A station there is, the values it gets, and the keys of those that differ."""

    row: int
    known: Known
    values: dict[str, Any]
    keys: tuple[str, ...]


@dataclass
class Plan:
    """What a table would do; rows with an error are in none of these."""

    added: list[Addition] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0


def plan_import(staged: Staged, *, by: Actor, lock: bool = False) -> Plan:
    """Compare, and blame the codes of stations that are not the actor's to change.

    ``lock`` holds the stations that are there until the transaction ends.
    """
    codes = [row.values["code"] for row in staged.rows if row.values.get("code")]
    known = stations_by_code(codes, lock=lock)
    paths = by.paths(Permission.STATIONS_MANAGE)
    wrong = {error.row for error in staged.errors}
    nothing = {column.key: column.empty for column in columns_for({})}
    plan = Plan()
    for row in staged.rows:
        station = known.get(row.values.get("code", ""))
        if station is not None and not covers(paths, station.owner_path):
            message = _("This code belongs to a station that you do not look after.")
            staged.blame(row, "code", message)
        elif row.number in wrong or _lacks_what_it_needs(staged, row, station):
            continue
        elif station is None:
            plan.added.append(Addition(row.number, _opened(nothing | row.values)))
        else:
            _compare(plan, row, station)
    return plan


def _lacks_what_it_needs(staged: Staged, row: StagedRow, station: Known | None) -> bool:
    """Blame what no station is opened without, and none that has it may lose."""
    had = dict.fromkeys(NEEDED, "") if station is None else station.values
    lacking = [
        key
        for key in NEEDED
        if not row.values.get(key, had[key]) and (station is None or had[key])
    ]
    for key in lacking:
        staged.blame(row, key, _("A station needs a host unit and an address."))
    return bool(lacking)


def _compare(plan: Plan, row: StagedRow, station: Known) -> None:
    mentioned = {key: value for key, value in row.values.items() if key in station.values}
    if mentioned.get("status", "") is None:  # an empty cell: as it is
        del mentioned["status"]
    keys = tuple(key for key, value in mentioned.items() if value != station.values[key])
    if keys:
        plan.changed.append(Change(row.number, station, station.values | mentioned, keys))
    else:
        plan.unchanged += 1


def _opened(values: dict[str, Any]) -> dict[str, Any]:
    """Give what a new station is without a word on its status: open."""
    return values | {"status": values["status"] or StationStatus.OPEN}
