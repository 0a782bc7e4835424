"""Input of the inventory's pages."""

from carecampaign.inventory.forms.assembly import (
    AssemblyForm,
    PackagesForm,
    PackageStepForm,
    TakeApartForm,
)
from carecampaign.inventory.forms.filters import (
    DocumentFilterForm,
    MovementFilterForm,
    PlaceFilterForm,
    StockFilterForm,
)
from carecampaign.inventory.forms.issues import IssueForm
from carecampaign.inventory.forms.lines import posted_items
from carecampaign.inventory.forms.papers import (
    ArrivalForm,
    DispatchForm,
    DispatchStepForm,
    ReturnForm,
    ReturnStepForm,
    ReversalForm,
    WarehouseForm,
)
from carecampaign.inventory.forms.prepared import (
    RequisitionFilterForm,
    StockTakeFilterForm,
    WriteOffFilterForm,
)
from carecampaign.inventory.forms.receipts import ReceiptForm
from carecampaign.inventory.forms.requisitions import (
    GrantForm,
    GrantStepForm,
    IssueRequisitionForm,
    RefusalForm,
    RequisitionForm,
)
from carecampaign.inventory.forms.rows import PiecesRow, ReasonRow, pieces_rows
from carecampaign.inventory.forms.stock_takes import (
    AddItemForm,
    CountForm,
    FinishForm,
    StockTakeForm,
)
from carecampaign.inventory.forms.write_offs import PlaceStepForm, WriteOffForm

__all__ = [
    "AddItemForm",
    "ArrivalForm",
    "AssemblyForm",
    "CountForm",
    "DispatchForm",
    "DispatchStepForm",
    "DocumentFilterForm",
    "FinishForm",
    "GrantForm",
    "GrantStepForm",
    "IssueForm",
    "IssueRequisitionForm",
    "MovementFilterForm",
    "PackageStepForm",
    "PackagesForm",
    "PiecesRow",
    "PlaceFilterForm",
    "PlaceStepForm",
    "ReasonRow",
    "ReceiptForm",
    "RefusalForm",
    "RequisitionFilterForm",
    "RequisitionForm",
    "ReturnForm",
    "ReturnStepForm",
    "ReversalForm",
    "StockFilterForm",
    "StockTakeFilterForm",
    "StockTakeForm",
    "TakeApartForm",
    "WarehouseForm",
    "WriteOffFilterForm",
    "WriteOffForm",
    "pieces_rows",
    "posted_items",
]
