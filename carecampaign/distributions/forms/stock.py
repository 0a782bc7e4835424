"""Stock that is taken, counted and sent back."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from wtforms import BooleanField, IntegerField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from carecampaign.core.babel import in_language
from carecampaign.core.errors import DomainError
from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    Form,
    LineText,
    bounded_id,
    optional_id,
)
from carecampaign.core.i18n import Labelled, _l
from carecampaign.core.limits import LARGEST_QUANTITY
from carecampaign.distributions.forms.shared import NOTHING, Choice, labels, options, pieces


class SourceForm(FilterForm):
    """From which place stock is taken; asked first, because it decides on all the rest."""

    source = SelectField(_l("Stock comes from"), [Optional()], coerce=optional_id, default="")

    def __init__(self, *, places: Iterable[Choice], **values: object) -> None:
        super().__init__(**values)
        self.source.choices = options(places)


class StockForm(CommandForm):
    """Stock to bring: a field ``take_<item>`` for every item of the source joins.

    When an event is opened ``arrived_<line>`` and ``reason_<line>`` join for every line that
    is on its way to the source, and ``carry_over`` where an event was left open.
    """

    @property
    def taken(self) -> dict[int, int]:
        """Give the pieces to take by the id of the item, those of nothing left out."""
        return {key: number for key, number in self._numbers("take_").items() if number}

    @property
    def arrivals(self) -> dict[int, tuple[int | None, str]]:
        """Give what arrived and why not all, by the id of the transfer's line."""
        return {
            key: (number, self._fields[f"reason_{key}"].data)
            for key, number in self._numbers("arrived_").items()
        }

    def reject(self, error: DomainError) -> None:
        """Show what is wrong with an item beside its field."""
        item = getattr(error, "item", None)
        if item is not None and f"take_{item.id}" in self:
            error.field = f"take_{item.id}"
        super().reject(error)

    def _numbers(self, prefix: str) -> dict[int, Any]:
        return {
            bounded_id(name.removeprefix(prefix)): field.data
            for name, field in self._fields.items()
            if name.startswith(prefix)
        }


class Supply(NamedTuple):
    """An item that can be taken: what is there, what arrives, what the plan suggests to take."""

    item: Choice
    on_hand: int
    arriving: int = 0
    suggested: int | None = None


def stock_form(
    supplies: Iterable[Supply],
    *,
    arriving: Iterable[Any] = (),
    can_carry_over: bool = False,
) -> type[StockForm]:
    """Give the form for stock of a source: what can be taken, and lines on their way to it."""
    fields: dict[str, Any] = {}
    for document in arriving:
        fields[f"receive_{document.id}"] = BooleanField(_l("Receive it now"), default=True)
        for line in document.lines:
            fields[f"arrived_{line.id}"] = pieces(line.item.name, default=line.quantity)
            fields[f"reason_{line.id}"] = LineText(_l("Why fewer"), validators=[Length(max=200)])
    for supply in supplies:
        words = _l("In stock: %(on_hand)s", on_hand=supply.on_hand)
        if supply.arriving:
            words = _l(
                "In stock: %(on_hand)s, on its way: %(arriving)s",
                on_hand=supply.on_hand,
                arriving=supply.arriving,
            )
        fields[f"take_{supply.item.id}"] = pieces(
            supply.item.name, description=words, default=supply.suggested
        )
    if can_carry_over:
        fields["carry_over"] = BooleanField(
            _l("Close it by its books and carry its stock over"), default=True
        )
    return type("StockFormOfPlace", (StockForm,), fields)


class CloseForm(Form):
    """What is left at the end; ``counted_``, ``books_``, ``gap_`` and ``group_<item>`` join."""

    target_id = SelectField(
        _l("What is left goes to"), coerce=optional_id, default="", validators=[Optional()]
    )

    @property
    def counted_items(self) -> list[int]:
        """Give the ids of the items that are counted."""
        names = [name for name in self._fields if name.startswith("counted_")]
        return [bounded_id(name.removeprefix("counted_")) for name in names]


def close_form(
    levels: Iterable[Any], *, gaps: type[Labelled], groups: Iterable[Any], places: Iterable[Choice]
) -> type[CloseForm]:
    """Give the form that counts these stock levels."""
    for_whom = [SelectChoice(group.id, in_language(group)) for group in groups]
    fields: dict[str, Any] = {}
    for level in levels:
        key = level.item_id
        fields[f"counted_{key}"] = IntegerField(
            _l("Counted"),
            default=level.on_hand,
            validators=[InputRequired(), NumberRange(min=0, max=LARGEST_QUANTITY)],
            render_kw={"inputmode": "numeric", "min": 0},
        )
        fields[f"books_{key}"] = IntegerField(
            default=level.on_hand, validators=[InputRequired()], widget=HiddenInput()
        )
        fields[f"gap_{key}"] = SelectField(
            _l("What is missing was"),
            [Optional()],
            default="",
            choices=[NOTHING, *labels(gaps)],
        )
        fields[f"group_{key}"] = SelectField(
            _l("Group that got them"),
            [Optional()],
            coerce=optional_id,
            default="",
            choices=[NOTHING, *for_whom],
        )
    fields["target_id"] = SelectField(
        _l("What is left goes to"),
        [Optional()],
        coerce=optional_id,
        default="",
        choices=[NOTHING, *options(places)],
    )
    return type("CloseFormOfEvent", (CloseForm,), fields)


class TargetForm(Form):
    """Where stock goes."""

    target_id = SelectField(
        _l("What is left goes to"), coerce=bounded_id, validators=[InputRequired()]
    )

    def __init__(self, *, places: Iterable[Choice]) -> None:
        super().__init__()
        self.target_id.choices = options(places)
