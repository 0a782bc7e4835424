"""Input of requisitions: what is asked for, granted, refused and issued."""

from typing import Any

from wtforms import DateField, FormField, IntegerField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from carecampaign.core import clock
from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    Lines,
    LineText,
    Paragraphs,
    optional_id,
)
from carecampaign.core.i18n import _, _l
from carecampaign.inventory.forms.filters import Choices, with_empty
from carecampaign.inventory.forms.lines import (
    Row,
    given_once,
    is_blank,
    needed,
    pieces,
    understood,
)
from carecampaign.inventory.forms.rows import PiecesForm, PiecesRow

MOST_LINES = 30
EMPTY_LINES = 3
SPARE_LINES = 2


class AskedRow(Row):
    """One item that is asked for; a row with nothing in it does not count."""

    item = SelectField(_l("Item"), [given_once, needed, understood], coerce=optional_id)
    quantity = IntegerField(
        _l("Quantity"),
        [given_once, needed, understood, pieces],
        render_kw={"inputmode": "numeric", "autocomplete": "off", "min": "1"},
    )

    @property
    def is_empty(self) -> bool:
        return all(is_blank(field) for field in self)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Check the row, unless there is nothing in it."""
        return self.is_empty or super().validate(extra_validators)


class RequisitionForm(CommandForm):
    """A requisition (DOMAIN.md section 1, 领用单)."""

    target = SelectField(_l("Requesting unit"), [InputRequired()])
    campaign = SelectField(_l("For the campaign"), coerce=optional_id, default="")
    purpose = LineText(_l("Purpose"), [DataRequired(), Length(max=200)])
    needed_by = DateField(_l("Needed by"), [Optional()])
    lines = Lines(FormField(AskedRow), label=_l("What is asked for"), max_entries=MOST_LINES)

    def __init__(
        self,
        *,
        stations: Choices,
        units: Choices,
        campaigns: Choices,
        items: Choices,
        **values: object,
    ) -> None:
        super().__init__(**values)
        self.target.choices = [
            SelectChoice("", _("Choose a place")),
            *_group(_("Warm stations"), "station", stations),
            *_group(_("Units"), "unit", units),
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

    def validate_needed_by(self, field: DateField) -> None:
        """Refuse a day that is over."""
        if field.data is not None and field.data < clock.today():
            raise StopValidation(_("This day is over already."))

    def validate_lines(self, field: Lines) -> None:
        """Refuse nothing at all, and the same item twice."""
        rows = self.filled_rows()
        if not rows:
            raise StopValidation(_("Enter at least one item."))
        seen: set[int] = set()
        for row in rows:
            if row.item.data in seen:
                row.item.errors = [_("This item is listed already.")]
            elif row.item.data:
                seen.add(row.item.data)
        field.errors = [entry.errors for entry in field if entry.errors]

    def filled_rows(self) -> list[AskedRow]:
        """Give the rows that count."""
        return [entry.form for entry in self.lines if not entry.form.is_empty]

    def chosen_target(self) -> tuple[str, int]:
        """Give the kind of whoever asks (station, unit) and its row's id."""
        kind, _dash, number = self.target.data.partition("-")
        return kind, int(number)


class GrantStepForm(FilterForm):
    """From which warehouse: the page then shows what is free there."""

    warehouse = SelectField(_l("Warehouse"), default="", coerce=optional_id)

    def __init__(self, *args: Any, warehouses: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args)
        self.warehouse.choices = with_empty(_("Choose a warehouse"), warehouses)


class GrantForm(PiecesForm):
    """What is granted of each line, and a word to whoever asked."""

    comment = LineText(_l("Comment"), [Length(max=200)])

    def __init__(self, *, rows: list[PiecesRow], **values: object) -> None:
        super().__init__(**values)
        self.rows = rows


class RefusalForm(CommandForm):
    """Why something is not approved."""

    comment = LineText(
        _l("Reason"),
        [DataRequired(), Length(max=200)],
        description=_l("Whoever prepared it reads this."),
    )


class IssueRequisitionForm(PiecesForm):
    """What really goes, and how: into the stock of whoever asked, or for use at once."""

    way = RadioField(
        _l("How it goes"),
        default="transfer",
        choices=lambda: [
            SelectChoice("transfer", _("Transfer into their stock (they confirm what arrives)")),
            SelectChoice("issue", _("Issue for use (signed for here, and gone from the stock)")),
        ],
    )
    receiver = LineText(
        _l("Signed for by"),
        [Length(max=60)],
        description=_l("Who signs for the goods when they are issued for use."),
    )
    note = Paragraphs(_l("Note"), [Length(max=1000)])

    def __init__(self, *, rows: list[PiecesRow], **values: object) -> None:
        super().__init__(**values)
        self.rows = rows

    def validate_receiver(self, field: LineText) -> None:
        """Ask who signs for what is issued."""
        if self.way.data == "issue" and not field.data:
            raise StopValidation(_("Enter who receives the goods."))


def _group(words: str, kind: str, pairs: Choices) -> list[SelectChoice]:
    return [SelectChoice(f"{kind}-{row_id}", name, optgroup=words) for row_id, name in pairs]
