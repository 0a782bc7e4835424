"""Input of goods that come in, bought or donated."""

from collections.abc import Mapping
from typing import Any

from wtforms import DateField, FormField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from carecampaign.core import clock
from carecampaign.core.forms import (
    CommandForm,
    Lines,
    LineText,
    Paragraphs,
    YuanField,
    bounded_id,
    optional_id,
)
from carecampaign.core.i18n import _, _l, choices
from carecampaign.inventory.forms.filters import Choices, member_of, with_empty
from carecampaign.inventory.forms.lines import (
    LONGEST_REASON,
    Row,
    given_once,
    is_blank,
    needed,
    pieces,
    understood,
)
from carecampaign.inventory.models import InspectionResult

LARGEST_UNIT_VALUE = 100_000_000
"""Fen apiece (a million yuan): with the most pieces on a line still within bounds."""
LONGEST_LOT_CODE = 40
MOST_LINES = 50
EMPTY_LINES = 4
SPARE_LINES = 2


class ReceiptRow(Row):
    """One batch that came in; a row with nothing in it does not count."""

    item = SelectField(_l("Item"), [given_once, needed, understood], coerce=optional_id)
    quantity = IntegerField(
        _l("Quantity"),
        [given_once, needed, understood, pieces],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "min": "1"},
    )
    unit_value = YuanField(_l("Unit price"), [given_once, needed, understood])
    lot_code = LineText(_l("Batch"), [given_once, Length(max=LONGEST_LOT_CODE)])
    expires_on = DateField(_l("Expiry"), [given_once, Optional(), understood])
    ordered = IntegerField(
        _l("Ordered"),
        [given_once, Optional(), understood, pieces],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "min": "1"},
    )
    difference_reason = LineText(
        _l("Reason for the difference"), [given_once, Length(max=LONGEST_REASON)]
    )

    @property
    def is_empty(self) -> bool:
        return all(is_blank(field) for field in self)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Check the row, unless there is nothing in it."""
        return self.is_empty or super().validate(extra_validators)

    def validate_unit_value(self, field: YuanField) -> None:
        """Refuse a price that nothing has."""
        if field.data is not None and field.data > LARGEST_UNIT_VALUE:
            raise StopValidation(_("At most a million yuan apiece."))

    def validate_difference_reason(self, field: LineText) -> None:
        """Ask why where not as many came as were ordered."""
        if self.differs and not field.data:
            raise StopValidation(_("Say why not as many came as were ordered."))

    @property
    def differs(self) -> bool:
        """Whether more or fewer came than were ordered, where that is known."""
        return self.ordered.data is not None and self.ordered.data != self.quantity.data


class ReceiptForm(CommandForm):
    """A goods-received note (DOMAIN.md section 1)."""

    target = SelectField(_l("Warehouse"), [InputRequired()], coerce=bounded_id)
    origin = RadioField(
        _l("Origin"),
        default="bought",
        choices=lambda: [
            SelectChoice("bought", _("Bought")),
            SelectChoice("donated", _("Donated")),
        ],
    )
    counterpart = LineText(_l("Supplier or donor"), [DataRequired(), Length(max=100)])
    fund_source = SelectField(
        _l("Fund source"),
        [InputRequired()],
        coerce=bounded_id,
        description=_l("One note, one source: money of another source goes on a note of its own."),
    )
    earmark = SelectField(
        _l("Earmark"),
        coerce=optional_id,
        default="",
        description=_l("What the giver meant the goods for. It must be one of this fund source."),
    )
    dated_on = DateField(_l("Date received"), [InputRequired()], default=clock.today)
    invoice_number = LineText(_l("Invoice number"), [Length(max=60)])
    campaign = SelectField(_l("For the campaign"), coerce=optional_id, default="")
    lines = Lines(FormField(ReceiptRow), label=_l("What came in"), max_entries=MOST_LINES)
    inspection = SelectField(
        _l("Result of the inspection"),
        coerce=member_of(InspectionResult),
        default="",
        choices=lambda: with_empty(_("Not inspected yet"), choices(InspectionResult)),
    )
    delivered_by = LineText(_l("Delivered by"), [Length(max=60)])
    inspected_by = LineText(_l("Inspected by"), [Length(max=60)])
    note = Paragraphs(
        _l("Note"), [Length(max=1000)], description=_l("For example damage, or what was missing.")
    )

    def __init__(
        self,
        *,
        targets: Choices,
        fund_sources: Choices,
        earmarks: Mapping[str, Choices],
        campaigns: Choices,
        items: Choices,
        **values: object,
    ) -> None:
        super().__init__(**values)
        self.target.choices = [SelectChoice(*pair) for pair in targets]
        self.fund_source.choices = [SelectChoice(*pair) for pair in fund_sources]
        self.earmark.choices = [
            *with_empty(_("None: for the general use of its source"), []),
            *(
                SelectChoice(*pair, optgroup=source)
                for source, pairs in earmarks.items()
                for pair in pairs
            ),
        ]
        self.campaign.choices = with_empty(_("None in particular"), campaigns)
        self._add_empty_lines()
        options = with_empty(_("Choose an item"), items)
        for entry in self.lines:
            entry.form.item.choices = options

    def _add_empty_lines(self) -> None:
        empty = sum(entry.form.is_empty for entry in self.lines)
        wanted = SPARE_LINES if self.is_submitted() else EMPTY_LINES
        for _number in range(min(wanted - empty, MOST_LINES - len(self.lines))):
            self.lines.append_entry()

    def validate_dated_on(self, field: DateField) -> None:
        """Refuse what has not come yet."""
        if field.data is not None and field.data > clock.today():
            raise StopValidation(_("Enter a date between 2000 and today."))

    def validate_inspection(self, field: SelectField) -> None:
        """Refuse to call passed what differs from the order."""
        differs = any(row.differs for row in self.filled_rows())
        if differs and field.data is InspectionResult.PASSED:
            raise StopValidation(_("The quantities differ from the order: note it here, too."))

    def validate_lines(self, field: Lines) -> None:
        """Refuse nothing at all, the same batch twice, and what is past its date already."""
        rows = self.filled_rows()
        if not rows:
            raise StopValidation(_("Enter at least one item."))
        seen: set[tuple[int | None, str]] = set()
        for row in rows:
            if (batch := (row.item.data, row.lot_code.data)) in seen and row.item.data:
                row.item.errors = [
                    _("This batch is listed already. Give each batch a code of its own.")
                ]
            seen.add(batch)
            self._check_expiry(row)
        field.errors = [entry.errors for entry in field if entry.errors]

    def _check_expiry(self, row: ReceiptRow) -> None:
        expires_on, dated_on = row.expires_on.data, self.dated_on.data
        if expires_on and dated_on and not row.expires_on.errors and expires_on < dated_on:
            row.expires_on.errors = [_("This was past its date when it came in.")]

    def filled_rows(self) -> list[ReceiptRow]:
        """Give the rows that count."""
        return [entry.form for entry in self.lines if not entry.form.is_empty]
