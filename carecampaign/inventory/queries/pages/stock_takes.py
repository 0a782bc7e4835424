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
from carecampaign.core.listing import Column, Figure, Listing, Moment, by_member
from carecampaign.inventory.models import (
    LocationKind,
    Lot,
    Movement,
    StockLocation,
    StockTake,
    StockTakeCount,
    StockTakeLine,
    StockTakeState,
)
from carecampaign.inventory.queries.locations import ids_seen_by, reaches
from carecampaign.inventory.queries.pages.prepared import (
    PreparedFilters,
    decides_for,
    may_decide_now,
    narrowed,
)
from carecampaign.inventory.words import bare_number

COUNTED_KINDS = (LocationKind.WAREHOUSE, LocationKind.STATION, LocationKind.UNIT)
"""Places that are counted by a stock-take; an event is counted when it closes."""

STOCK_TAKES: Listing[StockTake] = Listing(
    _l("Stock-takes"),
    (
        Column("number", _l("Number"), bare_number, StockTake.id),
        Moment("date", _l("Date"), lambda row: row.dated_on, StockTake.dated_on),
        Column("place", _l("Stock location"), lambda row: row.location.name, StockLocation.name),
        Column(
            "opened_by",
            _l("Opened by"),
            lambda row: row.opened_by.name if row.opened_by else "",
        ),
        Figure("lines", _l("Items"), lambda row: len(row.lines)),
        Figure(
            "differences",
            _l("Differences"),
            lambda row: sum(bool(line.difference) for line in row.lines),
        ),
        Column(
            "state", _l("State"), lambda row: row.state, by_member(StockTake.state, StockTakeState)
        ),
    ),
    order=(StockTake.dated_on.desc(), StockTake.id.desc()),
)


def stock_takes_matching(actor: Actor, filters: PreparedFilters) -> Select[Any]:
    """Select the stock-takes of a place the actor sees."""
    statement = (
        _seen_by(actor)
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
        _seen_by(actor)
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
    """Give, by the id of the item, what a piece is worth (fen): that of the latest lot here.

    The value of gain and loss is an estimate until it is posted.
    """
    items = [line.item_id for line in stock_take.lines]
    came = select(Movement.lot_id).where(
        Movement.target_id == stock_take.location_id,
        Movement.item_id.in_(items),
        Movement.lot_id.is_not(None),
    )
    rows = db.session.execute(
        select(Lot.item_id, Lot.unit_value).where(Lot.id.in_(came)).order_by(Lot.id)
    )
    return dict(rows.all())


def _seen_by(actor: Actor) -> Select[Any]:
    return select(StockTake).where(StockTake.location_id.in_(ids_seen_by(actor)))
