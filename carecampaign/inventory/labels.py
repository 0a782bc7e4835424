"""The codes on labels: B12 is a batch, B12-3 the third carton of it, P7 a place."""

import re
from dataclasses import dataclass
from typing import Literal

_CODE = re.compile(r"([BP])([1-9][0-9]{0,17})(?:-([1-9][0-9]{0,5}))?")


@dataclass(frozen=True)
class LabelCode:
    """What a label is stuck on: a batch (and which carton of it) or a place, by its row's id."""

    kind: Literal["batch", "place"]
    row_id: int
    carton: int | None = None

    def __str__(self) -> str:
        letter = "B" if self.kind == "batch" else "P"
        return f"{letter}{self.row_id}" + (f"-{self.carton}" if self.carton else "")


def read_code(text: str) -> LabelCode | None:
    """Read a code as somebody typed it, in small letters or with spaces; None if it is none."""
    found = _CODE.fullmatch("".join(text.split()).upper())
    if found is None or (found[1] == "P" and found[3]):
        return None
    carton = None if found[3] is None else int(found[3])
    return LabelCode("batch" if found[1] == "B" else "place", int(found[2]), carton)
