"""Pieces kept at a place for one holder: a requisition until it is issued, a planned event.

A reservation changes only under the lock of its level, whose ``reserved`` is their sum.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, delete, select, update

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import current_connection, db
from carecampaign.inventory.models import LocationKind, StockLocation, StockReservation
from carecampaign.inventory.services import statements
from carecampaign.inventory.services.balances import Key, change_level, change_reserved
from carecampaign.inventory.services.errors import NotEnoughStock, NothingToMove
from carecampaign.inventory.services.moves import execute
from carecampaign.inventory.services.picking import good_at

RESERVING_KINDS = frozenset({LocationKind.WAREHOUSE, LocationKind.STATION, LocationKind.UNIT})
"""Never an event's place: what was brought there goes to whoever comes."""


class Holder(NamedTuple):
    """For whom pieces are kept: the kind of thing ("requisition", "event") and its row's id."""

    kind: str
    id: int


class Held(NamedTuple):
    """Pieces of an item that a holder reserves at a location."""

    location_id: int
    item_id: int
    quantity: int


class Released(NamedTuple):
    """Pieces that a holder reserved and does not any more."""

    holder: Holder
    quantity: int


def reserve(location: StockLocation, item: Item, quantity: int, *, holder: Holder) -> None:
    """Keep pieces at a place for a holder; what it reserves there already stays.

    Whoever reserves several items does so in the order of their ids, so that nobody waits for
    one another. Raises NotEnoughStock when fewer good pieces are free, NothingToMove for none.
    """
    if quantity < 1:
        raise NothingToMove
    key = (location.id, item.id)
    free = _free_at(location, key)
    if free < quantity:
        raise NotEnoughStock(item, free, reserved=change_level(key).reserved)
    _add(key, quantity, holder)


def reserve_what_is_free(
    location: StockLocation, item: Item, quantity: int, *, holder: Holder
) -> int:
    """Keep as many of so many pieces as are free at a place, and say how many those are."""
    key = (location.id, item.id)
    pieces = min(quantity, _free_at(location, key))
    if pieces > 0:
        _add(key, pieces, holder)
    return max(0, pieces)


def release(holder: Holder, *, item: Item | None = None, quantity: int | None = None) -> None:
    """Give back what a holder still reserves: everything, an item, or so many pieces of it."""
    for held in held_by(holder):
        if item is None or held.item_id == item.id:
            key = (held.location_id, held.item_id)
            change_level(key)
            freed = consume(key, holder, held.quantity if quantity is None else quantity)
            if quantity is not None:
                quantity -= freed


def held_by(holder: Holder) -> Sequence[Held]:
    """List what a holder reserves, by location and item."""
    rows = db.session.execute(
        select(StockReservation.location_id, StockReservation.item_id, StockReservation.quantity)
        .where(*_of(holder))
        .order_by(StockReservation.location_id, StockReservation.item_id)
    )
    return [Held(*row) for row in rows]


def held_at(key: Key, holder: Holder) -> int:
    """Count what a holder reserves of one level."""
    pieces = select(StockReservation.quantity).where(*_of(holder), *_at(key))
    return db.session.scalar(pieces) or 0


def consume(key: Key, holder: Holder, quantity: int) -> int:
    """Let go of up to so many pieces of a level that is locked; give how many those were."""
    row = db.session.execute(
        select(StockReservation.id, StockReservation.quantity).where(*_of(holder), *_at(key))
    ).first()
    if row is None or quantity < 1:
        return 0
    freed = min(row.quantity, quantity)
    _lower(key, row.id, row.quantity, freed)
    return int(freed)


def release_beyond(
    location: StockLocation, item: Item, on_hand: int, *, by: Actor
) -> list[Released]:
    """Release the latest reservations until a place reserves no more than it turns out to hold.

    Gives whose they were, which the audit log keeps as well.
    """
    key = (location.id, item.id)
    excess = change_level(key).reserved - on_hand
    released = []
    for row in db.session.execute(
        select(StockReservation.__table__).where(*_at(key)).order_by(StockReservation.id.desc())
    ):
        if excess <= 0:
            break
        freed = min(row.quantity, excess)
        _lower(key, row.id, row.quantity, freed)
        released.append(Released(Holder(row.holder_kind, row.holder_id), freed))
        excess -= freed
    if released:
        _record(location, item, released, by=by)
    return released


def _free_at(location: StockLocation, key: Key) -> int:
    if location.kind not in RESERVING_KINDS:
        message = "stock is reserved at warehouses, stations and units only"
        raise ValueError(message)
    level = change_level(key)
    return good_at(key, clock.today()) - level.reserved


def _add(key: Key, quantity: int, holder: Holder) -> None:
    change_reserved(key, quantity)
    execute(
        statements.RESERVE[current_connection().dialect.name].values(
            created_at=clock.now(),
            location_id=key[0],
            item_id=key[1],
            holder_kind=holder.kind,
            holder_id=holder.id,
            quantity=quantity,
        )
    )


def _lower(key: Key, reservation_id: int, reserved: int, pieces: int) -> None:
    this = StockReservation.id == reservation_id
    execute(
        delete(StockReservation).where(this)
        if pieces == reserved
        else update(StockReservation).where(this).values(quantity=reserved - pieces)
    )
    change_reserved(key, -pieces)


def _of(holder: Holder) -> Sequence[ColumnElement[bool]]:
    return [
        StockReservation.holder_kind == holder.kind,
        StockReservation.holder_id == holder.id,
    ]


def _at(key: Key) -> Sequence[ColumnElement[bool]]:
    return [StockReservation.location_id == key[0], StockReservation.item_id == key[1]]


def _record(
    location: StockLocation, item: Item, released: Sequence[Released], *, by: Actor
) -> None:
    audit.record(
        "inventory.release_reservations",
        location,
        by=by,
        name=location.name,
        path=location.organization.path if location.organization else "",
        changes={
            "item": item.name,
            "released": [[*each.holder, each.quantity] for each in released],
        },
    )
