"""The stock ledger: movements are only added; balances follow them, guarded by the database."""

from carecampaign.inventory.models.attachments import AttachmentKind, DocumentAttachment
from carecampaign.inventory.models.documents import (
    GAIN_AND_LOSS,
    PREPARED_KINDS,
    DocumentCounter,
    DocumentKind,
    DocumentLine,
    DocumentState,
    InspectionResult,
    StockDocument,
)
from carecampaign.inventory.models.locations import (
    VIRTUAL_KINDS,
    LocationKind,
    StockLocation,
)
from carecampaign.inventory.models.movements import (
    Movement,
)
from carecampaign.inventory.models.requisitions import (
    Requisition,
    RequisitionLine,
    RequisitionState,
)
from carecampaign.inventory.models.stock import (
    Batch,
    Lot,
    LotContent,
    LotShare,
    StockLevel,
    StockLot,
    StockReservation,
)
from carecampaign.inventory.models.stock_takes import (
    StockTake,
    StockTakeCount,
    StockTakeLine,
    StockTakeState,
)
from carecampaign.inventory.models.thresholds import StockThreshold
from carecampaign.inventory.models.write_offs import (
    WriteOff,
    WriteOffCause,
    WriteOffLine,
    WriteOffState,
)

__all__ = [
    "GAIN_AND_LOSS",
    "PREPARED_KINDS",
    "VIRTUAL_KINDS",
    "AttachmentKind",
    "Batch",
    "DocumentAttachment",
    "DocumentCounter",
    "DocumentKind",
    "DocumentLine",
    "DocumentState",
    "InspectionResult",
    "LocationKind",
    "Lot",
    "LotContent",
    "LotShare",
    "Movement",
    "Requisition",
    "RequisitionLine",
    "RequisitionState",
    "StockDocument",
    "StockLevel",
    "StockLocation",
    "StockLot",
    "StockReservation",
    "StockTake",
    "StockTakeCount",
    "StockTakeLine",
    "StockTakeState",
    "StockThreshold",
    "WriteOff",
    "WriteOffCause",
    "WriteOffLine",
    "WriteOffState",
]
