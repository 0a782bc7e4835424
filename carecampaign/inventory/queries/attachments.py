"""What was put to a stock document."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.inventory.models import DocumentAttachment, StockDocument
from carecampaign.inventory.queries.documents import get_document_for
from carecampaign.inventory.queries.locations import reaches


def attachments_of(document: StockDocument) -> Sequence[DocumentAttachment]:
    """List what was put to a document, the oldest first."""
    return db.session.scalars(
        select(DocumentAttachment)
        .where(DocumentAttachment.document_id == document.id)
        .options(joinedload(DocumentAttachment.file))
        .order_by(DocumentAttachment.id)
    ).all()


def get_attachment_for(actor: Actor, document_id: int, attachment_id: int) -> DocumentAttachment:
    """Give an attachment of a document the actor sees. Raises NotFound."""
    get_document_for(actor, document_id)
    row = db.session.scalar(
        select(DocumentAttachment)
        .where(
            DocumentAttachment.id == attachment_id, DocumentAttachment.document_id == document_id
        )
        .options(joinedload(DocumentAttachment.file))
    )
    if row is None:
        raise NotFound(_l("There is no such attachment."))
    return row


def may_attach(actor: Actor, document: StockDocument) -> bool:
    """Say whether the actor sends or takes goods at an end of a document."""
    return any(
        reaches(actor, end, Permission.INVENTORY_ACCEPT)
        for end in (document.source, document.target)
    )


def get_document_to_attach_to(actor: Actor, document_id: int) -> StockDocument:
    """Give a document that the actor may put something to. Raises NotFound."""
    document = get_document_for(actor, document_id)
    if not may_attach(actor, document):
        raise NotFound(_l("There is no such stock document."))
    return document
