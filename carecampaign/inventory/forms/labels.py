"""Which labels to print, and the code on one."""

from typing import Any

from wtforms import SelectField
from wtforms.validators import Length

from carecampaign.core.forms import FilterForm, LineText, optional_id
from carecampaign.core.i18n import _, _l
from carecampaign.inventory.forms.filters import Choices, with_empty


class CodeForm(FilterForm):
    code = LineText(_l("Code on the label"), [Length(max=30)])


class PlaceForm(FilterForm):
    location = SelectField(_l("Stock location"), default="", coerce=optional_id)

    def __init__(self, *args: Any, locations: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args)
        self.location.choices = with_empty(_("Choose a place"), locations)
