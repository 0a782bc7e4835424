"""Care packages taken apart again: their contents come back as the lots they were."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import case, func, or_, select

from carecampaign.access.actor import Actor
from carecampaign.catalogue.models import PackageVersion
from carecampaign.core.db import db
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentLine,
    LocationKind,
    Lot,
    Movement,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.services.assembly import contents_of
from carecampaign.inventory.services.balances import change_levels, put_lots
from carecampaign.inventory.services.documents import moved, new_document, post
from carecampaign.inventory.services.locations import ASSEMBLY, virtual_location
from carecampaign.inventory.services.moves import Flow, Portion
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
    dated_on: date | None = None,
) -> StockDocument:
    """Take packages apart into what is in them, value in = value out.

    Packages that were put together here come back as the lots that went in, where those are
    worth exactly what the packages are, source by source; else as new lots of the packages'
    value. Raises NotEnoughStock when the place has fewer packages free.
    """
    virtual_location(LocationKind.ASSEMBLY)
    contents = contents_of(version, quantity)
    levels = change_levels(
        [
            Flow(version.item.id, location.id, ASSEMBLY, quantity),
            *(Flow(line.item.id, ASSEMBLY, location.id, line.quantity) for line in contents),
        ]
    )
    packages = take_lots((location.id, version.item.id), quantity)
    restored = _restore(version, packages)
    lines = [
        moved(version.item, location.id, ASSEMBLY, packages),
        *(moved(line.item, ASSEMBLY, location.id, restored[line.item.id]) for line in contents),
    ]
    put_lots(move for line in lines[1:] for move in line.moves)
    document = new_document(DocumentKind.DISASSEMBLY, location, location, dated_on=dated_on)
    return post(document, lines, levels, action="inventory.take_apart", by=by)


def _restore(version: PackageVersion, packages: Sequence[Portion]) -> Contents:
    """Give the contents that packages turn back into, worth exactly what the packages are."""
    restored: Contents = defaultdict(list)
    for assembly_id, portions in _by_assembly(packages):
        quantity = sum(portion.quantity for portion in portions)
        contents = {} if assembly_id is None else _what_went_in(assembly_id, quantity)
        went_in = [portion for pieces in contents.values() for portion in pieces]
        if not contents or worth_of(went_in) != worth_of(portions):
            contents = _as_new_lots(version, portions, quantity)
        for item_id, pieces in contents.items():
            restored[item_id] += pieces
    return restored


def _by_assembly(packages: Sequence[Portion]) -> Iterator[tuple[int | None, list[Portion]]]:
    """Group packages by the document that made them; what came from outside stays alone."""
    made_by = {
        row.lot_id: row.document_id
        for row in db.session.execute(
            select(Movement.lot_id, DocumentLine.document_id)
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


def _what_went_in(assembly_id: int, quantity: int) -> Contents:
    """Give the contents of the next so many packages of an assembly, as the lots they were.

    The first package took the first pieces of each item, and so on; those of packages taken
    apart before came back then.
    """
    movements = db.session.scalars(
        select(Movement)
        .join(DocumentLine, DocumentLine.id == Movement.document_line_id)
        .where(DocumentLine.document_id == assembly_id)
        .order_by(Movement.id)
    ).all()
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
        contents[item_id] = _slice(used, start=skipped * each, stop=(skipped + quantity) * each)
    return contents


def _still_whole(lot_ids: set[int | None]) -> int:
    change = case((Movement.source_id == ASSEMBLY, Movement.quantity), else_=-Movement.quantity)
    whole = db.session.scalar(
        select(func.sum(change)).where(
            Movement.lot_id.in_(lot_ids),
            or_(Movement.source_id == ASSEMBLY, Movement.target_id == ASSEMBLY),
        )
    )
    return int(whole or 0)


def _slice(movements: Sequence[Movement], *, start: int, stop: int) -> list[Portion]:
    """Give the pieces from ``start`` to ``stop`` of those that movements moved in a row."""
    portions = []
    position = 0
    for movement in movements:
        first = max(start, position)
        last = min(stop, position + movement.quantity)
        position += movement.quantity
        if first < last:
            value = movement.value // movement.quantity * (last - first)
            portions.append(Portion(movement.lot_id, last - first, value, movement.fund_source_id))
    return portions


def _as_new_lots(version: PackageVersion, packages: Sequence[Portion], quantity: int) -> Contents:
    """Spread the value of packages over their contents by reference value, to the last fen."""
    lot = db.session.get_one(Lot, packages[0].lot_id)
    lines = contents_of(version, quantity)
    weights = [line.item.reference_value * line.quantity for line in lines]
    if not any(weights):
        weights = [line.quantity for line in lines]
    return {
        line.item.id: new_lots(
            line.item,
            line.quantity,
            worth,
            code=lot.code,
            is_donated=lot.is_donated,
            expires_on=lot.expires_on,
        )
        for line, worth in zip(lines, apportion(worth_of(packages), weights), strict=True)
    }
