"""The filters above the audit log."""

from datetime import date
from typing import Any

from wtforms import DateField, Field, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from carecampaign.audit import words
from carecampaign.core.forms import FilterForm, LineText
from carecampaign.core.i18n import _, _l

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2199, 12, 31)


class EntryFilterForm(FilterForm):
    """Who did what, to which kind of thing, when; everything may be left open."""

    who = LineText(_l("Who"), validators=[Length(max=100)])
    action = SelectField(_l("Action"), default="", choices=lambda: _or_any(words.action_choices()))
    kind = SelectField(_l("Subject"), default="", choices=lambda: _or_any(words.kind_choices()))
    first = DateField(_l("From"), validators=[Optional()])
    last = DateField(_l("To"), validators=[Optional()])

    def validate_first(self, field: Field) -> None:
        """Refuse days that are no days of this system."""
        _check_day(field.data)

    def validate_last(self, field: Field) -> None:
        """Refuse days that are no days of this system."""
        _check_day(field.data)


def _or_any(choices: list[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice("", _("All")), *(SelectChoice(*choice) for choice in choices)]


def _check_day(day: date | None) -> None:
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("Enter a date between 2000 and 2199."))
