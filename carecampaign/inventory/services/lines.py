"""What callers say they want moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from carecampaign.catalogue.models import Item
from carecampaign.core import money
from carecampaign.inventory.services.errors import NothingToMove, ValueOutOfBounds


@dataclass(frozen=True)
class Line:
    """So many pieces of an item."""

    item: Item
    quantity: int


@dataclass(frozen=True)
class ReceiptLine:
    """Pieces of an item that come in as one lot; ``unit_value`` is fen apiece.

    Without a ``lot_code`` the lot is named by the day it came in. ``ordered`` is how many had
    been ordered, where that is known, and ``difference_reason`` why not as many came.
    """

    item: Item
    quantity: int
    unit_value: int
    lot_code: str = ""
    expires_on: date | None = None
    ordered: int | None = None
    difference_reason: str = ""


@dataclass(frozen=True)
class Arrival:
    """How many pieces of a transfer's line arrived, and why not all."""

    received: int
    reason: str = ""


def require_quantities(lines: Sequence[Line | ReceiptLine]) -> None:
    """Raise NothingToMove unless there are lines and each moves something."""
    if not lines or any(line.quantity < 1 for line in lines):
        raise NothingToMove


def require_values(lines: Sequence[ReceiptLine]) -> None:
    """Raise ValueOutOfBounds when a line is worth less than nothing, or too much to be true."""
    for line in lines:
        if line.unit_value < 0 or line.unit_value * line.quantity > money.LARGEST:
            raise ValueOutOfBounds
