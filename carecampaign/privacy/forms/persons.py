"""Input of whoever takes out, or erases, what is kept of one person."""

from functools import partial

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from carecampaign.beneficiaries.forms.persons import (
    LONGEST_REASON,
    SHORTEST_REASON,
    without_numbers,
)
from carecampaign.core.forms import Form, LineText
from carecampaign.core.i18n import _l, choices
from carecampaign.privacy.erasing import ErasureReason

PAGE, FILE = "page", "xlsx"


class DossierForm(Form):
    """Why somebody's data are taken out, and in which shape."""

    shape = RadioField(
        _l("As"),
        [InputRequired()],
        choices=[
            SelectChoice(PAGE, _l("A page to read and print")),
            SelectChoice(FILE, _l("An .xlsx file")),
        ],
        default=PAGE,
    )
    reason = LineText(
        _l("Reason"),
        [
            InputRequired(),
            Length(min=SHORTEST_REASON, max=LONGEST_REASON),
            without_numbers,
        ],
        description=_l("Such as: asked for in person. It stays in the audit log with your name."),
    )


class ErasureForm(Form):
    """Why somebody is erased."""

    reason = RadioField(
        _l("Reason"),
        [InputRequired(_l("Choose a reason."))],
        choices=partial(choices, ErasureReason),
    )
