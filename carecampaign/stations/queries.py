"""Read stations: those of one's part of the tree, those shared with it, and one's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from carecampaign.access.actor import EVERYWHERE, Actor
from carecampaign.access.permissions import STATION_ROLES, Permission, Role
from carecampaign.access.scope import covers, within
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Page, paginate
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import list_organizations, list_organizations_for
from carecampaign.stations.models import (
    Feature,
    HostKind,
    Station,
    StationFeature,
    StationMember,
    StationPartner,
    StationStatus,
)


@dataclass(frozen=True)
class StationFilters:
    """What a list of stations is narrowed to; "" and None narrow nothing."""

    text: str = ""
    district: str = ""
    status: StationStatus | None = None
    host_kind: HostKind | None = None
    feature: Feature | None = None
    owner_id: int | None = None


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


def list_stations_for(actor: Actor, filters: StationFilters, *, page: int) -> Page[Station]:
    """Give a page of the stations the actor may see, by code."""
    statement = _stations().where(
        visible_stations(actor, Permission.STATIONS_VIEW), *_conditions(filters)
    )
    return paginate(statement, page=page)


def list_open_stations_for(
    actor: Actor,
    permission: Permission = Permission.STATIONS_VIEW,
    *,
    also: Iterable[int] = (),
) -> list[Station]:
    """Give the stations in use to choose from, by code; ``also`` names ids to give in any case."""
    in_use = Station.status.in_([StationStatus.PLANNED, StationStatus.OPEN])
    condition = or_(visible_stations(actor, permission) & in_use, Station.id.in_(list(also)))
    return list(db.session.scalars(_stations().where(condition)))


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


def list_districts_for(actor: Actor) -> list[str]:
    """Give the districts of the stations the actor may see."""
    return list(
        db.session.scalars(
            select(Station.district)
            .where(visible_stations(actor, Permission.STATIONS_VIEW), Station.district != "")
            .distinct()
            .order_by(Station.district)
        )
    )


def list_owners_of_visible(actor: Actor) -> list[Organization]:
    """Give the organisations that own stations the actor may see."""
    owners = select(Station.owner_id).where(visible_stations(actor, Permission.STATIONS_VIEW))
    statement = select(Organization).where(Organization.id.in_(owners))
    return list(db.session.scalars(statement.order_by(Organization.name, Organization.id)))


def list_owners_for(actor: Actor, *, also: Organization | None = None) -> list[Organization]:
    """Give the organisations the actor may run stations for, and the one that runs it now."""
    owners = list_organizations_for(actor, Permission.STATIONS_MANAGE)
    return owners if also is None or also in owners else [also, *owners]


def list_possible_partners(station: Station) -> list[Organization]:
    """Give the organisations a station can be shared with: any but its owner and partners."""
    taken = {station.owner_id, *(partner.id for partner in station.partners)}
    return [one for one in list_organizations() if one.id not in taken]


def list_possible_members(actor: Actor, station: Station) -> list[User]:
    """Give the people who can be made members of a station, by name.

    They hold a station role at a node within the actor's reach, or at one above the station,
    and do not belong to it yet.
    """
    above = [int(part) for part in station.owner.path.split("/") if part]
    reach = or_(
        within(Organization.path, actor.paths(Permission.STATIONS_MANAGE)),
        Organization.id.in_(above),
    )
    granted = (
        select(RoleGrant.user_id)
        .join(RoleGrant.organization)
        .where(RoleGrant.role.in_(STATION_ROLES), reach)
    )
    members = [member.user_id for member in station.members]
    return list(
        db.session.scalars(
            select(User)
            .where(User.is_active, User.id.in_(granted), User.id.not_in(members))
            .options(selectinload(User.grants))
            .order_by(User.name, User.id)
        )
    )


def is_station_lead(user: User) -> bool:
    """Say whether somebody holds the role of a station lead."""
    return any(grant.role is Role.STATION_LEAD for grant in user.grants)


def _stations() -> Select[Any]:
    return select(Station).options(joinedload(Station.owner)).order_by(Station.code, Station.id)


def _get(station_id: int, condition: ColumnElement[bool], *, lock: bool = False) -> Station:
    statement = (
        _stations()
        .where(Station.id == station_id, condition)
        .options(
            selectinload(Station.features),
            selectinload(Station.partners),
            selectinload(Station.members).joinedload(StationMember.user),
        )
    )
    if lock:
        statement = statement.with_for_update(of=Station)
    station = db.session.scalar(statement)
    if station is None:
        raise NotFound(_l("There is no such station."))
    found: Station = station
    return found


def _conditions(filters: StationFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.text:
        searched = (Station.code, Station.name, Station.host_unit, Station.address)
        conditions.append(
            or_(*(column.icontains(filters.text, autoescape=True) for column in searched))
        )
    if filters.district:
        conditions.append(Station.district == filters.district)
    if filters.status is not None:
        conditions.append(Station.status == filters.status)
    if filters.host_kind is not None:
        conditions.append(Station.host_kind == filters.host_kind)
    if filters.feature is not None:
        offering = select(StationFeature.station_id).where(
            StationFeature.feature == filters.feature
        )
        conditions.append(Station.id.in_(offering))
    if filters.owner_id is not None:
        conditions.append(Station.owner_id == filters.owner_id)
    return conditions
