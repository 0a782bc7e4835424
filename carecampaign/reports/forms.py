"""Filters of the reports."""

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict
from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from carecampaign.core.forms import Form, LineText, bounded_id
from carecampaign.core.i18n import _l


class LogFilterForm(Form):
    """What of an event's log to show."""

    class Meta:
        csrf = False

    validity = SelectField(
        _l("Entries"),
        choices=[
            SelectChoice("all", _l("All")),
            SelectChoice("valid", _l("Valid only")),
            SelectChoice("voided", _l("Voided only")),
        ],
        default="all",
    )
    group_id = SelectField(_l("Target group"), coerce=bounded_id, default=0)
    item_id = SelectField(_l("Item"), coerce=bounded_id, default=0)
    text = LineText(_l("Full name"), validators=[Optional(), Length(max=100)])
    from_day = DateField(_l("From"), validators=[Optional()])
    to_day = DateField(_l("To"), validators=[Optional()])

    def __init__(
        self,
        arguments: MultiDict[str, str],
        *,
        groups: Iterable[tuple[int, str]],
        items: Iterable[tuple[int, str]],
    ) -> None:
        super().__init__(arguments)
        everything = SelectChoice(0, _l("All"))
        self.group_id.choices = [everything, *(SelectChoice(*group) for group in groups)]
        self.item_id.choices = [everything, *(SelectChoice(*item) for item in items)]
