"""The form of an office: a head with facts, a table with totals, lines to sign."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from carecampaign.core import clock
from carecampaign.core.babel import is_chinese, show_datetime
from carecampaign.core.capitals import in_capitals
from carecampaign.core.i18n import _
from carecampaign.core.pdf.rendering import render

_TEMPLATE = Path(__file__).with_name("form.typ")
Fact = tuple[str, str]
"""A label and what stands behind it."""


class ColumnKind(StrEnum):
    """What the cells of a column hold: text (str), pieces (int) or money (int, fen)."""

    TEXT = "text"
    PIECES = "pieces"
    MONEY = "money"


@dataclass(frozen=True)
class Column:
    """A column of the table. ``width`` is a Typst length, fraction or ``auto``.

    One that is summed gets a total on each page and at the end.
    """

    heading: str
    width: str = "auto"
    kind: ColumnKind = ColumnKind.TEXT
    is_summed: bool = False


@dataclass(frozen=True)
class Form:
    """A paper as plain values.

    ``amount`` (fen) is what the form is about in all: it is written in capitals (大写),
    behind ``amount_label`` where it is not simply the sum of the lines.
    ``stamp`` is printed large beside the title, for what must not be overlooked.
    """

    title: str
    number: str
    organization: str
    facts: Sequence[Fact]
    columns: Sequence[Column]
    rows: Sequence[Sequence[str | int | None]]
    signers: Sequence[str]
    amount: int | None = None
    amount_label: str = ""
    remarks: Sequence[Fact] = ()
    stamp: str = ""
    copies: str = ""
    is_landscape: bool = True
    groups: Sequence[tuple[str, int]] = field(default_factory=tuple)
    """Headings over several columns, each with how many; together they span all of them."""


def render_form(form: Form) -> bytes:
    """Print a form in the language that is spoken, with the time it was printed."""
    return render(_TEMPLATE, {**asdict(form), "words": _words(form), "lang": _language()})


def _language() -> str:
    return "zh" if is_chinese() else "en"


def _words(form: Form) -> Mapping[str, Any]:
    return {
        "number": _("No."),
        "page_total": _("Total of this page"),
        "total": _("Grand total"),
        "amount": form.amount_label or _("Amount in capitals"),
        "capitals": "" if form.amount is None else in_capitals(form.amount),
        "printed": _("Printed on %(when)s", when=show_datetime(clock.now())),
        # Typst knows only while setting the pages how many there are.
        "page": _("Page %(number)s of %(total)s", number="{number}", total="{total}"),
        "nothing": _("No entries"),
    }
