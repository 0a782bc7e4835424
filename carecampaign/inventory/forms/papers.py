"""Input of the other stock documents, and of warehouses."""

from collections.abc import Iterable
from typing import Any, Protocol

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    LineText,
    Paragraphs,
    bounded_id,
    optional_id,
)
from carecampaign.core.i18n import _, _l
from carecampaign.inventory.forms.filters import LONGEST_TEXT, Choices, with_empty
from carecampaign.inventory.forms.lines import (
    ArrivedRow,
    Holding,
    ItemRowsForm,
    RowsForm,
    SentLine,
    item_rows,
)


class Targets(Protocol):
    """Where stock can be sent, as (id, name) pairs."""

    @property
    def warehouses(self) -> Choices: ...
    @property
    def stations(self) -> Choices: ...
    @property
    def units(self) -> Choices: ...


class DispatchStepForm(FilterForm):
    """From where, for what: the page then lists what is there and where it can go."""

    source = SelectField(_l("Source"), default="", coerce=optional_id)
    campaign = SelectField(_l("For the campaign"), default="", coerce=optional_id)
    text = LineText(_l("Name of the recipient place"), [Length(max=LONGEST_TEXT)])

    def __init__(self, *args: Any, sources: Choices, campaigns: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args)
        self.source.choices = with_empty(_("Choose a place"), sources)
        self.campaign.choices = with_empty(_("None in particular"), campaigns)


class ReturnStepForm(FilterForm):
    """From which station or unit: the page then lists what is there."""

    source = SelectField(_l("Source"), default="", coerce=optional_id)

    def __init__(self, *args: Any, sources: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args)
        self.source.choices = with_empty(_("Choose a station or unit"), sources)


class DispatchForm(ItemRowsForm):
    """A transfer note: what goes where."""

    target = SelectField(_l("Destination"), [InputRequired()])
    note = Paragraphs(_l("Note"), [Length(max=1000)])

    def __init__(self, *, targets: Targets, holdings: Iterable[Holding], **values: object) -> None:
        super().__init__(**values)
        self.rows = item_rows(holdings)
        self.target.choices = [
            SelectChoice("", _("Choose a place")),
            *_group(_("Warehouses"), "warehouse", targets.warehouses),
            *_group(_("Warm stations"), "station", targets.stations),
            *_group(_("Participating units"), "unit", targets.units),
        ]

    def chosen_target(self) -> tuple[str, int]:
        """Give the kind of the target (warehouse, station, unit) and its row's id."""
        kind, _dash, number = self.target.data.partition("-")
        return kind, int(number)


class ReturnForm(ItemRowsForm):
    """A return note: what comes back to which warehouse."""

    target = SelectField(_l("To the warehouse"), [InputRequired()], coerce=bounded_id)
    note = Paragraphs(_l("Note"), [Length(max=1000)])

    def __init__(self, *, targets: Choices, holdings: Iterable[Holding], **values: object) -> None:
        super().__init__(**values)
        self.rows = item_rows(holdings, is_prefilled=True)
        self.target.choices = [SelectChoice(*pair) for pair in targets]


class ArrivalForm(RowsForm):
    """What arrived of a transfer, line by line."""

    rows: list[ArrivedRow]

    def __init__(self, *, lines: Iterable[SentLine], **values: object) -> None:
        super().__init__(**values)
        self.rows = [ArrivedRow(line) for line in lines]


class ReversalForm(CommandForm):
    reason = LineText(
        _l("Reason"),
        [DataRequired(), Length(max=200)],
        description=_l("It stands on the reversal note and stays in the books."),
    )


class WarehouseForm(CommandForm):
    organization = SelectField(_l("Organization"), [InputRequired()], coerce=bounded_id)
    name = LineText(_l("Name"), [DataRequired(), Length(max=100)])

    def __init__(self, *, organizations: Choices, **values: object) -> None:
        super().__init__(**values)
        self.organization.choices = [SelectChoice(*pair) for pair in organizations]


def _group(words: str, kind: str, pairs: Choices) -> list[SelectChoice]:
    return [SelectChoice(f"{kind}-{row_id}", name, optgroup=words) for row_id, name in pairs]
