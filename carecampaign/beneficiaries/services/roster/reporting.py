"""What a roster did, as a table: every row, masked."""

from collections.abc import Iterator
from operator import itemgetter

from carecampaign.beneficiaries.numbers import mask_id_number, mask_phone
from carecampaign.beneficiaries.roster import Entry
from carecampaign.beneficiaries.services.roster.planning import Plan
from carecampaign.beneficiaries.services.roster.reading import Roster
from carecampaign.core.i18n import _
from carecampaign.core.sheets import Cell, Sheet


class Report:
    """What became of each row, piece by piece."""

    def __init__(self, roster: Roster) -> None:
        self._headings = {column.key: str(column.heading) for column in roster.staged.columns}
        self._rows: list[list[Cell]] = []

    def add(self, plan: Plan) -> None:
        """Note what became of the rows of a piece."""
        self._rows += self._outcomes(plan)

    def sheet(self) -> Sheet:
        """Give all rows in their order."""
        return Sheet(
            _("Result"),
            [
                *(_("Row"), _("Full name"), _("Unit or platform"), _("Phone"), _("ID number")),
                *(_("What became of it"), _("Person number"), _("What changes")),
            ],
            sorted(self._rows, key=itemgetter(0)),
        )

    def _outcomes(self, plan: Plan) -> Iterator[list[Cell]]:
        for added in plan.added:
            yield [*_who(added), _("added"), None, ""]
        for changed in plan.changed:
            keys = _(", ").join(self._headings[key] for key in changed.values)
            yield [*_who(changed.row), _("merged"), changed.person.id, keys]
        for same in plan.unchanged:
            yield [*_who(same.row), _("was there already"), same.person.id, ""]


def _who(row: Entry) -> list[Cell]:
    phone, id_number = row.text("phone"), row.text("id_number")
    return [
        row.number,
        row.text("name"),
        row.text("employer"),
        mask_phone(phone) if phone else "",
        mask_id_number(id_number) if id_number else "",
    ]
