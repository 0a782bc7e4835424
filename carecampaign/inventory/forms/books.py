"""What the books are looked at for: a month, a day, a place."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from wtforms import BooleanField, DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from carecampaign.core import clock
from carecampaign.core.forms import FilterForm, optional_id
from carecampaign.core.i18n import _, _l
from carecampaign.inventory.forms.filters import BY_ITEMS, Choices, with_empty

MONTHS_BACK = 60
CLOSING_DAYS = (20, 25)
"""Days of the month on which offices close their books before it ends."""
DAYS_AHEAD = (30, 60, 90, 180, 365)
PAST = -1
"""What was past its date yesterday is so today."""


class BooksFilterForm(FilterForm):
    """Whose books: those of one place, or of an organisation and all below it."""

    organization = SelectField(_l("Organization"), default="", coerce=optional_id)
    location = SelectField(_l("Stock location"), default="", coerce=optional_id)

    def __init__(self, *args: Any, organizations: Choices, locations: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args)
        self.organization.choices = with_empty(_("All"), organizations)
        self.location.choices = with_empty(_("All"), locations)


class MonthForm(BooksFilterForm):
    month = SelectField(_l("Month"), default=lambda: _name(clock.today()))
    closes_on = SelectField(_l("Books close on"), default="", coerce=optional_id)
    by_items = BooleanField(BY_ITEMS)

    def __init__(self, *args: Any, organizations: Choices, locations: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args, organizations=organizations, locations=locations)
        self.month.choices = [SelectChoice(name, name) for name in _latest_months()]
        self.closes_on.choices = with_empty(
            _("Last day of the month"),
            [(day, _("Day %(day)s of the month", day=day)) for day in CLOSING_DAYS],
        )

    def chosen_month(self) -> tuple[int, int]:
        """Give year and month: this one, unless another was chosen."""
        name = _name(clock.today()) if self.month.errors else str(self.month.data)
        year, _dash, month = name.partition("-")
        return int(year), int(month)


class DayForm(BooksFilterForm):
    on = DateField(_l("At the end of"), [Optional()], default=clock.today)


class StockDayForm(DayForm):
    by_items = BooleanField(BY_ITEMS)


class ExpiryForm(BooksFilterForm):
    days = SelectField(_l("Past its date"), default=90, coerce=int)

    def __init__(self, *args: Any, organizations: Choices, locations: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args, organizations=organizations, locations=locations)
        ahead = [SelectChoice(days, _("within %(days)s days", days=days)) for days in DAYS_AHEAD]
        self.days.choices = [SelectChoice(PAST, _("already")), *ahead]


class PeriodForm(FilterForm):
    """An item and a period within the ledger of a place."""

    item = SelectField(_l("Item"), default="", coerce=optional_id)
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("To"), [Optional()])

    def __init__(self, *args: Any, items: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args)
        self.item.choices = with_empty(_("All"), items)


def _name(day: date) -> str:
    return f"{day:%Y-%m}"


def _latest_months() -> Iterator[str]:
    today = clock.today()
    for back in range(MONTHS_BACK):
        years, month = divmod(today.month - 1 - back, 12)
        yield f"{today.year + years}-{month + 1:02d}"
