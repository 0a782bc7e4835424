"""The papers behind movements."""

from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from carecampaign.access.actor import Actor
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentLine,
    DocumentState,
    StockDocument,
)
from carecampaign.inventory.queries.locations import has_end_seen_by


def documents_for(
    actor: Actor,
    *,
    kind: DocumentKind | None = None,
    state: DocumentState | None = None,
    location_id: int | None = None,
    campaign_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Select[StockDocument]:
    """Select the documents from or to a location the actor sees (to paginate), newest first.

    ``since`` and ``until`` are the first and last date on the paper.
    """
    statement = _documents_seen_by(actor)
    if kind is not None:
        statement = statement.where(StockDocument.kind == kind)
    if state is not None:
        statement = statement.where(StockDocument.state == state)
    if location_id is not None:
        statement = statement.where(
            or_(StockDocument.source_id == location_id, StockDocument.target_id == location_id)
        )
    if campaign_id is not None:
        statement = statement.where(StockDocument.campaign_id == campaign_id)
    if since is not None:
        statement = statement.where(StockDocument.dated_on >= since)
    if until is not None:
        statement = statement.where(StockDocument.dated_on <= until)
    return statement.options(
        joinedload(StockDocument.source), joinedload(StockDocument.target)
    ).order_by(StockDocument.dated_on.desc(), StockDocument.id.desc())


def get_document_for(actor: Actor, document_id: int) -> StockDocument:
    """Get a document from or to a location the actor sees, with its lines.

    Raises NotFound for any other. To act on it ask ``get_location_for`` or ``reaches`` about
    its source or target with the permission that the act needs.
    """
    row = db.session.scalar(
        _documents_seen_by(actor)
        .where(StockDocument.id == document_id)
        .options(selectinload(StockDocument.lines).joinedload(DocumentLine.item))
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(_l("There is no such stock document."))
    return row


def find_reversal_of(document: StockDocument) -> StockDocument | None:
    """Find the document that reverses this one."""
    return db.session.scalar(select(StockDocument).where(StockDocument.reverses_id == document.id))


def _documents_seen_by(actor: Actor) -> Select[StockDocument]:
    return select(StockDocument).where(
        has_end_seen_by(actor, StockDocument.source_id, StockDocument.target_id)
    )
