"""Input of items and care packages."""

from collections.abc import Iterable
from typing import Any, Protocol

from flask_babel.speaklater import LazyString
from wtforms import BooleanField, Field, FormField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from carecampaign.catalogue.models import ItemKind
from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    Form,
    Lines,
    LineText,
    Paragraphs,
    YuanField,
    optional_id,
)
from carecampaign.core.i18n import _, _l, choices

LONGEST_NAME = 100
LARGEST_VALUE = 100_000_000
"""Fen apiece (a million yuan): with 50 lines of 9,999 pieces still far below 63 bits."""
MOST_PIECES = 9_999
MOST_LINES = 50
EMPTY_LINES = 4


class Choosable(Protocol):
    """Anything with an id, a code, a name and a unit."""

    id: Any
    code: Any
    name: Any
    spec: Any
    unit: Any


class Bounded:
    """A number between two bounds; what is no number at all gets the same one message."""

    def __init__(self, least: int, most: int, message: LazyString) -> None:
        self._least = least
        self._most = most
        self._message = message

    def __call__(self, _form: Form, field: Field) -> None:
        if field.errors or not self._least <= field.data <= self._most:
            field.errors = []
            raise StopValidation(self._message)


class ItemFilterForm(FilterForm):
    text = LineText(
        _l("Search"),
        [Length(max=LONGEST_NAME)],
        render_kw={"placeholder": _l("Code, name or spec")},
    )
    kind = SelectField(
        _l("Kind"),
        [Optional()],
        default="",
        choices=lambda: [("", _l("All")), *choices(ItemKind)],
    )
    state = SelectField(
        _l("State"),
        [Optional()],
        default="",
        choices=lambda: [("", _l("All")), ("active", _l("In use")), ("retired", _l("Retired"))],
    )


class PackageFilterForm(FilterForm):
    text = LineText(
        _l("Search"), [Length(max=LONGEST_NAME)], render_kw={"placeholder": _l("Name")}
    )
    state = SelectField(
        _l("State"),
        [Optional()],
        default="",
        choices=lambda: [("", _l("All")), ("active", _l("In use")), ("retired", _l("Retired"))],
    )


class ItemForm(Form):
    code = LineText(_l("Code"), [InputRequired(), Length(max=20)])
    name = LineText(_l("Name"), [InputRequired(), Length(max=LONGEST_NAME)])
    spec = LineText(
        _l("Spec"), [Length(max=LONGEST_NAME)], description=_l("For example: 500 ml, red.")
    )
    unit = LineText(
        _l("Unit of measure"),
        [InputRequired(), Length(max=10)],
        description=_l("What a piece is counted in: piece, pair, box …"),
    )
    reference_value = YuanField(
        _l("Reference value"),
        [InputRequired(), Bounded(0, LARGEST_VALUE, _l("Enter an amount up to a million yuan."))],
        description=_l("Per unit. It counts until the real price of a batch is known."),
    )


class NewItemForm(ItemForm, CommandForm):
    code = LineText(
        _l("Code"),
        [Length(max=20)],
        description=_l("Left empty, the next free code is given."),
    )


class ContentForm(Form):
    """One line of a care package; a line with nothing in it does not count."""

    class Meta:
        csrf = False

    item_id = SelectField(_l("Item"), [Optional()], coerce=optional_id)
    quantity = IntegerField(
        _l("Pieces per package"),
        [Optional(), Bounded(1, MOST_PIECES, _l("Enter a whole number from 1 to 9999."))],
    )

    def check(self, listed: set[int]) -> None:
        """Refuse half a line, and an item that an earlier line has."""
        item, quantity = self.item_id, self.quantity
        if item.data in listed:
            item.errors = [_("This item is listed already: put its pieces there.")]
        elif item.data is None and quantity.data is not None and not item.errors:
            item.errors = [_("Choose the item.")]
        elif item.data is not None and quantity.data is None and not quantity.errors:
            quantity.errors = [_("Enter how many are in a package.")]


class ContentsForm(CommandForm):
    """The contents of a care package, line by line."""

    # One line more than may be, so that the one too many is seen and refused.
    contents = Lines(FormField(ContentForm), label=_l("Contents"), max_entries=MOST_LINES + 1)
    is_exhaustive = BooleanField(
        _l("The list is complete"),
        default=True,
        description=_l("Clear it where the source ends its list with “and others” (等)."),
    )
    note = Paragraphs(_l("Note"), [Length(max=1000)])

    def __init__(self, *, items: Iterable[Choosable], **values: object) -> None:
        super().__init__(**values)
        if not self.is_submitted():
            for _line in range(min(EMPTY_LINES, MOST_LINES - len(self.contents))):
                self.contents.append_entry()
        options = [SelectChoice("", _("Choose an item")), *(_choice(item) for item in items)]
        for entry in self.contents:
            entry.form.item_id.choices = options

    def validate_contents(self, field: Lines) -> None:
        """Refuse what is wrong with a line beside it, and a package of nothing."""
        listed: set[int] = set()
        for entry in field:
            entry.form.check(listed)
            listed.add(entry.form.item_id.data)
            listed.discard(None)
        field.errors = [entry.errors for entry in field if entry.errors]
        if len(field) > MOST_LINES:
            raise StopValidation(_("A care package has at most 50 lines."))
        if not listed and not field.errors:
            raise StopValidation(_("Name at least one item."))

    def lines(self) -> dict[int, int]:
        """Give the pieces of each item, in the order of the lines that count."""
        return {
            entry.form.item_id.data: entry.form.quantity.data
            for entry in self.contents
            if entry.form.item_id.data is not None
        }


class NewPackageForm(ContentsForm):
    name = LineText(_l("Name"), [InputRequired(), Length(max=LONGEST_NAME)])


def _choice(item: Choosable) -> SelectChoice:
    words = " · ".join(word for word in (item.name, item.spec, item.code) if word)
    return SelectChoice(item.id, words)
