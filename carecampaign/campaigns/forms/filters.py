"""Filters above lists, and what is ticked in them."""

from collections.abc import Iterable

from wtforms import Field, SelectField, SelectMultipleField
from wtforms.validators import Length, ValidationError

from carecampaign.campaigns.forms.common import LONGEST_NAME, Named, named
from carecampaign.campaigns.models import CampaignState, Season
from carecampaign.core.forms import FilterForm, Form, LineText, bounded_id, optional_id
from carecampaign.core.i18n import _l, choices

MOST_AT_ONCE = 1000


class CampaignFilterForm(FilterForm):
    q = LineText(_l("Campaign name"), [Length(max=LONGEST_NAME)])
    season = SelectField(
        _l("Season"), default="", choices=lambda: [("", _l("All")), *choices(Season)]
    )
    year = SelectField(_l("Year"), coerce=optional_id)
    state = SelectField(
        _l("State"), default="", choices=lambda: [("", _l("All")), *choices(CampaignState)]
    )
    organizer = SelectField(_l("Organizer"), coerce=optional_id)

    def __init__(
        self, arguments: object, *, years: Iterable[int], organizers: Iterable[Named]
    ) -> None:
        super().__init__(arguments)
        self.year.choices = [("", _l("All")), *((year, str(year)) for year in years)]
        self.organizer.choices = [("", _l("All")), *named(organizers)]


class OrganizationFilterForm(FilterForm):
    q = LineText(_l("Organization name"), [Length(max=LONGEST_NAME)])
    parent = SelectField(_l("At or below"), coerce=optional_id)

    def __init__(self, arguments: object, *, parents: Iterable[Named]) -> None:
        super().__init__(arguments)
        self.parent.choices = [("", _l("All")), *named(parents)]


class PickForm(Form):
    """Organisations ticked in a list; whether they may be chosen is for the services to say."""

    organization_ids = SelectMultipleField(coerce=bounded_id, validate_choice=False)

    def validate_organization_ids(self, field: Field) -> None:
        """Ask for at least one, and for no more than a page can show."""
        if not field.data and not field.errors:
            raise ValidationError(_l("Tick at least one organization."))
        if len(field.data or ()) > MOST_AT_ONCE:
            raise ValidationError(_l("Too many at once."))
