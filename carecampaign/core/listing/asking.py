"""What the URL of a list asks for, beside its filters."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import request

from carecampaign.core.forms import UNPRINTABLE
from carecampaign.core.listing.columns import Column, Listing
from carecampaign.core.listing.paging import PAGE_SIZE, PAGE_SIZES
from carecampaign.core.urls import page_number

FORMATS = ("xlsx", "csv")
EVERYTHING = "all"
"""``?view=all``: the list as it is, also for somebody who begins with a view of their own."""

PASSING = frozenset({"page", "format", "view"})
"""Arguments that belong to one visit, not to what the list shows."""

OF_LISTS = PASSING | {"sort", "size", "columns"}
"""Arguments every list knows; no filter is called so."""


@dataclass(frozen=True)
class Asked:
    """What a reader asks of a list; whatever makes no sense counts as not asked."""

    page: int
    size: int
    sort: str
    """A column's key, ``-key`` for the other way round, "" for the usual order."""
    columns: tuple[Column[Any], ...]
    """Those to show, in the order of the declaration."""


def read_request(listing: Listing[Any], *, around: int = 0) -> Asked:
    """Read what this request asks of a list; without a page, that of the row ``around``."""
    sort = request.args.get("sort", "")
    wanted = request.args.get("size", type=int)
    size = wanted if wanted in PAGE_SIZES else PAGE_SIZE
    return Asked(
        page=page_number() if "page" in request.args else around // size + 1,
        size=size,
        sort=sort if listing.is_sortable(sort.removeprefix("-")) else "",
        columns=_columns(listing, set(request.args.getlist("columns"))),
    )


def _columns(listing: Listing[Any], keys: set[str]) -> tuple[Column[Any], ...]:
    first, *others = listing.columns
    chosen = [column for column in others if column.key in keys]
    if not chosen:
        chosen = [column for column in others if not column.optional]
    return (first, *chosen)


def lasting(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Keep of the arguments of a list what it shows: filters, order, columns, rows on a page."""
    return [
        (key, value)
        for key, value in pairs
        if value and key not in PASSING and not UNPRINTABLE.search(key + value)
    ]


def lasting_query(query: str) -> str:
    """Keep of a query what a list shows."""
    return urlencode(lasting(parse_qsl(query)))
