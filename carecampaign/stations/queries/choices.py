"""What forms and filters of stations offer to choose from."""

from collections.abc import Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import selectinload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import STATION_ROLES, Permission, Role
from carecampaign.access.scope import within
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.core.db import db
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import list_organizations, list_organizations_for
from carecampaign.stations.models import Station, StationStatus
from carecampaign.stations.queries.scope import ordered_stations, visible_stations


def list_open_stations_for(
    actor: Actor,
    permission: Permission = Permission.STATIONS_VIEW,
    *,
    also: Iterable[int] = (),
) -> list[Station]:
    """Give the stations in use to choose from, by code; ``also`` names ids to give in any case."""
    in_use = Station.status.in_([StationStatus.PLANNED, StationStatus.OPEN])
    condition = or_(visible_stations(actor, permission) & in_use, Station.id.in_(list(also)))
    return list(db.session.scalars(ordered_stations().where(condition)))


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
