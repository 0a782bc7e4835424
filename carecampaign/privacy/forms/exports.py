"""Input of whoever asks for a file with whole numbers, or refuses one."""

from collections.abc import Iterable
from functools import partial

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.beneficiaries.forms.choices import Choices, Coded, choices_of
from carecampaign.beneficiaries.forms.persons import (
    LONGEST_REASON,
    SHORTEST_REASON,
    without_numbers,
)
from carecampaign.core.forms import CommandForm, Form, LineText, optional_id
from carecampaign.core.i18n import _, _l, choices
from carecampaign.privacy.models import ExportColumn


class ExportForm(CommandForm):
    """Whose numbers, which of them, and what for."""

    organization_id = SelectField(
        _l("Persons of"),
        [InputRequired()],
        coerce=optional_id,
        description=_l("This organization and all below it."),
    )
    campaign_id = SelectField(_l("On the roster of"), [Optional()], default="", coerce=optional_id)
    occupation_id = SelectField(_l("Occupation"), [Optional()], default="", coerce=optional_id)
    columns = SelectMultipleField(
        _l("Columns beside the name"),
        [InputRequired(_l("Choose at least one column."))],
        choices=partial(choices, ExportColumn),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Take no more than the work needs."),
    )
    reason = LineText(
        _l("Reason"),
        [
            InputRequired(),
            Length(min=SHORTEST_REASON, max=LONGEST_REASON),
            without_numbers,
        ],
        description=_l("Whoever decides reads it, and it stays in the audit log."),
    )

    def __init__(
        self,
        *,
        organizations: Choices,
        campaigns: Choices,
        occupations: Iterable[Coded],
        **values: object,
    ) -> None:
        super().__init__(**values)
        self.organization_id.choices = [
            SelectChoice("", _("Choose an organization")),
            *organizations,
        ]
        self.campaign_id.choices = [SelectChoice("", _("No campaign: the register")), *campaigns]
        self.occupation_id.choices = [SelectChoice("", _("All")), *choices_of(occupations)]

    def chosen_columns(self) -> list[ExportColumn]:
        """Give the columns that were chosen."""
        return [ExportColumn(value) for value in self.columns.data]


class RefuseExportForm(Form):
    comment = LineText(
        _l("Reason"),
        [
            InputRequired(),
            Length(min=SHORTEST_REASON, max=LONGEST_REASON),
            without_numbers,
        ],
        description=_l("Whoever asked for the file reads it."),
    )
