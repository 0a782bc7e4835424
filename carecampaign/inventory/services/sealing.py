"""What the audit chain keeps of stock documents: digests that can be computed again."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, select

from carecampaign.audit import services as audit
from carecampaign.core.db import db
from carecampaign.core.limits import LARGEST_ID
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentLine,
    LocationKind,
    Movement,
    StockDocument,
    StockLocation,
)

DOCUMENT = "document"
"""A document as it was posted; of a transfer, its departure."""

ARRIVAL = "arrival"
"""What arrived of a transfer."""

_AS_POSTED = (
    StockDocument.id,
    StockDocument.kind,
    StockDocument.organization_id,
    StockDocument.year,
    StockDocument.number,
    StockDocument.dated_on,
    StockDocument.source_id,
    StockDocument.target_id,
    StockDocument.campaign_id,
    StockDocument.counterpart,
    StockDocument.invoice_number,
    StockDocument.note,
    StockDocument.reverses_id,
    StockDocument.recorded_by_id,
    StockDocument.created_at,
)
_AS_ARRIVED = (StockDocument.id, StockDocument.received_by_id, StockDocument.received_at)
_MOVEMENT = (
    Movement.id,
    Movement.recorded_at,
    Movement.document_line_id,
    Movement.item_id,
    Movement.lot_id,
    Movement.source_id,
    Movement.target_id,
    Movement.quantity,
    Movement.value,
    Movement.fund_source_id,
    Movement.reverses_id,
)
_of_arrival = and_(
    StockDocument.kind == DocumentKind.TRANSFER,
    Movement.target_id.not_in(
        select(StockLocation.id).where(StockLocation.kind == LocationKind.TRANSIT)
    ),
)


def seal(kind: str, document: StockDocument) -> None:
    """Note for sealing what was posted of a document just now."""
    ref = str(document.id)
    digests = {DOCUMENT: document_digests, ARRIVAL: arrival_digests}[kind]
    audit.note_for_sealing(kind, ref, digests([ref])[ref])


def document_digests(refs: Sequence[str]) -> dict[str, str]:
    """Compute the digests of documents as they were posted."""
    line = (DocumentLine.id, DocumentLine.item_id, DocumentLine.quantity)
    return _digests(refs, _AS_POSTED, line, not_(_of_arrival))


def arrival_digests(refs: Sequence[str]) -> dict[str, str]:
    """Compute the digests of what arrived of transfers."""
    line = (DocumentLine.id, DocumentLine.received, DocumentLine.difference_reason)
    return _digests(refs, _AS_ARRIVED, line, _of_arrival)


def _digests(
    refs: Sequence[str], columns: Sequence[Any], line: Sequence[Any], part: ColumnElement[bool]
) -> dict[str, str]:
    ids = _numbers(refs)
    document_id = DocumentLine.document_id
    documents = db.session.execute(select(*columns).where(StockDocument.id.in_(ids)))
    lines = _grouped(
        select(document_id, *line).where(document_id.in_(ids)).order_by(DocumentLine.id)
    )
    movements = _grouped(
        select(document_id, *_MOVEMENT)
        .join(DocumentLine, DocumentLine.id == Movement.document_line_id)
        .join(StockDocument, StockDocument.id == document_id)
        .where(document_id.in_(ids), part)
        .order_by(Movement.id)
    )
    return {
        str(document.id): audit.digest_of(
            {
                "document": [*document],
                "lines": lines[document.id],
                "movements": movements[document.id],
            }
        )
        for document in documents
    }


def _grouped(statement: Select[*tuple[Any, ...]]) -> Mapping[int, list[list[Any]]]:
    """Fetch rows by the document's id, their first column."""
    groups = defaultdict(list)
    for document_id, *values in db.session.execute(statement):
        groups[document_id].append(values)
    return groups


def _numbers(refs: Sequence[str]) -> list[int]:
    # A key that was tampered with is no number, or one beyond what the database can compare.
    numbers = [int(ref) for ref in refs if ref.isascii() and ref.isdigit()]
    return [number for number in numbers if number <= LARGEST_ID]


audit.register_kind(DOCUMENT, document_digests)
audit.register_kind(ARRIVAL, arrival_digests)
