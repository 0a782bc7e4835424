"""Places that hold stock, and the virtual ends of the ledger."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from sqlalchemy import Connection, event, exists, func, inspect, or_, select, update
from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory.models import LocationKind, StockLocation
from carecampaign.inventory.services import statements
from carecampaign.inventory.services.errors import NameTaken
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station

# A virtual location is found by an id that is fixed and negative: the ledger's hot paths name
# it without a look-up, two first uses at once cannot make two, and no URL can reach it.
SUPPLIER = -1
DONOR = -2
ASSEMBLY = -3
RECIPIENTS = -4
LOSS = -5
SETTLEMENT = -6
ISSUED = -7
ISSUED = -7
VIRTUAL_IDS = {
    LocationKind.SUPPLIER: SUPPLIER,
    LocationKind.DONOR: DONOR,
    LocationKind.ASSEMBLY: ASSEMBLY,
    LocationKind.RECIPIENTS: RECIPIENTS,
    LocationKind.LOSS: LOSS,
    LocationKind.ISSUED: ISSUED,
    LocationKind.SETTLEMENT: SETTLEMENT,
    LocationKind.ISSUED: ISSUED,
}


def virtual_location(kind: LocationKind) -> StockLocation:
    """Give the one location of a virtual kind. The first call makes them all."""
    location_id = VIRTUAL_IDS[kind]
    if db.session.get(StockLocation, location_id) is None:
        for other, other_id in VIRTUAL_IDS.items():
            _add(id=other_id, kind=other, name=other.value)
    return db.session.get_one(StockLocation, location_id)


def ensure_station_location(station: Station) -> StockLocation:
    """Give the stock location of a station; it belongs to the station's owner."""
    belongs = StockLocation.station_id == station.id
    row = db.session.scalar(select(StockLocation).where(belongs))
    if row is None:
        values = {
            "kind": LocationKind.STATION,
            "organization_id": station.owner_id,
            "station_id": station.id,
        }
        # Two stations of one owner may share a name; their codes differ.
        if _add(name=station.name, **values) is None:
            _add(name=_name_with_code(station), **values)
        row = db.session.scalars(select(StockLocation).where(belongs)).one()
    return row


@event.listens_for(Station, "after_update")
def _follow_station(_mapper: object, connection: Connection, station: Station) -> None:
    """Let a station's stock location, and what is on its way there, follow its name and owner.

    By the mapper's event, because the directory of stations knows nothing of stock: whoever
    changes a station, its stock belongs to the new owner in the same transaction.
    """
    changed = inspect(station).attrs
    if not any(changed[name].history.has_changes() for name in ("name", "code", "owner_id")):
        return
    locations = StockLocation.__table__
    here = select(locations.c.id).where(locations.c.station_id == station.id)
    location_id = connection.scalar(here)
    if location_id is None:
        return
    is_taken = exists().where(
        locations.c.kind == LocationKind.STATION,
        locations.c.organization_id == station.owner_id,
        locations.c.name == station.name,
        locations.c.id != location_id,
    )
    name = _name_with_code(station) if connection.scalar(select(is_taken)) else station.name
    for condition, new_name in (
        (locations.c.id == location_id, name),
        (locations.c.destination_id == location_id, _name_of_transit(name, location_id)),
    ):
        values = {"name": new_name, "organization_id": station.owner_id}
        connection.execute(update(StockLocation).where(condition).values(values))


def _name_with_code(station: Station) -> str:
    return f"{station.name} ({station.code})"


def ensure_unit_location(organization: Organization) -> StockLocation:
    """Give the stock location of a participating unit."""
    belongs = (
        StockLocation.kind == LocationKind.UNIT,
        StockLocation.organization_id == organization.id,
    )
    row = db.session.scalar(select(StockLocation).where(*belongs))
    if row is None:
        _add(kind=LocationKind.UNIT, name=organization.name, organization_id=organization.id)
        row = db.session.scalars(select(StockLocation).where(*belongs)).one()
    return row


def create_warehouse(name: str, *, organization: Organization, by: Actor) -> StockLocation:
    """Set up a warehouse. Raises NameTaken when the organisation has one of this name."""
    new_id = _add(kind=LocationKind.WAREHOUSE, name=name, organization_id=organization.id)
    if new_id is None:
        raise NameTaken
    warehouse = db.session.get_one(StockLocation, new_id)
    audit.record("inventory.create_warehouse", warehouse, by=by, name=name, path=organization.path)
    return warehouse


def create_event_location(name: str, *, organization: Organization) -> StockLocation:
    """Make the stock location of a distribution event; a name that is taken gets a number."""
    new_ids = (
        _add(kind=LocationKind.EVENT, name=numbered, organization_id=organization.id)
        for numbered in _event_names(name, organization)
    )
    new_id = next(new_id for new_id in new_ids if new_id is not None)
    return db.session.get_one(StockLocation, new_id)


def rename_event_location(
    location: StockLocation, name: str, *, organization: Organization
) -> None:
    """Let an event's location follow the event to another day, place or unit."""
    for numbered in _event_names(name, organization):
        try:
            with db.session.begin_nested():
                location.name = numbered
                location.organization_id = organization.id
        except IntegrityError:  # somebody takes this name at this very moment
            continue
        return


def _event_names(name: str, organization: Organization) -> Iterator[str]:
    """Give the name, then numbered ones, from the first that is likely to be free."""
    db.session.flush()
    taken = db.session.scalar(
        select(func.count())
        .select_from(StockLocation)
        .where(
            StockLocation.kind == LocationKind.EVENT,
            StockLocation.organization_id == organization.id,
            or_(
                StockLocation.name == name,
                StockLocation.name.startswith(f"{name} (", autoescape=True),
            ),
        )
    )
    if not taken:
        yield name
    for number in count(max(2, (taken or 0) + 1)):
        yield f"{name} ({number})"


def ensure_transit_to(destination: StockLocation) -> StockLocation:
    """Give the location of what is on its way to a place."""
    belongs = StockLocation.destination_id == destination.id
    row = db.session.scalar(select(StockLocation).where(belongs))
    if row is None:
        _add(
            kind=LocationKind.TRANSIT,
            name=_name_of_transit(destination.name, destination.id),
            organization_id=destination.organization_id,
            destination_id=destination.id,
        )
        row = db.session.scalars(select(StockLocation).where(belongs)).one()
    return row


def _name_of_transit(destination: str, destination_id: int) -> str:
    """Name what is on its way: a warehouse and a station may share a name, so add the id."""
    return f"→ {destination} ({destination_id})"


def _add(**values: Any) -> int | None:  # noqa: ANN401 - the columns of a location
    """Add a location unless it is there already, also when somebody adds it right now."""
    upsert = statements.ADD_LOCATION[db.session.connection().dialect.name]
    db.session.flush()
    added = db.session.execute(
        upsert.values(created_at=clock.now(), is_active=True, **values)
    ).scalar()
    return None if added is None else int(added)
