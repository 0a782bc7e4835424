"""Input of rosters: filters, persons picked from the register, why a list is unlocked."""

from collections.abc import Iterable, Sequence

from wtforms import Field, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from carecampaign.beneficiaries.forms.choices import Coded, choices_of
from carecampaign.beneficiaries.forms.persons import without_numbers
from carecampaign.core.forms import FilterForm, Form, LineText, bounded_id, optional_id
from carecampaign.core.i18n import _, _l

LONGEST_TEXT = 100
SHORTEST_REASON, LONGEST_REASON = 4, 200
MOST_AT_ONCE = 200

Units = Sequence[tuple[int, str]]


class PersonSearchForm(FilterForm):
    text = LineText(
        _l("Search"),
        [Length(max=LONGEST_TEXT), without_numbers],
        render_kw={"placeholder": _l("Name, pinyin, initials, last four …")},
    )


class RosterFilterForm(PersonSearchForm):
    unit_id = SelectField(_l("Participating unit"), [Optional()], default="", coerce=optional_id)
    occupation_id = SelectField(_l("Occupation"), [Optional()], default="", coerce=optional_id)

    def __init__(self, arguments: object, *, units: Units, occupations: Iterable[Coded]) -> None:
        super().__init__(arguments)
        self.unit_id.choices = [SelectChoice("", _("All")), *units]
        self.occupation_id.choices = [SelectChoice("", _("All")), *choices_of(occupations)]


class PickPersonsForm(Form):
    """Persons ticked in a list; whether they may be chosen is for the queries to say."""

    unit_id = SelectField(
        _l("Participating unit"),
        [InputRequired()],
        coerce=optional_id,
        description=_l("On whose roster they are put."),
    )
    person_ids = SelectMultipleField(coerce=bounded_id, validate_choice=False)

    def __init__(self, *, units: Units, unit_id: int | None) -> None:
        super().__init__(data={"unit_id": unit_id})
        self.unit_id.choices = [SelectChoice("", _("Choose an organization")), *units]

    def validate_person_ids(self, field: Field) -> None:
        """Ask for at least one, and for no more than a page shows."""
        if not field.data and not field.errors:
            raise ValidationError(_l("Tick at least one person."))
        if len(field.data or ()) > MOST_AT_ONCE:
            raise ValidationError(_l("Too many at once."))


class UnlockForm(Form):
    reason = LineText(
        _l("Reason"),
        [
            InputRequired(),
            Length(min=SHORTEST_REASON, max=LONGEST_REASON),
            without_numbers,
        ],
        description=_l("It stays in the audit log together with your name."),
    )
