"""Goods as a table: the columns of its template and import."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from carecampaign.catalogue.forms import LARGEST_VALUE, LONGEST_NAME
from carecampaign.core import cells, money
from carecampaign.core.i18n import _, _l
from carecampaign.core.imports import Column, Staged, refuse_duplicates, stage
from carecampaign.core.sheets import Row

LONGEST_CODE, LONGEST_SPEC, LONGEST_UNIT = 20, 100, 10
_OF_PACKAGES = re.compile(r"P\d+-\d+", re.ASCII)


def _code(text: str) -> str:
    return cells.line_of(LONGEST_CODE)(text).upper()


def _value(text: str) -> int:
    fen = money.parse_yuan(text)
    if fen > LARGEST_VALUE:
        raise money.NotAnAmount
    return fen


COLUMNS = (
    Column(
        "code",
        _l("Code"),
        _code,
        example="G0101",
        explanation=_l("Left empty, the next free code is taken."),
    ),
    Column(
        "name",
        _l("Name"),
        cells.line_of(LONGEST_NAME),
        is_required=True,
        aliases=("item", "品名"),
        example="保暖手套",
    ),
    Column("spec", _l("Spec"), cells.line_of(LONGEST_SPEC), aliases=("规格",), example="均码"),
    Column(
        "unit",
        _l("Unit of measure"),
        cells.line_of(LONGEST_UNIT),
        is_required=True,
        aliases=("unit", "单位"),
        example="双",
    ),
    Column(
        "reference_value",
        _l("Reference value (yuan)"),
        _value,
        empty=0,
        aliases=("参考单价",),
        example="7.50",
        explanation=_l("What a piece is worth until its batch is known; left empty, nothing."),
    ),
)


def read_items(rows: Sequence[Row], *, taken: Iterable[str]) -> Staged:
    """Read the goods of a table, and blame codes that are there already. Raises NothingInIt."""
    staged = stage(rows, COLUMNS)
    refuse_duplicates(staged, "code")
    codes = set(taken)
    for row in staged.rows:
        if row.values.get("code") in codes:
            staged.blame(row, "code", _("Another item already has this code."))
        elif _OF_PACKAGES.fullmatch(row.values.get("code", "")):
            staged.blame(row, "code", _("Codes like P0001-1 are kept for care packages."))
    return staged


def facts_of(staged: Staged) -> list[dict[str, Any]]:
    """Give the facts of each item of a clean table: those with a code of their own first.

    A code that is filled in must not be one that a later row asks for.
    """
    return sorted(
        (dict(row.values) for row in staged.rows), key=lambda facts: not facts.get("code")
    )
