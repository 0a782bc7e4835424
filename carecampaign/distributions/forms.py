"""What people type about events and their stock."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, Protocol

from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from carecampaign.core.babel import in_language
from carecampaign.core.errors import DomainError
from carecampaign.core.forms import (
    CommandForm,
    FilterForm,
    Form,
    LineText,
    Paragraphs,
    bounded_id,
    optional_id,
)
from carecampaign.core.i18n import Labelled, _l, choices
from carecampaign.core.limits import LARGEST_QUANTITY
from carecampaign.distributions.models import EventState


class Choice(Protocol):
    """Anything with an id and a name."""

    id: Any
    name: Any


NOTHING = SelectChoice("", "—")


def _options(rows: Iterable[Choice]) -> list[SelectChoice]:
    return [SelectChoice(row.id, row.name) for row in rows]


def _labels(kind: type[Labelled]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in choices(kind)]


def _pieces(label: object, **options: Any) -> IntegerField:  # noqa: ANN401 - passed on
    return IntegerField(
        label,
        validators=[Optional(), NumberRange(min=0, max=LARGEST_QUANTITY)],
        render_kw={"inputmode": "numeric", "min": 0, "max": LARGEST_QUANTITY},
        **options,
    )


class EventFilterForm(FilterForm):
    """The filters above the list of events."""

    campaign = SelectField(_l("Campaign"), [Optional()], coerce=optional_id, default="")
    station = SelectField(_l("Station"), [Optional()], coerce=optional_id, default="")
    state = SelectField(
        _l("State"), [Optional()], default="", choices=[NOTHING, *_labels(EventState)]
    )
    since = DateField(_l("From date"), validators=[Optional()])
    until = DateField(_l("To date"), validators=[Optional()])

    def __init__(
        self, *, campaigns: Iterable[Choice], stations: Iterable[Choice], **values: object
    ) -> None:
        super().__init__(**values)
        self.campaign.choices = [NOTHING, *_options(campaigns)]
        self.station.choices = [NOTHING, *_options(stations)]


class CampaignChoiceForm(FilterForm):
    """The first question when an event is planned: for which campaign."""

    campaign = SelectField(_l("Campaign"), [Optional()], coerce=optional_id, default="")

    def __init__(self, *, campaigns: Iterable[Choice], **values: object) -> None:
        super().__init__(**values)
        self.campaign.choices = [NOTHING, *_options(campaigns)]


class EventForm(CommandForm):
    """Where, when, for whom and by whom; a field ``planned_<group>`` joins for every group."""

    station_id = SelectField(_l("Station"), [Optional()], coerce=optional_id, default="")
    place = LineText(
        _l("Place"),
        validators=[Length(max=120)],
        description=_l("Needed only where it is not a station, or a certain spot of it."),
    )
    held_on = DateField(_l("Date"), validators=[InputRequired()])
    starts_at = TimeField(_l("Begins at"), validators=[Optional()])
    ends_at = TimeField(_l("Ends at"), validators=[Optional()])
    unit_id = SelectField(
        _l("Unit whose quota it counts for"), coerce=bounded_id, validators=[InputRequired()]
    )
    volunteers = SelectMultipleField(
        _l("Volunteers"),
        coerce=bounded_id,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l("Those who belong to the station may log in any case."),
    )
    note = Paragraphs(_l("Note"), validators=[Length(max=2000)])

    @property
    def plans(self) -> dict[int, int]:
        """Give the planned packages by the id of the group."""
        return {
            bounded_id(name.removeprefix("planned_")): field.data or 0
            for name, field in self._fields.items()
            if name.startswith("planned_")
        }

    @property
    def plan_fields(self) -> list[IntegerField]:
        return [field for name, field in self._fields.items() if name.startswith("planned_")]

    def offer(
        self,
        *,
        stations: Iterable[Choice],
        units: Iterable[Choice],
        volunteers: Iterable[Choice],
    ) -> None:
        """Fill in what can be chosen."""
        self.station_id.choices = [SelectChoice("", _l("Another place")), *_options(stations)]
        self.unit_id.choices = _options(units)
        self.volunteers.choices = _options(volunteers)


def event_form(groups: Sequence[Any]) -> type[EventForm]:
    """Give the form of an event of a campaign with these groups."""
    fields = {f"planned_{group.id}": _pieces(in_language(group)) for group in groups}
    return type("EventFormOfCampaign", (EventForm,), fields)


class SourceForm(FilterForm):
    """From which place stock is taken; asked first, because it decides on all the rest."""

    source = SelectField(_l("Stock comes from"), [Optional()], coerce=optional_id, default="")

    def __init__(self, *, places: Iterable[Choice], **values: object) -> None:
        super().__init__(**values)
        self.source.choices = _options(places)


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
            fields[f"arrived_{line.id}"] = _pieces(line.item.name, default=line.quantity)
            fields[f"reason_{line.id}"] = LineText(_l("Why fewer"), validators=[Length(max=200)])
    for supply in supplies:
        words = _l("In stock: %(on_hand)s", on_hand=supply.on_hand)
        if supply.arriving:
            words = _l(
                "In stock: %(on_hand)s, on its way: %(arriving)s",
                on_hand=supply.on_hand,
                arriving=supply.arriving,
            )
        fields[f"take_{supply.item.id}"] = _pieces(
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
            choices=[NOTHING, *_labels(gaps)],
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
        choices=[NOTHING, *_options(places)],
    )
    return type("CloseFormOfEvent", (CloseForm,), fields)


class TargetForm(Form):
    """Where stock goes."""

    target_id = SelectField(
        _l("What is left goes to"), coerce=bounded_id, validators=[InputRequired()]
    )

    def __init__(self, *, places: Iterable[Choice]) -> None:
        super().__init__()
        self.target_id.choices = _options(places)


class ReasonForm(Form):
    """Why something is taken back or settled."""

    reason = LineText(_l("Reason"), validators=[InputRequired(), Length(max=200)])


class VoidForm(CommandForm):
    """Why an entry of the log is taken back; the command's id is the id of the void."""

    reason = LineText(_l("Reason"), validators=[InputRequired(), Length(max=200)])


class SettleForm(CommandForm):
    """How an exception is settled: accepted as it is, or the entry taken back."""

    decision = RadioField(
        _l("Decision"),
        choices=[
            SelectChoice("accept", _l("It was right: leave it as it is")),
            SelectChoice("void", _l("It was wrong: take the entry back")),
        ],
        default="accept",
        validators=[InputRequired()],
    )
    reason = LineText(_l("Note"), validators=[InputRequired(), Length(max=200)])


class NameSearchForm(FilterForm):
    """Look for a person by a part of the name."""

    name = StringField(_l("Name"), validators=[Length(max=60)])


class NewPersonForm(CommandForm):
    """Somebody who is not known by name yet; the command's id is the id of the handout."""

    name = LineText(_l("Name"), validators=[InputRequired(), Length(max=60)])
    occupation_id = SelectField(_l("Occupation"), coerce=bounded_id, validators=[InputRequired()])
    employer = LineText(_l("Unit or platform"), validators=[Length(max=120)])
    group_id = SelectField(_l("Counts for"), [Optional()], coerce=optional_id, default="")

    def __init__(self, *, occupations: Iterable[Any], groups: Iterable[Any]) -> None:
        super().__init__(prefix="new")
        self.group_id.choices = [
            SelectChoice("", _l("the group of the occupation")),
            *(SelectChoice(group.id, in_language(group)) for group in groups),
        ]
        self.occupation_id.choices = [
            SelectChoice(occupation.id, in_language(occupation)) for occupation in occupations
        ]
