"""Money is an integer of fen; only the screen and the form know yuan."""

import re
from decimal import Decimal

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l

LARGEST = 10**15
"""Ten trillion yuan: far above any union's budget, far below 63 bits."""

_YUAN = re.compile(r"[0-9]{1,14}(\.[0-9]{1,2})?")


class NotAnAmount(DomainError):
    """The text is no amount of yuan with at most two decimals."""

    def __init__(self) -> None:
        super().__init__(_l("Enter an amount in yuan, with at most two decimals."))


def parse_yuan(text: str) -> int:
    """Read an amount of yuan ("1,234.50", full-width digits too) as fen.

    Raises NotAnAmount when it is none, or is out of bounds.
    """
    cleaned = text.strip().translate(_HALF_WIDTH).replace(",", "").removeprefix("¥")
    if not _YUAN.fullmatch(cleaned):
        raise NotAnAmount
    fen = int(Decimal(cleaned) * 100)
    if fen > LARGEST:
        raise NotAnAmount
    return fen


def format_yuan(fen: int) -> str:
    """Write fen as yuan with two decimals and thousands separated: 1,234.50."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), 100)
    return f"{sign}{yuan:,}.{rest:02d}"


# Full-width digits, comma, point and yuan sign as a Chinese keyboard types them.
_HALF_WIDTH = str.maketrans("０１２３４５６７８９，．￥", "0123456789,.¥")
