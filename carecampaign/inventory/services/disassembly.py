"""Care packages taken apart again: their contents come back as the lots they were."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import case, func, or_, select

from carecampaign.access.actor import Actor
from carecampaign.catalogue.models import PackageVersion
from carecampaign.catalogue.queries import get_items
from carecampaign.core.db import db
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentLine,
    LocationKind,
    Lot,
    LotContent,
    Movement,
    StockDocument,
    StockLocation,
    StockLot,
)
from carecampaign.inventory.services.balances import (
    Key,
    change_levels,
    lock_levels,
    put_lots,
    take_portion,
)
from carecampaign.inventory.services.contents import batches_of
from carecampaign.inventory.services.documents import moved, new_document, post
from carecampaign.inventory.services.locations import ASSEMBLY, virtual_location
from carecampaign.inventory.services.moves import Flow, Portion, flow_of, slice_of
from carecampaign.inventory.services.picking import take_lots
from carecampaign.inventory.services.shares import apportion, new_lots, worth_of

Contents = dict[int, list[Portion]]
"""Portions by the id of their item."""


def take_apart(
    location: StockLocation,
    version: PackageVersion,
    *,
    quantity: int,
    by: Actor,
    lot: Lot | None = None,
    dated_on: date | None = None,
) -> StockDocument:
    """Take packages apart into what is really in them, value in = value out.

    Packages that were put together here come back as the lots that went in, where those are
    worth exactly what the packages are, source by source; else as new lots of the packages'
    value. Those of ``lot`` are taken, or those that expire first. Raises NothingToMove, and
    NotEnoughStock when there are fewer free.
    """
    virtual_location(LocationKind.ASSEMBLY)
    batches_of(version, quantity)
    package = (location.id, version.item.id)
    # What may come out is locked before any lot is: which it is only the lots will tell.
    lock_levels({package, *((location.id, item_id) for item_id in _may_come_out(package))})
    levels = change_levels([Flow(version.item.id, location.id, ASSEMBLY, quantity)])
    packages = take_lots(package, quantity) if lot is None else _take_of(package, lot, quantity)
    restored = _restore(packages)
    items = get_items(restored)
    lines = [
        moved(version.item, location.id, ASSEMBLY, packages),
        *(moved(items[key], ASSEMBLY, location.id, pieces) for key, pieces in restored.items()),
    ]
    came_out = [move for line in lines[1:] for move in line.moves]
    levels |= change_levels(map(flow_of, came_out))
    put_lots(came_out)
    document = new_document(DocumentKind.DISASSEMBLY, location, location, dated_on=dated_on)
    return post(document, lines, levels, action="inventory.take_apart", by=by)


def _may_come_out(package: Key) -> Sequence[int]:
    location_id, item_id = package
    return db.session.scalars(
        select(LotContent.item_id)
        .join(StockLot, StockLot.lot_id == LotContent.lot_id)
        .where(StockLot.location_id == location_id, StockLot.item_id == item_id)
        .distinct()
    ).all()


def _take_of(package: Key, lot: Lot, quantity: int) -> list[Portion]:
    portion = Portion(lot.id, quantity, quantity * lot.unit_value, lot.fund_source_id)
    take_portion(package, portion)
    return [portion]


def _restore(packages: Sequence[Portion]) -> Contents:
    """Give the contents that packages turn back into, worth exactly what the packages are."""
    restored: Contents = defaultdict(list)
    for line_id, portions in _by_batch(packages):
        quantity = sum(portion.quantity for portion in portions)
        contents = {} if line_id is None else _what_went_in(line_id, quantity)
        went_in = [portion for pieces in contents.values() for portion in pieces]
        if not contents or worth_of(went_in) != worth_of(portions):
            contents = _as_new_lots(portions)
        for item_id, pieces in contents.items():
            restored[item_id] += pieces
    return restored


def _by_batch(packages: Sequence[Portion]) -> Iterator[tuple[int | None, list[Portion]]]:
    """Group packages by the line that made them; what came from outside stays alone."""
    made_by = {
        row.lot_id: row.document_line_id
        for row in db.session.execute(
            select(Movement.lot_id, Movement.document_line_id)
            .join(DocumentLine, DocumentLine.id == Movement.document_line_id)
            .join(StockDocument, StockDocument.id == DocumentLine.document_id)
            .where(
                Movement.lot_id.in_([portion.lot_id for portion in packages]),
                Movement.source_id == ASSEMBLY,
                StockDocument.kind == DocumentKind.ASSEMBLY,
            )
        )
    }
    grouped: dict[int, list[Portion]] = defaultdict(list)
    for portion in packages:
        if portion.lot_id in made_by:
            grouped[made_by[portion.lot_id]].append(portion)
        else:
            yield None, [portion]
    yield from grouped.items()


def _what_went_in(line_id: int, quantity: int) -> Contents:
    """Give the contents of the next so many packages of a batch, as the lots they were.

    The first package took the first pieces of each item, and so on; those of packages taken
    apart before came back then.
    """
    movements = _movements_of_batch(db.session.get_one(DocumentLine, line_id))
    made = [movement for movement in movements if movement.source_id == ASSEMBLY]
    number_made = sum(movement.quantity for movement in made)
    skipped = number_made - _still_whole({movement.lot_id for movement in made})
    went_in: dict[int, list[Movement]] = defaultdict(list)
    for movement in movements:
        if movement.target_id == ASSEMBLY:
            went_in[movement.item_id].append(movement)
    contents: Contents = {}
    for item_id, used in went_in.items():
        each = sum(movement.quantity for movement in used) // number_made
        contents[item_id] = slice_of(used, skipped * each, (skipped + quantity) * each)
    return contents


def _movements_of_batch(line: DocumentLine) -> Sequence[Movement]:
    """Give what moved on a line of packages, and on the lines since the last such one."""
    last_one = (
        select(func.coalesce(func.max(DocumentLine.id), 0))
        .where(
            DocumentLine.document_id == line.document_id,
            DocumentLine.item_id == line.item_id,
            DocumentLine.id < line.id,
        )
        .scalar_subquery()
    )
    return db.session.scalars(
        select(Movement)
        .join(DocumentLine, DocumentLine.id == Movement.document_line_id)
        .where(
            DocumentLine.document_id == line.document_id,
            DocumentLine.id > last_one,
            DocumentLine.id <= line.id,
        )
        .order_by(Movement.id)
    ).all()


def _still_whole(lot_ids: set[int | None]) -> int:
    change = case((Movement.source_id == ASSEMBLY, Movement.quantity), else_=-Movement.quantity)
    whole = db.session.scalar(
        select(func.sum(change)).where(
            Movement.lot_id.in_(lot_ids),
            or_(Movement.source_id == ASSEMBLY, Movement.target_id == ASSEMBLY),
        )
    )
    return int(whole or 0)


def _as_new_lots(packages: Sequence[Portion]) -> Contents:
    """Spread the value of packages over what is in them as their lots say, to the last fen."""
    lot = db.session.get_one(Lot, packages[0].lot_id)
    whole = {portion.lot_id: portion.quantity for portion in packages}
    pieces: Counter[int] = Counter()
    weights: Counter[int] = Counter()
    for content in db.session.scalars(
        select(LotContent).where(LotContent.lot_id.in_(whole)).order_by(LotContent.line_id)
    ):
        pieces[content.item_id] += content.quantity * whole[content.lot_id]
        weights[content.item_id] += content.value * whole[content.lot_id]
    items = get_items(pieces)
    shares = apportion(worth_of(packages), [weights[item_id] for item_id in pieces])
    return {
        item_id: new_lots(
            items[item_id],
            quantity,
            worth,
            code=lot.code,
            is_donated=lot.is_donated,
            expires_on=lot.expires_on,
        )
        for (item_id, quantity), worth in zip(pieces.items(), shares, strict=True)
    }
