"""Parts of the forms that list items: what a single row needs, and how its errors show."""

import re
from collections.abc import Iterable
from typing import Any, Protocol

from flask import request
from wtforms import Field, IntegerField
from wtforms.validators import Optional, StopValidation

from carecampaign.core.errors import DomainError
from carecampaign.core.forms import CommandForm, Form, LineText
from carecampaign.core.i18n import _, _l
from carecampaign.core.limits import LARGEST_QUANTITY

LONGEST_REASON = 200
_WHOLE_NUMBER = {"inputmode": "numeric", "autocomplete": "off", "min": "0"}


class Holding(Protocol):
    """An item and the pieces of it that there are."""

    @property
    def item_id(self) -> int: ...
    @property
    def on_hand(self) -> int: ...


class SentLine(Protocol):
    """A line of a transfer: pieces that were sent."""

    id: Any
    quantity: Any


class Row(Form):
    """One row of fields within a form; the form around it carries the CSRF token."""

    class Meta:
        csrf = False


def is_blank(field: Field) -> bool:
    """Say whether nothing was typed or chosen."""
    return not field.raw_data or not str(field.raw_data[0]).strip()


def given_once(_form: Form, field: Field) -> None:
    """Refuse a field that was sent twice: nobody could say which of both counts."""
    if field.raw_data and len(field.raw_data) > 1:
        field.errors = []
        raise StopValidation(_("This line was sent twice. Enter it once."))


def understood(_form: Form, field: Field) -> None:
    """Stop where the text was no such value at all: one error is enough."""
    if field.errors:
        raise StopValidation


def needed(_form: Form, field: Field) -> None:
    """Refuse an empty field without the browser's "required": the row may stay empty."""
    if is_blank(field):
        field.errors = []
        raise StopValidation(_("Please fill this in."))


def pieces(_form: Form, field: Field) -> None:
    """Refuse what is no number of pieces."""
    if not 1 <= field.data <= LARGEST_QUANTITY:
        raise StopValidation(
            _("Enter a whole number from 1 to %(most)s.", most=f"{LARGEST_QUANTITY:,}")
        )


class SentRow(Row):
    """How many pieces of one item go; left empty, none."""

    quantity = IntegerField(
        _l("Quantity"), [given_once, Optional(), understood, pieces], render_kw=_WHOLE_NUMBER
    )

    def __init__(self, holding: Holding, *, quantity: int | None) -> None:
        super().__init__(prefix=f"item-{holding.item_id}-", quantity=quantity)
        self.holding = holding

    def validate_quantity(self, field: IntegerField) -> None:
        """Refuse more than there is, before the ledger does."""
        on_hand = self.holding.on_hand
        if field.data is not None and not field.errors and field.data > on_hand:
            raise StopValidation(
                _("Only %(on_hand)s here.", on_hand=on_hand)
                if on_hand
                else _("None is left here.")
            )


class ArrivedRow(Row):
    """How many pieces of a transfer's line arrived, and why not all."""

    received = IntegerField(
        _l("Arrived"), [given_once, needed, understood], render_kw=_WHOLE_NUMBER
    )
    reason = LineText(_l("Reason for the difference"))

    def __init__(self, line: SentLine) -> None:
        # The line may be forgotten by the session before the page is drawn.
        self.line_id, self.sent = int(line.id), int(line.quantity)
        super().__init__(prefix=f"line-{self.line_id}-", received=self.sent)

    def validate_received(self, field: IntegerField) -> None:
        """Refuse more than was sent, or less than nothing."""
        if field.data is not None and not field.errors and not 0 <= field.data <= self.sent:
            raise StopValidation(_("Between 0 and %(sent)s can have arrived.", sent=self.sent))

    def validate_reason(self, field: LineText) -> None:
        """Ask why where something is missing."""
        if len(field.data or "") > LONGEST_REASON:
            raise StopValidation(_("At most %(most)s characters, please.", most=LONGEST_REASON))
        received = self.received.data
        if received is not None and 0 <= received < self.sent and not field.data:
            raise StopValidation(_("Say why fewer arrived than were sent."))


class RowsForm(CommandForm):
    """A form with a row of fields for each of a known set of things."""

    rows: list[Any]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Check the form and each of its rows, so that all errors show at once."""
        results = [super().validate(extra_validators), *(row.validate() for row in self.rows)]
        return all(results)

    @property
    def errors(self) -> dict[str, Any]:
        """What is wrong, that of the rows included."""
        found = dict(super().errors)
        of_rows = [row.errors for row in self.rows if row.errors]
        return {**found, "rows": of_rows} if of_rows else found


class ItemRowsForm(RowsForm):
    """A form with a row for each item that a place holds."""

    rows: list[SentRow]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Check the rows, and that there is anything in one of them."""
        is_valid = super().validate(extra_validators)
        if is_valid and not self.lines():
            self.form_errors.append(_("Enter a quantity for at least one item."))
        return is_valid and bool(self.lines())

    def lines(self) -> list[tuple[int, int]]:
        """Give the item and the pieces of each row that has any."""
        return [(row.holding.item_id, row.quantity.data) for row in self.rows if row.quantity.data]

    def reject(self, error: DomainError) -> None:
        """Show what is wrong with an item in its row."""
        item = getattr(error, "item", None)
        for row in self.rows:
            if item is not None and row.holding.item_id == item.id:
                row.quantity.errors = [*row.quantity.errors, str(error)]
                return
        super().reject(error)


def posted_items() -> list[int]:
    """Give the ids of the items for which a quantity was sent."""
    names = (re.fullmatch(r"item-([0-9]{1,18})-quantity", name) for name in request.form)
    return [int(found[1]) for found in names if found and request.form[found.string].strip()]


def item_rows(holdings: Iterable[Holding], *, is_prefilled: bool = False) -> list[SentRow]:
    """Make a row for each item; prefilled, all of it goes unless somebody says otherwise."""
    return [
        SentRow(holding, quantity=holding.on_hand if is_prefilled else None)
        for holding in holdings
    ]
