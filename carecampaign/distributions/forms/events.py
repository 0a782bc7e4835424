"""Where, when, for whom and by whom."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.campaigns.forms.common import RevisionField
from carecampaign.core.babel import in_language
from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    LineText,
    Paragraphs,
    bounded_id,
    optional_id,
)
from carecampaign.core.i18n import _l
from carecampaign.distributions.forms.shared import EVERYTHING, Choice, labels, options, pieces
from carecampaign.distributions.models import EventState


class EventFilterForm(FilterForm):
    """The filters above the list of events."""

    campaign = SelectField(_l("Campaign"), [Optional()], coerce=optional_id, default="")
    station = SelectField(_l("Station"), [Optional()], coerce=optional_id, default="")
    state = SelectField(
        _l("State"), [Optional()], default="", choices=[EVERYTHING, *labels(EventState)]
    )
    since = DateField(_l("From date"), validators=[Optional()])
    until = DateField(_l("To date"), validators=[Optional()])

    def __init__(
        self, *, campaigns: Iterable[Choice], stations: Iterable[Choice], **values: object
    ) -> None:
        super().__init__(**values)
        self.campaign.choices = [EVERYTHING, *options(campaigns)]
        self.station.choices = [EVERYTHING, *options(stations)]


class EventForm(CommandForm):
    """Where, when, for whom and by whom; a field ``planned_<group>`` joins for every group."""

    station_id = SelectField(_l("Station"), [Optional()], coerce=optional_id, default="")
    place = LineText(
        _l("Place"),
        validators=[Length(max=120)],
        description=_l("Needed only where it is not a station, or a certain spot of it."),
    )
    held_on = DateField(_l("Date"), validators=[InputRequired()])
    starts_at = TimeField(_l("Begins at"), validators=[Optional()])
    ends_at = TimeField(_l("Ends at"), validators=[Optional()])
    unit_id = SelectField(
        _l("Unit whose quota it counts for"), coerce=bounded_id, validators=[InputRequired()]
    )
    volunteers = SelectMultipleField(
        _l("Volunteers"),
        coerce=bounded_id,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Those who belong to the station may log in any case."),
    )
    note = Paragraphs(_l("Note"), validators=[Length(max=2000)])
    revision = RevisionField()

    @property
    def plans(self) -> dict[int, int]:
        """Give the planned packages by the id of the group."""
        return {
            bounded_id(name.removeprefix("planned_")): field.data or 0
            for name, field in self._fields.items()
            if name.startswith("planned_")
        }

    @property
    def plan_fields(self) -> list[IntegerField]:
        return [field for name, field in self._fields.items() if name.startswith("planned_")]

    def offer(
        self,
        *,
        stations: Iterable[Choice],
        units: Iterable[Choice],
        volunteers: Iterable[Choice],
    ) -> None:
        """Fill in what can be chosen."""
        self.station_id.choices = [SelectChoice("", _l("Another place")), *options(stations)]
        self.unit_id.choices = options(units)
        self.volunteers.choices = options(volunteers)


def event_form(groups: Sequence[Any]) -> type[EventForm]:
    """Give the form of an event of a campaign with these groups."""
    fields = {f"planned_{group.id}": pieces(in_language(group)) for group in groups}
    return type("EventFormOfCampaign", (EventForm,), fields)
