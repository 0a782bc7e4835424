"""The statements about pieces nobody knows the lot of, and about those that were set aside."""

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select

from carecampaign.catalogue.models import Item
from carecampaign.inventory.services.statements import lot, lots, movement, table

_unknown_here = (
    movement.c.item_id == bindparam("item"),
    movement.c.lot_id.is_(None),
)
_leaves = movement.c.source_id == bindparam("location")
_arrives = movement.c.target_id == bindparam("location")


def _sum_out(figure: ColumnElement[int]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((_leaves, figure), else_=-figure)), 0)


UNKNOWN_PIECES = select(
    _sum_out(movement.c.quantity).label("quantity"), _sum_out(movement.c.value).label("value")
).where(*_unknown_here, or_(_leaves, _arrives))

EXCHANGED_LOTS = (
    select(
        movement.c.lot_id,
        lot.c.unit_value,
        lot.c.fund_source_id,
        _sum_out(movement.c.quantity).label("quantity"),
    )
    .join(lot, lot.c.id == movement.c.lot_id)
    .where(
        movement.c.item_id == bindparam("item"),
        or_(
            and_(_leaves, movement.c.target_id == bindparam("settlement")),
            and_(_arrives, movement.c.source_id == bindparam("settlement")),
        ),
    )
    .group_by(movement.c.lot_id, lot.c.unit_value, lot.c.fund_source_id)
    .having(_sum_out(movement.c.quantity) > 0)
    .order_by(movement.c.lot_id.desc())
)

_item = table(Item)

PROVISIONAL_VALUE = select(
    func.coalesce(
        select(lot.c.unit_value)
        .join(lots, lots.c.lot_id == lot.c.id)
        .where(lots.c.location_id == bindparam("location"), lots.c.item_id == bindparam("item"))
        .order_by(lot.c.id.desc())
        .limit(1)
        .scalar_subquery(),
        select(lot.c.unit_value)
        .where(lot.c.item_id == bindparam("item"))
        .order_by(lot.c.id.desc())
        .limit(1)
        .scalar_subquery(),
        select(_item.c.reference_value).where(_item.c.id == bindparam("item")).scalar_subquery(),
    )
)

_here = and_(lots.c.location_id == bindparam("location"), lots.c.lot_id == movement.c.lot_id)
_missing = -_sum_out(movement.c.quantity) - func.coalesce(func.max(lots.c.on_hand), 0)

SET_ASIDE_LOTS = (
    select(movement.c.lot_id, lot.c.unit_value, lot.c.fund_source_id, _missing.label("quantity"))
    .join(lot, lot.c.id == movement.c.lot_id)
    .outerjoin(lots, _here)
    .where(movement.c.item_id == bindparam("item"), or_(_leaves, _arrives))
    .group_by(movement.c.lot_id, lot.c.unit_value, lot.c.fund_source_id, lot.c.expires_on)
    .having(_missing > 0)
    .order_by(lot.c.expires_on.nulls_last(), movement.c.lot_id)
)
