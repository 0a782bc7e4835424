"""Input of lists of lines: what is handed out, and the budget."""

from collections.abc import Iterable
from typing import Any, ClassVar

from wtforms import FormField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from carecampaign.campaigns.forms.common import (
    LONGEST_NAME,
    Named,
    RevisionField,
    named,
)
from carecampaign.core.forms import Form, Lines, LineText, YuanField, optional_id
from carecampaign.core.i18n import _l
from carecampaign.core.limits import LARGEST_QUANTITY

EMPTY_LINES = 3
MOST_LINES = 100


class LineForm(Form):
    """One line of a list of lines; a line where nothing is entered is left out."""

    class Meta:
        csrf = False

    needed: ClassVar[dict[str, Any]] = {}
    """What to say where a field is left empty on a line that is not."""

    @property
    def is_empty(self) -> bool:
        """Say whether nothing is entered on this line."""
        return not any(str(text).strip() for field in self for text in field.raw_data or ())

    def validate(self, extra_validators: object = None) -> bool:
        """Check a line that is not empty, all of it."""
        is_valid = bool(super().validate(extra_validators))
        if self.is_empty:
            return is_valid
        for name, message in self.needed.items():
            field = self[name]
            if field.data in (None, "") and not field.errors:
                field.errors = [message]
                is_valid = False
        return is_valid


class ItemLineForm(LineForm):
    needed: ClassVar[dict[str, Any]] = {
        "item_id": _l("Choose the item."),
        "planned": _l("Enter how many."),
    }

    item_id = SelectField(_l("Item"), coerce=optional_id)
    planned = IntegerField(
        _l("Planned quantity"), [Optional(), NumberRange(min=1, max=LARGEST_QUANTITY)]
    )


class GoodsForm(Form):
    revision = RevisionField()
    package_version_id = SelectField(_l("Care package"), coerce=optional_id)
    planned_packages = IntegerField(
        _l("Planned care packages"),
        [InputRequired(), NumberRange(min=0, max=LARGEST_QUANTITY)],
        default=0,
    )
    items = Lines(
        FormField(ItemLineForm),
        label=_l("Goods handed out singly"),
        description=_l("Care goods to be handed out singly, by need."),
        max_entries=MOST_LINES,
    )

    def __init__(
        self, *, packages: Iterable[SelectChoice], goods: Iterable[Named], **values: object
    ) -> None:
        super().__init__(**values)
        self.package_version_id.choices = [SelectChoice("", _l("No care package")), *packages]
        _offer_lines(self, self.items, item_id=[SelectChoice("", "—"), *named(goods)])


class BudgetLineForm(LineForm):
    needed: ClassVar[dict[str, Any]] = {
        "fund_source_id": _l("Choose the fund source."),
        "purpose": _l("Enter what the money is for."),
        "amount": _l("Enter the amount."),
    }

    fund_source_id = SelectField(_l("Fund source"), coerce=optional_id)
    purpose = LineText(_l("Purpose"), [Length(max=LONGEST_NAME)])
    amount = YuanField(_l("Amount"))


class BudgetForm(Form):
    revision = RevisionField()
    lines = Lines(FormField(BudgetLineForm), label=_l("Budget lines"), max_entries=MOST_LINES)

    def __init__(self, *, sources: Iterable[SelectChoice], **values: object) -> None:
        super().__init__(**values)
        _offer_lines(self, self.lines, fund_source_id=[SelectChoice("", "—"), *sources])


def _offer_lines(form: Form, lines: Lines, **choices_by_field: list[SelectChoice]) -> None:
    """Add empty lines to type into, and give each line what there is to choose from."""
    is_typed = form.is_submitted() and lines.entries
    for _number in range(0 if is_typed else EMPTY_LINES):
        if len(lines.entries) < MOST_LINES:
            lines.append_entry()
    for line in lines:
        for name, offered in choices_by_field.items():
            line[name].choices = offered
