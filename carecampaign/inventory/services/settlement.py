"""Pieces nobody knows the lot of, until it is known.

Handing out more than the books hold is a movement of no known lot, at a provisional value,
against ``unexplained``. Pieces that come in later are the ones that went out: they are
exchanged, known for unknown, through the virtual location "settlement", and so the value and
the fund source come right without touching a movement.
"""

from collections.abc import Mapping
from typing import NamedTuple

from carecampaign.inventory.services import shortage_statements
from carecampaign.inventory.services.balances import Key, Level, change_level, put_lots
from carecampaign.inventory.services.locations import SETTLEMENT
from carecampaign.inventory.services.moves import Move, Portion, execute
from carecampaign.inventory.services.picking import take_lots


class Unknown(NamedTuple):
    """Pieces of no known lot that left a place and were not settled, and their value (fen).

    The quantity is negative when more came back than had left.
    """

    quantity: int
    value: int

    def share(self, quantity: int) -> Portion:
        """Give so many of these pieces; the last ones take what value is left."""
        value = max(0, self.value if self.quantity > 0 else -self.value)
        if quantity != abs(self.quantity):
            value = value * quantity // abs(self.quantity)
        return Portion(None, quantity, value, None)


def settle_shortages(levels: Mapping[Key, Level]) -> list[Move]:
    """Let pieces that are there now stand for pieces that were missing; give the exchanges.

    ``levels`` are what ``change_levels`` gave; lots and movements are in place already.
    """
    moves = []
    for key, level in levels.items():
        pieces = min(level.on_hand, -level.unexplained)
        if pieces > 0:
            moves += _exchange(key, pieces)
    return moves


def _exchange(key: Key, quantity: int) -> list[Move]:
    location_id, item_id = key
    change_level(key, on_hand=-quantity, unexplained=quantity)
    known = take_lots(key, quantity)
    unknown = unknown_at(key).share(quantity)
    return [
        *(Move(item_id, location_id, SETTLEMENT, portion) for portion in known),
        Move(item_id, SETTLEMENT, location_id, unknown),
    ]


def undo_settlement(key: Key) -> list[Move]:
    """Give back known pieces for unknown ones that had been settled and then came back.

    The unknown pieces count in ``unexplained`` by now.
    """
    location_id, item_id = key
    excess = unknown_at(key)
    moves = []
    still = -excess.quantity
    for row in execute(
        shortage_statements.EXCHANGED_LOTS,
        location=location_id,
        item=item_id,
        settlement=SETTLEMENT,
    ).all():
        pieces = min(row.quantity, still)
        if pieces <= 0:
            break
        portion = Portion(row.lot_id, pieces, pieces * row.unit_value, row.fund_source_id)
        moves.append(Move(item_id, SETTLEMENT, location_id, portion))
        still -= pieces
    pieces = sum(move.portion.quantity for move in moves)
    if moves:
        change_level(key, on_hand=pieces, unexplained=-pieces)
        put_lots(moves)
        moves.append(Move(item_id, location_id, SETTLEMENT, excess.share(pieces)))
    return moves


def unknown_at(key: Key) -> Unknown:
    """Add up what left a place without a known lot."""
    row = execute(shortage_statements.UNKNOWN_PIECES, location=key[0], item=key[1]).one()
    return Unknown(int(row.quantity), int(row.value))


def provisional(key: Key, quantity: int) -> Portion:
    """Give pieces of no known lot at the value of the item's latest lot, here or anywhere."""
    unit_value = execute(
        shortage_statements.PROVISIONAL_VALUE, location=key[0], item=key[1]
    ).scalar_one()
    return Portion(None, quantity, quantity * unit_value, None)
