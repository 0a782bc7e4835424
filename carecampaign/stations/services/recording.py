"""Entries in the audit log about a station."""

from collections.abc import Mapping

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.stations.models import Station


def record(verb: str, station: Station, *, by: Actor, changes: Mapping[str, object]) -> None:
    """Write what was done to a station, under the organisation that runs it."""
    audit.record(
        f"stations.{verb}",
        station,
        by=by,
        name=station.name,
        path=station.owner.path,
        changes=changes,
    )
