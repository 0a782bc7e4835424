"""Persons picked by name, and corrections of the log."""

from collections.abc import Iterable
from typing import Any

from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from carecampaign.beneficiaries.forms.persons import without_numbers
from carecampaign.core.babel import in_language
from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    Form,
    LineText,
    bounded_id,
    optional_id,
)
from carecampaign.core.i18n import _l


class ReasonForm(Form):
    """Why something is taken back or settled."""

    reason = LineText(_l("Reason"), validators=[InputRequired(), Length(max=200)])


class VoidForm(CommandForm):
    """Why an entry of the log is taken back; the command's id is the id of the void."""

    reason = LineText(_l("Reason"), validators=[InputRequired(), Length(max=200)])


class SettleForm(CommandForm):
    """How an exception is settled: accepted as it is, or the entry taken back."""

    decision = RadioField(
        _l("Decision"),
        choices=[
            SelectChoice("accept", _l("It was right: leave it as it is")),
            SelectChoice("void", _l("It was wrong: take the entry back")),
        ],
        default="accept",
        validators=[InputRequired()],
    )
    reason = LineText(_l("Note"), validators=[InputRequired(), Length(max=200)])


class NameSearchForm(FilterForm):
    """Look for a person by a part of the name."""

    name = StringField(_l("Full name"), validators=[Length(max=60)])


class NewPersonForm(CommandForm):
    """Somebody who is not known by name yet; the command's id is the id of the handout."""

    name = LineText(_l("Full name"), validators=[InputRequired(), Length(max=60), without_numbers])
    occupation_id = SelectField(_l("Occupation"), coerce=bounded_id, validators=[InputRequired()])
    employer = LineText(_l("Unit or platform"), validators=[Length(max=120), without_numbers])
    group_id = SelectField(_l("Counts for"), [Optional()], coerce=optional_id, default="")

    def __init__(self, *, occupations: Iterable[Any], groups: Iterable[Any]) -> None:
        super().__init__(prefix="new")
        self.group_id.choices = [
            SelectChoice("", _l("the group of the occupation")),
            *(SelectChoice(group.id, in_language(group)) for group in groups),
        ]
        self.occupation_id.choices = [
            SelectChoice(occupation.id, in_language(occupation)) for occupation in occupations
        ]
