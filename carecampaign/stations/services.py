"""Open, change and share stations, and say who belongs to them."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass

from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import Actor
from carecampaign.accounts.models import User
from carecampaign.audit import services as audit
from carecampaign.core.codes import propose_code
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import (
    Feature,
    HostKind,
    Station,
    StationFeature,
    StationMember,
    StationStatus,
)
from carecampaign.stations.queries import is_station_lead

CLOSED = frozenset({StationStatus.CLOSED, StationStatus.DELISTED})
"""States that people who come to the door want a reason for."""


class CodeTaken(DomainError):
    """Another station has this code."""

    field = "code"

    def __init__(self) -> None:
        super().__init__(_l("Another station already has this code."))


class ReasonNeeded(DomainError):
    """A station closes only with a reason."""

    field = "reason"

    def __init__(self) -> None:
        super().__init__(_l("Say why the station closes."))


class SameStatus(DomainError):
    """The station has this status already."""

    field = "status"

    def __init__(self) -> None:
        super().__init__(_l("The station has this status already."))


class AlreadyMember(DomainError):
    """The person belongs to the station already."""

    field = "user_id"

    def __init__(self) -> None:
        super().__init__(_l("This person already belongs to the station."))


class NoStationLead(DomainError):
    """The person does not hold the role that a station's lead needs."""

    field = "is_lead"

    def __init__(self) -> None:
        super().__init__(_l("This person does not hold the role of a station lead yet."))


class AlreadyPartner(DomainError):
    """The organisation owns the station, or shares it already."""

    field = "organization_id"

    def __init__(self) -> None:
        super().__init__(_l("This organization already runs or shares the station."))


@dataclass(frozen=True)
class Facts:
    """What is known of a station beside its owner, status and people."""

    name: str
    host_unit: str
    host_kind: HostKind
    district: str = ""
    address: str = ""
    opening_hours: str = ""
    lead_name: str = ""
    public_phone: str = ""


def create_station(
    facts: Facts,
    *,
    code: str = "",
    owner: Organization,
    features: Collection[Feature] = (),
    status: StationStatus = StationStatus.OPEN,
    is_synthetic: bool = False,
    by: Actor,
) -> Station:
    """Open a station of an organisation. An empty code is filled in. Raises CodeTaken."""
    station = Station(
        code=code.upper() or propose_code(Station.code, "S"),
        owner=owner,
        status=status,
        status_reason="",
        is_synthetic=is_synthetic,
        **asdict(facts),
    )
    station.features = [StationFeature(feature=feature) for feature in _in_order(features)]
    db.session.add(station)
    _flush()
    _record("create", station, by=by, changes=_snapshot(station) | {"status": status})
    return station


def edit_station(
    station: Station,
    facts: Facts,
    *,
    code: str,
    owner: Organization,
    features: Collection[Feature],
    by: Actor,
) -> None:
    """Change the facts, the owner and the features of a station. Raises CodeTaken."""
    before = _snapshot(station)
    station.code = code.upper()
    station.owner = owner
    if owner in station.partners:
        station.partners.remove(owner)
    for name, value in asdict(facts).items():
        setattr(station, name, value)
    _set_features(station, features)
    _flush()
    after = _snapshot(station)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        _record("edit", station, by=by, changes=changes)


def change_status(station: Station, status: StationStatus, *, reason: str = "", by: Actor) -> None:
    """Open, close or delist a station. Raises SameStatus, and ReasonNeeded when it closes."""
    if station.status is status:
        raise SameStatus
    if status in CLOSED and not reason:
        raise ReasonNeeded
    changes = {"status": [station.status, status], "status_reason": reason}
    station.status = status
    station.status_reason = reason
    _record("change_status", station, by=by, changes=changes)


def add_member(station: Station, user: User, *, is_lead: bool, by: Actor) -> StationMember:
    """Let somebody belong to a station, as its lead or as a volunteer.

    Raises AlreadyMember, and NoStationLead where the person does not hold that role.
    """
    if is_lead and not is_station_lead(user):
        raise NoStationLead
    if any(member.user_id == user.id for member in station.members):
        raise AlreadyMember
    member = StationMember(user=user, is_lead=is_lead)
    station.members.append(member)
    changes = {"user": user.username, "is_lead": is_lead}
    _record("add_member", station, by=by, changes=changes)
    return member


def remove_member(station: Station, member: StationMember, *, by: Actor) -> None:
    """Let somebody belong to a station no longer; what they logged there stays."""
    changes = {"user": member.user.username}
    station.members.remove(member)
    _record("remove_member", station, by=by, changes=changes)


def add_partner(station: Station, partner: Organization, *, by: Actor) -> None:
    """Let another organisation see and use a station. Raises AlreadyPartner."""
    if partner in {station.owner, *station.partners}:
        raise AlreadyPartner
    station.partners.append(partner)
    _record("add_partner", station, by=by, changes={"organization": partner.name})


def remove_partner(station: Station, partner: Organization, *, by: Actor) -> None:
    """Share a station with an organisation no longer."""
    station.partners.remove(partner)
    _record("remove_partner", station, by=by, changes={"organization": partner.name})


def _set_features(station: Station, features: Collection[Feature]) -> None:
    """Add what is new and drop what is gone, so that rows that stay are not written again."""
    for row in [row for row in station.features if row.feature not in features]:
        station.features.remove(row)
    offered = {row.feature for row in station.features}
    for feature in _in_order(features):
        if feature not in offered:
            station.features.append(StationFeature(feature=feature))


def _in_order(features: Collection[Feature]) -> list[Feature]:
    return [feature for feature in Feature if feature in features]


def _flush() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise CodeTaken from error


def _snapshot(station: Station) -> dict[str, object]:
    return {
        "code": station.code,
        "name": station.name,
        "host_unit": station.host_unit,
        "host_kind": station.host_kind,
        "owner": station.owner.name,
        "district": station.district,
        "address": station.address,
        "opening_hours": station.opening_hours,
        "lead_name": station.lead_name,
        "public_phone": station.public_phone,
        "features": sorted(row.feature for row in station.features),
    }


def _record(verb: str, station: Station, *, by: Actor, changes: Mapping[str, object]) -> None:
    audit.record(
        f"stations.{verb}",
        station,
        by=by,
        name=station.name,
        path=station.owner.path,
        changes=changes,
    )
