"""Input of whoever judges whether two entries are of one person."""

from typing import Any, NamedTuple

from flask_babel.speaklater import LazyString
from wtforms import Field, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from carecampaign.beneficiaries.forms.choices import Choices
from carecampaign.beneficiaries.models import PairGround, Person, PersonPair
from carecampaign.core.babel import in_language
from carecampaign.core.forms import FilterForm, Form, optional_id
from carecampaign.core.i18n import _, _l, choices
from carecampaign.core.limits import LARGEST_ID
from carecampaign.privacy.merging import MergeField

NOTHING = "—"
FIRST, SECOND = "first", "second"


class PairFilterForm(FilterForm):
    organization_id = SelectField(
        _l("Organization and below"), [Optional()], default="", coerce=optional_id
    )
    ground = SelectField(_l("What speaks for it"), [Optional()], default="")
    state = SelectField(_l("State"), [Optional()], default="")

    def __init__(self, *, organizations: Choices, **values: Any) -> None:  # noqa: ANN401 - as WTForms has it
        super().__init__(**values)
        self.organization_id.choices = [SelectChoice("", _("All")), *organizations]
        self.ground.choices = [SelectChoice("", _("All")), *choices(PairGround)]
        self.state.choices = [
            SelectChoice("", _("To be judged")),
            SelectChoice("judged", _("Found to be different persons")),
        ]


class Fact(NamedTuple):
    """A fact of both entries as it is shown, and the choice between them where they differ."""

    label: LazyString
    first: str
    second: str
    choice: Field | None


class MergeForm(Form):
    """Which of two entries stays, and which is right where they differ: see ``merge_form``."""

    kept_id = RadioField(
        _l("Entry that stays"), [InputRequired(_l("Choose one of the two."))], coerce=optional_id
    )
    pair: PersonPair

    @property
    def facts(self) -> list[Fact]:
        """Give what is known of both, in the order of a person's page."""
        first, second = (_shown(one) for one in (self.pair.first, self.pair.second))
        return [
            Fact(field.label, first[field], second[field], self._fields.get(field.value))
            for field in MergeField
        ]

    @property
    def gone_id(self) -> int:
        """Give the id of the entry that is merged into the one that stays."""
        is_first = self.kept_id.data == self.pair.first_id
        return self.pair.second_id if is_first else self.pair.first_id

    @property
    def taking(self) -> set[MergeField]:
        """Give the facts of which that of the entry that goes is right."""
        gone = FIRST if self.gone_id == self.pair.first_id else SECOND
        return {
            field
            for field in MergeField
            if field.value in self._fields and self._fields[field.value].data == gone
        }


def merge_form(pair: PersonPair) -> MergeForm:
    """Make the form for a pair: a choice for every fact in which the two differ.

    Numbers are masked. A fact that only one of them has is chosen already.
    """
    first, second = (_shown(one) for one in (pair.first, pair.second))
    fields = {
        field.value: RadioField(
            field.label,
            [InputRequired(_l("Choose one of the two."))],
            choices=[SelectChoice(FIRST, first[field]), SelectChoice(SECOND, second[field])],
            default=FIRST if getattr(pair.first, field.value) else SECOND,
        )
        for field in MergeField
        if getattr(pair.first, field.value) != getattr(pair.second, field.value)
    }
    form: MergeForm = type("FormOfAPair", (MergeForm,), fields)(kept_id=pair.first_id)
    form.pair = pair
    form.kept_id.choices = [
        SelectChoice(end.id, f"№ {end.id}") for end in (pair.first, pair.second)
    ]
    return form


def _shown(person: Person) -> dict[MergeField, str]:
    shown = {
        MergeField.NAME: person.name,
        MergeField.OCCUPATION: in_language(person.occupation),
        MergeField.EMPLOYER: person.employer,
        MergeField.PHONE: person.masked_phone,
        MergeField.ID_NUMBER: person.masked_id_number,
        MergeField.UNION_NUMBER: person.masked_union_number,
        MergeField.HOUSEHOLD_KEY: person.household_key,
        MergeField.ORGANIZATION: person.organization.name,
    }
    return {field: text or NOTHING for field, text in shown.items()}


class NamePairForm(Form):
    """The number of the entry that somebody takes for the same person's."""

    other_id = IntegerField(
        _l("Number of the other entry"),
        [InputRequired(), NumberRange(min=1, max=LARGEST_ID)],
        description=_l("It stands on the page of that person."),
    )
