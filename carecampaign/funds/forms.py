"""Input of fund sources."""

from collections.abc import Iterable
from functools import partial
from typing import Any, Protocol

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from carecampaign.core.forms import CommandForm, FilterForm, Form, LineText, bounded_id
from carecampaign.core.i18n import _l, choices
from carecampaign.funds.models import FundKind

LONGEST_NAME = 100


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
