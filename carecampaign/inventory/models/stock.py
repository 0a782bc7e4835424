"""Lots, and the balances of what is where, guarded by the database."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.catalogue.models import Item, PackageLine
from carecampaign.core.db import Base, Model
from carecampaign.funds.models import Earmark, FundSource
from carecampaign.inventory.models.locations import StockLocation


class Batch(NamedTuple):
    """What people can tell lots of an item apart by: the code and the date on the box."""

    code: str
    expires_on: date | None


class Lot(Model):
    """Pieces of one item that came in together: same value apiece (fen), same fund source.

    ``fund_source_id`` is None only for an assembled lot whose contents came from several, and
    so is ``earmark_id``, which else is None for the general use of its source. Whose money a
    piece is, in any case, its shares say.
    """

    __tablename__ = "lot"
    __table_args__ = (CheckConstraint("unit_value >= 0", name="value_never_negative"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    code: Mapped[str]
    unit_value: Mapped[int]
    fund_source_id: Mapped[int | None] = mapped_column(ForeignKey("fund_source.id"), index=True)
    is_donated: Mapped[bool] = mapped_column(default=False)
    expires_on: Mapped[date | None]
    earmark_id: Mapped[int | None] = mapped_column(ForeignKey("earmark.id"), index=True)

    item: Mapped[Item] = relationship()
    fund_source: Mapped[FundSource | None] = relationship()
    earmark: Mapped[Earmark | None] = relationship()
    shares: Mapped[list["LotShare"]] = relationship(order_by="LotShare.id")
    contents: Mapped[list["LotContent"]] = relationship(order_by="LotContent.line_id")

    @property
    def batch(self) -> Batch:
        return Batch(self.code, self.expires_on)


class LotShare(Model):
    """How much (fen) of one piece of a lot one fund source paid, and for which earmark.

    The shares of a lot add up to its unit value; what came in has one, what was assembled one
    for each source and earmark of its contents.
    """

    __tablename__ = "lot_share"
    __table_args__ = (CheckConstraint("value >= 0", name="value_never_negative"),)

    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"), index=True)
    fund_source_id: Mapped[int] = mapped_column(ForeignKey("fund_source.id"), index=True)
    earmark_id: Mapped[int | None] = mapped_column(ForeignKey("earmark.id"), index=True)
    value: Mapped[int]

    fund_source: Mapped[FundSource] = relationship()
    earmark: Mapped[Earmark | None] = relationship()


class LotContent(Model):
    """What is really in one package of a lot: an entry for each line of the package's bill.

    ``quantity`` pieces of ``item`` are in a package, and ``value`` fen of its unit value are
    theirs; the values of a lot's contents add up to it. Where another item was put in than the
    line says, ``note`` tells why; else it is empty.
    """

    __tablename__ = "lot_content"
    __table_args__ = (
        UniqueConstraint("lot_id", "line_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("value >= 0", name="value_never_negative"),
    )

    lot_id: Mapped[int] = mapped_column(ForeignKey("lot.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("package_line.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    quantity: Mapped[int]
    value: Mapped[int]
    note: Mapped[str] = mapped_column(default="")

    line: Mapped[PackageLine] = relationship()
    item: Mapped[Item] = relationship()


class StockLevel(Base):
    """How much of an item a physical location holds.

    ``unexplained`` is what the movements say beyond what is there: negative after handing
    out more than the books knew of, positive after finding less. Always on_hand +
    unexplained = the sum of the movements. ``reserved`` is the sum of the reservations here.
    """

    __tablename__ = "stock_level"
    __table_args__ = (
        CheckConstraint("on_hand >= 0", name="on_hand_never_negative"),
        CheckConstraint("reserved >= 0", name="reserved_never_negative"),
        CheckConstraint("reserved <= on_hand", name="reserved_at_most_on_hand"),
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


class StockReservation(Model):
    """Pieces that are kept at a place for one holder: a requisition, a planned event.

    The holder is named by a kind and an id, because it belongs to an area that may lie above.
    The later one's pieces are the first to go when a count finds fewer than are reserved.
    """

    __tablename__ = "stock_reservation"
    __table_args__ = (
        UniqueConstraint("holder_kind", "holder_id", "location_id", "item_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index(None, "location_id", "item_id"),
    )

    location_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    holder_kind: Mapped[str]
    holder_id: Mapped[int]
    quantity: Mapped[int]

    location: Mapped[StockLocation] = relationship()
    item: Mapped[Item] = relationship()
