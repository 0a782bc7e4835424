"""A document that was wrong is never changed: another takes it back."""

from collections.abc import Sequence

from sqlalchemy import select

from carecampaign.access.actor import Actor
from carecampaign.core.db import db
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentLine,
    DocumentState,
    Movement,
    StockDocument,
)
from carecampaign.inventory.services.balances import (
    change_levels,
    is_physical,
    put_lots,
    take_portion,
)
from carecampaign.inventory.services.documents import (
    PostedLine,
    lock_document,
    new_document,
    post,
)
from carecampaign.inventory.services.errors import AlreadyReversed, NotReversible
from carecampaign.inventory.services.moves import Move, flow_of, mirror


def reverse(document: StockDocument, *, reason: str, by: Actor) -> StockDocument:
    """Take a document back: every movement of it, the same pieces, the other way.

    A transfer can be taken back while it is in transit. Raises AlreadyReversed, NotReversible,
    or NotEnoughStock when the pieces are gone from where the document put them.
    """
    document = lock_document(document)
    _require_reversible(document)
    lines = [
        PostedLine(line.item, line.quantity, [mirror(row) for row in _movements_of(line)])
        for line in document.lines
    ]
    moves = [move for line in lines for move in line.moves]
    known = [move for move in moves if move.is_known]
    unknown = [move for move in moves if not move.is_known]
    levels = change_levels(map(flow_of, known), unknown=map(flow_of, unknown))
    _change_lots(known)
    document.state = DocumentState.REVERSED
    reversal = new_document(
        DocumentKind.REVERSAL,
        document.target,
        document.source,
        campaign=document.campaign,
        counterpart=document.counterpart,
        note=reason,
        reverses_id=document.id,
        organization=document.organization,
    )
    return post(reversal, lines, levels, action="inventory.reverse", by=by)


def _require_reversible(document: StockDocument) -> None:
    if document.state == DocumentState.REVERSED:
        raise AlreadyReversed
    if document.kind == DocumentKind.REVERSAL or document.state == DocumentState.RECEIVED:
        raise NotReversible


def _movements_of(line: DocumentLine) -> Sequence[Movement]:
    return db.session.scalars(
        select(Movement).where(Movement.document_line_id == line.id).order_by(Movement.id)
    ).all()


def _change_lots(moves: Sequence[Move]) -> None:
    # What comes back is there first: of a receipt that settled a shortage, the settled
    # pieces come back to the place before the whole receipt leaves it.
    put_lots(moves)
    for move in moves:
        if is_physical(move.source_id):
            take_portion((move.source_id, move.item_id), move.portion)
