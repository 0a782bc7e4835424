"""Input of which earmarked money and goods a campaign may use."""

from collections.abc import Iterable
from typing import Any, Protocol

from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.core.forms import Form, LineText, bounded_id
from carecampaign.core.i18n import _l

LONGEST_GROUND = 200


class Choosable(Protocol):
    """An earmark of a fund source."""

    id: Any
    name: Any
    fund_source: Any


class AllowedEarmarksForm(Form):
    """The restricted earmarks that may be spent on one campaign."""

    earmarks = SelectMultipleField(
        _l("Allowed for this campaign"),
        coerce=bounded_id,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    ground = LineText(
        _l("Ground"),
        [Length(max=LONGEST_GROUND)],
        description=_l(
            "Needed where you allow more: the donation agreement, or the giver's consent."
        ),
    )

    def __init__(self, *, offered: Iterable[Choosable], allowed: Iterable[int]) -> None:
        super().__init__(data={"earmarks": [*allowed]})
        self.earmarks.choices = [
            SelectChoice(one.id, f"{one.name} · {one.fund_source.name}") for one in offered
        ]
