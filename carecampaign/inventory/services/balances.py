"""The only code that changes what a place holds.

Levels first, in the order of their keys, then the lots under them (DESIGN.md, law 4).
Virtual locations, whose ids are negative, have no balances.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Insert

from carecampaign.catalogue.models import Item
from carecampaign.core.db import current_connection, db
from carecampaign.core.hot import run
from carecampaign.inventory.models import StockLot
from carecampaign.inventory.services import statements
from carecampaign.inventory.services.errors import NotEnoughStock
from carecampaign.inventory.services.moves import Flow, Move, Portion, execute

Key = tuple[int, int]
"""The ids of a location and of an item there."""


class Level(NamedTuple):
    """What a place holds of an item, what the movements say beyond that, and what is reserved."""

    on_hand: int
    unexplained: int
    reserved: int

    @property
    def available(self) -> int:
        """Pieces on hand that are kept for nobody."""
        return self.on_hand - self.reserved


def is_physical(location_id: int) -> bool:
    """Say whether a location has balances."""
    return location_id > 0


# Levels


def change_levels(flows: Iterable[Flow], *, unknown: Iterable[Flow] = ()) -> dict[Key, Level]:
    """Change every level that pieces flow out of or into; give what each is now.

    ``unknown`` are flows of pieces of no known lot: they change ``unexplained`` instead of
    ``on_hand``. Raises NotEnoughStock when a place has fewer available than flow out.
    """
    on_hand = _net(flows)
    unexplained = _net(unknown)
    return {
        key: change_level(key, on_hand=on_hand[key], unexplained=unexplained[key])
        for key in sorted({*on_hand, *unexplained})
    }


def change_level(key: Key, *, on_hand: int = 0, unexplained: int = 0) -> Level:
    """Add to a level (negative: take away); give what it is now.

    The level stays locked until the transaction ends, also when nothing is added. Raises
    NotEnoughStock when it has fewer available than are taken.
    """
    values = {"location": key[0], "item": key[1], "surplus": unexplained}
    if on_hand >= 0:
        upsert = _for_this_database(statements.ADD_TO_LEVEL)
        return Level._make(execute(upsert, quantity=on_hand, **values).one())
    row = execute(statements.TAKE_FROM_LEVEL, quantity=-on_hand, **values).first()
    if row is None:
        level = level_at(key)
        raise NotEnoughStock(item_of(key), level.available, reserved=level.reserved)
    return Level._make(row)


def lock_levels(keys: Iterable[Key]) -> None:
    """Keep levels of physical places from others until the transaction ends."""
    for key in sorted(keys):
        if is_physical(key[0]):
            change_level(key)


def change_reserved(key: Key, pieces: int) -> None:
    """Keep more pieces of a locked level for somebody, or (negative) fewer."""
    execute(statements.CHANGE_RESERVED, location=key[0], item=key[1], pieces=pieces)


def take_level(key: Key, quantity: int) -> bool:
    """Take pieces from a level that has that many available; say whether it does."""
    location_id, item_id = key
    values = {"location": location_id, "item": item_id, "quantity": quantity, "surplus": 0}
    return bool(run(statements.TAKE_FROM_LEVEL, values))


def level_at(key: Key) -> Level:
    """Read a level; a place that never had the item holds none."""
    row = execute(statements.READ_LEVEL, location=key[0], item=key[1]).first()
    return Level(0, 0, 0) if row is None else Level._make(row)


def _net(flows: Iterable[Flow]) -> Counter[Key]:
    net: Counter[Key] = Counter()
    for flow in flows:
        net[flow.source_id, flow.item_id] -= flow.quantity
        net[flow.target_id, flow.item_id] += flow.quantity
    return Counter({key: count for key, count in net.items() if is_physical(key[0])})


def _for_this_database(statement: Mapping[str, Insert]) -> Insert:
    return statement[current_connection().dialect.name]


def item_of(key: Key) -> Item:
    """Give the item of a level."""
    return db.session.get_one(Item, key[1])


# Lots: the level above them is locked by then


def take_portion(key: Key, portion: Portion) -> None:
    """Take pieces off a given lot. Raises NotEnoughStock when it has fewer left here."""
    taken = execute(
        statements.TAKE_FROM_LOT,
        location=key[0],
        lot=portion.lot_id,
        quantity=portion.quantity,
    )
    if taken.first() is None:
        left = db.session.get(StockLot, (key[0], portion.lot_id), populate_existing=True)
        raise NotEnoughStock(item_of(key), left.on_hand if left else 0)


def put_lots(moves: Iterable[Move]) -> None:
    """Add the known pieces of moves to the lots of the places they go to."""
    rows = [
        {
            "location": move.target_id,
            "item": move.item_id,
            "lot": move.portion.lot_id,
            "quantity": move.portion.quantity,
        }
        for move in moves
        if is_physical(move.target_id) and move.is_known
    ]
    if rows:
        current_connection().execute(_for_this_database(statements.ADD_TO_LOT), rows)
