"""Input of the facts of a station, in sections."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.core.forms import CommandForm, Form, LineText, optional_id
from carecampaign.core.i18n import Labelled, _, _l, choices
from carecampaign.stations.coordinates import Datum
from carecampaign.stations.forms.fields import AreaField, DecimalText, OpeningField, phone
from carecampaign.stations.models import (
    FACILITIES,
    SERVICES,
    BuildMode,
    HostKind,
    MapService,
    StationStatus,
    StationType,
)

LONGEST_NAME = 100
LONGEST_TEXT = 200
LARGEST_CAPACITY = 10_000


def unknown_or(kind: type[Labelled]) -> list[tuple[str, Any]]:
    """Give a closed list as choices, with one for what nobody knows yet."""
    return [("", _("Not entered yet")), *choices(kind)]


def checkboxes(label: object, members: Sequence[Labelled]) -> SelectMultipleField:
    """Make a field of check boxes."""
    return SelectMultipleField(
        label,
        choices=lambda: [(member.value, member.label) for member in members],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class StationForm(Form):
    """The facts of a station; ``owners`` are choices of a select."""

    name = LineText(_l("Name"), [InputRequired(), Length(max=LONGEST_NAME)])
    code = LineText(_l("Code"), [InputRequired(), Length(max=20)])
    aliases = LineText(
        _l("Other names"),
        [Length(max=LONGEST_TEXT)],
        description=_l("Several are separated by commas. The search finds them, too."),
    )
    brand = LineText(
        _l("Brand"),
        [Length(max=50)],
        description=_l("The host's own name for such places, for example 劳动者港湾."),
    )
    owner_id = SelectField(_l("Run by"), [InputRequired()], coerce=optional_id)
    station_type = SelectField(
        _l("Type"), [Optional()], default="", choices=partial(unknown_or, StationType)
    )
    build_mode = SelectField(
        _l("Built by whom"), [Optional()], default="", choices=partial(unknown_or, BuildMode)
    )
    host_unit = LineText(
        _l("Host unit"),
        [InputRequired(), Length(max=LONGEST_NAME)],
        description=_l("The unit whose premises the station is in."),
    )
    host_kind = SelectField(
        _l("Kind of host"), [InputRequired()], choices=partial(choices, HostKind)
    )
    opened_on = DateField(_l("Opened on"), [Optional()])

    district = LineText(_l("District"), [Length(max=50)])
    district_code = LineText(
        _l("District code"),
        [Optional(), Regexp(r"^[0-9]{6}$", message=_l("A district code has six digits."))],
        description=_l("Six digits, for example 110105."),
    )
    street = LineText(_l("Street or township"), [Length(max=50)])
    address = LineText(_l("Address"), [InputRequired(), Length(max=LONGEST_TEXT)])
    longitude = DecimalText(_l("Longitude"))
    latitude = DecimalText(_l("Latitude"))
    datum = SelectField(
        _l("Read from"),
        [Optional()],
        default=Datum.GCJ02,
        choices=partial(choices, Datum),
        description=_l("Chinese maps shift coordinates; say which map these are from."),
    )

    opening = OpeningField(
        _l("Opening hours"),
        description=_l(
            "For example: Mon-Fri 9:00-12:00, 13:30-17:30; Sat 10:00-16:00; Holidays closed;"
            " Spring Festival 10:00-15:00. Also: Daily 24 h; 2027-02-05 to 2027-02-12 closed."
        ),
    )
    opening_note = LineText(
        _l("Note on the opening hours"),
        [Length(max=LONGEST_TEXT)],
        description=_l("What the rules cannot say, for example: ring the bell at night."),
    )

    lead_name = LineText(
        _l("Station lead"),
        [Length(max=50)],
        description=_l("The name on the wall. Who may use this system is set under members."),
    )
    public_phone = phone(_l("Public phone"), _l("The number on the door, no private one."))
    lead_phone = phone(
        _l("Lead's own phone"), _l("Shown only to those who look after the station.")
    )
    supervision_phone = phone(
        _l("Supervision phone"), _l("For complaints, for example 12351; it is shown to everybody.")
    )

    area_square_decimetres = AreaField(_l("Area (m²)"))
    capacity = IntegerField(
        _l("Places for people"), [Optional(), NumberRange(min=1, max=LARGEST_CAPACITY)]
    )
    facilities = checkboxes(_l("Facilities"), FACILITIES)
    services = checkboxes(_l("Services"), SERVICES)

    on_amap = BooleanField(MapService.AMAP.label)
    on_amap_since = DateField(_l("On Amap since"), [Optional()])
    on_baidu = BooleanField(MapService.BAIDU.label)
    on_baidu_since = DateField(_l("On Baidu Maps since"), [Optional()])
    on_union_12351 = BooleanField(MapService.UNION_12351.label)
    on_union_12351_since = DateField(_l("In the 12351 app since"), [Optional()])

    def __init__(self, *, owners: Sequence[tuple[int, str]], **values: object) -> None:
        super().__init__(**values)
        self.owner_id.choices = [SelectChoice("", _("Choose an organization")), *owners]

    def map_fields(self) -> Iterator[tuple[MapService, Any, Any]]:
        """Give each map with its check box and its date."""
        for service in MapService:
            yield service, self[f"on_{service.value}"], self[f"on_{service.value}_since"]

    def validate_latitude(self, field: Any) -> None:  # noqa: ANN401 - WTForms' own
        """Refuse half of a pair of coordinates."""
        is_half = (field.data is None) != (self.longitude.data is None)
        if is_half and not self.longitude.errors:
            raise ValidationError(_l("Enter both longitude and latitude, or neither."))


class NewStationForm(StationForm, CommandForm):
    code = LineText(
        _l("Code"),
        [Length(max=20)],
        description=_l("Left empty, the next free code is given."),
    )
    status = SelectField(
        _l("Status"),
        [InputRequired()],
        default=StationStatus.OPEN,
        choices=lambda: [
            (status.value, status.label) for status in (StationStatus.OPEN, StationStatus.PLANNED)
        ],
    )
