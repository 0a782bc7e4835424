"""What the lists of the inventory are narrowed by."""

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from wtforms import BooleanField, DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional, ValidationError

from carecampaign.catalogue.models import ItemKind
from carecampaign.core.forms import FilterForm, LineText, optional_id
from carecampaign.core.i18n import Labelled, _, _l, choices
from carecampaign.inventory.models import DocumentKind, DocumentState, LocationKind

LONGEST_TEXT = 100
BY_ITEMS = _l("Count packages as the items in them")
"""The switch of every report in which packages count (按物品展开)."""
PLACE_KINDS = (
    LocationKind.WAREHOUSE,
    LocationKind.STATION,
    LocationKind.UNIT,
    LocationKind.EVENT,
)

Kind = TypeVar("Kind", bound=Labelled)
Choices = Iterable[tuple[Any, Any]]


def member_of(kind: type[Kind]) -> Callable[[str], Kind | None]:
    """Coerce a choice to a member of a closed list, the empty one to None."""
    return lambda text: kind(text) if text else None


def with_empty(words: Any, pairs: Choices) -> list[SelectChoice]:  # noqa: ANN401 - lazy or not
    """Give the choices of a select, the empty one first."""
    return [SelectChoice("", words), *(SelectChoice(value, label) for value, label in pairs)]


def all_of(kind: type[Labelled]) -> Callable[[], list[SelectChoice]]:
    """Give the members of a closed list as choices, "all" first, once somebody looks."""
    return lambda: with_empty(_("All"), choices(kind))


def _place_kinds(kinds: Iterable[LocationKind]) -> Callable[[], list[SelectChoice]]:
    return lambda: with_empty(_("All"), [(kind.value, kind.label) for kind in kinds])


def kinds_of_documents() -> list[SelectChoice]:
    """Give the kinds of stock documents, "all" first, without forms that move nothing."""
    forms = {DocumentKind.REQUISITION, DocumentKind.STOCK_TAKE}
    kinds = [(kind.value, kind.label) for kind in DocumentKind if kind not in forms]
    return with_empty(_("All"), kinds)


class StockFilterForm(FilterForm):
    kind = SelectField(
        _l("Kind of place"),
        default="",
        coerce=member_of(LocationKind),
        choices=_place_kinds(PLACE_KINDS),
    )
    location = SelectField(_l("Stock location"), default="", coerce=optional_id)
    item_kind = SelectField(
        _l("Packages or goods"),
        default="",
        coerce=member_of(ItemKind),
        choices=all_of(ItemKind),
    )
    station = SelectField(_l("Warm station"), default="", coerce=optional_id)
    text = LineText(_l("Item or place"), [Length(max=LONGEST_TEXT)])
    by_items = BooleanField(BY_ITEMS)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - form data
        locations: Choices,
        stations: Choices,
    ) -> None:
        super().__init__(*args)
        self.station.choices = with_empty(_("All"), stations)
        self.location.choices = with_empty(_("All"), locations)


class PlaceFilterForm(FilterForm):
    kind = SelectField(
        _l("Kind of place"),
        default="",
        coerce=member_of(LocationKind),
        choices=_place_kinds(PLACE_KINDS[:3]),
    )
    text = LineText(_l("Name"), [Length(max=LONGEST_TEXT)])


class MovementFilterForm(FilterForm):
    item = SelectField(_l("Item"), default="", coerce=optional_id)
    location = SelectField(_l("Stock location"), default="", coerce=optional_id)
    kind = SelectField(_l("Posted by"), default="")
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("To"), [Optional()])
    number = LineText(_l("Document number"), [Length(max=LONGEST_TEXT)])
    by_items = BooleanField(BY_ITEMS)

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - form data
        items: Choices,
        locations: Choices,
        kinds: Choices,
    ) -> None:
        super().__init__(*args)
        self.item.choices = with_empty(_("All"), items)
        self.location.choices = with_empty(_("All"), locations)
        self.kind.choices = with_empty(_("All"), kinds)

    def validate_number(self, field: LineText) -> None:
        """Refuse what ends in no number."""
        if field.data and not re.search(r"(^|[^0-9])[0-9]{1,9}$", field.data):
            raise ValidationError(_("Enter a number like 2026-0007, or only 7."))


class DocumentFilterForm(FilterForm):
    kind = SelectField(
        _l("Kind"), default="", coerce=member_of(DocumentKind), choices=kinds_of_documents
    )
    state = SelectField(
        _l("State"), default="", coerce=member_of(DocumentState), choices=all_of(DocumentState)
    )
    organization = SelectField(_l("Organization"), default="", coerce=optional_id)
    campaign = SelectField(_l("Campaign"), default="", coerce=optional_id)
    location = SelectField(_l("Stock location"), default="", coerce=optional_id)
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("To"), [Optional()])

    def __init__(
        self,
        *args: Any,  # noqa: ANN401 - form data
        organizations: Choices,
        campaigns: Choices,
        locations: Choices,
    ) -> None:
        super().__init__(*args)
        self.organization.choices = with_empty(_("All"), organizations)
        self.campaign.choices = with_empty(_("All"), campaigns)
        self.location.choices = with_empty(_("All"), locations)
