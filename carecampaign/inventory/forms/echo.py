"""What was typed is shown again, but only what a page may contain."""

import re
from collections.abc import Iterable

from wtforms import Field

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def make_printable(fields: Iterable[Field]) -> None:
    """Replace signs that have no place in HTML in what numbers and dates show again."""
    for field in fields:
        if hasattr(field, "entries"):
            make_printable(field.entries)
        elif hasattr(field, "form"):
            make_printable(field.form)
        elif field.raw_data:
            field.raw_data = [_printable(value) for value in field.raw_data]
            field.data = _printable(field.data)


def _printable(value: object) -> object:
    if not isinstance(value, str):
        return value
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)
