"""Input of the days of the calendar."""

from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, Length, NumberRange

from carecampaign.core.forms import CommandForm, FilterForm, Form, LineText
from carecampaign.core.i18n import _l
from carecampaign.core.limits import FIRST_DAY, LAST_DAY
from carecampaign.holidays.models import SPECIAL
from carecampaign.holidays.tables import LONGEST_NAME


class YearForm(FilterForm):
    """Which year the page shows."""

    year = IntegerField(
        _l("Year"), [InputRequired(), NumberRange(min=FIRST_DAY.year, max=LAST_DAY.year)]
    )


class MonthForm(FilterForm):
    """Which month the page lays out."""

    month = IntegerField(_l("Month"), [InputRequired(), NumberRange(min=1, max=12)])


class DayForm(Form):
    """What a day is."""

    kind = SelectField(
        _l("Kind"),
        [InputRequired()],
        choices=lambda: [(kind.value, kind.label) for kind in SPECIAL],
    )
    name = LineText(_l("Name"), [InputRequired(), Length(max=LONGEST_NAME)])
    name_en = LineText(
        _l("English name"),
        [Length(max=LONGEST_NAME)],
        description=_l("Left empty, the Chinese name is shown."),
    )


class EditDayForm(DayForm):
    is_announced = BooleanField(
        _l("Announced"), description=_l("Announced by the State Council, not only computed.")
    )


class NewDaysForm(DayForm, CommandForm):
    first = DateField(_l("First day"), [InputRequired()])
    last = DateField(_l("Last day"), [InputRequired()])
