"""Input of the inventory's pages."""

from carecampaign.inventory.forms.echo import make_printable
from carecampaign.inventory.forms.filters import (
    DocumentFilterForm,
    MovementFilterForm,
    PlaceFilterForm,
    StockFilterForm,
)
from carecampaign.inventory.forms.lines import posted_items
from carecampaign.inventory.forms.papers import (
    ArrivalForm,
    AssemblyForm,
    DispatchForm,
    DispatchStepForm,
    PackagesForm,
    PackageStepForm,
    ReturnForm,
    ReturnStepForm,
    ReversalForm,
    WarehouseForm,
)
from carecampaign.inventory.forms.receipts import ReceiptForm

__all__ = [
    "ArrivalForm",
    "AssemblyForm",
    "DispatchForm",
    "DispatchStepForm",
    "DocumentFilterForm",
    "MovementFilterForm",
    "PackageStepForm",
    "PackagesForm",
    "PlaceFilterForm",
    "ReceiptForm",
    "ReturnForm",
    "ReturnStepForm",
    "ReversalForm",
    "StockFilterForm",
    "WarehouseForm",
    "make_printable",
    "posted_items",
]
