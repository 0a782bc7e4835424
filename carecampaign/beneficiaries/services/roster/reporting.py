"""What a roster did, or would do, as a table: every row, masked."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from carecampaign.beneficiaries.numbers import mask_id_number, mask_phone
from carecampaign.beneficiaries.services.roster.planning import Plan
from carecampaign.core.i18n import _
from carecampaign.core.imports import Staged
from carecampaign.core.sheets import Cell, Sheet


def report_sheet(staged: Staged, plan: Plan) -> Sheet:
    """Give the rows in their order with what became of each."""
    names = {row.number: row.values for row in staged.rows}
    outcomes = sorted(_outcomes(staged, plan), key=itemgetter(0))
    return Sheet(
        _("Result"),
        [
            *(_("Row"), _("Full name"), _("Unit or platform"), _("Phone"), _("ID number")),
            *(_("What became of it"), _("Person number"), _("What changes")),
        ],
        [
            [row, *_who(names[row]), outcome, person_id, what]
            for row, outcome, person_id, what in outcomes
        ],
    )


def _outcomes(staged: Staged, plan: Plan) -> Iterator[tuple[int, str, int | None, str]]:
    headings = {column.key: str(column.heading) for column in staged.columns}
    for added in plan.added:
        yield added.row, _("added"), None, ""
    for changed in plan.changed:
        keys = _(", ").join(headings[key] for key in changed.values)
        yield changed.row, _("merged"), changed.person.id, keys
    for same in plan.unchanged:
        yield same.row, _("was there already"), same.person.id, ""
    for probable in plan.probable:
        yield probable.row.number, _("to be judged"), probable.person.id, ""


def _who(values: dict[str, Any]) -> list[Cell]:
    phone, id_number = values.get("phone"), values.get("id_number")
    return [
        values["name"],
        values.get("employer") or "",
        mask_phone(phone) if phone else "",
        mask_id_number(id_number) if id_number else "",
    ]


def in_a_sentence(plan: Plan) -> str:
    """Say what a roster did."""
    return _(
        "%(added)s persons added, %(changed)s merged, %(unchanged)s were there already.",
        added=len(plan.added),
        changed=len(plan.changed),
        unchanged=len(plan.unchanged),
    )
