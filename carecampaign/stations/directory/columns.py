"""The columns of the directory, in the order of the form of a station."""

from collections.abc import Mapping
from typing import Any

from carecampaign.core import cells as common
from carecampaign.core.i18n import _, _l
from carecampaign.core.imports import Column
from carecampaign.stations.coordinates import Datum
from carecampaign.stations.directory import cells
from carecampaign.stations.models import (
    FACILITIES,
    SERVICES,
    BuildMode,
    HostKind,
    MapService,
    StationStatus,
    StationType,
)
from carecampaign.stations.opening import Rules

LARGEST_CAPACITY = 10_000


def columns_for(owners: Mapping[str, int]) -> tuple[Column, ...]:
    """Give the columns, explained in the language spoken.

    ``owners`` are the organisations that may be named as running a station: name → id.
    """
    return (*_names(owners), *_places(), *_opening(), *_facts(), *_states())


def _names(owners: Mapping[str, int]) -> tuple[Column, ...]:
    return (
        Column(
            "code",
            _l("Code"),
            cells.code,
            example="BJ0001",
            explanation=_(
                "A code that is there already changes that station, another adds one."
                " Left empty, the next free code is given."
            ),
        ),
        _text("name", _l("Name"), 100, is_required=True, example="幸福里户外劳动者暖心驿站"),
        _text("aliases", _l("Other names"), 200, explanation=_("Several, separated by commas.")),
        _text("brand", _l("Brand"), 50, example="劳动者港湾"),
        Column(
            "owner_id",
            _l("Run by"),
            cells.organization_among(owners),
            is_required=True,
            example=next(iter(owners), ""),
            explanation=_("The full name of an organization of yours."),
        ),
        _choice("station_type", _l("Type"), StationType, empty=None),
        _choice("build_mode", _l("Built by whom"), BuildMode, empty=None),
        _text(
            "host_unit",
            _l("Host unit"),
            100,
            example="幸福里社区居民委员会",
            explanation=_("Needed for a new station."),
        ),
        _choice("host_kind", _l("Kind of host"), HostKind, is_required=True),
        Column("opened_on", _l("Opened on"), common.day, empty=None, example="2023-12-01"),
    )


def _places() -> tuple[Column, ...]:
    degrees = common.number_between(0, 180, places=12)
    return (
        _text("district", _l("District"), 50, example="朝阳区"),
        Column(
            "district_code",
            _l("District code"),
            cells.district_code,
            example="110105",
            explanation=_("Six digits."),
        ),
        _text("street", _l("Street or township"), 50, example="幸福街道"),
        _text(
            "address",
            _l("Address"),
            200,
            example="幸福里1号",
            explanation=_("Needed for a new station."),
        ),
        Column("longitude", _l("Longitude"), degrees, empty=None, example="116.481488"),
        Column("latitude", _l("Latitude"), degrees, empty=None, example="39.990464"),
        _choice("datum", _l("Read from"), Datum, empty=None),
    )


def _opening() -> tuple[Column, ...]:
    return (
        Column(
            "opening",
            _l("Opening hours"),
            cells.opening,
            empty=Rules(),
            example=_("Mon-Fri 9:00-17:00; Sat 10:00-16:00; Holidays closed"),
            explanation=_("Days first, then their times, as on the form of a station."),
        ),
        _text("opening_note", _l("Note on the opening hours"), 200),
        _text("lead_name", _l("Station lead"), 50, example="王某"),
        Column("public_phone", _l("Public phone"), cells.phone, example="010-12345678"),
        Column(
            "lead_phone",
            _l("Lead's own phone"),
            cells.phone,
            explanation=_("Shown only to those who look after the station."),
        ),
        Column("supervision_phone", _l("Supervision phone"), cells.phone, example="12351"),
    )


def _facts() -> tuple[Column, ...]:
    return (
        Column("area_square_decimetres", _l("Area (m²)"), cells.area, empty=None, example="20"),
        Column(
            "capacity",
            _l("Places for people"),
            common.number_between(1, LARGEST_CAPACITY),
            empty=None,
            example="12",
        ),
        _list("facilities", _l("Facilities"), FACILITIES),
        _list("services", _l("Services"), SERVICES),
        *(
            Column(
                service.value,
                service.label,
                cells.listed,
                empty=False,
                example=_("Yes"),
                explanation=_("Yes, no, or the date since when the map shows the station."),
            )
            for service in MapService
        ),
    )


def _states() -> tuple[Column, ...]:
    return (
        _choice(
            "status",
            _l("Status"),
            StationStatus,
            empty=None,
            example=StationStatus.OPEN.label,
        ),
        _text(
            "status_reason",
            _l("Reason"),
            200,
            explanation=_("Needed where the station is closed or delisted."),
        ),
        Column("status_since", _l("Status since"), common.day, empty=None),
        Column(
            "reopens_on",
            _l("Expected to reopen on"),
            common.day,
            empty=None,
            explanation=_("Only for a station that is temporarily closed."),
        ),
    )


def _text(key: str, heading: Any, longest: int, **more: Any) -> Column:  # noqa: ANN401 - as Column takes them
    return Column(key, heading, common.line_of(longest), **more)


def _choice(key: str, heading: Any, kind: Any, **more: Any) -> Column:  # noqa: ANN401
    explained = {"example": next(iter(kind)).label, "explanation": cells.words_of(kind)}
    return Column(key, heading, cells.member_of(kind), **explained | more)


def _list(key: str, heading: Any, members: Any) -> Column:  # noqa: ANN401
    example = _(", ").join(str(member.label) for member in members[:2])
    words = cells.words_of(members)
    explanation = _("Several, separated by commas: %(words)s", words=words)
    return Column(
        key,
        heading,
        cells.members_of(members),
        empty=frozenset(),
        example=example,
        explanation=explanation,
    )
