"""An event's own little ledger, and the places its stock comes from and goes back to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.distributions.queries.events import is_reached, reach_of
from carecampaign.inventory.models import (
    VIRTUAL_KINDS,
    DocumentLine,
    DocumentState,
    LocationKind,
    Movement,
    StockDocument,
    StockLevel,
    StockLocation,
    StockReservation,
)
from carecampaign.organizations.models import Organization


@dataclass(frozen=True)
class EventStock:
    """One item of an event: what came, what became of it, what is there (pieces).

    brought − handed out − returned − lost = on hand + unexplained.
    """

    item: Item
    brought: int
    handed_out: int
    returned: int
    lost: int
    on_hand: int
    unexplained: int


def event_stock(event: DistributionEvent) -> list[EventStock]:
    """Give an event's ledger by item: what it ever held or handed out."""
    location_id = event.location_id
    other = aliased(StockLocation)
    came = Movement.target_id == location_id
    is_reversal = Movement.reverses_id.is_not(None)
    from_or_to_place = other.kind.not_in(VIRTUAL_KINDS)
    # A reversal runs the other way round and takes back from what it reverses.
    brought = _net(came & ~is_reversal, ~came & is_reversal, within=from_or_to_place)
    returned = _net(~came & ~is_reversal, came & is_reversal, within=from_or_to_place)
    handed_out = _net(~came, came, within=other.kind == LocationKind.RECIPIENTS)
    lost = _net(~came, came, within=other.kind == LocationKind.LOSS)
    sums = (
        select(
            Movement.item_id.label("item_id"),
            brought.label("brought"),
            handed_out.label("handed_out"),
            returned.label("returned"),
            lost.label("lost"),
        )
        .join(other, other.id == case((came, Movement.source_id), else_=Movement.target_id))
        .where(or_(came, Movement.source_id == location_id))
        .group_by(Movement.item_id)
        .subquery()
    )
    rows = db.session.execute(
        select(
            Item,
            sums.c.brought,
            sums.c.handed_out,
            sums.c.returned,
            sums.c.lost,
            func.coalesce(StockLevel.on_hand, 0),
            func.coalesce(StockLevel.unexplained, 0),
        )
        .join(sums, sums.c.item_id == Item.id)
        .outerjoin(
            StockLevel,
            and_(StockLevel.location_id == location_id, StockLevel.item_id == Item.id),
        )
        .order_by(Item.kind.desc(), Item.name, Item.id)
    )
    return [EventStock(item, *(int(figure) for figure in figures)) for item, *figures in rows]


def _net(
    adds: ColumnElement[bool], takes: ColumnElement[bool], *, within: ColumnElement[bool]
) -> ColumnElement[int]:
    return func.sum(
        case(
            (and_(within, adds), Movement.quantity),
            (and_(within, takes), -Movement.quantity),
            else_=0,
        )
    )


def sources_for(actor: Actor, event: DistributionEvent) -> Sequence[StockLocation]:
    """List the places an event's stock can come from or go back to, the nearest first.

    They are its station, its unit, and the warehouses of unions one leads events for.
    """
    led = select(Organization.id).where(
        within(Organization.path, actor.paths(Permission.DISTRIBUTIONS_LEAD))
    )
    near = [
        and_(
            StockLocation.kind == LocationKind.UNIT,
            StockLocation.organization_id == event.unit_id,
        ),
        and_(
            StockLocation.kind == LocationKind.WAREHOUSE,
            StockLocation.organization_id.in_(led),
        ),
    ]
    if event.station_id is not None:
        near.append(StockLocation.station_id == event.station_id)
    return db.session.scalars(
        select(StockLocation)
        .where(StockLocation.is_active, or_(*near))
        .order_by(
            case(
                (StockLocation.kind == LocationKind.STATION, 0),
                (StockLocation.kind == LocationKind.UNIT, 1),
                else_=2,
            ),
            StockLocation.name,
            StockLocation.id,
        )
    ).all()


