"""Cards: how many to print, the code on one, and why one is not valid any more."""

from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from carecampaign.beneficiaries.forms.choices import LONGEST_TEXT, Choices
from carecampaign.beneficiaries.models import (
    CARDS_ON_A_SHEET,
    MOST_CARDS,
    CardState,
    Revocation,
)
from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    Form,
    LineText,
    bounded_id,
    optional_id,
)
from carecampaign.core.i18n import _, _l, choices

LONGEST_ADDRESS = 300
"""Signs of a code as a reader types it: the whole address of the QR code."""


class BatchFilterForm(FilterForm):
    organization_id = SelectField(
        _l("Organization and below"), [Optional()], default="", coerce=optional_id
    )

    def __init__(self, *, organizations: Choices, **values: object) -> None:
        super().__init__(**values)
        self.organization_id.choices = [SelectChoice("", _("All")), *organizations]


class CardFilterForm(FilterForm):
    state = SelectField(
        _l("State"),
        [Optional()],
        default="",
        choices=lambda: [("", _("All")), *choices(CardState)],
    )


class PersonSearchForm(FilterForm):
    text = LineText(_l("Name, pinyin, initials or last four"), [Length(max=LONGEST_TEXT)])


class CodeForm(Form):
    """The code on a card, typed or by a reader that types."""

    code = LineText(
        _l("Code on the card"),
        [InputRequired(), Length(max=LONGEST_ADDRESS)],
        description=_l("Three times four signs, like K7M2-P9XQ-4TWD; or scan the QR code."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class PrintCardsForm(CommandForm):
    """Blank cards for a union."""

    organization_id = SelectField(
        _l("Printed for"),
        [InputRequired()],
        coerce=bounded_id,
        description=_l("Its name is on the cards. It and those below it may bind them."),
    )
    count = IntegerField(
        _l("Number of cards"),
        [InputRequired(), NumberRange(min=1, max=MOST_CARDS)],
        default=CARDS_ON_A_SHEET,
        description=_l("Ten on a sheet of A4, at most %(most)s at once.", most=MOST_CARDS),
    )

    def __init__(self, *, organizations: Choices) -> None:
        super().__init__()
        self.organization_id.choices = list(organizations)


class BindForm(Form):
    """To whom a card is bound."""

    person_id = SelectField(_l("Person"), coerce=bounded_id, validate_choice=False)


class RevokeForm(Form):
    reason = RadioField(_l("Why?"), [InputRequired(_l("Choose a reason."))])

    def __init__(self) -> None:
        super().__init__()
        self.reason.choices = choices(Revocation)


class RevokeBatchForm(RevokeForm):
    with_bound = BooleanField(
        _l("Also the cards that are bound to a person"),
        description=_l("Otherwise only the blank ones."),
    )
