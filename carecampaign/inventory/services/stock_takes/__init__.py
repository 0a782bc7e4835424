"""Stock-takes: opened, counted in rounds, approved by another person, posted as differences."""

from carecampaign.inventory.services.stock_takes.counting import (
    CountedMeanwhile,
    DifferenceUnexplained,
    NotAllCounted,
    StockTakeUnderWay,
    add_item,
    cancel_stock_take,
    finish_stock_take,
    open_stock_take,
    record_count,
)
from carecampaign.inventory.services.stock_takes.deciding import (
    approve_stock_take,
    refuse_stock_take,
)

__all__ = [
    "CountedMeanwhile",
    "DifferenceUnexplained",
    "NotAllCounted",
    "StockTakeUnderWay",
    "add_item",
    "approve_stock_take",
    "cancel_stock_take",
    "finish_stock_take",
    "open_stock_take",
    "record_count",
    "refuse_stock_take",
]
