"""Approve what a count found and post it, or have it counted again."""

from itertools import groupby

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
from carecampaign.inventory.services.balances import change_levels, lock_levels, put_lots
from carecampaign.inventory.services.batches import found_at, take_batch
from carecampaign.inventory.services.differences import make_room
from carecampaign.inventory.services.documents import PostedLine, new_document, post
from carecampaign.inventory.services.locations import LOSS, virtual_location
from carecampaign.inventory.services.moves import Flow, Move
from carecampaign.inventory.services.stock_takes.counting import covered_by

State = StockTakeState


def approve_stock_take(stock_take: StockTake, *, comment: str = "", by: Actor) -> StockDocument:
    """Approve gain and loss, and post them as differences, on a note of their own number.

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
    virtual_location(LocationKind.LOSS)
    lines = sorted(
        (line for line in stock_take.lines if line.difference),
        key=lambda line: (line.item_id, line.id),
    )
    lock_levels({(place.id, line.item_id) for line in lines})
    # What one batch lacks and another has too much of is missing for nobody.
    for _item_id, of_item in groupby(lines, key=lambda line: line.item_id):
        _make_room(place, list(of_item), by=by)
    levels = change_levels(Flow(line.item_id, LOSS, place.id, line.difference) for line in lines)
    moves = {line.id: _gain(line, place) for line in lines if line.difference > 0}
    put_lots(move for of_line in moves.values() for move in of_line)
    moves |= {line.id: _loss(line, stock_take) for line in lines if line.difference < 0}
    return post(
        new_document(DocumentKind.GAIN_LOSS, place, place, organization=stock_take.organization),
        [
            PostedLine(line.item, abs(line.difference), moves[line.id], reason=line.reason)
            for line in lines
        ],
        levels,
        action="inventory.post_stock_take",
        by=by,
    )


def _make_room(place: StockLocation, lines: list[StockTakeLine], *, by: Actor) -> None:
    missing = -sum(line.difference for line in lines)
    if missing > 0:
        make_room(place, lines[0].item, missing, by=by)


def _gain(line: StockTakeLine, place: StockLocation) -> list[Move]:
    portion = found_at(place, line.item, line.difference, line.batch)
    return [Move(line.item_id, LOSS, place.id, portion)]


def _loss(line: StockTakeLine, stock_take: StockTake) -> list[Move]:
    place_id = stock_take.location_id
    portions = take_batch((place_id, line.item_id), -line.difference, covered_by(line, stock_take))
    return [Move(line.item_id, place_id, LOSS, portion) for portion in portions]
