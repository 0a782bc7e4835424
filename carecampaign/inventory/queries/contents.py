"""Packages counted as the items in them (按物品展开): the one rule, for every report.

A package of a lot holds what is noted with the lot, substitutes included; of one whose lot
nobody knows, it is what its version says. Its value is spread over its items to the last fen,
so that everything is worth the same counted either way. What is no package stays what it is.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Float,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased, joinedload

from carecampaign.catalogue.models import Item, PackageLine, PackageVersion
from carecampaign.core.db import db
from carecampaign.inventory.models import Lot, LotContent, Movement, StockLevel, StockLot

# A line counts for something even where its item is worth nothing by reference.
_WEIGHT = PackageLine.quantity * case((Item.reference_value > 0, Item.reference_value), else_=1)
_ORDERED = func.sum(_WEIGHT).over(partition_by=PackageLine.version_id, order_by=PackageLine.id)
_bill = (
    select(
        PackageVersion.item_id.label("package_id"),
        PackageLine.item_id,
        PackageLine.quantity,
        (_ORDERED - _WEIGHT).label("before"),
        _ORDERED.label("upto"),
        func.sum(_WEIGHT).over(partition_by=PackageLine.version_id).label("whole"),
    )
    .join(PackageLine, PackageLine.version_id == PackageVersion.id)
    .join(Item, Item.id == PackageLine.item_id)
    .subquery("bill")
)


def _share_upto(mark: ColumnElement[Any]) -> ColumnElement[int]:
    """Give what the lines of a bill up to a mark get of a movement's value."""
    # By floating point: the product of two amounts may have more digits than a column. The
    # last line gets what is left, so nothing is lost.
    part = cast(cast(Movement.value, Float) * mark / _bill.c.whole, BigInteger)
    return case((mark == _bill.c.whole, Movement.value), else_=part)


ITEM_ID: ColumnElement[int] = func.coalesce(LotContent.item_id, _bill.c.item_id, Movement.item_id)
PIECES: ColumnElement[int] = Movement.quantity * func.coalesce(
    LotContent.quantity, _bill.c.quantity, 1
)
WORTH: ColumnElement[int] = case(
    (LotContent.id.is_not(None), Movement.quantity * LotContent.value),
    (
        _bill.c.item_id.is_not(None),
        _share_upto(_bill.c.upto) - _share_upto(_bill.c.before),
    ),
    else_=Movement.value,
)


