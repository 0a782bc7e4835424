"""Tables sent in: known columns, each cell read by its column, errors by row and column.

An area describes its ``Column`` list once; template, export and import share it. ``stage``
reads, the area checks the rows against what is there and blames cells, and applies all of
it or, where anything is wrong, nothing.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel.speaklater import LazyString

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import LANGUAGES, _, _l, in_language_of
from carecampaign.core.sheets import Row, Sheet

Parse = Callable[[str], Any]
_NOT_A_LETTER = re.compile(r"[\s*＊:：()\[\]（）_/-]+")


class NothingInIt(DomainError):
    """The table has no rows below its headings, or no headings."""

    field = "file"

    def __init__(self) -> None:
        super().__init__(_l("The table has no rows below its headings."))


@dataclass(frozen=True)
class Column:
    """A column by its ``key``: how it is headed, and how a cell of it is read.

    ``parse`` gets the text of a cell that is not empty and gives its value; it raises
    DomainError with words for the screen. An empty cell gives ``empty``, and is an error
    where ``is_required``. ``aliases`` are other headings to know it by; ``example`` and
    ``explanation`` stand in the template. ``mask`` makes what stands in a wrong cell fit to be
    shown, where that may be somebody's number.
    """

    key: str
    heading: LazyString
    parse: Parse = str
    is_required: bool = False
    empty: Any = ""
    aliases: tuple[str, ...] = ()
    example: LazyString | str = ""
    explanation: LazyString | str = ""
    mask: Callable[[str], str] = str


@dataclass(frozen=True)
class CellError:
    """What is wrong with a cell, or with a row as a whole where ``heading`` is empty."""

    row: int
    heading: str
    text: str
    message: str


@dataclass
class StagedRow:
    """A row as it was written and as it was read, by the keys of the columns there are."""

    number: int
    texts: dict[str, str]
    values: dict[str, Any]


@dataclass
class Staged:
    """A table read: its rows, what is wrong with them, and the headings nobody knew."""

    columns: Sequence[Column]
    rows: list[StagedRow] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    unknown_headings: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether it may be applied."""
        return not self.errors

    @property
    def keys(self) -> set[str]:
        """The columns there are."""
        return {column.key for column in self.columns}

    def blame(self, row: StagedRow, key: str, message: str) -> None:
        """Say what is wrong with a cell."""
        column = next((it for it in self.columns if it.key == key), None)
        heading, mask = ("", str) if column is None else (str(column.heading), column.mask)
        self.errors.append(CellError(row.number, heading, mask(row.texts.get(key, "")), message))

    def sorted_errors(self) -> list[CellError]:
        """Give the errors from the top of the table down."""
        return sorted(self.errors, key=lambda error: error.row)


def stage(rows: Sequence[Row], columns: Sequence[Column]) -> Staged:
    """Read rows, of which the first holds the headings in any language we speak.

    A column that is not there is left out of the values, so that an area can tell "empty"
    from "not mentioned". Raises NothingInIt.
    """
    if len(rows) < 2:  # noqa: PLR2004 - headings, and a row
        raise NothingInIt
    headings, *body = rows
    found = _match(headings, columns)
    staged = Staged([column for column in columns if column in found.values()])
    staged.unknown_headings = [
        text for place, text in enumerate(headings.cells) if text and place not in found
    ]
    _blame_headings(staged, headings, columns, found)
    staged.rows = [_read(staged, row, found) for row in body]
    return staged


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


def one_of(words: Callable[[], Iterable[tuple[Any, str]]], refusal: LazyString) -> Parse:
    """Make the reader of a closed list: a member by its value or its words, in any language."""
    known: dict[str, Any] = {}

    def parse(text: str) -> Any:  # noqa: ANN401 - a member of whatever list it is
        if not known:
            known.update(_in_every_language(words))
        member = known.get(_plain(text))
        if member is None:
            raise DomainError(refusal)
        return member

    return parse


def _in_every_language(
    words: Callable[[], Iterable[tuple[Any, str]]],
) -> Iterator[tuple[str, Any]]:
    for language in LANGUAGES:
        with in_language_of(language):
            for member, word in words():
                yield _plain(str(word)), member
                yield _plain(str(member)), member


def template_sheets(columns: Sequence[Column]) -> tuple[Sheet, Sheet]:
    """Give an empty table with one example row, and a sheet that explains the columns."""
    table = Sheet(
        _("Table"),
        [str(column.heading) for column in columns],
        [[str(column.example) for column in columns]],
    )
    explained = [
        [
            str(it.heading),
            _("Yes") if it.is_required else _("No"),
            str(it.explanation),
            str(it.example),
        ]
        for it in columns
    ]
    headings = [_("Column"), _("Required"), _("What may stand there"), _("Example")]
    return table, Sheet(_("Explanation"), headings, explained)


def error_sheet(staged: Staged) -> Sheet:
    """Give the errors as a table to work through beside the one that was sent."""
    return Sheet(
        _("Errors"),
        [_("Row"), _("Column"), _("Content"), _("What is wrong")],
        [[it.row, it.heading, it.text, it.message] for it in staged.sorted_errors()],
    )


def _match(headings: Row, columns: Sequence[Column]) -> dict[int, Column]:
    known = {name: column for column in columns for name in _names(column)}
    matches = ((place, known.get(_plain(text))) for place, text in enumerate(headings.cells))
    return {place: column for place, column in matches if column is not None}


def _names(column: Column) -> set[str]:
    names = {column.key, *column.aliases}
    for language in LANGUAGES:
        with in_language_of(language):
            names.add(str(column.heading))
    return {_plain(name) for name in names}


def _plain(text: str) -> str:
    """Make headings comparable: "* Date " and "date（ ）" are the same."""
    return _NOT_A_LETTER.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _blame_headings(
    staged: Staged, headings: Row, columns: Sequence[Column], found: dict[int, Column]
) -> None:
    for column in columns:
        times = sum(column is other for other in found.values())
        heading = str(column.heading)
        if times > 1:
            message = _("The column is there twice.")
            staged.errors.append(CellError(headings.number, heading, heading, message))
        elif column.is_required and not times:
            message = _("The column is missing.")
            staged.errors.append(CellError(headings.number, heading, "", message))


def _read(staged: Staged, row: Row, found: dict[int, Column]) -> StagedRow:
    read = StagedRow(row.number, {}, {})
    for place, column in found.items():
        text = row.cells[place] if place < len(row.cells) else ""
        read.texts[column.key] = text
        try:
            read.values[column.key] = _value(column, text, is_inexact=place in row.inexact)
        except DomainError as error:
            staged.blame(read, column.key, str(error))
    return read


def _value(column: Column, text: str, *, is_inexact: bool) -> Any:  # noqa: ANN401 - what the column says
    if is_inexact:
        raise DomainError(
            _l("This long number has lost digits. Set the column to text and type it anew.")
        )
    if text:
        return column.parse(text)
    if column.is_required:
        raise DomainError(_l("This cell may not be empty."))
    return column.empty
