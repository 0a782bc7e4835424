"""Input of occupations."""

from collections.abc import Iterable

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.beneficiaries.forms.choices import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Coded,
    choices_of,
)
from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    Form,
    LineText,
    bounded_id,
    optional_id,
)
from carecampaign.core.i18n import _, _l


class OccupationFilterForm(FilterForm):
    text = LineText(
        _l("Search"), [Length(max=LONGEST_TEXT)], render_kw={"placeholder": _l("Name or code")}
    )
    group_id = SelectField(_l("Occupation group"), [Optional()], default="", coerce=optional_id)
    state = SelectField(
        _l("State"),
        default="",
        choices=lambda: [("", _("All")), ("active", _("In use")), ("retired", _("Retired"))],
    )

    def __init__(self, arguments: object, *, groups: Iterable[Coded]) -> None:
        super().__init__(arguments)
        self.group_id.choices = [SelectChoice("", _("All")), *choices_of(groups)]


class OccupationForm(Form):
    name = LineText(_l("Name in Chinese"), [InputRequired(), Length(max=LONGEST_NAME)])
    name_en = LineText(_l("Name in English"), [InputRequired(), Length(max=LONGEST_TEXT)])
    code = LineText(
        _l("Code"),
        [
            InputRequired(),
            Regexp(
                r"^[A-Za-z][0-9]{1,3}$",
                message=_l("A code is a letter and up to three digits, like E12."),
            ),
        ],
        description=_l("A letter and up to three digits, like E12. It sets the order."),
    )
    groups = SelectMultipleField(
        _l("Occupation groups"),
        [InputRequired(_l("Choose at least one group."))],
        coerce=bounded_id,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, *, all_groups: Iterable[Coded], **values: object) -> None:
        super().__init__(**values)
        self.groups.choices = choices_of(all_groups)


class NewOccupationForm(OccupationForm, CommandForm):
    pass
