"""A file as a roster: each cell by its column, its rows beside one another, piece by piece."""

import hashlib
import pickle
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import IO

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.numbers import mask_numbers
from carecampaign.beneficiaries.queries.occupations import list_active_occupations
from carecampaign.beneficiaries.queries.roster import keepers_for
from carecampaign.beneficiaries.roster import Entry, Repeats, columns_for, make_entry
from carecampaign.core.imports import Column, Mapped, Staged, StagedRow, stage_on
from carecampaign.core.sealed import seal, unseal
from carecampaign.core.sheets import iter_sheet

ROWS_AT_ONCE = 2_000
_SPOOL = "roster.piece"
SAMPLES = 3


@dataclass
class Roster:
    """A table as it was read: what is wrong with it, and its rows that are right.

    Those lie in pieces in a temporary file, sealed: they may be many, and names and numbers.
    ``digest`` is the SHA-256 (hex) of the file, by which the log knows it.
    """

    staged: Staged
    digest: str
    is_to_keep: bool
    """Whether its rows hold what it takes to keep them."""
    count: int = 0
    samples: list[StagedRow] = field(default_factory=list)
    """The first rows as they were written."""
    _spool: IO[bytes] = field(default_factory=tempfile.TemporaryFile)
    _sizes: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        # The file goes with the roster, wherever that is let go.
        weakref.finalize(self, self._spool.close)

    def add(self, entries: list[Entry]) -> None:
        """Take the next piece of rows without an error in."""
        piece = seal(pickle.dumps(entries, pickle.HIGHEST_PROTOCOL), _SPOOL)
        self._spool.write(piece)
        self._sizes.append(len(piece))

    def entries(self) -> Iterator[list[Entry]]:
        """Give the rows without an error, in pieces."""
        self._spool.seek(0)
        for size in self._sizes:
            yield pickle.loads(unseal(self._spool.read(size), _SPOOL))  # noqa: S301 - from add()


def columns_of(actor: Actor) -> tuple[Column, ...]:
    """Give the columns of a roster that the actor may send in."""
    return columns_for(list_active_occupations(), keepers_for(actor))


def read_roster(
    content: bytes,
    filename: str,
    *,
    mapped: Mapped | None = None,
    max_rows: int,
    to_keep: bool = False,
    by: Actor,
) -> Roster:
    """Read a roster, its columns as ``mapped`` or as they are headed.

    ``to_keep`` makes with each row what it takes to keep it, so that the transaction need not.
    Raises what ``iter_sheet`` and ``stage_on`` raise.
    """
    rows = iter_sheet(content, filename, max_rows=max_rows)
    staged, body = stage_on(rows, columns_of(by), mapped)
    # Where there are no headings, the first row is taken for them.
    staged.unknown_headings = [mask_numbers(text) for text in staged.unknown_headings]
    roster = Roster(staged, hashlib.sha256(content).hexdigest(), is_to_keep=to_keep)
    has_its_columns = staged.is_clean
    repeats = Repeats()
    while piece := list(islice(body, ROWS_AT_ONCE)):
        roster.samples = roster.samples or piece[:SAMPLES]
        roster.count += len(piece)
        for row in piece:
            repeats.blame(staged, row)
        wrong = {error.row for error in staged.errors}
        right = (row for row in piece if has_its_columns and row.number not in wrong)
        roster.add([make_entry(row, to_keep=to_keep) for row in right])
    return roster
