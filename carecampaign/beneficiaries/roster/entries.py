"""A row of a roster that is right, ready to be kept."""

from typing import Any, NamedTuple

from carecampaign.beneficiaries.contacts import SealedField
from carecampaign.beneficiaries.keys import search_keys
from carecampaign.core.imports import StagedRow
from carecampaign.core.sealed import seal

_PLACES = [(field.value, f"person.{field.value}") for field in SealedField]


class Entry(NamedTuple):
    """A row by its number; ``values`` as they were read, by the keys of the columns.

    ``made`` is what takes long to make of them, by the columns of a person: what they are
    found by, and the numbers sealed. It is empty where nothing is to be kept yet.
    """

    number: int
    values: dict[str, Any]
    made: dict[str, Any]

    def text(self, key: str) -> str:
        """Give what stands in a column."""
        return str(self.values.get(key) or "")


def make_entry(row: StagedRow, *, to_keep: bool) -> Entry:
    """Make the entry of a row; ``to_keep`` with all that keeping it takes."""
    return Entry(row.number, row.values, _made(row.values) if to_keep else {})


def _made(values: dict[str, Any]) -> dict[str, Any]:
    keys = search_keys(
        name=values["name"],
        employer=values.get("employer"),
        phone=values.get("phone"),
        id_number=values.get("id_number"),
    )
    for field, place in _PLACES:
        if number := values.get(field):
            keys[field] = seal(number.encode(), place)
    return keys
