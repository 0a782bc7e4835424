"""Stations as everybody may see them: those in use, with their public facts only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import cos, radians, sqrt
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, case, func, null, or_, select
from sqlalchemy.orm import joinedload, selectinload

from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Page, page_within
from carecampaign.stations.models import (
    Feature,
    Station,
    StationPhoto,
    StationStatus,
)
from carecampaign.stations.queries import is_open_at, offers

SHOWN = (StationStatus.OPEN, StationStatus.CLOSED)
"""Nobody is sent to a station that is not set up yet, or no longer there."""

PAGE_SIZE = 20
MOST_SHARED = 50_000
"""Stations of one file for the makers of maps."""

METRES_PER_DEGREE = 111_320
"""Of latitude; of longitude less, by the cosine of the latitude."""

SEARCHED = (
    Station.name,
    Station.aliases,
    Station.brand,
    Station.host_unit,
    Station.district,
    Station.street,
    Station.address,
    Station.code,
)


class Spot(NamedTuple):
    """Where somebody stands: degrees of WGS-84."""

    latitude: float
    longitude: float


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; nothing narrows nothing. ``near`` puts the nearest first."""

    text: str = ""
    district: str = ""
    features: tuple[Feature, ...] = ()
    open_at: datetime | None = None
    near: Spot | None = None


class Found(NamedTuple):
    """A station, and how far it is in metres as the crow flies, where that is known."""

    station: Station
    metres: int | None


def find_stations(wanted: Wanted, *, page: int) -> Page[Found]:
    """Give a page of the stations that fit: the nearest first, or those in use by name."""
    conditions = _conditions(wanted)
    total = db.session.scalar(select(func.count()).select_from(Station).where(*conditions)) or 0
    number = page_within(total, page=page, size=PAGE_SIZE)
    distance = _squared_distance(wanted.near)
    statement = (
        select(Station, distance)
        .options(selectinload(Station.features), selectinload(Station.opening))
        .where(*conditions)
        .order_by(*_order(wanted.near, distance))
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    items = [Found(station, _metres(square)) for station, square in db.session.execute(statement)]
    return Page(items=items, number=number, size=PAGE_SIZE, total=total)


def get_station(code: str) -> Station:
    """Give a station by its code, with what its page shows. Raises NotFound."""
    statement = (
        select(Station)
        .options(
            joinedload(Station.owner),
            selectinload(Station.features),
            selectinload(Station.opening),
            selectinload(Station.photos).joinedload(StationPhoto.file),
        )
        .where(Station.code == code, Station.status.in_(SHOWN))
    )
    station = db.session.scalar(statement)
    if station is None:
        raise NotFound(_l("There is no such station, or it is no longer in use."))
    found: Station = station
    return found


def list_districts() -> Sequence[str]:
    """Give the districts that have a station."""
    return db.session.scalars(
        select(Station.district)
        .where(Station.status.in_(SHOWN), Station.district != "")
        .distinct()
        .order_by(Station.district)
    ).all()


def all_stations() -> Iterator[Station]:
    """Give every public station by code, for a file, with what it offers and its opening rules."""
    statement = (
        select(Station)
        .options(
            joinedload(Station.owner),
            selectinload(Station.features),
            selectinload(Station.opening),
        )
        .where(Station.status.in_(SHOWN))
        .order_by(Station.code, Station.id)
        .limit(MOST_SHARED)
    )
    yield from db.session.scalars(statement.execution_options(yield_per=1000))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Station.status.in_(SHOWN)]
    # Every word has to be somewhere: "邮政 通州" is a post office in Tongzhou.
    conditions += [
        or_(*(column.icontains(word, autoescape=True) for column in SEARCHED))
        for word in wanted.text.split()
    ]
    if wanted.district:
        conditions.append(Station.district == wanted.district)
    conditions += [offers(feature) for feature in wanted.features]
    if wanted.open_at is not None:
        conditions.append(is_open_at(wanted.open_at))
    return conditions


def _order(near: Spot | None, distance: ColumnElement[Any]) -> list[Any]:
    by_name = [Station.district, Station.name, Station.id]
    if near is not None:
        return [distance.nulls_last(), *by_name]
    return [case((Station.status == StationStatus.OPEN, 0), else_=1), *by_name]


def _squared_distance(near: Spot | None) -> ColumnElement[Any]:
    """Give the square of the metres to a spot; a city is flat enough for it."""
    if near is None:
        return null()
    east = METRES_PER_DEGREE * cos(radians(near.latitude))
    eastward = (Station.wgs84_longitude - near.longitude) * east
    northward = (Station.wgs84_latitude - near.latitude) * METRES_PER_DEGREE
    return eastward * eastward + northward * northward


def _metres(square: float | None) -> int | None:
    return None if square is None else round(sqrt(square))
