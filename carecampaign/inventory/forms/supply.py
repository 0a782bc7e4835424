"""Input of thresholds, and of what a warehouse sends to fill its stations up."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from flask import request
from wtforms import IntegerField, SelectField
from wtforms.validators import Length, Optional

from carecampaign.core.errors import DomainError
from carecampaign.core.forms import FilterForm, Paragraphs, optional_id
from carecampaign.core.i18n import _, _l
from carecampaign.inventory.forms.filters import Choices, with_empty
from carecampaign.inventory.forms.lines import Row, RowsForm, given_once, pieces, understood

_WHOLE_NUMBER = {"inputmode": "numeric", "autocomplete": "off", "min": "0"}


class Stocked(Protocol):
    """An item as a row of a form names it."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def spec(self) -> str: ...
    @property
    def unit(self) -> str: ...


class Limits(Protocol):
    """The thresholds that there are."""

    @property
    def minimum(self) -> int: ...
    @property
    def target(self) -> int: ...


class ThresholdRow(Row):
    """The thresholds of one item; left empty, it has none."""

    minimum = IntegerField(
        _l("Minimum"), [given_once, Optional(), understood, pieces], render_kw=_WHOLE_NUMBER
    )
    target = IntegerField(
        _l("Target"), [given_once, Optional(), understood, pieces], render_kw=_WHOLE_NUMBER
    )

    def __init__(self, item: Stocked, limits: Limits | None) -> None:
        # The item may be forgotten by the session before the page is drawn.
        self.item_id, self.name, self.unit = item.id, item.name, item.unit
        self.spec = item.spec
        super().__init__(
            prefix=f"item-{item.id}-",
            minimum=None if limits is None else limits.minimum,
            target=None if limits is None else limits.target,
        )

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Refuse one without the other, and a target below the minimum."""
        if not super().validate(extra_validators):
            return False
        minimum, target = self.minimum.data, self.target.data
        if (minimum is None) != (target is None):
            missing = self.target if target is None else self.minimum
            missing.errors = [_("Give both, or neither.")]
        elif minimum is not None and target < minimum:
            self.target.errors = [_("The target is at least the minimum.")]
        return not self.errors


class ThresholdsForm(RowsForm):
    """The thresholds of a place, a row for each item."""

    rows: list[ThresholdRow]

    def __init__(
        self, *, items: Iterable[Stocked], limits: Mapping[int, Limits], **values: object
    ) -> None:
        super().__init__(**values)
        self.rows = [ThresholdRow(item, limits.get(item.id)) for item in items]


class Proposed(Protocol):
    """What is proposed to be sent of an item to a place."""

    @property
    def location_id(self) -> int: ...
    @property
    def item_id(self) -> int: ...
    @property
    def proposed(self) -> int: ...


class ShipmentRow(Row):
    """How many pieces of an item go to a place; left empty or 0, none."""

    quantity = IntegerField(
        _l("Send"), [given_once, Optional(), understood], render_kw=_WHOLE_NUMBER
    )

    def __init__(self, proposal: Proposed) -> None:
        self.proposal = proposal
        super().__init__(
            prefix=f"to-{proposal.location_id}-item-{proposal.item_id}-",
            quantity=proposal.proposed or None,
        )

    def validate_quantity(self, field: IntegerField) -> None:
        """Refuse what is no number of pieces; zero means that nothing goes."""
        if field.data and not field.errors:
            pieces(self, field)


def posted_shipments() -> list[tuple[int, int]]:
    """Give place and item (ids) of each row for which a quantity was sent in."""
    names = (
        re.fullmatch(r"to-([0-9]{1,18})-item-([0-9]{1,18})-quantity", name)
        for name in request.form
    )
    return [
        (int(found[1]), int(found[2]))
        for found in names
        if found and request.form[found.string].strip()
    ]


class ReplenishStepForm(FilterForm):
    """From which warehouse: the page then proposes what goes where."""

    source = SelectField(_l("Warehouse"), default="", coerce=optional_id)
    campaign = SelectField(_l("For the campaign"), default="", coerce=optional_id)

    def __init__(self, *args: Any, sources: Choices, campaigns: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args)
        self.source.choices = with_empty(_("Choose a warehouse"), sources)
        self.campaign.choices = with_empty(_("None in particular"), campaigns)


class ReplenishForm(RowsForm):
    """What goes where, as proposed or as somebody changed it."""

    rows: list[ShipmentRow]
    note = Paragraphs(_l("Note"), [Length(max=1000)])

    def __init__(self, *, proposals: Iterable[Proposed], **values: object) -> None:
        super().__init__(**values)
        self.rows = [ShipmentRow(proposal) for proposal in proposals]

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Check the rows, and that anything goes at all."""
        is_valid = super().validate(extra_validators)
        if is_valid and not self.shipments():
            self.form_errors.append(_("Enter a quantity for at least one item."))
        return is_valid and bool(self.shipments())

    def shipments(self) -> dict[int, list[tuple[int, int]]]:
        """Give item and pieces of what goes, by the id of the place."""
        found: dict[int, list[tuple[int, int]]] = {}
        for row in self.rows:
            if row.quantity.data:
                line = (row.proposal.item_id, row.quantity.data)
                found.setdefault(row.proposal.location_id, []).append(line)
        return found

    def reject(self, error: DomainError) -> None:
        """Show what is wrong with an item in each of its rows that sends any."""
        item = getattr(error, "item", None)
        blamed = [
            row
            for row in self.rows
            if item is not None and row.proposal.item_id == item.id and row.quantity.data
        ]
        for row in blamed:
            row.quantity.errors = [*row.quantity.errors, str(error)]
        if not blamed:
            super().reject(error)
