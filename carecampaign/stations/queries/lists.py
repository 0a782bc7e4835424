"""Which stations a list shows: what narrows it, and their places on the map."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.core.db import db
from carecampaign.stations.models import (
    Feature,
    HostKind,
    Station,
    StationFeature,
    StationRating,
    StationStatus,
    StationType,
)
from carecampaign.stations.queries.opening import is_open_at
from carecampaign.stations.queries.scope import ordered_stations, visible_stations

MOST_PLACES = 5000
"""What a browser still draws."""

SEARCHED = (
    Station.code,
    Station.name,
    Station.aliases,
    Station.brand,
    Station.host_unit,
    Station.district,
    Station.street,
    Station.address,
    Station.lead_name,
)
"""Columns in which the words of a search are looked for."""


@dataclass(frozen=True)
class StationFilters:
    """What a list of stations is narrowed to; "" and None narrow nothing."""

    text: str = ""
    district: str = ""
    station_type: StationType | None = None
    status: StationStatus | None = None
    host_kind: HostKind | None = None
    feature: Feature | None = None
    stars: int | None = None
    open_at: datetime | None = None
    owner_id: int | None = None


class Place(NamedTuple):
    """A station as the map draws it; degrees of WGS-84."""

    id: int
    code: str
    name: str
    address: str
    status: StationStatus
    longitude: float | None
    latitude: float | None


def stations_for(actor: Actor, filters: StationFilters) -> Select[Any]:
    """Select the stations the actor may see (to paginate), by code."""
    return ordered_stations().where(*_conditions(actor, filters))


def list_places_for(actor: Actor, filters: StationFilters) -> list[Place]:
    """Give where the stations of a list are, as far as known, by code: MOST_PLACES at most."""
    statement = (
        select(
            Station.id,
            Station.code,
            Station.name,
            Station.address,
            Station.status,
            Station.wgs84_longitude,
            Station.wgs84_latitude,
        )
        .where(*_conditions(actor, filters), Station.datum.is_not(None))
        .order_by(Station.code, Station.id)
        .limit(MOST_PLACES)
    )
    return [Place(*row) for row in db.session.execute(statement)]


def count_places_for(actor: Actor, filters: StationFilters) -> tuple[int, int]:
    """Count the stations of a list, and those of them whose place is known."""
    statement = select(func.count(), func.count(Station.datum)).select_from(Station)
    stations, places = db.session.execute(statement.where(*_conditions(actor, filters))).one()
    return stations, places


def _conditions(actor: Actor, filters: StationFilters) -> list[ColumnElement[bool]]:
    conditions = [visible_stations(actor, Permission.STATIONS_VIEW)]
    if filters.text:
        conditions.append(
            or_(*(column.icontains(filters.text, autoescape=True) for column in SEARCHED))
        )
    if filters.district:
        conditions.append(Station.district == filters.district)
    if filters.station_type is not None:
        conditions.append(Station.station_type == filters.station_type)
    if filters.status is not None:
        conditions.append(Station.status == filters.status)
    if filters.host_kind is not None:
        conditions.append(Station.host_kind == filters.host_kind)
    if filters.feature is not None:
        conditions.append(offers(filters.feature))
    if filters.stars is not None:
        conditions.append(newest_stars() == filters.stars)
    if filters.open_at is not None:
        conditions.append(is_open_at(filters.open_at))
    if filters.owner_id is not None:
        conditions.append(Station.owner_id == filters.owner_id)
    return conditions


def offers(feature: Feature) -> ColumnElement[bool]:
    """Tell the stations that offer a service or have a thing."""
    return Station.id.in_(
        select(StationFeature.station_id).where(StationFeature.feature == feature)
    )


def newest_stars() -> ScalarSelect[int]:
    """Give the star level of a station's newest rating, as ``Station.stars`` does."""
    return (
        select(StationRating.stars)
        .where(StationRating.station_id == Station.id)
        .order_by(StationRating.year.desc(), StationRating.id.desc())
        .limit(1)
        .correlate(Station)
        .scalar_subquery()
    )
