"""What of stations stands in rows of its own; rows that stay are not written again."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.core import clock
from carecampaign.core.batches import batches
from carecampaign.core.db import db
from carecampaign.stations.models import (
    MapService,
    StationFeature,
    StationListing,
    StationOpening,
    StationPartner,
    rows_of,
)
from carecampaign.stations.opening import Rules

Values = Mapping[str, Any]
NOTHING: Values = {
    "facilities": frozenset(),
    "services": frozenset(),
    "opening": Rules(),
    **{service.value: False for service in MapService},
}
"""What a station that is not there yet has."""


class Rewrite(NamedTuple):
    """A station by its id, and its values before and after."""

    station_id: int
    before: Values
    after: Values


def write_parts(rewrites: Sequence[Rewrite]) -> None:
    """Write facilities, services, maps and opening rules of stations where they differ."""
    _write_features(rewrites)
    _write_listings(rewrites)
    _write_opening(rewrites)


def remove_partners(pairs: Sequence[tuple[int, int]]) -> None:
    """End the sharing of stations with organisations, as far as there is any."""
    _delete(StationPartner.station_id, StationPartner.organization_id, pairs)


def _write_features(rewrites: Sequence[Rewrite]) -> None:
    gone, new = [], []
    for station_id, before, after in rewrites:
        had = before["facilities"] | before["services"]
        has = after["facilities"] | after["services"]
        gone += [(station_id, feature) for feature in had - has]
        new += [{"station_id": station_id, "feature": one} for one in sorted(has - had)]
    _delete(StationFeature.station_id, StationFeature.feature, gone)
    _insert(StationFeature, new)


def _write_listings(rewrites: Sequence[Rewrite]) -> None:
    gone, new = [], []
    for station_id, before, after in rewrites:
        for service in MapService:
            was, is_now = before[service.value], after[service.value]
            if was == is_now:
                continue
            gone.append((station_id, service))
            if is_now:
                listed_on = is_now if isinstance(is_now, date) else None
                new.append({"station_id": station_id, "service": service, "listed_on": listed_on})
    _delete(StationListing.station_id, StationListing.service, gone)
    _insert(StationListing, new)


def _write_opening(rewrites: Sequence[Rewrite]) -> None:
    changed = [one for one in rewrites if one.before["opening"] != one.after["opening"]]
    for batch in batches([one.station_id for one in changed]):
        db.session.execute(
            delete(StationOpening).where(StationOpening.station_id.in_(batch)),
            execution_options={"synchronize_session": False},
        )
    names = ("day", "first_on", "last_on", "opens", "closes")
    _insert(
        StationOpening,
        [
            {"station_id": one.station_id, **{name: getattr(row, name) for name in names}}
            for one in changed
            for row in rows_of(one.after["opening"])
        ],
    )


def _insert(model: Any, rows: list[dict[str, Any]]) -> None:  # noqa: ANN401 - any mapped class
    if rows:
        written_at = clock.now()
        db.session.execute(insert(model), [row | {"created_at": written_at} for row in rows])


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
