"""Input of occupations and persons."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.core.babel import in_language
from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    Form,
    LineText,
    bounded_id,
    optional_id,
)
from carecampaign.core.i18n import _, _l

LONGEST_NAME = 50
LONGEST_TEXT = 100

Choices = Sequence[tuple[int, str]]


class Coded(Protocol):
    """Anything with an id, a code and a name in both languages."""

    id: Any
    code: Any
    name: Any
    name_en: Any


class PersonFilterForm(FilterForm):
    text = LineText(
        _l("Search"),
        [Length(max=LONGEST_TEXT)],
        render_kw={"placeholder": _l("Name or employer")},
    )
    occupation_id = SelectField(_l("Occupation"), [Optional()], default="", coerce=optional_id)
    organization_id = SelectField(
        _l("Organization and below"), [Optional()], default="", coerce=optional_id
    )

    def __init__(
        self, *, occupations: Iterable[Coded], organizations: Choices, **values: object
    ) -> None:
        super().__init__(**values)
        self.occupation_id.choices = [SelectChoice("", _("All")), *_choices(occupations)]
        self.organization_id.choices = [SelectChoice("", _("All")), *organizations]


class PersonForm(Form):
    """As little of a person as is needed: no contact details."""

    name = LineText(_l("Full name"), [InputRequired(), Length(max=LONGEST_NAME)])
    occupation_id = SelectField(_l("Occupation"), [InputRequired()], coerce=optional_id)
    organization_id = SelectField(
        _l("Kept by"),
        [InputRequired()],
        coerce=optional_id,
        description=_l("The union whose people see this entry."),
    )
    employer = LineText(
        _l("Unit or platform"),
        [Length(max=LONGEST_TEXT)],
        description=_l("Whom the person works for."),
    )

    def __init__(
        self, *, occupations: Iterable[Coded], organizations: Choices, **values: object
    ) -> None:
        super().__init__(**values)
        self.occupation_id.choices = [
            SelectChoice("", _("Choose an occupation")),
            *_choices(occupations),
        ]
        self.organization_id.choices = [
            SelectChoice("", _("Choose an organization")),
            *organizations,
        ]


class NewPersonForm(PersonForm, CommandForm):
    pass


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
        self.groups.choices = _choices(all_groups)


class NewOccupationForm(OccupationForm, CommandForm):
    pass


def _choices(rows: Iterable[Coded]) -> list[SelectChoice]:
    return [SelectChoice(row.id, in_language(row)) for row in rows]
