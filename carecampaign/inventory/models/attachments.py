"""What belongs to a stock document beside its lines: the invoice, a photo of the damage."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.files.models import StoredFile
from carecampaign.inventory.models.documents import StockDocument


class AttachmentKind(Labelled):
    INVOICE = "invoice", _l("Invoice")
    PHOTO = "photo", _l("Photo")
    SIGNED = "signed", _l("Signed paper")
    OTHER = "other", _l("Other paper")


class DocumentAttachment(Model):
    """A stored file that proves something about a document. It is only added, never replaced."""

    __tablename__ = "document_attachment"
    __table_args__ = (UniqueConstraint("document_id", "file_id"),)

    document_id: Mapped[int] = mapped_column(ForeignKey("stock_document.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    kind: Mapped[AttachmentKind]

    document: Mapped[StockDocument] = relationship()
    file: Mapped[StoredFile] = relationship()
