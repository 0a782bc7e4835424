"""What the lists of requisitions, write-offs and stock-takes are narrowed by."""

from typing import Any

from wtforms import DateField, SelectField
from wtforms.validators import Optional

from carecampaign.core.forms import FilterForm, optional_id
from carecampaign.core.i18n import _, _l
from carecampaign.inventory.forms.filters import Choices, all_of, member_of, with_empty
from carecampaign.inventory.models import RequisitionState, StockTakeState, WriteOffState


class PreparedFilterForm(FilterForm):
    """The filters all three lists share."""

    location = SelectField(_l("Stock location"), default="", coerce=optional_id)
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("To"), [Optional()])

    def __init__(self, *args: Any, locations: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args)
        self.location.choices = with_empty(_("All"), locations)


class RequisitionFilterForm(PreparedFilterForm):
    state = SelectField(
        _l("State"),
        default="",
        coerce=member_of(RequisitionState),
        choices=all_of(RequisitionState),
    )


class WriteOffFilterForm(PreparedFilterForm):
    state = SelectField(
        _l("State"), default="", coerce=member_of(WriteOffState), choices=all_of(WriteOffState)
    )


class StockTakeFilterForm(PreparedFilterForm):
    state = SelectField(
        _l("State"), default="", coerce=member_of(StockTakeState), choices=all_of(StockTakeState)
    )
