"""Tables sent in: known columns, each cell read by its column, errors by row and column.

An area describes its ``Column`` list once; template, export and import share it. ``stage``
reads, the area checks the rows against what is there and blames cells, and applies all of
it or, where anything is wrong, nothing.
"""

from carecampaign.core.imports.headings import Mapped
from carecampaign.core.imports.sheets import error_sheet, template_sheets
from carecampaign.core.imports.staging import refuse_duplicates, stage, stage_on
from carecampaign.core.imports.tables import (
    CellError,
    Column,
    NothingInIt,
    Parse,
    Staged,
    StagedRow,
)
from carecampaign.core.imports.words import one_of

__all__ = [
    "CellError",
    "Column",
    "Mapped",
    "NothingInIt",
    "Parse",
    "Staged",
    "StagedRow",
    "error_sheet",
    "one_of",
    "refuse_duplicates",
    "stage",
    "stage_on",
    "template_sheets",
]
