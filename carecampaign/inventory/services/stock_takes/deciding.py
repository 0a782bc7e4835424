"""Approve what a count found and post it, or have it counted again."""

from sqlalchemy import select

from carecampaign.access.actor import Actor
from carecampaign.approvals import services as approvals
from carecampaign.core.db import db
from carecampaign.inventory.models import (
    DocumentKind,
    LocationKind,
    StockDocument,
    StockLocation,
    StockTake,
    StockTakeCount,
    StockTakeLine,
    StockTakeState,
)
from carecampaign.inventory.services import steps
from carecampaign.inventory.services.balances import (
    Key,
    Level,
    change_levels,
    lock_levels,
    put_lots,
)
from carecampaign.inventory.services.differences import found_at, make_room
from carecampaign.inventory.services.documents import PostedLine, new_document, post
from carecampaign.inventory.services.lines import Line
from carecampaign.inventory.services.locations import LOSS, virtual_location
from carecampaign.inventory.services.moves import Move, flow_of
from carecampaign.inventory.services.transfers import carry, terms_for

State = StockTakeState


def approve_stock_take(stock_take: StockTake, *, comment: str = "", by: Actor) -> StockDocument:
    """Approve gain and loss, and post them as differences, under the stock-take's number.

    What was handed out or came in since the count stays as it is. A loss releases the latest
    reservations that it leaves no pieces for. Raises PreparerMayNotDecide (also for whoever
    counted), AlreadyDecided, NotAllocatable, or NotEnoughStock when more is missing than is
    left by now.
    """
    approvals.approve(stock_take, comment=comment, by=by, also_prepared_by=_counters(stock_take))
    document = _post(stock_take, by=by)
    steps.move(stock_take, State.WAITING, State.POSTED, document_id=document.id)
    steps.record("inventory.approve_stock_take", stock_take, by=by, comment=comment)
    return document


def refuse_stock_take(stock_take: StockTake, *, comment: str, by: Actor) -> None:
    """Have a place counted again, and say why. Raises PreparerMayNotDecide, AlreadyDecided."""
    approvals.refuse(stock_take, comment=comment, by=by, also_prepared_by=_counters(stock_take))
    steps.move(stock_take, State.WAITING, State.COUNTING)
    steps.record("inventory.refuse_stock_take", stock_take, by=by, comment=comment)


def _counters(stock_take: StockTake) -> set[int | None]:
    return set(
        db.session.scalars(
            select(StockTakeCount.counted_by_id)
            .join(StockTakeLine, StockTakeLine.id == StockTakeCount.line_id)
            .where(StockTakeLine.stock_take_id == stock_take.id)
        )
    )


def _post(stock_take: StockTake, *, by: Actor) -> StockDocument:
    place = stock_take.location
    lines = sorted(
        (line for line in stock_take.lines if line.difference), key=lambda line: line.item_id
    )
    lock_levels((place.id, line.item_id) for line in lines)
    lost, levels = _lose(place, [line for line in lines if line.difference < 0], by=by)
    found, more = _find(place, [line for line in lines if line.difference > 0])
    document = new_document(
        DocumentKind.STOCK_TAKE,
        place,
        place,
        organization=stock_take.organization,
        year=stock_take.year,
        number=stock_take.number,
    )
    return post(
        document, [*lost, *found], levels | more, action="inventory.post_stock_take", by=by
    )


def _lose(
    place: StockLocation, lines: list[StockTakeLine], *, by: Actor
) -> tuple[list[PostedLine], dict[Key, Level]]:
    if not lines:
        return [], {}
    for line in lines:
        make_room(place, line.item, -line.difference, by=by)
    loss = virtual_location(LocationKind.LOSS)
    missing = [Line(line.item, -line.difference) for line in lines]
    posted, levels = carry(place, loss, missing, terms_for(loss))
    for row, line in zip(posted, lines, strict=True):
        row.reason = line.reason
    return posted, levels


def _find(
    place: StockLocation, lines: list[StockTakeLine]
) -> tuple[list[PostedLine], dict[Key, Level]]:
    virtual_location(LocationKind.LOSS)
    moves = [
        Move(line.item_id, LOSS, place.id, found_at(place, line.item, line.difference))
        for line in lines
    ]
    levels = change_levels(map(flow_of, moves))
    put_lots(moves)
    posted = [
        PostedLine(line.item, line.difference, [move], reason=line.reason)
        for line, move in zip(lines, moves, strict=True)
    ]
    return posted, levels