def find_last_source(event: DistributionEvent) -> int | None:
    """Find the id of the place from which the event's stock came last."""
    return db.session.scalar(
        select(StockDocument.source_id)
        .where(StockDocument.target_id == event.location_id)
        .order_by(StockDocument.id.desc())
        .limit(1)
    )


class Kept(NamedTuple):
    """Pieces of an item that are reserved for an event at a place."""

    place: StockLocation
    item: Item
    quantity: int


def stock_kept_for(event: DistributionEvent) -> list[Kept]:
    """List what is reserved for an event, by place and item."""
    rows = db.session.execute(
        select(StockLocation, Item, StockReservation.quantity)
        .join(StockLocation, StockLocation.id == StockReservation.location_id)
        .join(Item, Item.id == StockReservation.item_id)
        .where(StockReservation.holder_kind == "event", StockReservation.holder_id == event.id)
        .order_by(StockLocation.name, Item.name, Item.id)
    )
    return [Kept(*row) for row in rows]


def kept_for(event: DistributionEvent, place: StockLocation | None) -> dict[int, int]:
    """Give what is reserved for an event at a place, by the id of the item."""
    return {
        kept.item.id: kept.quantity
        for kept in stock_kept_for(event)
        if place is not None and kept.place.id == place.id
    }


def transfers_to(location: StockLocation) -> Sequence[StockDocument]:
    """List the transfers on their way to a place, the oldest first, with their lines."""
    return db.session.scalars(
        select(StockDocument)
        .where(
            StockDocument.state == DocumentState.IN_TRANSIT,
            StockDocument.target_id == location.id,
        )
        .options(
            joinedload(StockDocument.source),
            selectinload(StockDocument.lines).joinedload(DocumentLine.item),
        )
        .order_by(StockDocument.id)
    ).all()


def find_open_event_before(actor: Actor, event: DistributionEvent) -> DistributionEvent | None:
    """Find an event left open at the same place, one the actor may lead; the latest."""
    same_place = (
        DistributionEvent.station_id == event.station_id
        if event.station_id is not None
        else and_(
            DistributionEvent.station_id.is_(None),
            DistributionEvent.place == event.place,
            DistributionEvent.unit_id == event.unit_id,
        )
    )
    return db.session.scalar(
        select(DistributionEvent)
        .where(
            DistributionEvent.state == EventState.OPEN,
            DistributionEvent.id != event.id,
            same_place,
            is_reached(reach_of(actor, Permission.DISTRIBUTIONS_LEAD)),
        )
        .options(
            joinedload(DistributionEvent.campaign),
            joinedload(DistributionEvent.location),
            joinedload(DistributionEvent.unit),
        )
        .order_by(DistributionEvent.held_on.desc(), DistributionEvent.id.desc())
        .limit(1)
    )


def lock_stock(
    locations: Sequence[StockLocation], documents: Sequence[StockDocument] = ()
) -> dict[tuple[int, int], StockLevel]:
    """Read what some places hold, by location and item, and keep it until the transaction ends.

    Several papers are posted in one transaction: whoever holds all levels from the start, in
    the order of their keys, can wait for nobody who waits for them (DESIGN.md, law 4).
    """
    if documents:
        db.session.execute(
            select(StockDocument.id)
            .where(StockDocument.id.in_([document.id for document in documents]))
            .order_by(StockDocument.id)
            .with_for_update()
        )
    levels = db.session.scalars(
        select(StockLevel)
        .where(StockLevel.location_id.in_([location.id for location in locations]))
        .options(selectinload(StockLevel.item))
        .order_by(StockLevel.location_id, StockLevel.item_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {(level.location_id, level.item_id): level for level in levels}


def transit_to(location: StockLocation) -> Sequence[StockLocation]:
    """List the location of what is on its way to a place, where there is one."""
    return db.session.scalars(
        select(StockLocation).where(StockLocation.destination_id == location.id)
    ).all()


def items_by_id(ids: Iterable[int]) -> dict[int, Item]:
    """Read items by their ids."""
    items = db.session.scalars(select(Item).where(Item.id.in_(list(ids))))
    return {item.id: item for item in items}
