"""What the rows of a roster must be to one another; what one cell must be, its column says."""

from collections.abc import Iterator

from carecampaign.beneficiaries.numbers import LAST_FOUR
from carecampaign.beneficiaries.spelling import plain
from carecampaign.core.i18n import _
from carecampaign.core.imports import Staged, StagedRow


class Repeats:
    """The rows seen so far, by what tells persons apart.

    The same is who has the same whole ID number, the same membership number, the same name and
    phone number (a phone may be shared by a family), or, where a row has no number at all, the
    same name and unit.
    """

    def __init__(self) -> None:
        self._rows: dict[int, int] = {}
        """By the hash of a mark: of a hundred thousand rows the marks themselves are too much."""

    def blame(self, staged: Staged, row: StagedRow) -> None:
        """Blame a row that is of the same person as one above it."""
        for key, mark in _marks(row):
            above = self._rows.setdefault(hash(mark), row.number)
            if above != row.number:
                message = _("This is the person of row %(number)s once more.", number=above)
                staged.blame(row, key, message)
                break


def _marks(row: StagedRow) -> Iterator[tuple[str, tuple[str, ...]]]:
    values = row.values
    name, phone, id_number = values.get("name"), values.get("phone"), values.get("id_number")
    if id_number and len(id_number) > LAST_FOUR:
        yield "id_number", ("id_number", id_number)
    if union_number := values.get("union_number"):
        yield "union_number", ("union_number", union_number)
    if phone and name:
        yield "phone", ("phone", phone, plain(name))
    if name and not phone and not id_number:
        yield "name", ("name", plain(name), plain(values.get("employer") or ""))
