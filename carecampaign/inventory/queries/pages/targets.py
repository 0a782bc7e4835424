"""Where stock can be sent: warehouses, warm stations and units, also those that never had any."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.campaigns.models import Campaign, CampaignUnit
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.inventory.models import LocationKind, StockLocation
from carecampaign.inventory.queries.locations import is_visible
from carecampaign.organizations.models import BESIDE_THE_TREE, Organization
from carecampaign.stations.models import Station, StationStatus
from carecampaign.stations.queries import visible_stations

Row = TypeVar("Row", StockLocation, Station, Organization)

MOST_TARGETS = 200
"""Of each kind in the select; whoever misses one narrows the list by name."""


@dataclass(frozen=True)
class Targets:
    """Possible targets as (id, name) pairs; ``is_cut`` says that there are more."""

    warehouses: list[tuple[int, str]]
    stations: list[tuple[int, str]]
    units: list[tuple[int, str]]
    is_cut: bool


def list_targets(
    actor: Actor, *, source: StockLocation, campaign_id: int | None, text: str
) -> Targets:
    """List where stock can go from ``source``; of a campaign, to its participating units.

    The units are else the organisations at and below the actor's own.
    """
    warehouses = _first(
        _warehouses(actor).where(StockLocation.id != source.id), StockLocation.name, text
    )
    stations = _first(_stations(actor), Station.name, text)
    units = _first(_units(actor, campaign_id), Organization.name, text)
    cut = any(len(rows) > MOST_TARGETS for rows in (warehouses, stations, units))
    return Targets(
        warehouses[:MOST_TARGETS], stations[:MOST_TARGETS], units[:MOST_TARGETS], is_cut=cut
    )


def get_target_warehouse(actor: Actor, location_id: int) -> StockLocation:
    """Give a warehouse that stock can be sent to. Raises NotFound."""
    row = db.session.scalar(
        select(StockLocation).where(
            StockLocation.id.in_(_warehouses(actor).with_only_columns(StockLocation.id)),
            StockLocation.id == location_id,
        )
    )
    return _found(row)


def get_target_station(actor: Actor, station_id: int) -> Station:
    """Give a station that stock can be sent to. Raises NotFound."""
    conditions = _station_conditions(actor)
    row = db.session.scalar(select(Station).where(Station.id == station_id, *conditions))
    return _found(row)


def get_target_unit(actor: Actor, organization_id: int, campaign_id: int | None) -> Organization:
    """Give a unit that stock can be sent to. Raises NotFound."""
    conditions = _unit_conditions(actor, campaign_id)
    row = db.session.scalar(
        select(Organization).where(Organization.id == organization_id, *conditions)
    )
    return _found(row)


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound(_l("Stock cannot be sent there from here."))
    return row


def _first(
    statement: Select[int, str], name: InstrumentedAttribute[str], text: str
) -> list[tuple[int, str]]:
    if text:
        statement = statement.where(name.icontains(text, autoescape=True))
    rows = db.session.execute(statement.order_by(name).limit(MOST_TARGETS + 1))
    return [(row.id, row.name) for row in rows]


def _warehouses(actor: Actor) -> Select[int, str]:
    return select(StockLocation.id, StockLocation.name).where(
        StockLocation.kind == LocationKind.WAREHOUSE,
        StockLocation.is_active,
        is_visible(actor),
    )


def _stations(actor: Actor) -> Select[int, str]:
    return select(Station.id, Station.name).where(*_station_conditions(actor))


def _units(actor: Actor, campaign_id: int | None) -> Select[int, str]:
    return select(Organization.id, Organization.name).where(*_unit_conditions(actor, campaign_id))


def _station_conditions(actor: Actor) -> list[ColumnElement[bool]]:
    return [
        visible_stations(actor, Permission.INVENTORY_VIEW),
        Station.status != StationStatus.DELISTED,
    ]


def _unit_conditions(actor: Actor, campaign_id: int | None) -> list[ColumnElement[bool]]:
    reached = within(Organization.path, actor.paths(Permission.INVENTORY_VIEW))
    conditions: list[ColumnElement[bool]] = [
        Organization.is_active == true(),
        Organization.kind.not_in(BESIDE_THE_TREE),
    ]
    if campaign_id is None:
        return [*conditions, reached]
    taking_part = select(CampaignUnit.organization_id).where(
        CampaignUnit.campaign_id == campaign_id
    )
    organized = (
        select(CampaignUnit.organization_id)
        .join(Campaign, Campaign.id == CampaignUnit.campaign_id)
        .where(
            Campaign.id == campaign_id,
            Campaign.organizer_id.in_(select(Organization.id).where(reached)),
        )
    )
    return [
        *conditions,
        Organization.id.in_(taking_part),
        or_(reached, Organization.id.in_(organized)),
    ]
