"""Pieces handed to people: the hot path of the ledger, three statements for a tap."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Executable, Row
from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import SYSTEM
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.inventory.models import LocationKind, StockLocation
from carecampaign.inventory.services import statements
from carecampaign.inventory.services.balances import (
    Key,
    Level,
    change_level,
    change_levels,
    level_at,
    put_lots,
    take_level,
)
from carecampaign.inventory.services.errors import AlreadyReversed, NotEnoughStock, NothingToMove
from carecampaign.inventory.services.locations import RECIPIENTS, virtual_location
from carecampaign.inventory.services.moves import (
    Move,
    Portion,
    add_to_handout,
    execute,
    flow_of,
    mirror,
    row_of,
)
from carecampaign.inventory.services.picking import take_lots, take_lots_that_went
from carecampaign.inventory.services.reservations import release_beyond
from carecampaign.inventory.services.settlement import (
    provisional,
    settle_shortages,
    undo_settlement,
)
from carecampaign.inventory.services.things import Place, Thing


class HandedOut(NamedTuple):
    """The value (fen) of what was handed out, and how many pieces the books did not hold.

    ``portions`` are the movements behind it, for whoever seals the handout.
    """

    value: int
    shortage: int
    portions: tuple[Portion, ...]


def hand_out(
    location: Place,
    item: Thing,
    *,
    quantity: int,
    handout_id: UUID,
    recorded_at: datetime,
    shortage_allowed: bool = False,
) -> HandedOut:
    """Move pieces from a place to the recipients, first-expired-first, none past its date.

    Raises NotEnoughStock, nothing being changed, when the place has fewer. With
    ``shortage_allowed`` (it happened, whatever the books say) what is past its date goes too,
    and the rest without a known lot, at a provisional value, against what is unexplained
    there; ``shortage`` is what even that does not account for.
    """
    if quantity < 1:
        raise NothingToMove
    key = (location.id, item.id)
    today = clock.local_date(recorded_at)
    shortage = 0
    is_taken = take_level(key, quantity)
    if is_taken and shortage_allowed:
        portions = take_lots_that_went(key, quantity, good_on=today)
    elif is_taken:
        portions = _take_good_lots(key, quantity, today)
    elif shortage_allowed:
        portions, shortage = _take_beyond_the_books(key, quantity, today)
    else:
        level = level_at(key)
        raise NotEnoughStock(item, level.available, reserved=level.reserved)
    moves = [Move(key[1], key[0], RECIPIENTS, portion) for portion in portions]
    add_to_handout(handout_id, moves, recorded_at=recorded_at)
    return HandedOut(sum(portion.value for portion in portions), shortage, tuple(portions))


def handing_out(
    location: Place, item: Thing, portion: Portion, *, handout_id: UUID, recorded_at: datetime
) -> tuple[Sequence[Executable], dict[str, Any]]:
    """Give the statements that hand out pieces of a lot, and their values, to be run at once.

    They are for ``core.hot.write_alone``: level and lot are guards, and have to hold enough.
    """
    move = Move(item.id, location.id, RECIPIENTS, portion)
    values = row_of(move, recorded_at, handout_id=handout_id) | {
        "location": location.id,
        "item": item.id,
        "lot": portion.lot_id,
        "quantity": portion.quantity,
        "surplus": 0,
    }
    steps = (statements.TAKE_FROM_LEVEL, statements.TAKE_FROM_LOT, statements.INSERT_MOVEMENT)
    return steps, values


def _take_good_lots(key: Key, quantity: int, today: date) -> list[Portion]:
    try:
        return take_lots(key, quantity, good_on=today)
    except NotEnoughStock:
        change_level(key, on_hand=quantity)  # a refusal is noted and committed like all else
        raise


def _take_beyond_the_books(key: Key, quantity: int, today: date) -> tuple[list[Portion], int]:
    virtual_location(LocationKind.RECIPIENTS)  # nothing may ever have been received anywhere
    before = change_level(key)
    known = min(before.on_hand, quantity)
    rest = quantity - known
    _give_up_reservations(key, before, before.on_hand - known)
    change_level(key, on_hand=-known, unexplained=-rest)
    portions = take_lots_that_went(key, known, good_on=today) if known else []
    if rest:
        portions.append(provisional(key, rest))
    return portions, max(0, rest - max(0, before.unexplained))


def _give_up_reservations(key: Key, level: Level, left: int) -> None:
    if level.reserved > left:
        location = db.session.get_one(StockLocation, key[0])
        release_beyond(location, db.session.get_one(Item, key[1]), left, by=SYSTEM)


def take_back(handout_id: UUID, *, recorded_at: datetime) -> int:
    """Reverse the movements of a handout; give the value (fen) it had gone out at.

    Raises AlreadyReversed when that was done before, NotFound when nothing was handed out
    under this id.
    """
    moves = [mirror(row) for row in _movements_of(handout_id)]
    known = [move for move in moves if move.is_known]
    unknown = [move for move in moves if not move.is_known]
    levels = change_levels(map(flow_of, known), unknown=map(flow_of, unknown))
    put_lots(known)
    try:
        add_to_handout(handout_id, moves, recorded_at=recorded_at)
    except IntegrityError as error:  # somebody else takes it back at this very moment
        raise AlreadyReversed from error
    exchanges = settle_shortages(levels)
    for move in unknown:
        exchanges += undo_settlement((move.target_id, move.item_id))
    add_to_handout(handout_id, exchanges, recorded_at=recorded_at)
    return sum(move.portion.value for move in moves)


def _movements_of(handout_id: UUID) -> Sequence[Row[Any]]:
    rows = execute(statements.MOVEMENTS_OF_HANDOUT, handout=handout_id).all()
    if any(row.reverses_id is not None for row in rows):
        raise AlreadyReversed
    if not rows:
        raise NotFound(_l("Nothing was handed out under this number."))
    return rows
