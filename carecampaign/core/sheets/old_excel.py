"""Old workbooks (.xls), read by a process of its own that gets so much memory and time.

Their parser makes room for the whole rectangle around the cells of every sheet, and a file of
five kilobytes can ask for all the memory there is.
"""

import pickle
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from carecampaign.core.sheets.errors import SheetDamaged, SheetTooLarge

OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What a file of this kind begins with; so do old documents of other kinds."""

MergedCells = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last of cells merged into one: row and column, from 0."""

MOST_MEMORY = 448 * 1024 * 1024
MOST_SECONDS = 20
_READER = Path(__file__).with_name("old_excel_reader.py")


def read_old_excel(
    content: bytes,
) -> tuple[Sequence[Sequence[object]], Sequence[MergedCells]]:
    """Give the rows of the first sheet from the first row and column on, and its merged cells.

    Raises SheetDamaged, also where it is no workbook, or SheetTooLarge.
    """
    command = [sys.executable, "-I", str(_READER), str(MOST_MEMORY), str(MOST_SECONDS)]
    reading = subprocess.run(command, input=content, capture_output=True, check=False)  # noqa: S603 - our own words only
    if reading.returncode == 1:
        raise SheetDamaged
    if reading.returncode:  # ended by what bounds it
        raise SheetTooLarge
    rows, merged = pickle.loads(reading.stdout)  # noqa: S301 - our own process wrote it
    return rows, merged
