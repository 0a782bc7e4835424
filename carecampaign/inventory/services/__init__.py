"""The stock ledger's verbs. Nothing else writes movements, balances, lots or documents."""

from carecampaign.inventory.services.assembly import assemble
from carecampaign.inventory.services.differences import (
    post_difference,
    set_aside_unexplained,
    settle_unexplained,
)
from carecampaign.inventory.services.disassembly import take_apart
from carecampaign.inventory.services.errors import (
    AlreadyReversed,
    MoreThanSent,
    NameTaken,
    NotAllocatable,
    NotEnoughStock,
    NothingToMove,
    NotInTransit,
    NotReversible,
    ReasonNeeded,
    SamePlace,
    ValueOutOfBounds,
)
from carecampaign.inventory.services.handouts import HandedOut, hand_out, take_back
from carecampaign.inventory.services.lines import Arrival, Line, ReceiptLine
from carecampaign.inventory.services.locations import (
    VIRTUAL_IDS,
    create_event_location,
    create_warehouse,
    ensure_station_location,
    ensure_transit_to,
    ensure_unit_location,
    rename_event_location,
    virtual_location,
)
from carecampaign.inventory.services.receipts import receive_goods
from carecampaign.inventory.services.reversals import reverse
from carecampaign.inventory.services.transfers import dispatch, move_stock, receive_transfer

__all__ = [
    "VIRTUAL_IDS",
    "AlreadyReversed",
    "Arrival",
    "HandedOut",
    "Line",
    "MoreThanSent",
    "NameTaken",
    "NotAllocatable",
    "NotEnoughStock",
    "NotInTransit",
    "NotReversible",
    "NothingToMove",
    "ReasonNeeded",
    "ReceiptLine",
    "SamePlace",
    "ValueOutOfBounds",
    "assemble",
    "create_event_location",
    "create_warehouse",
    "dispatch",
    "ensure_station_location",
    "ensure_transit_to",
    "ensure_unit_location",
    "hand_out",
    "move_stock",
    "post_difference",
    "receive_goods",
    "receive_transfer",
    "rename_event_location",
    "reverse",
    "set_aside_unexplained",
    "settle_unexplained",
    "take_apart",
    "take_back",
    "virtual_location",
]
