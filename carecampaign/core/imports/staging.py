"""Read a table by its columns, cell by cell."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _l
from carecampaign.core.imports.headings import Mapped, blame_headings, columns_of, find_headings
from carecampaign.core.imports.tables import Column, NothingInIt, Staged, StagedRow
from carecampaign.core.sheets import Row

HEADINGS_WITHIN = 10
"""Rows with text among which the headings are looked for."""


def stage(rows: Iterable[Row], columns: Sequence[Column], mapped: Mapped | None = None) -> Staged:
    """Read rows below their headings, which are in any language we speak or as ``mapped`` says.

    A column that is not there is left out of the values, so that an area can tell "empty"
    from "not mentioned". Raises NothingInIt.
    """
    staged, body = stage_on(rows, columns, mapped)
    staged.rows = list(body)
    return staged


def stage_on(
    rows: Iterable[Row], columns: Sequence[Column], mapped: Mapped | None = None
) -> tuple[Staged, Iterator[StagedRow]]:
    """Do as ``stage`` does, giving the rows one by one: a long table need not be in memory.

    What is wrong with a row is known once it was given.
    """
    rows = iter(rows)
    first = list(islice(rows, HEADINGS_WITHIN))
    if not first:
        raise NothingInIt
    place = find_headings(first, columns)
    headings, body = first[place], first[place + 1 :]
    if not body:
        body = list(islice(rows, 1))
    if not body:
        raise NothingInIt
    found = columns_of(headings, columns, mapped)
    staged = Staged([column for column in columns if column in found.values()], headings)
    staged.places = {place: column.key for place, column in found.items()}
    staged.unknown_headings = [
        text for place, text in enumerate(headings.cells) if text and place not in found
    ]
    staged.errors = blame_headings(headings, columns, found)
    return staged, _staged(staged, chain(body, rows), found)


def refuse_duplicates(staged: Staged, key: str) -> None:
    """Blame each cell of a key column that repeats one above it."""
    seen: dict[Any, int] = {}
    for row in staged.rows:
        value = row.values.get(key)
        if value in (None, ""):
            continue
        if value in seen:
            message = _("Row %(number)s has the same.", number=seen[value])
            staged.blame(row, key, message)
        else:
            seen[value] = row.number


def _staged(staged: Staged, rows: Iterable[Row], found: dict[int, Column]) -> Iterator[StagedRow]:
    places = {column.key: place for place, column in found.items()}
    wanted = list(found.items())
    for row in rows:
        cells, inexact, end = row.cells, row.inexact, len(row.cells)
        read = StagedRow(row.number, cells, places, {})
        for place, column in wanted:
            text = cells[place] if place < end else ""
            try:
                if not text or place in inexact:
                    read.values[column.key] = _without_text(column, is_inexact=bool(text))
                else:
                    read.values[column.key] = column.parse(text)
            except DomainError as error:
                staged.blame(read, column.key, str(error))
        yield read


def _without_text(column: Column, *, is_inexact: bool) -> Any:  # noqa: ANN401 - what the column says
    if is_inexact:
        raise DomainError(
            _l("This long number has lost digits. Set the column to text and type it anew.")
        )
    if column.is_required:
        raise DomainError(_l("This cell may not be empty."))
    return column.empty
