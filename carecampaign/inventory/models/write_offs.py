"""Goods that are to be written off (DOMAIN.md section 8, 报损): prepared, approved, posted."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.inventory.models.documents import StockDocument
from carecampaign.inventory.models.locations import StockLocation
from carecampaign.inventory.models.stock import Lot
from carecampaign.organizations.models import Organization


class WriteOffCause(Labelled):
    DAMAGED = "damaged", _l("Damaged")
    EXPIRED = "expired", _l("Past its date")
    LOST = "lost", _l("Lost or missing")
    OTHER = "other", _l("Other cause")


class WriteOffState(Labelled):
    WAITING = "waiting", _l("Waiting for approval"), "warning"
    POSTED = "posted", _l("Posted"), "success"
    REFUSED = "refused", _l("Not approved"), "danger"
    CANCELLED = "cancelled", _l("Cancelled"), "secondary"


class WriteOff(Model):
    """A numbered proposal to write pieces of known lots off; posted, it has a ``document``."""

    __tablename__ = "write_off"
    __table_args__ = (
        UniqueConstraint("organization_id", "year", "number"),
        CheckConstraint("(state = 'posted') = (document_id IS NOT NULL)", name="posted_by_paper"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    year: Mapped[int]
    number: Mapped[int]
    dated_on: Mapped[date]
    state: Mapped[WriteOffState] = mapped_column(index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"), index=True)
    cause: Mapped[WriteOffCause]
    reason: Mapped[str]
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.id"), unique=True)

    organization: Mapped[Organization] = relationship()
    location: Mapped[StockLocation] = relationship()
    prepared_by: Mapped[User | None] = relationship()
    document: Mapped[StockDocument | None] = relationship()
    lines: Mapped[list["WriteOffLine"]] = relationship(order_by="WriteOffLine.id")


class WriteOffLine(Model):
    """Pieces of one lot that are to go."""

    __tablename__ = "write_off_line"
    __table_args__ = (
        UniqueConstraint("write_off_id", "lot_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
    )

    write_off_id: Mapped[int] = mapped_column(ForeignKey("write_off.id"))
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    quantity: Mapped[int]

    lot: Mapped[Lot] = relationship()
