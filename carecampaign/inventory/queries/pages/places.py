"""Places as lists and forms name them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.campaigns.queries import visible_to
from carecampaign.catalogue.models import Item, ItemKind
from carecampaign.core.db import db
from carecampaign.core.listing import Page, paginate
from carecampaign.inventory.models import (
    LocationKind,
    Lot,
    StockLevel,
    StockLocation,
    StockLot,
)
from carecampaign.inventory.queries.locations import PLACES, is_visible
from carecampaign.inventory.queries.pages.stock import KIND_ORDER

STANDING = (LocationKind.WAREHOUSE, LocationKind.STATION, LocationKind.UNIT)
"""Places that stay; those of events come and go."""

MOST_CHOICES = 300
"""Places in one select: beyond that people find theirs by name."""


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


def places_page(actor: Actor, filters: PlaceFilters, *, page: int) -> Page[PlaceRow]:
    """Give a page of the warehouses, stations and units an actor sees, with their totals."""
    statement = (
        select(StockLocation)
        .where(StockLocation.kind.in_(STANDING), is_visible(actor))
        .options(joinedload(StockLocation.organization))
        .order_by(KIND_ORDER, StockLocation.name, StockLocation.id)
    )
    if filters.kind is not None:
        statement = statement.where(StockLocation.kind == filters.kind)
    if filters.text:
        statement = statement.where(StockLocation.name.icontains(filters.text, autoescape=True))
    rows: Page[StockLocation] = paginate(statement, page=page)
    ids = [location.id for location in rows.items]
    pieces, values = _pieces_at(ids), _values_at(ids)
    return Page(
        items=[
            PlaceRow(
                location,
                pieces.get((location.id, ItemKind.PACKAGE), 0),
                pieces.get((location.id, ItemKind.GOODS), 0),
                values.get(location.id, 0),
            )
            for location in rows.items
        ],
        number=rows.number,
        size=rows.size,
        total=rows.total,
    )


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
