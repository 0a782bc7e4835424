"""The filters above the audit log."""

from typing import Any

from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from carecampaign.audit import words
from carecampaign.core.forms import FilterForm, LineText
from carecampaign.core.i18n import _, _l


class EntryFilterForm(FilterForm):
    """Who did what, to which kind of thing, when; everything may be left open."""

    who = LineText(_l("Who"), validators=[Length(max=100)])
    action = SelectField(_l("Action"), default="", choices=lambda: _or_any(words.action_choices()))
    kind = SelectField(_l("Subject"), default="", choices=lambda: _or_any(words.kind_choices()))
    first = DateField(_l("From"), validators=[Optional()])
    last = DateField(_l("To"), validators=[Optional()])


def _or_any(choices: list[tuple[str, Any]]) -> list[SelectChoice]:
    return [SelectChoice("", _("All")), *(SelectChoice(*choice) for choice in choices)]
