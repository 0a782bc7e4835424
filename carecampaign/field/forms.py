"""Input of somebody who wants to log with their own phone."""

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Regexp

from carecampaign.core.forms import Form, LineText
from carecampaign.core.i18n import _l
from carecampaign.core.limits import LARGEST_ID

LONGEST_NAME = 40


class VolunteerForm(Form):
    volunteer = LineText(
        _l("Your name"),
        [InputRequired(_l("Type your name.")), Length(max=LONGEST_NAME)],
        description=_l("For the log: so that the lead knows whom to ask."),
        render_kw={"autocomplete": "name", "maxlength": LONGEST_NAME},
    )


class PinForm(VolunteerForm):
    event = IntegerField(
        _l("Number of the event"),
        [InputRequired(_l("Type the number.")), NumberRange(min=1, max=LARGEST_ID)],
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    pin = StringField(
        _l("Six digits"),
        [Regexp(r"\s*\d{3}\s*\d{3}\s*", message=_l("Type the six digits of the pass."))],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": 9},
    )
