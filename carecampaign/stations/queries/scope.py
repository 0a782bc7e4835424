"""Whose stations one sees, whose one looks after, and one station with all that is its own."""

from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from carecampaign.access.actor import EVERYWHERE, Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers, within
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import (
    Station,
    StationAward,
    StationMember,
    StationPartner,
    StationPhoto,
    StationRating,
)

_EVERYTHING = (
    selectinload(Station.features),
    selectinload(Station.partners),
    selectinload(Station.members).joinedload(StationMember.user),
    selectinload(Station.opening),
    selectinload(Station.listings),
    selectinload(Station.ratings),
    selectinload(Station.awards),
    selectinload(Station.photos).joinedload(StationPhoto.file),
)


def visible_stations(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """Give the condition that ``permission`` reaches a station.

    It does where the owner or a partner organisation lies within the actor's paths, and,
    for the station roles, where the actor belongs to the station.
    """
    paths = actor.paths(permission)
    if EVERYWHERE in paths:
        return true()
    reached = select(Organization.id).where(within(Organization.path, paths))
    conditions = [
        Station.owner_id.in_(reached),
        Station.id.in_(
            select(StationPartner.station_id).where(StationPartner.organization_id.in_(reached))
        ),
    ]
    if actor.holds_at_stations(permission):
        conditions.append(
            Station.id.in_(
                select(StationMember.station_id).where(StationMember.user_id == actor.id)
            )
        )
    return or_(*conditions)


def may_manage(actor: Actor, station: Station) -> bool:
    """Say whether the actor looks after a station: its owner lies within their paths."""
    return covers(actor.paths(Permission.STATIONS_MANAGE), station.owner.path)


def get_station_for(
    actor: Actor, station_id: int, permission: Permission = Permission.STATIONS_VIEW
) -> Station:
    """Give a station that ``permission`` reaches, with all that belongs to it. Raises NotFound."""
    return _get(station_id, visible_stations(actor, permission))


def get_station_to_manage(actor: Actor, station_id: int, *, lock: bool = False) -> Station:
    """Give a station whose owner lies within the actor's paths. Raises NotFound.

    ``lock`` holds it until the transaction ends, so that two changes come one after the other.
    """
    owners = within(Organization.path, actor.paths(Permission.STATIONS_MANAGE))
    condition = Station.owner_id.in_(select(Organization.id).where(owners))
    return _get(station_id, condition, lock=lock)


def get_member(station: Station, member_id: int) -> StationMember:
    """Give a member of a station. Raises NotFound."""
    for member in station.members:
        if member.id == member_id:
            return member
    raise NotFound(_l("This person does not belong to the station."))


def get_partner(station: Station, organization_id: int) -> Organization:
    """Give a partner organisation of a station. Raises NotFound."""
    for partner in station.partners:
        if partner.id == organization_id:
            return partner
    raise NotFound(_l("This organization is no partner of the station."))


def get_rating(station: Station, rating_id: int) -> StationRating:
    """Give a star level of a station. Raises NotFound."""
    for rating in station.ratings:
        if rating.id == rating_id:
            return rating
    raise NotFound(_l("The station has no such star level."))


def get_award(station: Station, award_id: int) -> StationAward:
    """Give a title of a station. Raises NotFound."""
    for award in station.awards:
        if award.id == award_id:
            return award
    raise NotFound(_l("The station has no such title."))


def get_photo(station: Station, photo_id: int) -> StationPhoto:
    """Give a photo of a station. Raises NotFound."""
    for photo in station.photos:
        if photo.id == photo_id:
            return photo
    raise NotFound(_l("The station has no such photo."))


def get_photo_for(actor: Actor, station_id: int, photo_id: int) -> StationPhoto:
    """Give a photo of a station the actor may see, in one query. Raises NotFound."""
    statement = (
        select(StationPhoto)
        .join(Station, Station.id == StationPhoto.station_id)
        .options(joinedload(StationPhoto.file))
        .where(
            StationPhoto.id == photo_id,
            Station.id == station_id,
            visible_stations(actor, Permission.STATIONS_VIEW),
        )
    )
    photo = db.session.scalar(statement)
    if photo is None:
        raise NotFound(_l("The station has no such photo."))
    found: StationPhoto = photo
    return found


def ordered_stations() -> Select[Any]:
    """Give the statement of all stations with their owners, by code."""
    return select(Station).options(joinedload(Station.owner)).order_by(Station.code, Station.id)


def _get(station_id: int, condition: ColumnElement[bool], *, lock: bool = False) -> Station:
    statement = ordered_stations().where(Station.id == station_id, condition).options(*_EVERYTHING)
    if lock:
        statement = statement.with_for_update(of=Station)
    station = db.session.scalar(statement)
    if station is None:
        raise NotFound(_l("There is no such station."))
    found: Station = station
    return found
