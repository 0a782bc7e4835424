"""Reads of the inventory: what is where, how it came there, and who may see it."""

from carecampaign.inventory.queries.documents import (
    documents_for,
    find_reversal_of,
    get_document_for,
)
from carecampaign.inventory.queries.locations import (
    PLACES,
    get_location_for,
    is_visible,
    reaches,
)
from carecampaign.inventory.queries.movements import (
    HistoryEntry,
    item_history,
    movements_for,
    movements_of,
)
from carecampaign.inventory.queries.stock import first_lot, lots_at, stock_at

__all__ = [
    "PLACES",
    "HistoryEntry",
    "documents_for",
    "find_reversal_of",
    "first_lot",
    "get_document_for",
    "get_location_for",
    "is_visible",
    "item_history",
    "lots_at",
    "movements_for",
    "movements_of",
    "reaches",
    "stock_at",
]
