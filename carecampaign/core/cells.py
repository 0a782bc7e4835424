"""How the cells of a table sent in are read; each reader gets text that is not empty."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _l
from carecampaign.core.limits import FIRST_DAY, LAST_DAY
from carecampaign.core.text import one_line

_DAY = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{4})(\d\d)(\d\d)", re.ASCII
)
_TIME = re.compile(r"[ T]\d{1,2}:\d\d(:\d\d)?$", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,9}(\.\d{1,15})?", re.ASCII)
_YES = {"yes", "y", "true", "1", "是", "有", "√", "✓", "✔"}
_NO = {"no", "n", "false", "0", "否", "无", "×", "✗"}


def line_of(longest: int) -> Callable[[str], str]:
    """Make the reader of one line of text: spaces trimmed, no control characters."""

    def parse(text: str) -> str:
        line = one_line(text)
        if len(line) > longest:
            raise DomainError(_("At most %(most)s characters.", most=longest))
        return line

    return parse


def day(text: str) -> date:
    """Read a date as it is written here: 2026-11-24, 2026/11/24, 2026年11月24日, 20261124.

    A time of day behind it, as spreadsheets add one, is left out.
    """
    found = _DAY.fullmatch(_TIME.sub("", unicodedata.normalize("NFKC", text)))
    try:
        read = date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:  # 30 February
        read = None
    if read is None:
        raise DomainError(_l("This is no date. Write it like 2026-11-24."))
    if not FIRST_DAY <= read <= LAST_DAY:
        raise DomainError(_l("Enter a date between 2000 and 2199."))
    return read


def number_between(least: float, most: float, *, places: int = 0) -> Callable[[str], float]:
    """Make the reader of a number within bounds, with so many decimal places at most."""

    def parse(text: str) -> float:
        plain = unicodedata.normalize("NFKC", text).replace(",", "").replace(" ", "")
        found = _NUMBER.fullmatch(plain)
        if found is None or len((found[1] or ".")[1:].rstrip("0")) > places:
            raise DomainError(
                _l("This is no whole number.") if not places else _l("This is no number.")
            )
        if not least <= float(plain) <= most:
            raise DomainError(
                _(
                    "Enter a number from %(least)s to %(most)s.",
                    least=f"{least:g}",
                    most=f"{most:g}",
                )
            )
        return float(plain) if places else int(float(plain))

    return parse


def yes_or_no(text: str) -> bool:
    """Read 是 or 否, yes or no."""
    word = unicodedata.normalize("NFKC", text).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise DomainError(_l("Write yes or no."))
