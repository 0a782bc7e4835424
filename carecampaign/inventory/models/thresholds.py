"""How much of an item a place should never fall below."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.catalogue.models import Item
from carecampaign.core.db import Base
from carecampaign.inventory.models.locations import StockLocation


class StockThreshold(Base):
    """Below ``minimum`` pieces a place is low on an item; it is filled up to ``target``."""

    __tablename__ = "stock_threshold"
    __table_args__ = (
        CheckConstraint("minimum > 0", name="minimum_positive"),
        CheckConstraint("target >= minimum", name="target_at_least_minimum"),
    )

    location_id: Mapped[int] = mapped_column(ForeignKey("stock_location.id"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, index=True)
    minimum: Mapped[int]
    target: Mapped[int]

    location: Mapped[StockLocation] = relationship()
    item: Mapped[Item] = relationship()
