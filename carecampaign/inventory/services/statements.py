"""The statements of the ledger, built once so that the database layer compiles them once."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Insert,
    Select,
    Table,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from carecampaign.core.db import Base
from carecampaign.funds.models import Earmark, EarmarkUse
from carecampaign.inventory.models import (
    DocumentCounter,
    Lot,
    LotShare,
    Movement,
    StockLevel,
    StockLocation,
    StockLot,
    StockReservation,
)
from carecampaign.inventory.queries import first_lot


def table(model: type[Base]) -> Table:
    return Base.metadata.tables[model.__tablename__]


levels = table(StockLevel)
lots = table(StockLot)
lot = table(Lot)
reservation = table(StockReservation)
movement = table(Movement)
counter = table(DocumentCounter)
location = table(StockLocation)

_q: BindParameter[int] = bindparam("quantity", type_=levels.c.on_hand.type)
_u: BindParameter[int] = bindparam("surplus", type_=levels.c.unexplained.type)
_at_level = (
    levels.c.location_id == bindparam("location"),
    levels.c.item_id == bindparam("item"),
)


def per_database(build: Callable[[Any], Insert]) -> Mapping[str, Insert]:
    """Build a statement that only the databases' own dialects know, once for each."""
    return {"sqlite": build(sqlite.insert), "postgresql": build(postgresql.insert)}


TAKE_FROM_LEVEL = (
    # The guard and the change are one statement: two cannot both take the last piece.
    update(levels)
    .where(*_at_level, levels.c.on_hand - levels.c.reserved >= _q)
    .values(on_hand=levels.c.on_hand - _q, unexplained=levels.c.unexplained + _u)
    .returning(levels.c.on_hand, levels.c.unexplained, levels.c.reserved)
)

READ_LEVEL = select(levels.c.on_hand, levels.c.unexplained, levels.c.reserved).where(*_at_level)

CHANGE_RESERVED = (
    update(levels).where(*_at_level).values(reserved=levels.c.reserved + bindparam("pieces"))
)


def _add_to_level(make: Any) -> Insert:  # noqa: ANN401 - each dialect has its own insert
    new = make(levels).values(
        location_id=bindparam("location"),
        item_id=bindparam("item"),
        on_hand=_q,
        reserved=0,
        unexplained=_u,
    )
    upsert: Insert = new.on_conflict_do_update(
        index_elements=[levels.c.location_id, levels.c.item_id],
        set_={
            "on_hand": levels.c.on_hand + new.excluded.on_hand,
            "unexplained": levels.c.unexplained + new.excluded.unexplained,
        },
    ).returning(levels.c.on_hand, levels.c.unexplained, levels.c.reserved)
    return upsert


ADD_TO_LEVEL = per_database(_add_to_level)


def _reserve(make: Any) -> Insert:  # noqa: ANN401 - each dialect has its own insert
    new = make(reservation)
    upsert: Insert = new.on_conflict_do_update(
        index_elements=["holder_kind", "holder_id", "location_id", "item_id"],
        set_={"quantity": reservation.c.quantity + new.excluded.quantity},
    )
    return upsert


RESERVE = per_database(_reserve)

_share, _earmark, _use = table(LotShare), table(Earmark), table(EarmarkUse)
_is_allowed_by_earmark = (
    select(_use.c.use)
    .where(_use.c.earmark_id == _earmark.c.id, _use.c.use == bindparam("use"))
    .exists()
)
_is_forbidden = (
    select(_share.c.id)
    .join(_earmark, _earmark.c.id == _share.c.earmark_id)
    .where(_share.c.lot_id == lot.c.id, _earmark.c.is_restricted, ~_is_allowed_by_earmark)
    .exists()
)

LOTS_FIRST_EXPIRED_FIRST: Select[Any] = (
    select(
        lots.c.lot_id,
        lots.c.on_hand,
        lot.c.unit_value,
        lot.c.fund_source_id,
        lot.c.expires_on,
        (~_is_forbidden).label("is_allowed"),
    )
    .join(lot, lot.c.id == lots.c.lot_id)
    .where(
        lots.c.location_id == bindparam("location"),
        lots.c.item_id == bindparam("item"),
        lots.c.on_hand > 0,
    )
    .order_by(lot.c.expires_on.nulls_last(), lots.c.lot_id)
)

_first_lot = first_lot(
    bindparam("location", type_=lots.c.location_id.type),
    bindparam("item", type_=lots.c.item_id.type),
    good_on=bindparam("good_on", type_=lot.c.expires_on.type),
)


def _of_lot(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(column).where(lot.c.id == lots.c.lot_id).scalar_subquery().label(column.key)


TAKE_FROM_FIRST_LOT = (
    # Finds no row when the first lot that is good does not cover the whole quantity.
    update(lots)
    .where(
        lots.c.location_id == bindparam("location"),
        lots.c.lot_id == _first_lot,
        lots.c.on_hand >= _q,
    )
    .values(on_hand=lots.c.on_hand - _q)
    .returning(
        lots.c.lot_id,
        _of_lot(lot.c.unit_value),
        _of_lot(lot.c.fund_source_id),
    )
)


TAKE_FROM_LOT = (
    update(lots)
    .where(
        lots.c.location_id == bindparam("location"),
        lots.c.lot_id == bindparam("lot"),
        lots.c.on_hand >= _q,
    )
    .values(on_hand=lots.c.on_hand - _q)
    .returning(lots.c.lot_id)
)


def _add_to_lot(make: Any) -> Insert:  # noqa: ANN401 - each dialect has its own insert
    new = make(lots).values(
        location_id=bindparam("location"),
        lot_id=bindparam("lot"),
        item_id=bindparam("item"),
        on_hand=_q,
    )
    upsert: Insert = new.on_conflict_do_update(
        index_elements=[lots.c.location_id, lots.c.lot_id],
        set_={"on_hand": lots.c.on_hand + new.excluded.on_hand},
    )
    return upsert


ADD_TO_LOT = per_database(_add_to_lot)

INSERT_MOVEMENT = (
    insert(movement)
    .values(
        {
            column.name: bindparam(f"moved_{column.name}", type_=column.type)
            for column in movement.c
            if not column.primary_key
        }
    )
    .inline()
)


def _next_number(make: Any) -> Insert:  # noqa: ANN401 - each dialect has its own insert
    upsert: Insert = (
        make(counter)
        .values(
            organization_id=bindparam("organization"),
            year=bindparam("of_year"),
            kind=bindparam("of_kind", type_=counter.c.kind.type),
            last=1,
        )
        .on_conflict_do_update(
            index_elements=[counter.c.organization_id, counter.c.year, counter.c.kind],
            set_={"last": counter.c.last + 1},
        )
        .returning(counter.c.last)
    )
    return upsert


NEXT_NUMBER = per_database(_next_number)


def _add_location(make: Any) -> Insert:  # noqa: ANN401 - each dialect has its own insert
    add: Insert = make(location).on_conflict_do_nothing().returning(location.c.id)
    return add


ADD_LOCATION = per_database(_add_location)

MOVEMENTS_OF_HANDOUT = (
    select(movement)
    .where(movement.c.handout_id == bindparam("handout", type_=movement.c.handout_id.type))
    .order_by(movement.c.id)
)
