"""Input of persons; there is no field for a photo of a card, nor for anybody's health."""

from collections.abc import Callable, Iterable
from typing import Any

from wtforms import Field, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.beneficiaries import numbers
from carecampaign.beneficiaries.contacts import Contacts, SealedField
from carecampaign.beneficiaries.forms.choices import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Choices,
    Coded,
    choices_of,
)
from carecampaign.beneficiaries.models import Person
from carecampaign.core.errors import DomainError
from carecampaign.core.forms import CommandForm, FilterForm, Form, LineText, optional_id
from carecampaign.core.i18n import _, _l

LONGEST_REASON = 200
SHORTEST_REASON = 4
OFF = {"autocomplete": "off"}


def read_as(read: Callable[[str], str]) -> Callable[[Form, Field], None]:
    """Make the validator that brings a number into its one spelling, or says why it is none."""

    def validate(_form: Form, field: Field) -> None:
        if not field.data:
            return
        try:
            field.data = read(field.data)
        except DomainError as error:
            raise ValidationError(str(error)) from error

    return validate


def without_numbers(_form: Form, field: Field) -> None:
    """Refuse the number of somebody where a text is kept, logged or part of an address."""
    if numbers.holds_a_number(field.data or ""):
        raise ValidationError(_("Write no phone or ID number here."))


class PersonFilterForm(FilterForm):
    text = LineText(
        _l("Search"),
        [Length(max=LONGEST_TEXT), without_numbers],
        render_kw={"placeholder": _l("Name, pinyin, initials, last four …")},
        description=_l(
            "The beginning of the name, of its pinyin or initials or of the employer, or the"
            " last four of the phone or ID number."
        ),
    )
    occupation_id = SelectField(_l("Occupation"), [Optional()], default="", coerce=optional_id)
    organization_id = SelectField(
        _l("Organization and below"), [Optional()], default="", coerce=optional_id
    )

    def __init__(
        self, *, occupations: Iterable[Coded], organizations: Choices, **values: object
    ) -> None:
        super().__init__(**values)
        self.occupation_id.choices = [SelectChoice("", _("All")), *choices_of(occupations)]
        self.organization_id.choices = [SelectChoice("", _("All")), *organizations]


class PersonForm(Form):
    """As little of a person as is needed: only a name and an occupation have to be there."""

    name = LineText(_l("Full name"), [InputRequired(), Length(max=LONGEST_NAME), without_numbers])
    occupation_id = SelectField(_l("Occupation"), [InputRequired()], coerce=optional_id)
    organization_id = SelectField(
        _l("Kept by"),
        [InputRequired()],
        coerce=optional_id,
        description=_l("The union whose people see this entry."),
    )
    employer = LineText(
        _l("Unit or platform"),
        [Length(max=LONGEST_TEXT), without_numbers],
        description=_l("Whom the person works for."),
    )
    phone = LineText(
        _l("Phone"), [Length(max=LONGEST_NAME), read_as(numbers.read_phone)], render_kw=OFF
    )
    id_number = LineText(
        _l("ID number"),
        [Length(max=LONGEST_NAME), read_as(numbers.read_id_number)],
        description=_l("18 characters, or the last four alone."),
        render_kw=OFF,
    )
    union_number = LineText(
        _l("Membership number"),
        [Length(max=LONGEST_NAME), read_as(numbers.read_union_number)],
        description=_l("Of the union membership card."),
        render_kw=OFF,
    )
    household_key = LineText(
        _l("Household code"),
        [Length(max=LONGEST_NAME), read_as(numbers.read_household_key)],
        description=_l("The same for people who live together, like 3B12; no number of anybody."),
        render_kw=OFF,
    )

    def __init__(
        self, *, occupations: Iterable[Coded], organizations: Choices, **values: object
    ) -> None:
        super().__init__(**values)
        self.occupation_id.choices = [
            SelectChoice("", _("Choose an occupation")),
            *choices_of(occupations),
        ]
        self.organization_id.choices = [
            SelectChoice("", _("Choose an organization")),
            *organizations,
        ]

    def contacts(self) -> Contacts:
        """Give what was entered of phone, ID and the like."""
        return Contacts(
            phone=self.phone.data or None,
            id_number=self.id_number.data or None,
            union_number=self.union_number.data or None,
            household_key=self.household_key.data,
        )


class NewPersonForm(PersonForm, CommandForm):
    pass


class EditPersonForm(PersonForm):
    """What is sealed is not shown: a field left empty leaves it as it is."""

    forget = SelectMultipleField(
        _l("Remove"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )

    def __init__(self, *, person: Person, **values: Any) -> None:  # noqa: ANN401 - as PersonForm has them
        super().__init__(
            name=person.name,
            occupation_id=person.occupation_id,
            organization_id=person.organization_id,
            employer=person.employer,
            household_key=person.household_key,
            **values,
        )
        self._person = person
        kept = masked_numbers(person)
        self.forget.choices = [(field.value, f"{field.label} {kept[field]}") for field in kept]
        for field, masked in kept.items():
            words = _("%(masked)s is kept", masked=masked)
            self[field.value].render_kw = OFF | {"placeholder": words}

    def contacts(self) -> Contacts:
        """Give what is to be kept now, with what stays as it is."""
        entered = super().contacts()
        kept = {
            field.value: getattr(entered, field.value)
            or (None if field.value in self.forget.data else getattr(self._person, field.value))
            for field in SealedField
        }
        return Contacts(**kept, household_key=entered.household_key)


class RevealForm(Form):
    """Which number of a person somebody has to see, and why."""

    field = RadioField(_l("Which number"), [InputRequired(_l("Choose one number."))])
    reason = LineText(
        _l("Reason"),
        [
            InputRequired(),
            Length(min=SHORTEST_REASON, max=LONGEST_REASON),
            without_numbers,
        ],
        description=_l("It stays in the audit log together with your name."),
    )

    def __init__(self, *, person: Person) -> None:
        super().__init__()
        kept = masked_numbers(person)
        self.field.choices = [(field.value, f"{field.label} {kept[field]}") for field in kept]


def masked_numbers(person: Person) -> dict[SealedField, str]:
    """Give the numbers that are kept of a person, masked."""
    masked = {
        SealedField.PHONE: person.masked_phone,
        SealedField.ID_NUMBER: person.masked_id_number,
        SealedField.UNION_NUMBER: person.masked_union_number,
    }
    return {field: text for field, text in masked.items() if text}
