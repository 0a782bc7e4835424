"""Filters of the reports."""

from collections.abc import Iterable

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from carecampaign.core.forms import FilterForm, LineText, optional_id
from carecampaign.core.i18n import _, _l
from carecampaign.inventory.forms.filters import BY_ITEMS

LONGEST_SEARCH = 100


class SearchForm(FilterForm):
    """What to look for, in every list at once."""

    q = LineText(_l("Search"), [Length(max=LONGEST_SEARCH)])


class ItemsForm(FilterForm):
    """Whether packages are counted as the items in them."""

    by_items = BooleanField(BY_ITEMS)


class LogFilterForm(FilterForm):
    """What of an event's log to show."""

    validity = SelectField(
        _l("Entries"),
        default="",
        choices=lambda: [
            SelectChoice("", _("All")),
            SelectChoice("valid", _("Valid only")),
            SelectChoice("voided", _("Voided only")),
        ],
    )
    group_id = SelectField(_l("Target group"), coerce=optional_id, default="")
    item_id = SelectField(_l("Item"), coerce=optional_id, default="")
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
        everything = SelectChoice("", _("All"))
        self.group_id.choices = [everything, *(SelectChoice(*group) for group in groups)]
        self.item_id.choices = [everything, *(SelectChoice(*item) for item in items)]
