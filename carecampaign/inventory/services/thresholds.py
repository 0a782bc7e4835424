"""Say how much a place should hold, and send several places what they need at once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.campaigns.models import Campaign
from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.inventory.models import StockDocument, StockLocation, StockThreshold
from carecampaign.inventory.services.balances import lock_levels
from carecampaign.inventory.services.lines import Line
from carecampaign.inventory.services.locations import ensure_transit_to
from carecampaign.inventory.services.transfers import dispatch


class Threshold(NamedTuple):
    """Pieces below which an item is low, and up to which it is filled up."""

    minimum: int
    target: int


def set_thresholds(
    location: StockLocation, wanted: Mapping[Item, Threshold | None], *, by: Actor
) -> None:
    """Set the thresholds of a place for these items; None takes one away."""
    changes = {}
    for item, threshold in wanted.items():
        row = db.session.get(StockThreshold, (location.id, item.id), with_for_update=True)
        before = None if row is None else Threshold(row.minimum, row.target)
        if before == threshold:
            continue
        _keep(row, location, item, threshold)
        changes[f"{item.name} {item.code}"] = [
            before and list(before),
            threshold and list(threshold),
        ]
    if not changes:
        return
    db.session.flush()
    audit.record(
        "inventory.set_thresholds",
        location,
        by=by,
        name=location.name,
        path="" if location.organization is None else location.organization.path,
        changes=changes,
    )


def replenish(
    source: StockLocation,
    shipments: Mapping[StockLocation, Sequence[Line]],
    *,
    campaign: Campaign | None = None,
    note: str = "",
    by: Actor,
) -> list[StockDocument]:
    """Send each place its lines on a transfer of its own: all of them, or none.

    Raises what ``dispatch`` raises.
    """
    targets = sorted(shipments, key=lambda place: place.id)
    # All levels first: a transfer after the first would else wait while it holds a number.
    lock_levels(
        (place_id, line.item.id)
        for target in targets
        for line in shipments[target]
        for place_id in (source.id, ensure_transit_to(target).id)
    )
    return [
        dispatch(source, target, shipments[target], campaign=campaign, note=note, by=by)
        for target in targets
    ]


def _keep(
    row: StockThreshold | None, location: StockLocation, item: Item, threshold: Threshold | None
) -> None:
    if row is None:
        if threshold is not None:
            db.session.add(
                StockThreshold(location_id=location.id, item_id=item.id, **threshold._asdict())
            )
    elif threshold is None:
        db.session.delete(row)
    else:
        row.minimum, row.target = threshold
