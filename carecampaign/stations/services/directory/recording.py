"""Entries in the audit log about stations that a table opened or changed."""

from collections.abc import Mapping
from typing import Any

from carecampaign.audit.services import Happening, keyed_digest
from carecampaign.stations.models import Feature, MapService, Station
from carecampaign.stations.opening import write
from carecampaign.stations.services.directory.planning import Addition, Change

Owners = Mapping[int, tuple[str, str]]
"""Names and paths of organisations by id."""

_OF_STATUS = ("status", "status_reason", "status_since", "reopens_on")
_AS_THEY_ARE = (
    *("code", "name", "aliases", "brand", "station_type", "build_mode", "host_unit", "host_kind"),
    *("opened_on", "district", "district_code", "street", "address", "opening_note"),
    *("lead_name", "public_phone", "supervision_phone", "area_square_decimetres", "capacity"),
)


def tell_opening(addition: Addition, owners: Owners) -> Happening:
    """Tell of a station opened, whose id and perhaps code are still to be given."""
    known = {key: value for key, value in _shown(addition.values, owners).items() if value}
    status = {key: addition.values[key] for key in _OF_STATUS if addition.values[key]}
    return _happening("create", "", addition.values, owners, known | status)


def tell_change(change: Change, owners: Owners) -> list[Happening]:
    """Tell of a station changed: its facts and its status, each where it did."""
    station_id, told = str(change.known.id), []
    before, after = _shown(change.known.values, owners), _shown(change.values, owners)
    facts = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if facts:
        told.append(_happening("edit", station_id, change.values, owners, facts))
    was, is_now = change.known.values, change.values
    status = {key: [was[key], is_now[key]] for key in _OF_STATUS if was[key] != is_now[key]}
    if status:
        told.append(_happening("change_status", station_id, change.values, owners, status))
    return told


def _happening(
    verb: str,
    station_id: str,
    values: Mapping[str, Any],
    owners: Owners,
    told: Mapping[str, Any],
) -> Happening:
    _name, path = owners[values["owner_id"]]
    action = f"stations.{verb}"
    return Happening(action, Station.__tablename__, station_id, values["name"], path, told)


def _shown(values: Mapping[str, Any], owners: Owners) -> dict[str, Any]:
    """Give the facts as the log shows those of one station: the private phone as a digest."""
    offered = values["facilities"] | values["services"]
    return {
        **{key: values[key] for key in _AS_THEY_ARE},
        "owner": owners[values["owner_id"]][0],
        "lead_phone": values["lead_phone"] and keyed_digest(values["lead_phone"]),
        "position": values["datum"]
        and f"{values['longitude']}, {values['latitude']} ({values['datum'].value})",
        "opening": write(values["opening"]),
        "listings": sorted(_listing(service, values) for service in MapService if values[service]),
        "features": [feature.value for feature in sorted(offered, key=list(Feature).index)],
    }


def _listing(service: MapService, values: Mapping[str, Any]) -> str:
    since = values[service]
    return service.value if since is True else f"{service.value} {since.isoformat()}"
