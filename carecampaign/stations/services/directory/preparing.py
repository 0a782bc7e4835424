"""All of an import that can be made ready before anybody has to wait for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from carecampaign.audit.services import Happening
from carecampaign.stations.coordinates import Position, to_wgs84
from carecampaign.stations.queries.directory import COLUMNS, owners_by_id
from carecampaign.stations.services.directory.parts import NOTHING, Parts, difference
from carecampaign.stations.services.directory.planning import Addition, Change, Plan
from carecampaign.stations.services.directory.recording import Owners, tell_change, tell_opening


@dataclass(frozen=True)
class Opening:
    """A station to open: its columns, its other rows, and what the log will say of it."""

    columns: dict[str, Any]
    parts: Parts
    told: Happening


@dataclass(frozen=True)
class Rewrite:
    """A station to change, by its id; likewise. Of ``told`` there is one entry or two."""

    station_id: int
    columns: dict[str, Any]
    parts: Parts
    told: list[Happening]


@dataclass(frozen=True)
class Work:
    """What a plan comes to, as rows."""

    openings: list[Opening]
    rewrites: list[Rewrite]
    handed_over: list[tuple[int, int]]
    """Stations that another organisation runs now, which shares with nobody of its own."""


def prepare(plan: Plan) -> Work:
    """Make a plan ready to be written; nothing is written yet."""
    owners = owners_by_id(_owners_of(plan))
    return Work(
        openings=[_opening(one, owners) for one in plan.added],
        rewrites=[_rewrite(one, owners) for one in plan.changed],
        handed_over=[
            (one.known.id, one.values["owner_id"])
            for one in plan.changed
            if "owner_id" in one.keys
        ],
    )


def _opening(addition: Addition, owners: Owners) -> Opening:
    return Opening(
        _columns(addition.values),
        difference(NOTHING, addition.values),
        tell_opening(addition, owners),
    )


def _rewrite(change: Change, owners: Owners) -> Rewrite:
    return Rewrite(
        change.known.id,
        _columns(change.values),
        difference(change.known.values, change.values),
        tell_change(change, owners),
    )


def _owners_of(plan: Plan) -> Iterator[int]:
    yield from (one.values["owner_id"] for one in plan.added)
    yield from (one.values["owner_id"] for one in plan.changed)
    yield from (one.known.values["owner_id"] for one in plan.changed)


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Give the columns of a station, those computed from others included."""
    columns = {name: values[name] for name in COLUMNS}
    computed = None
    if values["datum"] is not None:
        computed = to_wgs84(Position(values["longitude"], values["latitude"], values["datum"]))
    return columns | {
        "wgs84_longitude": computed and computed.longitude,
        "wgs84_latitude": computed and computed.latitude,
    }
