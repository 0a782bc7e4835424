"""What of stations stands in rows of its own; rows that stay are not written again."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.core import clock
from carecampaign.core.batches import batches
from carecampaign.core.db import db, table_of
from carecampaign.stations.models import (
    MapService,
    StationFeature,
    StationListing,
    StationOpening,
    StationPartner,
    values_of,
)
from carecampaign.stations.opening import Rules

Values = Mapping[str, Any]
Row = dict[str, Any]
NOTHING: Values = {
    "facilities": frozenset(),
    "services": frozenset(),
    "opening": Rules(),
    **{service.value: False for service in MapService},
}
"""What a station that is not there yet has."""


class Parts(NamedTuple):
    """What of one station's own rows goes, and what comes: rows without whose they are."""

    lost_features: Sequence[Any]
    features: Sequence[Row]
    lost_listings: Sequence[MapService]
    listings: Sequence[Row]
    opening: Sequence[Row] | None
    """None where the opening rules stay as they are."""


def difference(before: Values, after: Values) -> Parts:
    """Compare the facilities, services, maps and opening rules of a station."""
    had = before["facilities"] | before["services"]
    has = after["facilities"] | after["services"]
    listings = [one for one in MapService if before[one.value] != after[one.value]]
    return Parts(
        lost_features=sorted(had - has),
        features=[{"feature": feature} for feature in sorted(has - had)],
        lost_listings=[service for service in listings if before[service.value]],
        listings=[_listing(one, after[one.value]) for one in listings if after[one.value]],
        opening=None if before["opening"] == after["opening"] else values_of(after["opening"]),
    )


def write_parts(parts: Sequence[tuple[int, Parts]]) -> None:
    """Write what differs, of stations by their ids."""
    _delete(
        StationFeature.station_id,
        StationFeature.feature,
        [(station_id, one) for station_id, differs in parts for one in differs.lost_features],
    )
    _delete(
        StationListing.station_id,
        StationListing.service,
        [(station_id, one) for station_id, differs in parts for one in differs.lost_listings],
    )
    for batch in batches([station_id for station_id, one in parts if one.opening is not None]):
        db.session.execute(
            delete(StationOpening).where(StationOpening.station_id.in_(batch)),
            execution_options={"synchronize_session": False},
        )
    new = {
        StationFeature: ((station_id, one.features) for station_id, one in parts),
        StationListing: ((station_id, one.listings) for station_id, one in parts),
        StationOpening: ((station_id, one.opening or ()) for station_id, one in parts),
    }
    for model, rows in new.items():
        _insert(model, rows)


def remove_partners(pairs: Sequence[tuple[int, int]]) -> None:
    """End the sharing of stations with organisations, as far as there is any."""
    _delete(StationPartner.station_id, StationPartner.organization_id, pairs)


def _listing(service: MapService, since: object) -> Row:
    return {"service": service, "listed_on": since if isinstance(since, date) else None}


def _insert(
    model: Any,  # noqa: ANN401 - any mapped class
    rows_of_each: Iterable[tuple[int, Sequence[Row]]],
) -> None:
    written_at = clock.now()
    rows: list[Row] = []
    for station_id, of_one in rows_of_each:
        for row in of_one:
            row |= {"station_id": station_id, "created_at": written_at}
        rows += of_one
    if rows:
        db.session.execute(insert(table_of(model)), rows)


def _delete(
    station_id: InstrumentedAttribute[int],
    what: InstrumentedAttribute[Any],
    pairs: Sequence[tuple[int, Any]],
) -> None:
    for batch in batches(pairs):
        db.session.execute(
            delete(station_id.class_).where(tuple_(station_id, what).in_(batch)),
            execution_options={"synchronize_session": False},
        )
