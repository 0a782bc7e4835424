"""The lines of a goods-received note as a table: the columns of its template and import."""

from collections.abc import Mapping, Sequence
from datetime import date

from carecampaign.catalogue.models import Item
from carecampaign.core import cells, money
from carecampaign.core.i18n import _, _l
from carecampaign.core.imports import Column, Staged, stage
from carecampaign.core.limits import LARGEST_QUANTITY
from carecampaign.core.sheets import Row

MOST_LINES = 500
_LARGEST_UNIT_VALUE = 100_000_000
_PIECES = cells.number_between(1, LARGEST_QUANTITY)


def _price(text: str) -> int:
    fen = money.parse_yuan(text)
    if fen > _LARGEST_UNIT_VALUE:
        raise money.NotAnAmount
    return fen


RECEIPT_COLUMNS = (
    Column(
        "code",
        _l("Code"),
        cells.line_of(60),
        is_required=True,
        aliases=("item",),
        example="I0001",
        explanation=_l("The code of the item, as the catalogue has it."),
    ),
    Column(
        "quantity",
        _l("Quantity"),
        _PIECES,
        is_required=True,
        example="200",
        explanation=_l("Pieces that came in: a whole number."),
    ),
    Column(
        "unit_value",
        _l("Unit price (yuan)"),
        _price,
        is_required=True,
        aliases=("price", "unit price", "单价"),
        example="7.50",
        explanation=_l("For one piece; for donated goods what they are worth."),
    ),
    Column(
        "lot_code",
        _l("Batch"),
        cells.line_of(40),
        example="20261124",
        explanation=_l("Left empty, the batch is named by the day it came in."),
    ),
    Column(
        "expires_on",
        _l("Expiry"),
        cells.day,
        empty=None,
        example="2028-01-31",
        explanation=_l("A date like 2026-11-24; left empty where nothing expires."),
    ),
    Column(
        "ordered",
        _l("Ordered"),
        _PIECES,
        empty=None,
        example="200",
        explanation=_l("Pieces that had been ordered, where that is known."),
    ),
    Column(
        "difference_reason",
        _l("Reason for the difference"),
        cells.line_of(200),
        explanation=_l("Why not as many came as were ordered."),
    ),
)


def read_receipt_lines(rows: Sequence[Row]) -> Staged:
    """Read the lines of a table, and blame batches that are there twice. Raises NothingInIt."""
    staged = stage(rows, RECEIPT_COLUMNS)
    seen: dict[tuple[str, str], int] = {}
    for row in staged.rows:
        batch = (row.values.get("code", ""), row.values.get("lot_code", ""))
        if batch[0] and batch in seen:
            message = _("Row %(number)s has the same batch.", number=seen[batch])
            staged.blame(row, "code", message)
        seen.setdefault(batch, row.number)
        ordered, quantity = row.values.get("ordered"), row.values.get("quantity")
        if ordered not in {None, quantity} and not row.values.get("difference_reason"):
            staged.blame(row, "difference_reason", _("Say why it is not what was ordered."))
    return staged


def blame_unknown_items(staged: Staged, items: Mapping[str, Item]) -> None:
    """Blame codes that no item in use has; ``items`` are by code."""
    for row in staged.rows:
        code = row.values.get("code")
        if code and code not in items:
            staged.blame(row, "code", _("No item in use has this code."))


def blame_past_dates(staged: Staged, dated_on: date) -> bool:
    """Blame what was past its date when it came in; say whether anything was."""
    found = False
    for row in staged.rows:
        expires_on = row.values.get("expires_on")
        if expires_on is not None and expires_on < dated_on:
            staged.blame(row, "expires_on", _("This was past its date when it came in."))
            found = True
    return found
