"""What selects of this area offer."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from wtforms.fields.choices import SelectChoice

from carecampaign.core.babel import in_language

LONGEST_NAME = 50
LONGEST_TEXT = 100

Choices = Sequence[tuple[int, str]]


class Coded(Protocol):
    """Anything with an id, a code and a name in both languages."""

    id: Any
    code: Any
    name: Any
    name_en: Any


def choices_of(rows: Iterable[Coded]) -> list[SelectChoice]:
    """Offer rows by their ids, in the language spoken."""
    return [SelectChoice(row.id, in_language(row)) for row in rows]
