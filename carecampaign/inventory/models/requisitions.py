"""What a warm station or a unit asks a warehouse for (DOMAIN.md section 1, 领用单)."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.campaigns.models import Campaign
from carecampaign.catalogue.models import Item
from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.inventory.models.documents import StockDocument
from carecampaign.inventory.models.locations import StockLocation
from carecampaign.organizations.models import Organization


class RequisitionState(Labelled):
    WAITING = "waiting", _l("Waiting for approval"), "warning"
    APPROVED = "approved", _l("Approved, to be issued"), "info"
    ISSUED = "issued", _l("Goods issued"), "success"
    REFUSED = "refused", _l("Not approved"), "danger"
    CANCELLED = "cancelled", _l("Cancelled"), "secondary"


class Requisition(Model):
    """A numbered request for goods, from asking to issuing.

    ``target`` is the station or unit that asks; ``warehouse`` the place whose stock the
    approval reserved; ``document`` what the goods left it by.
    """

    __tablename__ = "requisition"
    __table_args__ = (
        UniqueConstraint("organization_id", "year", "number"),
        CheckConstraint(
            "state NOT IN ('approved', 'issued') OR warehouse_id IS NOT NULL",
            name="approved_from_somewhere",
        ),
        CheckConstraint("(state = 'issued') = (document_id IS NOT NULL)", name="issued_by_paper"),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    year: Mapped[int]
    number: Mapped[int]
    dated_on: Mapped[date]
    state: Mapped[RequisitionState] = mapped_column(index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    purpose: Mapped[str]
    needed_by: Mapped[date | None]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    warehouse_id: Mapped[int | None] = mapped_column(ForeignKey("stock_location.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.id"), unique=True)

    organization: Mapped[Organization] = relationship()
    target: Mapped[StockLocation] = relationship(foreign_keys=target_id)
    campaign: Mapped[Campaign | None] = relationship()
    requested_by: Mapped[User | None] = relationship()
    warehouse: Mapped[StockLocation | None] = relationship(foreign_keys=warehouse_id)
    document: Mapped[StockDocument | None] = relationship()
    lines: Mapped[list["RequisitionLine"]] = relationship(order_by="RequisitionLine.id")


class RequisitionLine(Model):
    """One item: pieces asked for, granted (None: not decided yet) and issued (None: not yet)."""

    __tablename__ = "requisition_line"
    __table_args__ = (
        UniqueConstraint("requisition_id", "item_id"),
        CheckConstraint("asked > 0", name="asked_positive"),
        CheckConstraint("granted BETWEEN 0 AND asked", name="granted_at_most_asked"),
        CheckConstraint("issued BETWEEN 0 AND granted", name="issued_at_most_granted"),
    )

    requisition_id: Mapped[int] = mapped_column(ForeignKey("requisition.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    asked: Mapped[int]
    granted: Mapped[int | None]
    issued: Mapped[int | None]

    item: Mapped[Item] = relationship()
