"""Writing goods off: one person prepares it, another approves, and then it is posted."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from carecampaign.access.actor import Actor
from carecampaign.approvals import services as approvals
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory.models import (
    DocumentKind,
    LocationKind,
    Lot,
    StockDocument,
    StockLocation,
    StockLot,
    WriteOff,
    WriteOffCause,
    WriteOffLine,
    WriteOffState,
)
from carecampaign.inventory.services import steps
from carecampaign.inventory.services.balances import change_levels, lock_levels, take_portion
from carecampaign.inventory.services.differences import make_room
from carecampaign.inventory.services.documents import PostedLine, new_document, post
from carecampaign.inventory.services.errors import NotEnoughStock, NothingToMove
from carecampaign.inventory.services.locations import virtual_location
from carecampaign.inventory.services.moves import Move, Portion, flow_of
from carecampaign.organizations.models import Organization

State = WriteOffState


@dataclass(frozen=True)
class Spoiled:
    """So many pieces of a lot that are no good any more, or gone."""

    lot: Lot
    quantity: int


def prepare_write_off(
    location: StockLocation,
    spoiled: Sequence[Spoiled],
    *,
    cause: WriteOffCause,
    reason: str,
    by: Actor,
) -> WriteOff:
    """Propose to write pieces off; nothing moves before somebody else approves.

    Raises NothingToMove, or NotEnoughStock when the place holds fewer pieces of a lot.
    """
    if not spoiled or any(each.quantity < 1 for each in spoiled):
        raise NothingToMove
    for each in spoiled:
        _require_here(location, each)
    write_off = WriteOff(
        state=State.WAITING,
        location=location,
        cause=cause,
        reason=reason,
        prepared_by_id=by.id,
        lines=[WriteOffLine(lot=each.lot, quantity=each.quantity) for each in spoiled],
    )
    steps.number(write_off, DocumentKind.WRITE_OFF, _owner_of(location), clock.today())
    approvals.ask(write_off, by=by)
    lines = [[each.lot.item.name, each.lot.code, each.quantity] for each in spoiled]
    steps.record(
        "inventory.prepare_write_off",
        write_off,
        by=by,
        source=location.name,
        reason=reason,
        lines=lines,
    )
    return write_off


def approve_write_off(write_off: WriteOff, *, comment: str = "", by: Actor) -> StockDocument:
    """Approve a write-off and post it under its number.

    Pieces that are kept for somebody are released, the latest reservations first. Raises
    PreparerMayNotDecide, AlreadyDecided, or NotEnoughStock when the pieces left meanwhile.
    """
    approvals.approve(write_off, comment=comment, by=by)
    document = _post(write_off, by=by)
    steps.move(write_off, State.WAITING, State.POSTED, document_id=document.id)
    steps.record("inventory.approve_write_off", write_off, by=by, comment=comment)
    return document


def refuse_write_off(write_off: WriteOff, *, comment: str, by: Actor) -> None:
    """Refuse a write-off and say why. Raises PreparerMayNotDecide, AlreadyDecided."""
    approvals.refuse(write_off, comment=comment, by=by)
    steps.move(write_off, State.WAITING, State.REFUSED)
    steps.record("inventory.refuse_write_off", write_off, by=by, comment=comment)


def cancel_write_off(write_off: WriteOff, *, by: Actor) -> None:
    """Take a write-off back before anybody decides on it. Raises AlreadyDecided."""
    approvals.withdraw(write_off, by=by)
    steps.move(write_off, State.WAITING, State.CANCELLED)
    steps.record("inventory.cancel_write_off", write_off, by=by)


def _post(write_off: WriteOff, *, by: Actor) -> StockDocument:
    place, loss = write_off.location, virtual_location(LocationKind.LOSS)
    lines: defaultdict[int, list[WriteOffLine]] = defaultdict(list)
    for line in write_off.lines:
        lines[line.lot.item_id].append(line)
    lock_levels((place.id, item_id) for item_id in lines)
    for item_id in sorted(lines):
        missing = sum(line.quantity for line in lines[item_id])
        make_room(place, lines[item_id][0].lot.item, missing, by=by)
    moves = [
        Move(line.lot.item_id, place.id, loss.id, _whole_of(line)) for line in write_off.lines
    ]
    levels = change_levels(map(flow_of, moves))
    for move in moves:
        take_portion((place.id, move.item_id), move.portion)
    document = new_document(
        DocumentKind.WRITE_OFF,
        place,
        loss,
        organization=write_off.organization,
        year=write_off.year,
        number=write_off.number,
        note=write_off.reason,
    )
    posted = [
        PostedLine(line.lot.item, line.quantity, [move])
        for line, move in zip(write_off.lines, moves, strict=True)
    ]
    return post(document, posted, levels, action="inventory.write_off", by=by)


def _whole_of(line: WriteOffLine) -> Portion:
    value = line.quantity * line.lot.unit_value
    return Portion(line.lot_id, line.quantity, value, line.lot.fund_source_id)


def _require_here(location: StockLocation, spoiled: Spoiled) -> None:
    here = db.session.scalar(
        select(StockLot.on_hand).where(
            StockLot.location_id == location.id, StockLot.lot_id == spoiled.lot.id
        )
    )
    if (here or 0) < spoiled.quantity:
        raise NotEnoughStock(spoiled.lot.item, here or 0)


def _owner_of(location: StockLocation) -> Organization:
    if location.organization is None:
        message = "only a place of an organisation has anything to write off"
        raise ValueError(message)
    return location.organization
