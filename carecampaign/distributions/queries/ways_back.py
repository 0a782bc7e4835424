"""Where an event's stock came from, and so where it goes back to when the event is called off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent
from carecampaign.inventory.models import (
    VIRTUAL_KINDS,
    LocationKind,
    Movement,
    StockLevel,
    StockLocation,
)


@dataclass(frozen=True)
class Brought:
    """Pieces of an item that a place brought to an event, less what went back to it."""

    place: StockLocation
    item_id: int
    quantity: int


@dataclass(frozen=True)
class WayBack:
    """Pieces of an item, and the place they go back to; None where they cannot."""

    place: StockLocation | None
    item: Item
    quantity: int


def brought_from(event: DistributionEvent) -> list[Brought]:
    """List what each place brought to an event, the last one first."""
    other = aliased(StockLocation)
    came = Movement.target_id == event.location_id
    pieces = func.sum(case((came, Movement.quantity), else_=-Movement.quantity))
    rows = db.session.execute(
        select(other, Movement.item_id, pieces)
        .join(other, other.id == case((came, Movement.source_id), else_=Movement.target_id))
        .where(
            or_(came, Movement.source_id == event.location_id), other.kind.not_in(VIRTUAL_KINDS)
        )
        .group_by(other.id, Movement.item_id)
        .having(pieces > 0)
        .order_by(func.max(Movement.id).desc())
    )
    return [Brought(place, item_id, int(quantity)) for place, item_id, quantity in rows]


def ways_back(levels: Iterable[StockLevel], brought: Iterable[Brought]) -> list[WayBack]:
    """Send what an event holds back to where it came from, the last place first.

    What came from an event that is over, or from a place out of use, has no way back.
    """
    left: Mapping[int, StockLevel] = {level.item_id: level for level in levels if level.on_hand}
    counts = {item_id: level.on_hand for item_id, level in left.items()}
    ways = []
    for one in brought:
        quantity = min(counts.get(one.item_id, 0), one.quantity)
        if quantity and _takes_back(one.place):
            counts[one.item_id] -= quantity
            ways.append(WayBack(one.place, left[one.item_id].item, quantity))
    ways += [
        WayBack(None, left[key].item, quantity) for key, quantity in counts.items() if quantity
    ]
    return ways


def _takes_back(place: StockLocation) -> bool:
    return place.is_active and place.kind != LocationKind.EVENT
