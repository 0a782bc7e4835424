"""The filters in force, each to be taken away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from carecampaign.core.babel import show_date
from carecampaign.core.forms import FilterForm


@dataclass(frozen=True)
class Chip:
    """A filter in force: the argument it stands under, and its words."""

    name: str
    label: str
    value: str
    """Empty for a filter that is only on or off."""


def chips_of(form: FilterForm) -> list[Chip]:
    """List the filters of a form that narrow anything; the form is validated already."""
    return list(_chips(form))


def _chips(form: FilterForm) -> Iterator[Chip]:
    for field in form:
        if field.data and not field.errors:
            yield Chip(field.name, str(field.label.text), _words(field))


def _words(field: Any) -> str:  # noqa: ANN401 - fields are untyped
    if isinstance(field.data, bool):
        return ""
    if isinstance(field.data, date):
        return show_date(field.data)
    if hasattr(field, "iter_choices"):
        chosen = (choice.label for choice in field.iter_choices() if choice.selected)
        return " ".join(str(label).strip() for label in chosen)
    return str(field.data)
