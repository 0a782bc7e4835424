"""Fetch what a list shows: one page with the sums of all, or everything in batches."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Result, Select, func, literal, select

from carecampaign.core.db import db
from carecampaign.core.listing.asking import Asked
from carecampaign.core.listing.columns import Column, Listing, Sum
from carecampaign.core.listing.paging import PAGE_SIZE, Page, page_within

Complete = Callable[[Sequence[Any]], Sequence[Any]]
"""Makes rows fit to be shown: it fetches what they need beyond the statement, for all at once.

It is given entities where the statement selects one entity, else tuples.
"""


def as_they_are(rows: Sequence[Any]) -> Sequence[Any]:
    """Leave rows as the statement gave them."""
    return rows


AT_ONCE = 1_000
"""Rows of a file that are in memory at the same time."""

Sums = Mapping[str, int]
"""What the summed columns come to over all rows, by key."""


Source = Select[Any] | Sequence[Any]
"""What a list is made of: a statement, or rows in memory, which come in the order they have."""


def count_and_sum(
    source: Source, columns: Sequence[Column[Any]] = (), *, most: int | None = None
) -> tuple[int, dict[str, int]]:
    """Count the rows there are and add up the summed columns; of a statement in one query.

    Beyond ``most`` nothing is counted, and nothing added up.
    """
    summed = [column for column in columns if isinstance(column, Sum)]
    if not isinstance(source, Select):
        return len(source), {column.key: column.add_up(source) for column in summed}
    parts = [column.sql.label(column.key) for column in summed] or [literal(1).label("row")]
    counted = source.with_only_columns(*parts, maintain_column_froms=True).order_by(None)
    rows = counted.limit(None if most is None else most + 1).subquery()
    sums = [func.sum(rows.c[column.key]) for column in summed]
    total, *values = db.session.execute(select(func.count(), *sums).select_from(rows)).one()
    if most is not None and total > most:
        return total, {}
    keys = [column.key for column in summed]
    return total, {key: int(value or 0) for key, value in zip(keys, values, strict=True)}


def fetch_page(
    listing: Listing[Any], source: Source, asked: Asked, complete: Complete
) -> tuple[Page[Any], Sums]:
    """Fetch one page of a list, and the sums over all its pages."""
    total, sums = count_and_sum(source, asked.columns, most=listing.countable)
    is_cut = listing.countable is not None and total > listing.countable
    if is_cut:
        total -= 1  # the one that shows that there are more
    number = page_within(total, page=asked.page, size=asked.size)
    first = (number - 1) * asked.size
    if isinstance(source, Select):
        found = _rows(listing.in_order(source, asked.sort).limit(asked.size).offset(first)).all()
    else:
        found = source[first : first + asked.size]
    items = complete(found) if found else []
    return Page(items, number, asked.size, total, is_cut), sums


def page_of(
    listing: Listing[Any],
    source: Source,
    *,
    page: int,
    complete: Complete = as_they_are,
) -> Page[Any]:
    """Fetch one page of a list in its usual order, for a page that shows more than the list."""
    asked = Asked(page=page, size=PAGE_SIZE, sort="", columns=())
    return fetch_page(listing, source, asked, complete)[0]


def all_rows(
    listing: Listing[Any], source: Source, asked: Asked, complete: Complete, *, most: int
) -> Iterator[Any]:
    """Give the rows of all pages, in order, at most so many, so many at once as fit."""
    if not isinstance(source, Select):
        yield from complete(source[:most])
        return
    ordered = listing.in_order(source, asked.sort).limit(most)
    for batch in _rows(ordered.execution_options(yield_per=AT_ONCE)).partitions():
        yield from complete(batch)


def _rows(statement: Select[Any]) -> Any:  # noqa: ANN401 - of entities, or of tuples
    result: Result[Any] = db.session.execute(statement)
    return result.scalars() if len(result.keys()) == 1 else result
