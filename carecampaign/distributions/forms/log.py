"""Persons picked by name, and corrections of the log."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.beneficiaries.forms.persons import without_numbers
from carecampaign.campaigns.forms.common import RevisionField
from carecampaign.campaigns.models import Notice
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
            SelectChoice("move", _l("It belongs to another event: move it there")),
        ],
        default="accept",
        validators=[InputRequired()],
    )
    target_id = SelectField(_l("The other event"), coerce=optional_id, default="")
    reason = LineText(_l("Note"), validators=[InputRequired(), Length(max=200)])

    def __init__(self, *, targets: Iterable[Any]) -> None:
        super().__init__()
        self.target_id.choices = [
            SelectChoice("", "—"),
            *(SelectChoice(it.id, f"{it.held_on} {it.place}") for it in targets),
        ]

    def validate_target_id(self, field: SelectField) -> None:
        """Ask where to, when it is to be moved."""
        if self.decision.data == "move" and field.data is None:
            raise StopValidation(_l("Choose the event it belongs to."))


class NameSearchForm(FilterForm):
    """Look for a person by a part of the name."""

    name = StringField(_l("Full name"), validators=[Length(max=60)])


class NewPersonForm(CommandForm):
    """Somebody who is not known by name yet; the command's id is the id of the handout."""

    name = LineText(_l("Full name"), validators=[InputRequired(), Length(max=60), without_numbers])
    occupation_id = SelectField(_l("Occupation"), coerce=bounded_id, validators=[InputRequired()])
    employer = LineText(_l("Unit or platform"), validators=[Length(max=120), without_numbers])
    group_id = SelectField(_l("Counts for"), [Optional()], coerce=optional_id, default="")
    notice = RevisionField()
    is_told = BooleanField(
        _l("Has read the notice, or had it read to them, and agrees"),
        [InputRequired(_l("Nobody is entered by name who was not told: hand out anonymously."))],
    )
    kinds = SelectMultipleField(
        _l("Agrees besides to"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(
        self,
        *,
        occupations: Iterable[Any],
        groups: Iterable[Any],
        notice: Notice | None,
        is_by_consent: bool,
    ) -> None:
        super().__init__(prefix="new", data={"notice": notice and notice.number})
        asked = notice.asked if notice else []
        self.kinds.choices = [SelectChoice(kind.value, kind.label) for kind in asked]
        if not is_by_consent:
            self.is_told.label.text = _l("Has read the notice, or had it read to them")
        if notice is None:
            del self.notice, self.is_told
        if not self.kinds.choices:
            del self.kinds
        self.group_id.choices = [
            SelectChoice("", _l("the group of the occupation")),
            *(SelectChoice(group.id, in_language(group)) for group in groups),
        ]
        self.occupation_id.choices = [
            SelectChoice(occupation.id, in_language(occupation)) for occupation in occupations
        ]
