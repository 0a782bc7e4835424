"""Input of care packages put together and taken apart."""

from typing import Any, NamedTuple

from wtforms import IntegerField, SelectField
from wtforms.validators import Length, Optional

from carecampaign.core.forms import CommandForm, FilterForm, LineText, optional_id
from carecampaign.core.i18n import _, _l
from carecampaign.inventory.forms.filters import Choices, with_empty
from carecampaign.inventory.forms.lines import LONGEST_REASON, needed, pieces, understood

_WHOLE_NUMBER = {"inputmode": "numeric", "autocomplete": "off", "min": "1"}


class PackageStepForm(FilterForm):
    """Where, and which care package: the page then shows what the contents allow."""

    location = SelectField(_l("Stock location"), default="", coerce=optional_id)
    version = SelectField(_l("Care package"), default="", coerce=optional_id)

    def __init__(self, *args: Any, locations: Choices, versions: Choices) -> None:  # noqa: ANN401 - form data
        super().__init__(*args)
        self.location.choices = with_empty(_("Choose a place"), locations)
        self.version.choices = with_empty(_("Choose a care package"), versions)


class PackagesForm(CommandForm):
    """How many packages are put together or taken apart."""

    quantity = IntegerField(_l("Packages"), [needed, understood, pieces], render_kw=_WHOLE_NUMBER)


class Chosen(NamedTuple):
    """A substitute as it was filled in: ids of the line and the item, pieces, packages, why."""

    line_id: int
    item_id: int
    quantity: int
    packages: int | None
    note: str


class AssemblyForm(PackagesForm):
    """How many packages, and what goes in instead where something ran out."""

    campaign = SelectField(_l("For the campaign"), coerce=optional_id, default="")
    instead_of = SelectField(_l("Instead of"), coerce=optional_id, default="")
    substitute = SelectField(_l("Put in"), coerce=optional_id, default="")
    substitute_quantity = IntegerField(
        _l("Pieces per package"), [Optional(), understood, pieces], render_kw=_WHOLE_NUMBER
    )
    substituted = IntegerField(
        _l("In so many of the packages"),
        [Optional(), understood, pieces],
        description=_l("Left empty, in all of them."),
        render_kw=_WHOLE_NUMBER,
    )
    substitute_note = LineText(
        _l("Why"),
        [Length(max=LONGEST_REASON)],
        description=_l("It stays with the batch and on the note."),
    )

    def __init__(
        self, *, campaigns: Choices, lines: Choices, substitutes: Choices, **values: object
    ) -> None:
        super().__init__(**values)
        self.campaign.choices = with_empty(_("None in particular"), campaigns)
        self.instead_of.choices = with_empty(_("Nothing ran out"), lines)
        self.substitute.choices = with_empty(_("Choose an item"), substitutes)

    @property
    def parts(self) -> list[Any]:
        """The fields about what goes in instead."""
        return [self.substitute, self.substitute_quantity, self.substituted, self.substitute_note]

    @property
    def says_something(self) -> bool:
        """Whether anything was filled in about a substitute."""
        fields = [self.instead_of, *self.parts]
        return any(field.data or field.errors for field in fields)

    def validate(self, extra_validators: Any = None) -> bool:  # noqa: ANN401 - as WTForms has it
        """Ask for all of a substitute, or for nothing of it."""
        is_valid = super().validate(extra_validators)
        if self.instead_of.data is None:
            missing = [self.instead_of] if any(field.data for field in self.parts) else []
        else:
            optional = self.substituted
            missing = [field for field in self.parts if field is not optional and not field.data]
        missing = [field for field in missing if not field.errors]
        for field in missing:
            field.errors = [_("Please fill this in.")]
        return is_valid and not missing

    def chosen_substitute(self) -> Chosen | None:
        """Give what goes in instead, None where all is as listed."""
        if self.instead_of.data is None:
            return None
        return Chosen(
            self.instead_of.data,
            self.substitute.data,
            self.substitute_quantity.data,
            self.substituted.data,
            self.substitute_note.data,
        )


class TakeApartForm(PackagesForm):
    """How many packages, and of which batch."""

    lot = SelectField(_l("Batch"), coerce=optional_id, default="")

    def __init__(self, *, lots: Choices, **values: object) -> None:
        super().__init__(**values)
        self.lot.choices = with_empty(_("Those that expire first"), lots)
