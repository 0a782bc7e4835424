"""Counting what is there (DOMAIN.md section 1, 盘点表)."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.catalogue.models import Item
from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l
from carecampaign.inventory.models.documents import StockDocument
from carecampaign.inventory.models.locations import StockLocation
from carecampaign.inventory.models.stock import Batch
from carecampaign.organizations.models import Organization


class StockTakeState(Labelled):
    COUNTING = "counting", _l("Being counted"), "info"
    WAITING = "waiting", _l("Waiting for approval"), "warning"
    POSTED = "posted", _l("Posted"), "success"
    CANCELLED = "cancelled", _l("Cancelled"), "secondary"


class StockTake(Model):
    """A numbered stock-take of one place; at most one of a place is under way.

    Blind, it hides what the books say from whoever counts. Gain and loss are posted by a
    ``document`` of its own number; there is none when nothing differs.
    """

    __tablename__ = "stock_take"
    __table_args__ = (
        UniqueConstraint("organization_id", "year", "number"),
        CheckConstraint(
            "document_id IS NULL OR state = 'posted'", name="a_document_only_when_posted"
        ),
        Index(
            "uq_stock_take_under_way",
            "location_id",
            unique=True,
            sqlite_where=text("state IN ('counting', 'waiting')"),
            postgresql_where=text("state IN ('counting', 'waiting')"),
        ),
    )

    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"))
    year: Mapped[int]
    number: Mapped[int]
    dated_on: Mapped[date]
    state: Mapped[StockTakeState] = mapped_column(index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"), index=True)
    is_blind: Mapped[bool]
    witness: Mapped[str]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("stock_document.id"), unique=True)

    organization: Mapped[Organization] = relationship()
    location: Mapped[StockLocation] = relationship()
    opened_by: Mapped[User | None] = relationship()
    document: Mapped[StockDocument | None] = relationship()
    lines: Mapped[list["StockTakeLine"]] = relationship(order_by="StockTakeLine.id")


class StockTakeLine(Model):
    """One batch of an item on a stock-take; ``reason`` says why the last count differs.

    Without a ``lot_code`` it stands for all pieces of the item that no other line is about.
    """

    __tablename__ = "stock_take_line"
    __table_args__ = (
        UniqueConstraint("stock_take_id", "item_id", "lot_code", "expires_on"),
        Index(
            "uq_stock_take_line_without_date",
            "stock_take_id",
            "item_id",
            "lot_code",
            unique=True,
            sqlite_where=text("expires_on IS NULL"),
            postgresql_where=text("expires_on IS NULL"),
        ),
        CheckConstraint("lot_code <> '' OR expires_on IS NULL", name="a_date_only_of_a_batch"),
    )

    stock_take_id: Mapped[int] = mapped_column(ForeignKey("stock_take.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    lot_code: Mapped[str] = mapped_column(default="")
    expires_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")

    item: Mapped[Item] = relationship()
    counts: Mapped[list["StockTakeCount"]] = relationship(order_by="StockTakeCount.round")

    @property
    def name(self) -> str:
        """Name the item, with its batch where one is counted."""
        return f"{self.item.name} {self.lot_code}".rstrip()

    @property
    def batch(self) -> Batch | None:
        """The batch that is counted; None for the pieces that no other line is about."""
        return Batch(self.lot_code, self.expires_on) if self.lot_code else None

    @property
    def last(self) -> "StockTakeCount | None":
        """The count that holds: that of the latest round."""
        return self.counts[-1] if self.counts else None

    @property
    def difference(self) -> int:
        """Pieces found beyond the books (negative: missing) by the last count."""
        return 0 if self.last is None else self.last.difference


class StockTakeCount(Model):
    """What somebody counted in a round, and what the books held at that moment. Never changed."""

    __tablename__ = "stock_take_count"
    __table_args__ = (
        UniqueConstraint("line_id", "round"),
        CheckConstraint("round > 0", name="rounds_begin_with_one"),
        CheckConstraint("counted >= 0", name="counted_never_negative"),
        CheckConstraint("book >= 0", name="book_never_negative"),
    )

    line_id: Mapped[int] = mapped_column(ForeignKey("stock_take_line.id"))
    round: Mapped[int]
    book: Mapped[int]
    counted: Mapped[int]
    counted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    counted_by: Mapped[User | None] = relationship()

    @property
    def difference(self) -> int:
        """Pieces found beyond the books; negative when some are missing."""
        return self.counted - self.book