def as_items(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Let a statement about movements give a row for each item in them.

    ``ITEM_ID``, ``PIECES`` and ``WORTH`` (fen) are then what moved.
    """
    is_unknown = and_(Movement.lot_id.is_(None), _bill.c.package_id == Movement.item_id)
    return statement.outerjoin(LotContent, LotContent.lot_id == Movement.lot_id).outerjoin(
        _bill, is_unknown
    )


MovementOfItems = aliased(
    Movement,
    as_items(
        select(
            Movement.recorded_at,
            Movement.source_id,
            Movement.target_id,
            ITEM_ID.label("item_id"),
            PIECES.label("quantity"),
            WORTH.label("value"),
        )
    ).subquery("movement_of_items"),
    adapt_on_names=True,
)
"""The movements as the books read them, a row for each item."""

_lots = (
    select(
        StockLot.location_id,
        StockLot.item_id.label("package_id"),
        func.coalesce(LotContent.item_id, StockLot.item_id).label("item_id"),
        (StockLot.on_hand * func.coalesce(LotContent.quantity, 1)).label("on_hand"),
        (StockLot.on_hand * func.coalesce(LotContent.value, Lot.unit_value)).label("value"),
    )
    .join(Lot, Lot.id == StockLot.lot_id)
    .outerjoin(LotContent, LotContent.lot_id == StockLot.lot_id)
    .where(StockLot.on_hand > 0)
)
lots_of_items = _lots.subquery("lot_of_items")
"""What is on hand where: location_id, package_id, item_id, on_hand (pieces), value (fen)."""

_on_hand = lots_of_items.c
_per_package = func.coalesce(_bill.c.quantity, 1)
levels_of_items = union_all(
    select(
        _on_hand.location_id,
        _on_hand.item_id,
        _on_hand.on_hand,
        literal(0).label("reserved"),
        literal(0).label("unexplained"),
        _on_hand.value,
    ),
    # Of what is reserved or unexplained nobody knows the lot.
    select(
        StockLevel.location_id,
        func.coalesce(_bill.c.item_id, StockLevel.item_id),
        literal(0),
        StockLevel.reserved * _per_package,
        StockLevel.unexplained * _per_package,
        literal(0),
    )
    .outerjoin(_bill, _bill.c.package_id == StockLevel.item_id)
    .where(or_(StockLevel.reserved > 0, StockLevel.unexplained != 0)),
).subquery("level_of_items")
"""What places hold, as ``StockLevel`` has it but by item, with the value on hand (fen)."""

LevelOfItems = aliased(StockLevel, levels_of_items, adapt_on_names=True)


@dataclass(frozen=True)
class Piece:
    """So many pieces of an item in one package, and what they weigh of its value."""

    item_id: int
    quantity: int
    weight: int


@dataclass(frozen=True)
class Contents:
    """What packages hold: as their versions say, by the id of the item, and by the id of lots."""

    of_items: Mapping[int, Sequence[Piece]]
    of_lots: Mapping[int, Sequence[Piece]]

    def take_apart(self, item_id: int, quantity: int, lot_id: int | None = None) -> Counter[int]:
        """Give the pieces of each item in so many of something, which may be no package."""
        pieces = self.of_lots.get(lot_id or 0) or self.of_items.get(item_id)
        if not pieces:
            return Counter({item_id: quantity})
        found: Counter[int] = Counter()
        for piece in pieces:
            found[piece.item_id] += piece.quantity * quantity
        return found


def read_contents(item_ids: Collection[int], lot_ids: Collection[int] = ()) -> Contents:
    """Read what is in packages, in one query; what is no package is left out."""
    as_listed = select(
        literal(0).label("of_lot"),
        _bill.c.package_id.label("key"),
        _bill.c.upto.label("place"),
        _bill.c.item_id,
        _bill.c.quantity,
        (_bill.c.upto - _bill.c.before).label("weight"),
    ).where(_bill.c.package_id.in_(list(item_ids)))
    as_noted = select(
        literal(1),
        LotContent.lot_id,
        LotContent.line_id,
        LotContent.item_id,
        LotContent.quantity,
        LotContent.value,
    ).where(LotContent.lot_id.in_(list(lot_ids)))
    both = union_all(as_listed, as_noted).subquery()
    found: dict[int, dict[int, list[Piece]]] = {0: {}, 1: {}}
    for row in db.session.execute(select(both).order_by(both.c.of_lot, both.c.key, both.c.place)):
        piece = Piece(row.item_id, row.quantity, int(row.weight))
        found[row.of_lot].setdefault(row.key, []).append(piece)
    return Contents(of_items=found[0], of_lots=found[1])


def contents_of_lot(lot: Lot) -> list[LotContent]:
    """Give what is noted to be in one package of a lot, line by line; nothing for goods."""
    return _noted(LotContent.lot_id == lot.id)


def substitutes_in(lot_ids: Collection[int | None]) -> dict[int, list[LotContent]]:
    """Give what was put into packages instead of what their bill says, by the id of the lot."""
    found: defaultdict[int, list[LotContent]] = defaultdict(list)
    known = [lot_id for lot_id in lot_ids if lot_id is not None]
    for row in _noted(LotContent.lot_id.in_(known), LotContent.note != ""):
        found[row.lot_id].append(row)
    return dict(found)


def _noted(*conditions: ColumnElement[bool]) -> list[LotContent]:
    return list(
        db.session.scalars(
            select(LotContent)
            .where(*conditions)
            .options(
                joinedload(LotContent.item),
                joinedload(LotContent.line).joinedload(PackageLine.item),
            )
            .order_by(LotContent.lot_id, LotContent.line_id)
        )
    )
