"""Read the directory as rows of values, thousands of stations with a few statements."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.audit.models import AuditEntry
from carecampaign.core.batches import batches
from carecampaign.core.db import db
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import (
    FACILITIES,
    SERVICES,
    Feature,
    MapService,
    Station,
    StationFeature,
    StationListing,
    StationOpening,
    rules_of,
)
from carecampaign.stations.queries.lists import StationFilters, stations_for

COLUMNS = (
    *("code", "name", "aliases", "brand", "owner_id", "station_type", "build_mode"),
    *("host_unit", "host_kind", "opened_on", "district", "district_code", "street", "address"),
    *("longitude", "latitude", "datum", "opening_note", "lead_name", "public_phone"),
    *("lead_phone", "supervision_phone", "area_square_decimetres", "capacity"),
    *("status", "status_reason", "status_since", "reopens_on"),
)
"""Columns of ``Station`` that are columns of the directory."""
_SPAN_COLUMNS = (
    StationOpening.station_id,
    StationOpening.day,
    StationOpening.first_on,
    StationOpening.last_on,
    StationOpening.opens,
    StationOpening.closes,
)


@dataclass(frozen=True)
class Known:
    """A station there is, by its values in the columns of the directory."""

    id: int
    owner_path: str
    values: dict[str, Any]


def list_directory_for(actor: Actor, filters: StationFilters) -> list[Known]:
    """Give all stations of a list with everything the directory holds, by code."""
    ids = db.session.scalars(stations_for(actor, filters).with_only_columns(Station.id)).all()
    found = {known.id: known for known in _read(Station.id, ids)}
    return [found[station_id] for station_id in ids]


def stations_by_code(codes: Iterable[str], *, lock: bool = False) -> dict[str, Known]:
    """Give the stations of these codes, whoever runs them; ``lock`` holds them."""
    return {known.values["code"]: known for known in _read(Station.code, list(codes), lock=lock)}


def owner_ids_for(actor: Actor) -> dict[str, int]:
    """Give the organisations the actor may name as running a station, by name, in tree order."""
    reach = within(Organization.path, actor.paths(Permission.STATIONS_MANAGE))
    in_use = or_(Organization.is_active, Organization.id.in_(select(Station.owner_id)))
    statement = select(Organization.name, Organization.id).where(reach, in_use)
    rows = db.session.execute(statement.order_by(Organization.path, Organization.id))
    return {"".join(name.split()): organization_id for name, organization_id in rows}


def owners_by_id(organization_ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Give the names and paths of organisations that run stations, or did."""
    owners: dict[int, tuple[str, str]] = {}
    for batch in batches(sorted(set(organization_ids))):
        columns = select(Organization.id, Organization.name, Organization.path)
        rows = db.session.execute(columns.where(Organization.id.in_(batch)))
        owners |= {row.id: (row.name, row.path) for row in rows}
    return owners


def ids_by_code(codes: Sequence[str]) -> dict[str, int]:
    """Give the ids of the stations of these codes."""
    ids: dict[str, int] = {}
    for batch in batches(codes):
        statement = select(Station.code, Station.id).where(Station.code.in_(batch))
        ids |= {row.code: row.id for row in db.session.execute(statement)}
    return ids


def hold_stations(station_ids: Sequence[int]) -> None:
    """Hold stations until the transaction ends."""
    for batch in batches(station_ids):
        held = select(Station.id).where(Station.id.in_(batch)).order_by(Station.id)
        db.session.execute(held.with_for_update())


def count_changes() -> int:
    """Count the changes of stations there ever were: each has its entry in the log.

    The same number later means that nobody changed any station in between.
    """
    entries = select(func.count()).where(AuditEntry.subject_kind == Station.__tablename__)
    return db.session.scalar(entries) or 0


def codes_beginning_with(prefix: str) -> set[str]:
    """Give the codes that are taken."""
    statement = select(Station.code).where(Station.code.startswith(prefix, autoescape=True))
    return set(db.session.scalars(statement))


def _read(
    column: InstrumentedAttribute[Any], wanted: Sequence[Any], *, lock: bool = False
) -> Iterator[Known]:
    for batch in batches(wanted):
        statement = (
            select(Station.id, Organization.path, *(getattr(Station, name) for name in COLUMNS))
            .join(Station.owner)
            .where(column.in_(batch))
            .order_by(Station.id)
        )
        if lock:
            statement = statement.with_for_update(of=Station)
        rows = db.session.execute(statement).all()
        parts = _parts_of([row.id for row in rows])
        for row in rows:
            columns = {name: getattr(row, name) for name in COLUMNS}
            yield Known(row.id, row.path, columns | parts[row.id])


def _parts_of(ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Give what stands in rows of its own, for each station."""
    offered: dict[int, set[Feature]] = defaultdict(set)
    for row in db.session.execute(
        select(StationFeature.station_id, StationFeature.feature).where(
            StationFeature.station_id.in_(ids)
        )
    ):
        offered[row.station_id].add(row.feature)
    opening: dict[int, list[Any]] = defaultdict(list)
    # Rows instead of entities: they have the same names and are made in a fraction of the time.
    for span in db.session.execute(
        select(*_SPAN_COLUMNS).where(StationOpening.station_id.in_(ids))
    ):
        opening[span.station_id].append(span)
    listings: dict[int, dict[str, Any]] = defaultdict(dict)
    for listing in db.session.scalars(
        select(StationListing).where(StationListing.station_id.in_(ids))
    ):
        listings[listing.station_id][listing.service.value] = listing.listed_on or True
    nowhere = dict.fromkeys((service.value for service in MapService), False)
    return {
        station_id: {
            "opening": rules_of(opening[station_id]),
            "facilities": frozenset(offered[station_id].intersection(FACILITIES)),
            "services": frozenset(offered[station_id].intersection(SERVICES)),
            **nowhere,
            **listings[station_id],
        }
        for station_id in ids
    }
