"""The numbered papers behind movements."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.campaigns.models import Campaign
from carecampaign.catalogue.models import Item
from carecampaign.core.db import Base, Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.inventory.models.locations import StockLocation
from carecampaign.organizations.models import Organization


class DocumentKind(Labelled):
    """The forms of DOMAIN.md section 1; each is numbered by itself."""

    RECEIPT = "receipt", _l("Goods-received note")
    ASSEMBLY = "assembly", _l("Assembly note")
    DISASSEMBLY = "disassembly", _l("Take-apart note")
    TRANSFER = "transfer", _l("Transfer note")
    RETURN = "return", _l("Return note")
    OPENING = "opening", _l("Event opening note")
    CLOSING = "closing", _l("Event closing note")
    DIFFERENCE = "difference", _l("Difference note")
    REVERSAL = "reversal", _l("Reversal note")
    REQUISITION = "requisition", _l("Requisition form")
    ISSUE = "issue", _l("Goods-issue note")
    WRITE_OFF = "write_off", _l("Write-off note")
    STOCK_TAKE = "stock_take", _l("Stock-take sheet")
    GAIN_LOSS = "gain_loss", _l("Gain and loss note")


PREPARED_KINDS = frozenset(
    {DocumentKind.REQUISITION, DocumentKind.WRITE_OFF, DocumentKind.STOCK_TAKE}
)
"""Forms that have a number and a life of their own before anything moves, if it ever does."""

GAIN_AND_LOSS = frozenset({DocumentKind.GAIN_LOSS, DocumentKind.STOCK_TAKE})
"""What a stock-take posts; before that had a form of its own, under the number of the sheet."""


class DocumentState(Labelled):
    POSTED = "posted", _l("Posted"), "success"
    IN_TRANSIT = "in_transit", _l("In transit"), "warning"
    RECEIVED = "received", _l("Received"), "success"
    REVERSED = "reversed", _l("Reversed"), "secondary"


class InspectionResult(Labelled):
    """What whoever inspected goods on arrival found (验收结论)."""

    PASSED = "passed", _l("Passed"), "success"
    WITH_DIFFERENCES = "with_differences", _l("Accepted, with the differences noted"), "warning"


class StockDocument(Model):
    """A numbered paper behind movements. ``number`` is gapless per organisation, year and kind.

    ``counterpart`` is who stands outside: supplier, donor, or the unit that goods were issued
    to, ``receiver`` the person there who took them. A write-off is posted under the number its
    form had before.
    """

    __tablename__ = "stock_document"
    __table_args__ = (
        UniqueConstraint("organization_id", "year", "kind", "number"),
        Index(None, "dated_on", "id"),
    )

    kind: Mapped[DocumentKind]
    state: Mapped[DocumentState]
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    year: Mapped[int]
    number: Mapped[int]
    dated_on: Mapped[date]
    source_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    counterpart: Mapped[str] = mapped_column(default="")
    receiver: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(default="")
    invoice_number: Mapped[str] = mapped_column(default="")
    delivered_by: Mapped[str] = mapped_column(default="")
    inspected_by: Mapped[str] = mapped_column(default="")
    inspection: Mapped[InspectionResult | None]
    note: Mapped[str] = mapped_column(default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.id"), unique=True)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    received_at: Mapped[datetime | None]

    organization: Mapped[Organization] = relationship()
    source: Mapped[StockLocation] = relationship(foreign_keys=source_id)
    target: Mapped[StockLocation] = relationship(foreign_keys=target_id)
    campaign: Mapped[Campaign | None] = relationship()
    recorded_by: Mapped[User | None] = relationship(foreign_keys=recorded_by_id)
    received_by: Mapped[User | None] = relationship(foreign_keys=received_by_id)
    lines: Mapped[list["DocumentLine"]] = relationship(order_by="DocumentLine.id")


class DocumentLine(Model):
    """One item on a document: pieces asked to move, and what arrived of a transfer.

    ``ordered`` is what a goods-received note had been ordered for, where that is known.
    """

    __tablename__ = "document_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("received BETWEEN 0 AND quantity", name="received_at_most_sent"),
        CheckConstraint("ordered > 0", name="ordered_positive"),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey("stock_document.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    quantity: Mapped[int]
    ordered: Mapped[int | None]
    received: Mapped[int | None]
    difference_reason: Mapped[str] = mapped_column(default="")

    item: Mapped[Item] = relationship()


class DocumentCounter(Base):
    """The last number given out, per organisation, year and kind of document."""

    __tablename__ = "document_counter"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[DocumentKind] = mapped_column(primary_key=True)
    last: Mapped[int]
