"""Put pictures and PDFs to a stock document: invoices, damage, papers that were signed."""

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.core.db import db
from carecampaign.files.services import PreparedImage, PreparedPaper, store
from carecampaign.inventory.models import AttachmentKind, DocumentAttachment, StockDocument


def attach_file(
    document: StockDocument,
    paper: PreparedImage | PreparedPaper,
    *,
    name: str,
    kind: AttachmentKind,
    by: Actor,
) -> DocumentAttachment:
    """Keep it with a document, whatever its state. It stays: a better one is added."""
    file = store(paper, name=name, by=by)
    attachment = DocumentAttachment(document_id=document.id, file=file, kind=kind)
    db.session.add(attachment)
    audit.record(
        "inventory.attach_file",
        document,
        by=by,
        name=f"{document.kind.value} {document.year}/{document.number}",
        path=document.organization.path,
        changes={"kind": kind.value, "sha256": file.sha256},
    )
    return attachment
