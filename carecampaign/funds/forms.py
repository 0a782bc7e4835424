"""Input of fund sources."""

from collections.abc import Iterable
from functools import partial
from typing import Any, Protocol

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    Form,
    LineText,
    Paragraphs,
    bounded_id,
)
from carecampaign.core.i18n import _l, choices
from carecampaign.funds.models import FundKind

LONGEST_NAME = 100
LONGEST_PURPOSE = 500


class Named(Protocol):
    """Anything with an id and a name."""

    id: Any
    name: Any


class FundFilterForm(FilterForm):
    q = LineText(_l("Name or organization"), [Length(max=LONGEST_NAME)])
    kind = SelectField(
        _l("Kind"),
        default="",
        choices=lambda: [("", _l("All")), *choices(FundKind)],
    )
    state = SelectField(
        _l("State"),
        default="",
        choices=lambda: [("", _l("All")), ("active", _l("In use")), ("retired", _l("Retired"))],
    )


class FundSourceForm(Form):
    name = LineText(_l("Fund source name"), [InputRequired(), Length(max=LONGEST_NAME)])
    kind = SelectField(
        _l("Kind"),
        [InputRequired()],
        coerce=str,
        choices=partial(choices, FundKind),
        description=_l("The six sources of the care fund, or a public fundraising project."),
    )


class NewFundSourceForm(FundSourceForm, CommandForm):
    organization_id = SelectField(_l("Organization"), [InputRequired()], coerce=bounded_id)

    def __init__(self, *, owners: Iterable[Named], **values: object) -> None:
        super().__init__(**values)
        self.organization_id.choices = [SelectChoice(owner.id, owner.name) for owner in owners]


class EarmarkForm(CommandForm):
    """What money or goods of a source were given for."""

    name = LineText(
        _l("Earmark"),
        [InputRequired(), Length(max=LONGEST_NAME)],
        description=_l("A short name, for example the donor and the purpose."),
    )
    purpose = Paragraphs(
        _l("Purpose in the giver's words"), [InputRequired(), Length(max=LONGEST_PURPOSE)]
    )
    is_restricted = BooleanField(
        _l("Only for the campaigns it is allowed for"),
        default=True,
        description=_l("Without this it is a wish that is kept on record and restricts nothing."),
    )


class EditEarmarkForm(EarmarkForm):
    is_active = BooleanField(_l("Offered for new receipts"), default=True)
