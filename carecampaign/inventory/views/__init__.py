"""Pages of the inventory."""

from carecampaign.inventory.views import (
    assembly,
    documents,
    movements,
    places,
    receipts,
    stock,
    transfers,
)
from carecampaign.inventory.views.blueprint import blueprint

__all__ = [
    "assembly",
    "blueprint",
    "documents",
    "movements",
    "places",
    "receipts",
    "stock",
    "transfers",
]
