"""What somebody types who looks for a station."""

from collections.abc import Sequence

from wtforms import BooleanField, FloatField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange, Optional
from wtforms.widgets import HiddenInput, SearchInput

from carecampaign.core.forms import FilterForm, LineText
from carecampaign.core.i18n import _, _l, choices
from carecampaign.stations.models import Feature

LONGEST_TEXT = 60


def _features() -> list[SelectChoice]:
    return [SelectChoice(value, str(words)) for value, words in choices(Feature)]


class FinderForm(FilterForm):
    """The finder's filters; ``lat`` and ``lng`` are where the phone says it is."""

    q = LineText(_l("Name or place"), validators=[Length(max=LONGEST_TEXT)], widget=SearchInput())
    is_open = BooleanField(_l("Open now"))
    district = SelectField(_l("District"), default="")
    offers = SelectMultipleField(_l("What it offers"), choices=_features)
    lat = FloatField(widget=HiddenInput(), validators=[Optional(), NumberRange(-90, 90)])
    lng = FloatField(widget=HiddenInput(), validators=[Optional(), NumberRange(-180, 180)])

    def __init__(self, districts: Sequence[str], **arguments: object) -> None:
        super().__init__(**arguments)
        self.district.choices = [
            SelectChoice("", _("All districts")),
            *(SelectChoice(name, name) for name in districts),
        ]
