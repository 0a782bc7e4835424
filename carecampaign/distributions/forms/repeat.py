"""The same event on many days: first which days there are, then which of them it is."""

from collections.abc import Iterable
from datetime import date, timedelta

from babel.dates import get_day_names
from flask_babel import get_locale
from wtforms import BooleanField, DateField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.core.forms import CommandForm, FilterForm
from carecampaign.core.i18n import _, _l

LONGEST_PERIOD = timedelta(days=366)


class Choices(SelectMultipleField):
    """Any number of choices, as check boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class DaysForm(FilterForm):
    """Which days to look at: a period, weekdays, and whether holidays count."""

    since = DateField(_l("From date"), validators=[DataRequired()])
    until = DateField(_l("To date"), validators=[DataRequired()])
    weekdays = Choices(_l("Weekdays"), coerce=int)
    skip_holidays = BooleanField(_l("Leave out public holidays"))

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        names = get_day_names("wide", locale=get_locale())
        self.weekdays.choices = [SelectChoice(number, names[number]) for number in range(7)]

    def validate(self, extra_validators: object = None) -> bool:
        """Refuse a period that is the wrong way round, or longer than a year."""
        if not super().validate(extra_validators):
            return False
        if not timedelta() <= self.until.data - self.since.data <= LONGEST_PERIOD:
            self.until.errors = [_("Choose a period of a year at most, the first day first.")]
            return False
        return True


class RepeatForm(CommandForm):
    """The days on which the event is held once more."""

    days = Choices(_l("Days"), validators=[InputRequired()])

    @property
    def chosen(self) -> list[date]:
        """Give the days that were chosen, in order."""
        return sorted(date.fromisoformat(day) for day in self.days.data)

    def offer(self, days: Iterable[tuple[date, str]]) -> None:
        """Fill in the days that can be chosen, with their words."""
        self.days.choices = [SelectChoice(day.isoformat(), words) for day, words in days]
