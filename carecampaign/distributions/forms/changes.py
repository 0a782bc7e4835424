"""Late changes of an event: where it moves to, and why it is called off."""

from collections.abc import Iterable

from wtforms import DateField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from carecampaign.campaigns.forms.common import RevisionField
from carecampaign.core.forms import Form, LineText, optional_id
from carecampaign.core.i18n import _l
from carecampaign.distributions.forms.shared import NOTHING, Choice, options

LONGEST_REASON = 200


class MoveForm(Form):
    """Another day, time or place, and why."""

    held_on = DateField(_l("Date"), validators=[InputRequired()])
    starts_at = TimeField(_l("Begins at"), validators=[Optional()])
    ends_at = TimeField(_l("Ends at"), validators=[Optional()])
    station_id = SelectField(_l("Station"), [Optional()], coerce=optional_id, default="")
    place = LineText(
        _l("Place"),
        validators=[Length(max=120)],
        description=_l("Needed only where it is not a station, or a certain spot of it."),
    )
    reason = LineText(
        _l("Reason"),
        validators=[InputRequired(), Length(max=LONGEST_REASON)],
        description=_l("Those assigned to the event read it on their start page."),
    )
    revision = RevisionField()

    def offer(self, *, stations: Iterable[Choice]) -> None:
        """Fill in what can be chosen."""
        self.station_id.choices = [SelectChoice("", _l("Another place")), *options(stations)]


class CancelForm(Form):
    """Why an event is called off, and where stock goes that has no way back."""

    reason = LineText(
        _l("Reason"),
        validators=[InputRequired(), Length(max=LONGEST_REASON)],
        description=_l("Those assigned to the event read it on their start page."),
    )
    target_id = SelectField(
        _l("What is left goes to"), [Optional()], coerce=optional_id, default=""
    )

    def offer(self, *, places: Iterable[Choice] | None) -> None:
        """Fill in where stock can go; None where all of it goes back by itself."""
        if places is None:
            del self.target_id
        else:
            self.target_id.choices = [NOTHING, *options(places)]
