"""One page of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from carecampaign.core.db import db

Row = TypeVar("Row")
PAGE_SIZE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page, and how many there are in all."""

    items: Sequence[Row]
    number: int
    size: int
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def has_prev(self) -> bool:
        return self.number > 1

    @property
    def has_next(self) -> bool:
        return self.number < self.pages


def paginate(statement: Select[Any], *, page: int, size: int = PAGE_SIZE) -> Page[Any]:
    """Fetch one page of an ordered statement over one entity; a page past the end is the last."""
    total = (
        db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery()))
        or 0
    )
    last = max(1, -(-total // size))
    number = min(max(1, page), last)
    rows = db.session.scalars(statement.limit(size).offset((number - 1) * size)).unique().all()
    return Page(items=rows, number=number, size=size, total=total)
