"""Input of stations, their status, members and partners."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, Protocol

from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from carecampaign.core.forms import CommandForm, FilterForm, Form, LineText, optional_id
from carecampaign.core.i18n import _, _l, choices
from carecampaign.stations.models import Feature, HostKind, StationStatus

LONGEST_NAME = 100
LONGEST_TEXT = 200


class Named(Protocol):
    """Anything with an id and a name."""

    id: Any
    name: Any


class Person(Named, Protocol):
    """Somebody with an account."""

    username: Any


class StationFilterForm(FilterForm):
    text = LineText(
        _l("Search"),
        [Length(max=LONGEST_NAME)],
        render_kw={"placeholder": _l("Code, name, host or address")},
    )
    district = SelectField(_l("District"), [Optional()], default="")
    status = SelectField(
        _l("Status"),
        [Optional()],
        default="",
        choices=lambda: [("", _l("All")), *choices(StationStatus)],
    )
    host_kind = SelectField(
        _l("Kind of host"),
        [Optional()],
        default="",
        choices=lambda: [("", _l("All")), *choices(HostKind)],
    )
    feature = SelectField(
        _l("Facility or service"),
        [Optional()],
        default="",
        choices=lambda: [("", _l("All")), *choices(Feature)],
    )
    owner_id = SelectField(_l("Run by"), [Optional()], default="", coerce=optional_id)

    def __init__(
        self, *, districts: Iterable[str], owners: Iterable[Named], **values: object
    ) -> None:
        super().__init__(**values)
        self.district.choices = [("", _("All")), *((name, name) for name in districts)]
        self.owner_id.choices = [("", _("All")), *((owner.id, owner.name) for owner in owners)]


class StationForm(Form):
    """The facts of a station; ``owners`` are choices of a select."""

    name = LineText(_l("Name"), [InputRequired(), Length(max=LONGEST_NAME)])
    code = LineText(_l("Code"), [InputRequired(), Length(max=20)])
    owner_id = SelectField(_l("Run by"), [InputRequired()], coerce=optional_id)
    host_unit = LineText(
        _l("Host unit"),
        [InputRequired(), Length(max=LONGEST_NAME)],
        description=_l("The unit whose premises the station is in."),
    )
    host_kind = SelectField(
        _l("Kind of host"), [InputRequired()], choices=partial(choices, HostKind)
    )
    district = LineText(_l("District"), [Length(max=50)])
    address = LineText(_l("Address"), [InputRequired(), Length(max=LONGEST_TEXT)])
    opening_hours = LineText(
        _l("Opening hours"),
        [Length(max=LONGEST_TEXT)],
        description=_l("For example: Monday to Friday 9:00–17:00, Saturday 9:00–12:00."),
    )
    lead_name = LineText(
        _l("Station lead"),
        [Length(max=50)],
        description=_l("The name on the wall. Who may use this system is set under members."),
    )
    public_phone = LineText(
        _l("Public phone"),
        [
            Optional(),
            Length(max=30),
            Regexp(
                r"^[0-9+()（） \-转]{3,}$",
                message=_l("A phone number has digits, spaces, hyphens and brackets only."),
            ),
        ],
        description=_l("The number on the door, no private one."),
    )
    features = SelectMultipleField(
        _l("Facilities and services"),
        choices=partial(choices, Feature),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def __init__(self, *, owners: Sequence[tuple[int, str]], **values: object) -> None:
        super().__init__(**values)
        self.owner_id.choices = [SelectChoice("", _("Choose an organization")), *owners]


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


class StatusForm(Form):
    status = SelectField(_l("Status"), [InputRequired()], choices=partial(choices, StationStatus))
    reason = LineText(
        _l("Reason"),
        [Length(max=LONGEST_TEXT)],
        description=_l("Needed where the station closes; it is shown on the station's page."),
    )


class MemberForm(Form):
    user_id = SelectField(_l("Person"), [InputRequired()], coerce=optional_id)
    is_lead = BooleanField(
        _l("Leads the station"),
        description=_l("A lead opens and closes distribution events and receives goods."),
    )

    def __init__(self, *, people: Iterable[Person], **values: object) -> None:
        super().__init__(**values)
        self.user_id.choices = [
            SelectChoice("", _("Choose a person")),
            *(SelectChoice(one.id, f"{one.name} ({one.username})") for one in people),
        ]


class PartnerForm(Form):
    organization_id = SelectField(_l("Organization"), [InputRequired()], coerce=optional_id)

    def __init__(self, *, organizations: Sequence[tuple[int, str]], **values: object) -> None:
        super().__init__(**values)
        self.organization_id.choices = [
            SelectChoice("", _("Choose an organization")),
            *organizations,
        ]
