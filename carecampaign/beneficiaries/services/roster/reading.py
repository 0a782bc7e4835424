"""A file as a roster: read, each cell by its column, and its rows beside one another."""

import hashlib
from io import BytesIO

from carecampaign.access.actor import Actor
from carecampaign.beneficiaries.queries.occupations import list_active_occupations
from carecampaign.beneficiaries.queries.roster import keepers_for
from carecampaign.beneficiaries.roster import check_rows, columns_for
from carecampaign.core.imports import Column, Staged, stage
from carecampaign.core.sheets import read_sheet


def columns_of(actor: Actor) -> tuple[Column, ...]:
    """Give the columns of a roster that the actor may send in."""
    return columns_for(list_active_occupations(), keepers_for(actor))


def read_roster(content: bytes, filename: str, *, max_rows: int, by: Actor) -> Staged:
    """Read a roster. Raises what ``read_sheet`` and ``stage`` raise."""
    staged = stage(read_sheet(BytesIO(content), filename, max_rows=max_rows), columns_of(by))
    check_rows(staged)
    return staged


def digest_of_file(content: bytes) -> str:
    """Give the SHA-256 (hex) by which the log knows a file."""
    return hashlib.sha256(content).hexdigest()
