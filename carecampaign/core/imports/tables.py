"""What a table sent in is made of: columns, rows as they were read, and what is wrong."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from flask_babel.speaklater import LazyString

from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.core.sheets import Row

Parse = Callable[[str], Any]


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


@dataclass(slots=True)
class StagedRow:
    """A row as it was written and as it was read: ``values`` by the keys of the columns."""

    number: int
    cells: tuple[str, ...]
    places: Mapping[str, int]
    """Where in ``cells`` each column is."""
    values: dict[str, Any]

    @property
    def texts(self) -> dict[str, str]:
        """The row as it was written, by the keys of the columns."""
        return {key: self.text(key) for key in self.places}

    def text(self, key: str) -> str:
        """Give what was written in a column, "" where it or the cell is not there."""
        place = self.places.get(key, len(self.cells))
        return self.cells[place] if place < len(self.cells) else ""


class Written(Protocol):
    """A row, as far as it takes to say what is wrong with it."""

    @property
    def number(self) -> int: ...

    def text(self, key: str) -> str: ...


@dataclass
class Staged:
    """A table read: its rows, what is wrong with them, and the headings nobody knew."""

    columns: Sequence[Column]
    headings: Row
    places: Mapping[int, str] = field(default_factory=dict)
    """The keys of the columns by where they stand."""
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

    def blame(self, row: Written, key: str, message: str) -> None:
        """Say what is wrong with a cell."""
        column = next((it for it in self.columns if it.key == key), None)
        heading, mask = ("", str) if column is None else (str(column.heading), column.mask)
        self.errors.append(CellError(row.number, heading, mask(row.text(key)), message))

    def sorted_errors(self) -> list[CellError]:
        """Give the errors from the top of the table down."""
        return sorted(self.errors, key=lambda error: error.row)
