"""Open a station and change what is known of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import date

from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import Actor
from carecampaign.audit.services import keyed_digest
from carecampaign.core.codes import propose_code
from carecampaign.core.db import db
from carecampaign.organizations.models import Organization
from carecampaign.stations.coordinates import Position, to_wgs84
from carecampaign.stations.models import (
    BuildMode,
    Feature,
    HostKind,
    MapService,
    Station,
    StationFeature,
    StationListing,
    StationStatus,
    StationType,
    rows_of,
)
from carecampaign.stations.opening import Rules, write
from carecampaign.stations.services.errors import CodeTaken
from carecampaign.stations.services.recording import record


@dataclass(frozen=True)
class Facts:
    """What is known of a station beside its owner, status, features and people.

    ``position`` is as somebody read it off a map, ``listings`` are the maps that show the
    station and since when, as far as known; the area is in square decimetres.
    """

    name: str
    host_unit: str
    host_kind: HostKind
    aliases: str = ""
    brand: str = ""
    station_type: StationType | None = None
    build_mode: BuildMode | None = None
    district: str = ""
    district_code: str = ""
    street: str = ""
    address: str = ""
    area_square_decimetres: int | None = None
    capacity: int | None = None
    opening_note: str = ""
    lead_name: str = ""
    lead_phone: str = ""
    public_phone: str = ""
    supervision_phone: str = ""
    opened_on: date | None = None
    position: Position | None = None
    opening: Rules = field(default_factory=Rules)
    listings: Mapping[MapService, date | None] = field(default_factory=dict)


IN_ROWS = {"opening", "listings"}
"""Facts that are rows of their own."""
COLUMNS = tuple(one.name for one in fields(Facts) if one.name not in IN_ROWS | {"position"})
"""Facts that are columns of the same name."""


def create_station(
    facts: Facts,
    *,
    code: str = "",
    owner: Organization,
    features: Collection[Feature] = (),
    status: StationStatus = StationStatus.OPEN,
    is_synthetic: bool = False,
    by: Actor,
) -> Station:
    """Open a station of an organisation. An empty code is filled in.

    Raises CodeTaken, and OutsideChina for its position.
    """
    station = Station(
        code=code.upper() or propose_code(Station.code, "S"),
        owner=owner,
        status=status,
        status_reason="",
        is_synthetic=is_synthetic,
    )
    _set_facts(station, facts)
    _set_features(station, features)
    db.session.add(station)
    _flush()
    known = {key: value for key, value in _snapshot(station).items() if value}
    record("create", station, by=by, changes=known | {"status": status})
    return station


def edit_station(
    station: Station,
    facts: Facts,
    *,
    code: str,
    owner: Organization,
    features: Collection[Feature],
    by: Actor,
) -> None:
    """Change the facts, the owner and the features of a station.

    Raises CodeTaken, and OutsideChina for its position.
    """
    before = _snapshot(station)
    station.code = code.upper()
    station.owner = owner
    if owner in station.partners:
        station.partners.remove(owner)
    _set_facts(station, facts)
    _set_features(station, features)
    _flush()
    after = _snapshot(station)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        record("edit", station, by=by, changes=changes)


def _set_facts(station: Station, facts: Facts) -> None:
    for name in COLUMNS:
        setattr(station, name, getattr(facts, name))
    _set_position(station, facts.position)
    if station.rules != facts.opening:
        station.opening = rows_of(facts.opening)
    _set_listings(station, facts.listings)


def _set_position(station: Station, position: Position | None) -> None:
    if position is None:
        station.datum = station.longitude = station.latitude = None
        station.wgs84_longitude = station.wgs84_latitude = None
        return
    computed = to_wgs84(position)
    station.datum = position.datum
    station.longitude, station.latitude = position.longitude, position.latitude
    station.wgs84_longitude, station.wgs84_latitude = computed.longitude, computed.latitude


# What stays is not written again: a row keeps the moment it was first written.


def _set_listings(station: Station, listings: Mapping[MapService, date | None]) -> None:
    for row in [row for row in station.listings if row.service not in listings]:
        station.listings.remove(row)
    listed = {row.service: row for row in station.listings}
    for service, listed_on in listings.items():
        if service in listed:
            listed[service].listed_on = listed_on
        else:
            station.listings.append(StationListing(service=service, listed_on=listed_on))


def _set_features(station: Station, features: Collection[Feature]) -> None:
    for row in [row for row in station.features if row.feature not in features]:
        station.features.remove(row)
    offered = {row.feature for row in station.features}
    for feature in [one for one in Feature if one in features and one not in offered]:
        station.features.append(StationFeature(feature=feature))


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise CodeTaken from error


def _snapshot(station: Station) -> dict[str, object]:
    """Give the facts as the audit log shows them: the private phone only as a digest."""
    position = station.position
    return {
        "code": station.code,
        "owner": station.owner.name,
        **{name: getattr(station, name) for name in COLUMNS},
        "lead_phone": station.lead_phone and keyed_digest(station.lead_phone),
        "position": position
        and f"{position.longitude}, {position.latitude} ({position.datum.value})",
        "opening": write(station.rules),
        "listings": sorted(
            f"{row.service.value} {row.listed_on or ''}".strip() for row in station.listings
        ),
        "features": sorted(row.feature for row in station.features),
    }
