"""A few rows, and how many there are up to a bound: it costs the same with a million rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from carecampaign.core.db import db

Row = TypeVar("Row")

COUNTED = 99
"""So far is counted; beyond it a figure says "99+"."""


@dataclass(frozen=True)
class Few(Generic[Row]):
    """The first rows of a list, and how many it has: at most COUNTED + 1, for "more"."""

    rows: Sequence[Row]
    total: int

    @property
    def count(self) -> str:
        """Write how many there are: 7, 99+."""
        return str(self.total) if self.total <= COUNTED else f"{COUNTED}+"

    @property
    def has_more(self) -> bool:
        """Say whether there are rows beyond those at hand."""
        return self.total > len(self.rows)

    def only(self, keep: Callable[[Row], bool]) -> "Few[Row]":
        """Give those rows that are to be kept, and count the others out."""
        kept = [row for row in self.rows if keep(row)]
        return Few(kept, self.total - (len(self.rows) - len(kept)))


NOTHING: Few[Any] = Few((), 0)


def first_of(statement: Select[Any], most: int) -> Few[Any]:
    """Fetch the first rows of an ordered statement and count it, in one query.

    Rows are entities where the statement selects nothing else, else tuples.
    """
    counted = statement.order_by(None).limit(COUNTED + 1).subquery()
    total = select(func.count()).select_from(counted).scalar_subquery()
    found = db.session.execute(statement.add_columns(total).limit(most)).unique().all()
    if not found:
        return NOTHING
    is_entity = len(found[0]) == len(("entity", "total"))
    return Few([row[0] if is_entity else row[:-1] for row in found], found[0][-1])
