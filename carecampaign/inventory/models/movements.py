"""The stock ledger itself: movements are only added."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.catalogue.models import Item
from carecampaign.core.db import Base
from carecampaign.inventory.models.documents import DocumentLine
from carecampaign.inventory.models.locations import StockLocation
from carecampaign.inventory.models.stock import Lot


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
