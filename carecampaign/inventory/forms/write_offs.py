"""Input of write-offs: which pieces of which lots, and why."""

from collections.abc import Iterable
from typing import Any, Protocol

from wtforms import IntegerField, SelectField
from wtforms.validators import DataRequired, Length, Optional, StopValidation

from carecampaign.core.errors import DomainError
from carecampaign.core.forms import FilterForm, LineText, optional_id
from carecampaign.core.i18n import _, _l, choices
from carecampaign.inventory.forms.filters import Choices, with_empty
from carecampaign.inventory.forms.lines import Row, RowsForm, given_once, pieces, understood
from carecampaign.inventory.models import WriteOffCause


class LotHere(Protocol):
    """Pieces of a lot at a place."""

    lot_id: Any
    item_id: Any
    on_hand: Any


class PlaceStepForm(FilterForm):
    """At which place: the page then lists what is there."""

    location = SelectField(_l("Stock location"), default="", coerce=optional_id)

    def __init__(self, *args: Any, locations: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args)
        self.location.choices = with_empty(_("Choose a place"), locations)


class SpoiledRow(Row):
    """How many pieces of one lot are to go; left empty, none."""

    quantity = IntegerField(
        _l("Quantity"),
        [given_once, Optional(), understood, pieces],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "min": "0"},
    )

    def __init__(self, here: LotHere) -> None:
        self.lot_id, self.item_id = int(here.lot_id), int(here.item_id)
        self.on_hand = int(here.on_hand)
        super().__init__(prefix=f"lot-{self.lot_id}-")

    def validate_quantity(self, field: IntegerField) -> None:
        """Refuse more than there is, before the ledger does."""
        if field.data is not None and not field.errors and field.data > self.on_hand:
            raise StopValidation(_("Only %(on_hand)s here.", on_hand=self.on_hand))


class WriteOffForm(RowsForm):
    """A write-off (DOMAIN.md section 8, 报损)."""

    rows: list[SpoiledRow]

    cause = SelectField(
        _l("Cause"),
        choices=lambda: choices(WriteOffCause),
        coerce=WriteOffCause,
        default=WriteOffCause.DAMAGED,
    )
    reason = LineText(
        _l("Circumstances"),
        [DataRequired(), Length(max=200)],
        description=_l("It stands on the write-off note, with the approval below it."),
    )

    def __init__(self, *, lots: Iterable[LotHere], **values: object) -> None:
        super().__init__(**values)
        self.rows = [SpoiledRow(here) for here in lots]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Check the rows, and that there is anything in one of them."""
        is_valid = super().validate(extra_validators)
        if is_valid and not self.spoiled():
            self.form_errors.append(_("Enter a quantity for at least one item."))
            return False
        return is_valid

    def spoiled(self) -> list[tuple[int, int]]:
        """Give the lot and the pieces of each row that has any."""
        return [(row.lot_id, row.quantity.data) for row in self.rows if row.quantity.data]

    def reject(self, error: DomainError) -> None:
        """Show what is wrong with an item in its first row."""
        item = getattr(error, "item", None)
        for row in self.rows:
            if item is not None and row.item_id == item.id and row.quantity.data:
                row.quantity.errors = [*row.quantity.errors, str(error)]
                return
        super().reject(error)
