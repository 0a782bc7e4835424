"""Stock-takes as a list and as a sheet, and who may do what with one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Figure, Listing
from carecampaign.inventory.models import (
    Batch,
    LocationKind,
    Lot,
    StockDocument,
    StockLocation,
    StockLot,
    StockTake,
    StockTakeCount,
    StockTakeLine,
    StockTakeState,
)
from carecampaign.inventory.queries.locations import reaches
from carecampaign.inventory.queries.pages.prepared import (
    PreparedFilters,
    at_places_seen_by,
    decides_for,
    may_decide_now,
    narrowed,
    number_and_date,
    state_of,
    where_it_is,
)

COUNTED_KINDS = (LocationKind.WAREHOUSE, LocationKind.STATION, LocationKind.UNIT)
"""Places that are counted by a stock-take; an event is counted when it closes."""

STOCK_TAKES: Listing[StockTake] = Listing(
    _l("Stock-takes"),
    (
        *number_and_date(StockTake),
        where_it_is(),
        Column(
            "opened_by",
            _l("Opened by"),
            lambda row: row.opened_by.name if row.opened_by else "",
        ),
        Figure("lines", _l("Items"), lambda row: len({line.item_id for line in row.lines})),
        Figure(
            "differences",
            _l("Differences"),
            lambda row: sum(bool(line.difference) for line in row.lines),
        ),
        state_of(StockTake, StockTakeState),
    ),
    order=(StockTake.dated_on.desc(), StockTake.id.desc()),
)


def stock_takes_matching(actor: Actor, filters: PreparedFilters) -> Select[Any]:
    """Select the stock-takes of a place the actor sees."""
    statement = (
        at_places_seen_by(actor, StockTake)
        .join(StockLocation, StockLocation.id == StockTake.location_id)
        .options(
            contains_eager(StockTake.location),
            joinedload(StockTake.opened_by),
            selectinload(StockTake.lines).selectinload(StockTakeLine.counts),
        )
    )
    return narrowed(statement, StockTake, filters, [StockTake.location_id])


def get_stock_take_for(actor: Actor, stock_take_id: int) -> StockTake:
    """Get a stock-take of a place the actor sees, with its lines and counts. Raises NotFound."""
    row: StockTake | None = db.session.scalar(
        at_places_seen_by(actor, StockTake)
        .where(StockTake.id == stock_take_id)
        .options(
            joinedload(StockTake.organization),
            joinedload(StockTake.location),
            joinedload(StockTake.opened_by),
            joinedload(StockTake.document),
            selectinload(StockTake.lines).options(
                joinedload(StockTakeLine.item),
                selectinload(StockTakeLine.counts).joinedload(StockTakeCount.counted_by),
            ),
        )
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(_l("There is no such stock-take."))
    return row


def get_stock_take_to_count(actor: Actor, stock_take_id: int) -> StockTake:
    """Get a stock-take of a place where the actor counts. Raises NotFound."""
    row = get_stock_take_for(actor, stock_take_id)
    if not reaches(actor, row.location, Permission.INVENTORY_COUNT):
        raise NotFound(_l("There is no such stock-take."))
    return row


def get_stock_take_to_decide(actor: Actor, stock_take_id: int) -> StockTake:
    """Get a stock-take of an organisation the actor approves for. Raises NotFound."""
    row = get_stock_take_for(actor, stock_take_id)
    if not decides_for(actor, row):
        raise NotFound(_l("There is no such stock-take."))
    return row


def line_of(stock_take: StockTake, line_id: int | None) -> StockTakeLine | None:
    """Give a line of a stock-take; without an id the first that nobody counted, if any is left.

    Raises NotFound for a line of another one.
    """
    if line_id is None:
        return next((line for line in stock_take.lines if line.last is None), None)
    for line in stock_take.lines:
        if line.id == line_id:
            return line
    raise NotFound(_l("There is no such line on this stock-take."))


@dataclass(frozen=True)
class StockTakeSteps:
    """What somebody can do with a stock-take now, and what they see of it."""

    count: bool
    finish: bool
    decide: bool
    cancel: bool
    prepared_it: bool
    """They counted, and so do not decide, though they decide on others."""
    sees_books: bool
    """A blind count hides what the books say until it is finished."""


def stock_take_steps(actor: Actor, row: StockTake) -> StockTakeSteps:
    """Say what the actor can do with a stock-take as it stands."""
    state = row.state
    counts = reaches(actor, row.location, Permission.INVENTORY_COUNT)
    is_waiting = state is StockTakeState.WAITING
    counters = {count.counted_by_id for line in row.lines for count in line.counts}
    decide = may_decide_now(actor, row) and actor.id not in counters
    is_counting = state is StockTakeState.COUNTING
    return StockTakeSteps(
        count=counts and is_counting,
        finish=counts and is_counting and all(line.last for line in row.lines),
        decide=decide,
        cancel=counts and (is_counting or is_waiting),
        prepared_it=is_waiting and not decide and decides_for(actor, row),
        sees_books=not (row.is_blind and is_counting),
    )


def unit_values(stock_take: StockTake) -> dict[int, int]:
    """Give, by the id of the line, what a piece is worth (fen): that of its latest lot here.

    The value of gain and loss is an estimate until it is posted.
    """
    here = select(StockLot.lot_id).where(StockLot.location_id == stock_take.location_id)
    items = {line.item_id for line in stock_take.lines}
    lots = db.session.scalars(
        select(Lot).where(Lot.id.in_(here), Lot.item_id.in_(items)).order_by(Lot.id)
    ).all()
    of_items = {lot.item_id: lot.unit_value for lot in lots}
    of_batches: dict[tuple[int, Batch | None], int] = {
        (lot.item_id, lot.batch): lot.unit_value for lot in lots
    }
    return {
        line.id: of_batches.get(
            (line.item_id, line.batch), of_items.get(line.item_id, line.item.reference_value)
        )
        for line in stock_take.lines
    }


def find_stock_take_of(document: StockDocument) -> StockTake | None:
    """Find the stock-take whose gain and loss a document posts."""
    return db.session.scalar(select(StockTake).where(StockTake.document_id == document.id))
