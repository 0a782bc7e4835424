"""Input of a roster, and of what to do with rows that nobody can judge but a person."""

from typing import Any

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from carecampaign.beneficiaries.forms.choices import Choices
from carecampaign.beneficiaries.roster import Probably
from carecampaign.core.forms import Form, optional_id
from carecampaign.core.i18n import _, _l
from carecampaign.core.sheet_forms import SheetForm


class RosterForm(SheetForm):
    organization_id = SelectField(
        _l("Kept by"),
        [InputRequired()],
        coerce=optional_id,
        description=_l(
            "The union whose people see these persons, where the table names no other."
        ),
    )

    def __init__(self, *, organizations: Choices, **values: Any) -> None:  # noqa: ANN401 - as WTForms has it
        super().__init__(**values)
        self.organization_id.choices = [
            SelectChoice("", _("Choose an organization")),
            *organizations,
        ]


class JudgementForm(Form):
    probably = RadioField(
        _l("Those who probably are there already"),
        [InputRequired(_l("Choose one of the two."))],
        choices=lambda: [(one.value, one.label) for one in Probably],
    )
