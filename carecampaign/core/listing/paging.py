"""One page of rows, and the way to the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from carecampaign.core.db import db

Row = TypeVar("Row")
PAGE_SIZE = 50
PAGE_SIZES = (25, 50, 100, 200)
"""How many rows a reader may ask for at once."""


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page, and how many there are in all; where ``is_cut``, even more."""

    items: Sequence[Row]
    number: int
    size: int
    total: int
    is_cut: bool = False

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_prev(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages

    @property
    def links(self) -> list[int | None]:
        """The numbers a pager offers, None for a gap: never more than seven, however long."""
        near = {self.number - 1, self.number, self.number + 1}
        offered: list[int | None] = []
        for number in sorted({1, self.pages} | near):
            if not 1 <= number <= self.pages:
                continue
            if offered and offered[-1] != number - 1:
                offered.append(None)
            offered.append(number)
        return offered


def page_within(total: int, *, page: int, size: int) -> int:
    """Give the number of the page to show: one past the end is the last."""
    return min(max(1, page), max(1, -(-total // size)))


def paginate(statement: Select[Any], *, page: int, size: int = PAGE_SIZE) -> Page[Any]:
    """Fetch one page of an ordered statement over one entity; a page past the end is the last."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    total = db.session.scalar(counted) or 0
    number = page_within(total, page=page, size=size)
    rows = db.session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(items=rows, number=number, size=size, total=total)
