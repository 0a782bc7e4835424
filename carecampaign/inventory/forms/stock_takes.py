"""Input of stock-takes: where, what was counted, and why it differs."""

from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from carecampaign.core.forms import CommandForm, Form, LineText, bounded_id
from carecampaign.core.i18n import _, _l
from carecampaign.core.limits import LARGEST_QUANTITY
from carecampaign.inventory.forms.filters import Choices
from carecampaign.inventory.forms.lines import needed, understood
from carecampaign.inventory.forms.receipts import LONGEST_LOT_CODE
from carecampaign.inventory.forms.rows import ReasonRow, ReasonsForm

MOST_ROUNDS = 1_000


class StockTakeForm(CommandForm):
    location = SelectField(_l("Place to count"), [InputRequired()], coerce=bounded_id)
    is_blind = BooleanField(
        _l("Blind count"),
        default=True,
        description=_l("Whoever counts does not see what the books say."),
    )
    witness = LineText(
        _l("Witness"), [Length(max=60)], description=_l("Who watches the counting, if anybody.")
    )

    def __init__(self, *, locations: Choices, **values: object) -> None:
        super().__init__(**values)
        self.location.choices = [SelectChoice(*pair) for pair in locations]


class CountForm(CommandForm):
    """What somebody counted of one line; ``round`` is the one they took it to be."""

    round = HiddenField(validators=[InputRequired()])
    counted = IntegerField(
        _l("Counted"),
        [needed, understood],
        render_kw={
            "inputmode": "numeric",
            "autocomplete": "off",
            "min": "0",
        },
    )

    def validate_round(self, field: HiddenField) -> None:
        """Refuse what is no number of a round."""
        text = field.data or ""
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MOST_ROUNDS):
            raise StopValidation(_("This form is out of date. Open it anew."))

    def validate_counted(self, field: IntegerField) -> None:
        """Refuse what nobody counts."""
        if field.data is not None and not field.errors and not 0 <= field.data <= LARGEST_QUANTITY:
            raise StopValidation(
                _("Enter a whole number from 0 to %(most)s.", most=f"{LARGEST_QUANTITY:,}")
            )


class AddItemForm(Form):
    """What is here although no line is about it: an item, or one more batch of it."""

    item = SelectField(_l("Item"), [InputRequired()], coerce=bounded_id)
    lot_code = LineText(
        _l("Batch"),
        [Length(max=LONGEST_LOT_CODE)],
        description=_l("As the box says; leave it empty where nothing on it says so."),
    )
    expires_on = DateField(_l("Expiry"), [Optional()])

    def __init__(self, *, items: Choices, **values: object) -> None:
        super().__init__(**values)
        self.item.choices = [SelectChoice(*pair) for pair in items]


class FinishForm(ReasonsForm):
    """Why the counts differ from the books, line by line."""

    def __init__(self, *, rows: list[ReasonRow], **values: object) -> None:
        super().__init__(**values)
        self.rows = rows
