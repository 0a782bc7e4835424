"""How things came to be where they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.core.listing import PAGE_SIZE, Page, page_within
from carecampaign.inventory.models import DocumentLine, Movement, StockDocument, StockLocation
from carecampaign.inventory.queries.locations import has_end_seen_by


def movements_of(document: StockDocument) -> Sequence[Movement]:
    """List the movements behind a document in the order they were posted."""
    return db.session.scalars(
        select(Movement)
        .join(DocumentLine, DocumentLine.id == Movement.document_line_id)
        .where(DocumentLine.document_id == document.id)
        .options(*_MOVEMENT_ROWS)
        .order_by(Movement.id)
    ).all()


def movements_for(
    actor: Actor,
    *,
    location_id: int | None = None,
    item_id: int | None = None,
    lot_id: int | None = None,
) -> Select[Movement]:
    """Select the movements from or to a location the actor sees (to paginate), newest first."""
    statement = (
        select(Movement)
        .where(has_end_seen_by(actor, Movement.source_id, Movement.target_id))
        .options(*_MOVEMENT_ROWS, joinedload(Movement.line))
        .order_by(Movement.id.desc())
    )
    if location_id is not None:
        statement = statement.where(_touches(location_id))
    if item_id is not None:
        statement = statement.where(Movement.item_id == item_id)
    if lot_id is not None:
        statement = statement.where(Movement.lot_id == lot_id)
    return statement


@dataclass(frozen=True)
class HistoryEntry:
    """A movement as one location sees it: pieces in (+) or out (−), and what that made."""

    movement: Movement
    change: int
    balance: int


def item_history(
    item: Item, location: StockLocation, *, page: int = 1, size: int = PAGE_SIZE
) -> Page[HistoryEntry]:
    """Give an item's movements at a location, newest first, each with the running balance.

    The balance is what the movements add up to: what is on hand plus what is unexplained.
    """
    condition = and_(Movement.item_id == item.id, _touches(location.id))
    total = db.session.scalar(select(func.count()).select_from(Movement).where(condition)) or 0
    number = page_within(total, page=page, size=size)
    change = case((Movement.target_id == location.id, Movement.quantity), else_=-Movement.quantity)
    rows = db.session.execute(
        select(Movement, change, func.sum(change).over(order_by=Movement.id))
        .where(condition)
        .options(*_MOVEMENT_ROWS, joinedload(Movement.line))
        .order_by(Movement.id.desc())
        .limit(size)
        .offset((number - 1) * size)
    )
    entries = [HistoryEntry(movement, step, int(balance)) for movement, step, balance in rows]
    return Page(items=entries, number=number, size=size, total=total)


_MOVEMENT_ROWS = (
    joinedload(Movement.item),
    joinedload(Movement.lot),
    joinedload(Movement.source),
    joinedload(Movement.target),
)


def _touches(location_id: int) -> ColumnElement[bool]:
    return or_(Movement.source_id == location_id, Movement.target_id == location_id)
