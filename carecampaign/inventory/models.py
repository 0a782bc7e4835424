"""The stock ledger: movements are only added; balances follow them, guarded by the database."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.campaigns.models import Campaign
from carecampaign.catalogue.models import Item
from carecampaign.core.db import Base, Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.funds.models import FundSource
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station


class LocationKind(Labelled):
    WAREHOUSE = "warehouse", _l("Warehouse")
    STATION = "station", _l("Station")
    UNIT = "unit", _l("Participating unit")
    EVENT = "event", _l("Distribution event")
    TRANSIT = "transit", _l("In transit")
    SUPPLIER = "supplier", _l("Supplier")
    DONOR = "donor", _l("Donor")
    ASSEMBLY = "assembly", _l("Assembly")
    RECIPIENTS = "recipients", _l("Recipients")
    LOSS = "loss", _l("Loss and damage")
    SETTLEMENT = "settlement", _l("Settlement")


VIRTUAL_KINDS = frozenset(
    {
        LocationKind.SUPPLIER,
        LocationKind.DONOR,
        LocationKind.ASSEMBLY,
        LocationKind.RECIPIENTS,
        LocationKind.LOSS,
        LocationKind.SETTLEMENT,
    }
)
"""Only summed: a balance row for "recipients" would be one hot row for the whole country."""


class StockLocation(Model):
    """Where stock is, or comes from, or goes to.

    A warehouse, station, unit, event or transit location belongs to an organisation, whose
    people see it. Transit to a place is a location of its own (``destination_id``). Virtual
    locations belong to nobody: there is one of each kind.
    """

    __tablename__ = "stock_location"
    __table_args__ = (UniqueConstraint("kind", "name", "organization_id"),)

    kind: Mapped[LocationKind] = mapped_column(index=True)
    name: Mapped[str]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), unique=True)
    destination_id: Mapped[int | None] = mapped_column(
        ForeignKey("stock_location.id"), unique=True
    )
    is_active: Mapped[bool] = mapped_column(default=True)

    organization: Mapped[Organization | None] = relationship()
    station: Mapped[Station | None] = relationship()


class Lot(Model):
    """Pieces of one item that came in together: same value apiece (fen), same fund source.

    ``fund_source_id`` is None only for an assembled lot whose contents came from several.
    """

    __tablename__ = "lot"
    __table_args__ = (CheckConstraint("unit_value >= 0", name="value_never_negative"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    code: Mapped[str]
    unit_value: Mapped[int]
    fund_source_id: Mapped[int | None] = mapped_column(ForeignKey("fund_source.id"), index=True)
    is_donated: Mapped[bool] = mapped_column(default=False)
    expires_on: Mapped[date | None]

    item: Mapped[Item] = relationship()
    fund_source: Mapped[FundSource | None] = relationship()


class StockLevel(Base):
    """How much of an item a physical location holds.

    ``unexplained`` is what the movements say beyond what is there: negative after handing
    out more than the books knew of, positive after finding less. Always on_hand +
    unexplained = the sum of the movements.
    """

    __tablename__ = "stock_level"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand_never_negative"),
        CheckConstraint("reserved >= 0", name="reserved_never_negative"),
    )

    location_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, index=True)
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    unexplained: Mapped[int] = mapped_column(default=0)

    location: Mapped[StockLocation] = relationship()
    item: Mapped[Item] = relationship()


class StockLot(Base):
    """How much of a lot a physical location holds; the lots of an item add up to its on_hand."""

    __tablename__ = "stock_lot"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand_never_negative"),
        Index(None, "location_id", "item_id"),
    )

    location_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"), primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), primary_key=True, index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    on_hand: Mapped[int] = mapped_column(default=0)

    lot: Mapped[Lot] = relationship()


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


class DocumentState(Labelled):
    POSTED = "posted", _l("Posted"), "success"
    IN_TRANSIT = "in_transit", _l("In transit"), "warning"
    RECEIVED = "received", _l("Received"), "success"
    REVERSED = "reversed", _l("Reversed"), "secondary"


class StockDocument(Model):
    """A numbered paper behind movements. ``number`` is gapless per organisation, year and kind."""

    __tablename__ = "stock_document"
    __table_args__ = (UniqueConstraint("organization_id", "year", "kind", "number"),)

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
    invoice_number: Mapped[str] = mapped_column(default="")
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
    """One item on a document: pieces asked to move, and what arrived of a transfer."""

    __tablename__ = "document_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("received BETWEEN 0 AND quantity", name="received_at_most_sent"),
    )

    document_id: Mapped[int] = mapped_column(ForeignKey("stock_document.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    quantity: Mapped[int]
    received: Mapped[int | None]
    difference_reason: Mapped[str] = mapped_column(default="")

    item: Mapped[Item] = relationship()


def _index_where_set(name: str, column: str, *, unique: bool = False) -> Index:
    is_set = text(f"{column} IS NOT NULL")
    return Index(name, column, unique=unique, sqlite_where=is_set, postgresql_where=is_set)


class Movement(Base):
    """Pieces of one item from one location to another. Never updated, never deleted.

    It belongs to a line of a document or to a handout. ``lot_id`` is None when nobody knows
    which pieces they were; ``value`` is fen for all pieces, provisional while the lot is
    unknown. A movement is reversed at most once.
    """

    __tablename__ = "movement"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("value >= 0", name="value_never_negative"),
        CheckConstraint("source_id <> target_id", name="moves_somewhere"),
        CheckConstraint(
            "(document_line_id IS NULL) <> (handout_id IS NULL)", name="has_one_reason"
        ),
        Index(None, "source_id", "item_id", "id"),
        Index(None, "target_id", "item_id", "id"),
        # A tap has neither: its movement need not enter these.
        _index_where_set("ix_movement_document_line_id", "document_line_id"),
        _index_where_set("uq_movement_reverses_id", "reverses_id", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    recorded_at: Mapped[datetime]
    document_line_id: Mapped[int | None] = mapped_column(ForeignKey("document_line.id"))
    handout_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("lot.id"))
    source_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"))
    target_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"))
    quantity: Mapped[int]
    value: Mapped[int]
    fund_source_id: Mapped[int | None] = mapped_column(ForeignKey("fund_source.id"))
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("movement.id"))

    item: Mapped[Item] = relationship()
    lot: Mapped[Lot | None] = relationship()
    source: Mapped[StockLocation] = relationship(foreign_keys=source_id)
    target: Mapped[StockLocation] = relationship(foreign_keys=target_id)
    line: Mapped[DocumentLine | None] = relationship()


class DocumentCounter(Base):
    """The last number given out, per organisation, year and kind of document."""

    __tablename__ = "document_counter"

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[DocumentKind] = mapped_column(primary_key=True)
    last: Mapped[int]
