"""The filters above the list and the map of stations."""

from collections.abc import Iterable
from functools import partial
from typing import Any, Protocol

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional

from carecampaign.core.forms import FilterForm, LineText, optional_id
from carecampaign.core.i18n import Labelled, _, _l, choices
from carecampaign.stations.forms.facts import LONGEST_NAME
from carecampaign.stations.models import (
    FACILITIES,
    MOST_STARS,
    SERVICES,
    HostKind,
    StationStatus,
    StationType,
)


class Named(Protocol):
    """Anything with an id and a name."""

    id: Any
    name: Any


def all_or(kind: type[Labelled]) -> list[tuple[str, Any]]:
    """Give a closed list as choices of a filter."""
    return [("", _("All")), *choices(kind)]


def _features() -> list[SelectChoice]:
    groups = ((_("Facilities"), FACILITIES), (_("Services"), SERVICES))
    return [
        SelectChoice("", _("All")),
        *(
            SelectChoice(feature.value, str(feature.label), optgroup=words)
            for words, features in groups
            for feature in features
        ),
    ]


def _stars() -> list[tuple[str, Any]]:
    levels = range(MOST_STARS, 0, -1)
    return [("", _("All")), *((str(stars), stars_words(stars)) for stars in levels)]


def stars_words(stars: int) -> str:
    """Write a star level: five stars, or none."""
    return _("%(stars)s stars", stars=stars) if stars else _("No stars")


class StationFilterForm(FilterForm):
    text = LineText(
        _l("Search"),
        [Length(max=LONGEST_NAME)],
        render_kw={"placeholder": _l("Name, code, brand, host, address or lead")},
    )
    district = SelectField(_l("District"), [Optional()], default="")
    station_type = SelectField(
        _l("Type"), [Optional()], default="", choices=partial(all_or, StationType)
    )
    status = SelectField(
        _l("Status"), [Optional()], default="", choices=partial(all_or, StationStatus)
    )
    host_kind = SelectField(
        _l("Kind of host"), [Optional()], default="", choices=partial(all_or, HostKind)
    )
    feature = SelectField(_l("Facility or service"), [Optional()], default="", choices=_features)
    stars = SelectField(_l("Star level"), [Optional()], default="", choices=_stars)
    owner_id = SelectField(_l("Run by"), [Optional()], default="", coerce=optional_id)
    is_open = BooleanField(_l("Open right now"))

    def __init__(
        self, *, districts: Iterable[str], owners: Iterable[Named], **values: object
    ) -> None:
        super().__init__(**values)
        self.district.choices = [("", _("All")), *((name, name) for name in districts)]
        self.owner_id.choices = [("", _("All")), *((owner.id, owner.name) for owner in owners)]
