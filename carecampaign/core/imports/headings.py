"""Which column of a table is which: by its heading, or by what somebody said."""

from collections.abc import Mapping, Sequence

from carecampaign.core.i18n import LANGUAGES, _, in_language_of
from carecampaign.core.imports.tables import CellError, Column
from carecampaign.core.imports.words import plain
from carecampaign.core.sheets import Row

Mapped = Mapping[int, str]
"""Which column stands where, by its key; what is not named is left out."""


def find_headings(rows: Sequence[Row], columns: Sequence[Column]) -> int:
    """Find the row of the headings among the first ones: titles and notes may stand above.

    It is the first that has the most of the columns, the first of all where none has any.
    """
    known = _known(columns)
    hits = [len({known[it] for it in map(plain, row.cells) if it in known}) for row in rows]
    return hits.index(max(hits))


def columns_of(
    headings: Row, columns: Sequence[Column], mapped: Mapped | None
) -> dict[int, Column]:
    """Give the columns by where they stand, as ``mapped`` says or else as they are headed."""
    if mapped is not None:
        by_key = {column.key: column for column in columns}
        return {place: by_key[key] for place, key in mapped.items() if key in by_key}
    known = _known(columns)
    by_name = {column.key: column for column in columns}
    matches = ((place, known.get(plain(text))) for place, text in enumerate(headings.cells))
    return {place: by_name[key] for place, key in matches if key is not None}


def blame_headings(
    headings: Row, columns: Sequence[Column], found: dict[int, Column]
) -> list[CellError]:
    """Say which columns are there twice, and which are missing."""
    errors = []
    for column in columns:
        times = sum(column is other for other in found.values())
        heading = str(column.heading)
        if times > 1:
            message = _("The column is there twice.")
            errors.append(CellError(headings.number, heading, heading, message))
        elif column.is_required and not times:
            message = _("The column is missing.")
            errors.append(CellError(headings.number, heading, "", message))
    return errors


def _known(columns: Sequence[Column]) -> dict[str, str]:
    """Give the keys of columns by all their names, made comparable."""
    known: dict[str, str] = {}
    for column in columns:
        names = {column.key, *column.aliases}
        for language in LANGUAGES:
            with in_language_of(language):
                names.add(str(column.heading))
        known |= dict.fromkeys(map(plain, names), column.key)
    return known
