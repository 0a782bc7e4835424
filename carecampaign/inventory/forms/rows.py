"""Forms over the lines of a paper: a number of pieces, or a reason, for each of them."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from flask_babel.speaklater import LazyString
from wtforms import IntegerField
from wtforms.validators import StopValidation

from carecampaign.core.errors import DomainError
from carecampaign.core.forms import LineText
from carecampaign.core.i18n import _, _l
from carecampaign.inventory.forms.lines import (
    LONGEST_REASON,
    Row,
    RowsForm,
    given_once,
    needed,
    understood,
)


class Thing(Protocol):
    """An item, or as little of one as a row shows."""

    id: Any
    name: Any
    unit: Any


class PaperLine(Protocol):
    """A line of a paper: one item."""

    id: Any
    item: Any


class PiecesRow(Row):
    """How many pieces of a line; at least none, at most ``most``."""

    quantity = IntegerField(
        _l("Quantity"),
        [given_once, needed, understood],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "min": "0"},
    )

    def __init__(self, line: PaperLine, *, most: int, quantity: int, label: LazyString) -> None:
        # The line may be forgotten by the session before the page is drawn.
        self.line_id, self.item_id, self.most = int(line.id), int(line.item.id), most
        super().__init__(prefix=f"line-{self.line_id}-", quantity=quantity)
        self.quantity.label.text = label

    def validate_quantity(self, field: IntegerField) -> None:
        """Refuse more than there can be, or less than nothing."""
        if field.data is not None and not field.errors and not 0 <= field.data <= self.most:
            raise StopValidation(_("Enter a whole number from 0 to %(most)s.", most=self.most))


class PiecesForm(RowsForm):
    """A form with a number of pieces for each line of a paper."""

    rows: list[PiecesRow]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Check the rows, and that there is anything in one of them."""
        is_valid = super().validate(extra_validators)
        if is_valid and not any(self.quantities().values()):
            self.form_errors.append(_("Enter a quantity for at least one item."))
            return False
        return is_valid

    def quantities(self) -> dict[int, int]:
        """Give the pieces by the id of the line."""
        return {row.line_id: row.quantity.data for row in self.rows}

    def reject(self, error: DomainError) -> None:
        """Show what is wrong with an item in its row."""
        item = getattr(error, "item", None)
        for row in self.rows:
            if item is not None and row.item_id == item.id:
                row.quantity.errors = [*row.quantity.errors, str(error)]
                return
        super().reject(error)


def pieces_rows(
    lines: Iterable[PaperLine],
    *,
    most: Mapping[int, int],
    proposed: Mapping[int, int],
    label: LazyString,
) -> list[PiecesRow]:
    """Make a row for each line; bounds and proposals are by the id of the line."""
    return [
        PiecesRow(line, most=most[line.id], quantity=proposed[line.id], label=label)
        for line in lines
    ]


class ReasonRow(Row):
    """Why the count of a line differs."""

    reason = LineText(_l("Reason for the difference"), [given_once, needed])

    def __init__(self, line: PaperLine, *, reason: str) -> None:
        self.line_id = int(line.id)
        super().__init__(prefix=f"line-{self.line_id}-", reason=reason)

    def validate_reason(self, field: LineText) -> None:
        """Refuse a novel."""
        if len(field.data or "") > LONGEST_REASON:
            raise StopValidation(_("At most %(most)s characters, please.", most=LONGEST_REASON))


class ReasonsForm(RowsForm):
    """A form with a reason for each line that differs."""

    rows: list[ReasonRow]

    def reasons(self) -> dict[int, str]:
        """Give the reasons by the id of the line."""
        return {row.line_id: row.reason.data for row in self.rows}
