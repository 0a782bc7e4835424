"""The list of stations as a table: its columns, and what its rows need."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from carecampaign.access.actor import Actor
from carecampaign.core import clock
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing, by_member
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import HostKind, Station, StationStatus, StationType
from carecampaign.stations.queries.lists import StationFilters, newest_stars, stations_for
from carecampaign.stations.queries.opening import open_among


@dataclass(frozen=True)
class StationRow:
    """A station, and whether it is open at this moment."""

    station: Station
    is_open: bool


_OWNER = (
    select(Organization.short_name)
    .where(Organization.id == Station.owner_id)
    .correlate(Station)
    .scalar_subquery()
)

STATIONS: Listing[StationRow] = Listing(
    _l("Warm stations"),
    (
        Column("name", _l("Name"), lambda row: row.station.name, Station.name),
        Column("code", _l("Code"), lambda row: row.station.code, Station.code),
        Column("host_unit", _l("Host unit"), lambda row: row.station.host_unit, Station.host_unit),
        Column(
            "host_kind",
            _l("Kind of host"),
            lambda row: row.station.host_kind,
            by_member(Station.host_kind, HostKind),
            optional=True,
        ),
        Column(
            "district",
            _l("District"),
            lambda row: row.station.district,
            Station.district,
            optional=True,
        ),
        Column("address", _l("Address"), lambda row: address_of(row.station), Station.address),
        Column("owner", _l("Run by"), lambda row: row.station.owner.short_name, _OWNER),
        Column(
            "type",
            _l("Type"),
            lambda row: row.station.station_type,
            by_member(Station.station_type, StationType),
        ),
        Column(
            "stars", _l("Star level"), lambda row: row.station.stars, newest_stars(), optional=True
        ),
        Column(
            "status",
            _l("Status"),
            lambda row: row.station.status,
            by_member(Station.status, StationStatus),
        ),
    ),
    order=(Station.code, Station.id),
)


def address_of(station: Station) -> str:
    """Write where a station is, as one line."""
    parts = (station.district, station.street, station.address)
    return " ".join(part for part in parts if part)


def stations_to_list(actor: Actor, filters: StationFilters) -> Select[Any]:
    """Select the stations the actor may see, with their rules and ratings."""
    shown = (selectinload(Station.opening), selectinload(Station.ratings))
    return stations_for(actor, filters).options(*shown)


def with_opening(stations: Sequence[Station]) -> list[StationRow]:
    """Give stations as rows of the list."""
    open_now = open_among(stations, clock.now())
    return [StationRow(station, station.id in open_now) for station in stations]
