"""Input of a roster: the file, which column is which, and what only a person can judge."""

from collections.abc import Sequence
from typing import Any

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from carecampaign.beneficiaries.forms.choices import Choices
from carecampaign.beneficiaries.roster import Probably
from carecampaign.core.forms import Form, Lines, optional_id
from carecampaign.core.i18n import _, _l
from carecampaign.core.imports import Column, Mapped, StagedRow
from carecampaign.core.sheet_forms import SheetForm
from carecampaign.core.sheets import Row


class RosterForm(SheetForm):
    organization_id = SelectField(
        _l("Kept by"),
        [InputRequired()],
        coerce=optional_id,
        description=_l(
            "The union whose people see these persons, where the table names no other."
        ),
    )
    list_id = SelectField(
        _l("Onto the roster of"),
        default="",
        coerce=optional_id,
        description=_l("The union above must be a participating unit of the campaign."),
    )

    def __init__(self, *, organizations: Choices, lists: Choices, **values: Any) -> None:  # noqa: ANN401 - as WTForms has it
        super().__init__(**values)
        self.organization_id.choices = [
            SelectChoice("", _("Choose an organization")),
            *organizations,
        ]
        self.list_id.choices = [SelectChoice("", _("No campaign: into the register only")), *lists]


class JudgementForm(Form):
    probably = RadioField(
        _l("Those who probably are there already"),
        [InputRequired(_l("Choose one of the two."))],
        choices=lambda: [(one.value, one.label) for one in Probably],
    )


class ColumnsForm(Form):
    """Which of our columns each column of a table is."""

    columns = Lines(SelectField(default="", validate_choice=True), label=_l("Columns"))

    def __init__(
        self,
        *,
        headings: Row,
        samples: Sequence[StagedRow],
        known: Sequence[Column],
        mapped: Mapped,
    ) -> None:
        width = max(len(row) for row in (headings.cells, *(one.cells for one in samples)))
        super().__init__(data={"columns": [mapped.get(place, "") for place in range(width)]})
        choices = [
            SelectChoice("", _("Leave out")),
            *(SelectChoice(column.key, str(column.heading)) for column in known),
        ]
        for entry in self.columns:
            entry.choices = choices

    def mapped(self) -> Mapped:
        """Give which column stands where."""
        return {
            place: entry.data
            for entry in self.columns
            for place in (int(entry.name.rpartition("-")[2]),)
            if entry.data
        }
