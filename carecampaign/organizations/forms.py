"""Input about organisations, and the field with which other forms name one."""

from collections.abc import Mapping

from markupsafe import Markup, escape
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import TextInput

from carecampaign.core.forms import CommandForm, FilterForm, Form, LineText
from carecampaign.core.i18n import _, _l, choices
from carecampaign.organizations.models import OrganizationKind

LONGEST_NAME = 100
LONGEST_SHORT_NAME = 40


class SuggestInput(TextInput):
    """A text input that offers the field's names while one types, without JavaScript."""

    def __call__(self, field: "OrganizationField", **attributes: object) -> Markup:
        list_id = f"{field.id}-names"
        attributes.setdefault("autocomplete", "off")
        options = Markup("").join(
            Markup('<option value="{}"></option>').format(name) for name in field.names
        )
        control = super().__call__(field, list=list_id, **attributes)
        return Markup('{}<datalist id="{}">{}</datalist>').format(
            control, escape(list_id), options
        )


class OrganizationField(LineText):
    """An organisation by its name: with thousands to choose from, typing beats a select.

    Set ``names`` (name → id) before validating; ``chosen_id`` is the id, None when empty.
    """

    widget = SuggestInput()
    names: Mapping[str, int] = {}

    @property
    def chosen_id(self) -> int | None:
        return self.names.get(self.data or "")

    def pre_validate(self, _form: Form) -> None:
        """Refuse a name that is not offered."""
        if self.data and self.chosen_id is None:
            words = _("There is no such organization to choose. Pick one of the list.")
            raise ValidationError(words)


class OrganizationForm(Form):
    name = LineText(
        _l("Organization name"),
        [InputRequired(), Length(max=LONGEST_NAME)],
        description=_l("The full name, as it stands on the seal."),
    )
    short_name = LineText(
        _l("Short name"),
        [Length(max=LONGEST_SHORT_NAME)],
        description=_l("For lists and narrow tables. Left empty, it is the full name."),
    )
    kind = SelectField(
        _l("Kind"),
        [InputRequired()],
        default="",
        choices=lambda: [("", _("Please choose")), *choices(OrganizationKind)],
    )


class NewOrganizationForm(OrganizationForm, CommandForm):
    """Creates once, however often it is sent."""


class MoveForm(Form):
    """``to_top`` is taken out for those who may not put anything at the top of the tree."""

    parent = OrganizationField(
        _l("New parent"),
        [Length(max=LONGEST_NAME)],
        description=_l("Type part of a name and pick from the list."),
    )
    to_top = BooleanField(_l("Put it at the top of the tree, below no other organization"))

    def validate_parent(self, field: OrganizationField) -> None:
        """Ask for one place, neither none nor two."""
        to_top = self.to_top is not None and self.to_top.data
        if not to_top and not field.data:
            raise ValidationError(_("Name the new parent."))
        if to_top and field.data:
            raise ValidationError(_("Leave this empty, or do not choose the top of the tree."))


class TreeFilterForm(FilterForm):
    """The filters above the tree."""

    q = LineText(_l("Organization name"), [Length(max=LONGEST_NAME)])
    kind = SelectField(
        _l("Kind"),
        default="",
        choices=lambda: [("", _("All")), *choices(OrganizationKind)],
    )
    inactive = BooleanField(_l("Show inactive ones too"))
