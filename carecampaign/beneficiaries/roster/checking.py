"""What the rows of a roster must be to one another; what one cell must be, its column says."""

from carecampaign.beneficiaries.numbers import LAST_FOUR
from carecampaign.beneficiaries.spelling import plain
from carecampaign.core.i18n import _
from carecampaign.core.imports import Staged


def check_rows(staged: Staged) -> None:
    """Blame a row that is of the same person as one above it.

    The same is who has the same whole ID number, the same membership number, the same name and
    phone number (a phone may be shared by a family), or, where a row has no number at all, the
    same name and unit.
    """
    seen: dict[tuple[str, str, str], int] = {}
    for row in staged.rows:
        for key, found in _marks(row.values):
            if found in seen:
                message = _("This is the person of row %(number)s once more.", number=seen[found])
                staged.blame(row, key, message)
                break
            seen[found] = row.number


def _marks(values: dict[str, str | None]) -> list[tuple[str, tuple[str, str, str]]]:
    marks = []
    id_number, phone = values.get("id_number"), values.get("phone")
    if id_number and len(id_number) > LAST_FOUR:
        marks.append(("id_number", ("id_number", id_number, "")))
    if union_number := values.get("union_number"):
        marks.append(("union_number", ("union_number", union_number, "")))
    if phone and (name := values.get("name")):
        marks.append(("phone", ("phone", phone, plain(name))))
    if not phone and not id_number and (name := values.get("name")):
        marks.append(("name", ("name", plain(name), plain(values.get("employer") or ""))))
    return marks
