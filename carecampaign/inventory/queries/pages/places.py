"""Places as lists and forms name them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlalchemy import ScalarSelect, Select, case, func, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.campaigns.queries import visible_to
from carecampaign.catalogue.models import Item, ItemKind
from carecampaign.core.db import db
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing, Sum, Yuan
from carecampaign.inventory.models import (
    LocationKind,
    Lot,
    StockLevel,
    StockLocation,
    StockLot,
)
from carecampaign.inventory.queries.locations import PLACES, is_visible
from carecampaign.inventory.queries.pages.stock import KIND_ORDER
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station

STANDING = (LocationKind.WAREHOUSE, LocationKind.STATION, LocationKind.UNIT)
"""Places that stay; those of events come and go."""

MOST_CHOICES = 300
"""Places in one select: beyond that people find theirs by name."""

COUNTABLE = 5_000
"""Documents and movements are counted, and paged through, so far."""


@dataclass(frozen=True)
class PlaceFilters:
    """What the list of places is narrowed to; "" and None narrow nothing."""

    kind: LocationKind | None = None
    text: str = ""


@dataclass(frozen=True)
class PlaceRow:
    """A place with what it holds: pieces, and their value in fen."""

    location: StockLocation
    packages: int
    goods: int
    value: int


def _pieces_of(kind: ItemKind) -> ScalarSelect[int]:
    return (
        select(func.sum(StockLevel.on_hand))
        .join(Item, Item.id == StockLevel.item_id)
        .where(StockLevel.location_id == StockLocation.id, Item.kind == kind)
        .correlate(StockLocation)
        .scalar_subquery()
    )


_VALUE = (
    select(func.sum(StockLot.on_hand * Lot.unit_value))
    .join(Lot, Lot.id == StockLot.lot_id)
    .where(StockLot.location_id == StockLocation.id, StockLot.on_hand > 0)
    .correlate(StockLocation)
    .scalar_subquery()
)
_ORGANIZATION = (
    select(Organization.name)
    .where(Organization.id == StockLocation.organization_id)
    .correlate(StockLocation)
    .scalar_subquery()
)

STOCK_PLACES: Listing[PlaceRow] = Listing(
    _l("Places of stock"),
    (
        Column("name", _l("Name"), lambda row: row.location.name, StockLocation.name),
        Column("kind", _l("Kind of place"), lambda row: row.location.kind, KIND_ORDER),
        Column(
            "organization",
            _l("Organization"),
            lambda row: row.location.organization.name if row.location.organization else "",
            _ORGANIZATION,
        ),
        Sum(
            "packages", _l("Care packages"), lambda row: row.packages, _pieces_of(ItemKind.PACKAGE)
        ),
        Sum("goods", _l("Care goods, loose"), lambda row: row.goods, _pieces_of(ItemKind.GOODS)),
        Yuan("value", _l("Value"), lambda row: row.value, _VALUE),
    ),
    order=(KIND_ORDER, StockLocation.name, StockLocation.id),
)


def standing_places(actor: Actor, filters: PlaceFilters) -> Select[Any]:
    """Select the warehouses, stations and units an actor sees."""
    statement = (
        select(StockLocation)
        .where(StockLocation.kind.in_(STANDING), is_visible(actor))
        .options(joinedload(StockLocation.organization))
    )
    if filters.kind is not None:
        statement = statement.where(StockLocation.kind == filters.kind)
    if filters.text:
        statement = statement.where(StockLocation.name.icontains(filters.text, autoescape=True))
    return statement


def with_holdings(locations: Sequence[StockLocation]) -> list[PlaceRow]:
    """Give places as rows, with what they hold."""
    ids = [location.id for location in locations]
    pieces, values = _pieces_at(ids), _values_at(ids)
    return [
        PlaceRow(
            location,
            pieces.get((location.id, ItemKind.PACKAGE), 0),
            pieces.get((location.id, ItemKind.GOODS), 0),
            values.get(location.id, 0),
        )
        for location in locations
    ]


def _pieces_at(ids: Collection[int]) -> dict[tuple[int, ItemKind], int]:
    rows = db.session.execute(
        select(StockLevel.location_id, Item.kind, func.sum(StockLevel.on_hand))
        .join(Item, Item.id == StockLevel.item_id)
        .where(StockLevel.location_id.in_(ids))
        .group_by(StockLevel.location_id, Item.kind)
    )
    return {(location_id, kind): int(pieces) for location_id, kind, pieces in rows}


def _values_at(ids: Collection[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(StockLot.location_id, func.sum(StockLot.on_hand * Lot.unit_value))
        .join(Lot, Lot.id == StockLot.lot_id)
        .where(StockLot.location_id.in_(ids), StockLot.on_hand > 0)
        .group_by(StockLot.location_id)
    )
    return {location_id: int(value) for location_id, value in rows}


@dataclass(frozen=True)
class Places:
    """What a page needs to name locations: where transit leads, and which ones have a page."""

    destinations: Mapping[int, StockLocation]
    """By the id of the transit location."""
    visible: frozenset[int]


def places_for(actor: Actor, locations: Iterable[StockLocation]) -> Places:
    """Look up how to name the locations on a page, and which of them the actor may open."""
    transits = {row.id: row.destination_id for row in locations if row.destination_id}
    ids = {row.id for row in locations} | set(transits.values())
    found = {
        row.id: row
        for row in db.session.scalars(
            select(StockLocation).where(StockLocation.id.in_(set(transits.values())))
        )
    }
    visible = db.session.scalars(
        select(StockLocation.id).where(
            StockLocation.id.in_(ids), StockLocation.kind.in_(PLACES), is_visible(actor)
        )
    )
    return Places(
        destinations={transit: found[place] for transit, place in transits.items()},
        visible=frozenset(visible),
    )


def place_choices(
    actor: Actor,
    kinds: Collection[LocationKind] = PLACES,
    *,
    permission: Permission = Permission.INVENTORY_VIEW,
    also: int | None = None,
) -> list[tuple[int, str]]:
    """Give the active places to choose from, warehouses first, at most MOST_CHOICES of them.

    ``also`` is the id of one to offer in any case, if the actor reaches it.
    """
    reached = _places(kinds).where(is_visible(actor, permission))
    rows = db.session.execute(reached.where(StockLocation.is_active).limit(MOST_CHOICES)).all()
    choices = {row.id: row.name for row in rows}
    if also is not None and also not in choices:
        choices |= {
            row.id: row.name for row in db.session.execute(reached.where(StockLocation.id == also))
        }
    return list(choices.items())


def station_choices(actor: Actor, *, also: int | None = None) -> list[tuple[int, str]]:
    """Give the warm stations whose stock the actor sees, by name, at most MOST_CHOICES of them.

    ``also`` is the id of one to offer in any case, if it is among them.
    """
    reached = (
        select(Station.id, Station.name)
        .join(StockLocation, StockLocation.station_id == Station.id)
        .where(is_visible(actor))
        .order_by(case((Station.id == also, 0), else_=1), Station.name, Station.id)
        .limit(MOST_CHOICES)
    )
    return sorted(((row.id, row.name) for row in db.session.execute(reached)), key=itemgetter(1))


def _places(kinds: Collection[LocationKind]) -> Select[int, str]:
    return (
        select(StockLocation.id, StockLocation.name)
        .where(StockLocation.kind.in_(kinds))
        .order_by(KIND_ORDER, StockLocation.name, StockLocation.id)
    )


def campaign_choices(actor: Actor) -> list[tuple[int, str]]:
    """Give the campaigns that stock can be meant for: approved or under way."""
    rows = db.session.execute(
        select(Campaign.id, Campaign.name)
        .where(
            visible_to(actor),
            Campaign.state.in_([CampaignState.APPROVED, CampaignState.ACTIVE]),
        )
        .order_by(Campaign.year.desc(), Campaign.name, Campaign.id)
        .limit(MOST_CHOICES)
    )
    return [(row.id, row.name) for row in rows]
