"""Where stock is low, and what a warehouse should send."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_, union_all
from sqlalchemy.orm import aliased

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Figure, Listing
from carecampaign.inventory.models import (
    LocationKind,
    Movement,
    StockLevel,
    StockLocation,
    StockThreshold,
)
from carecampaign.inventory.queries.locations import is_visible

PACE_DAYS = 14
"""The pace is that of so many days up to now."""
SOON = 7
"""What lasts for fewer days than this is to be filled up, whatever its minimum."""
MOST_PROPOSED = 300

_Transit = aliased(StockLocation)
_OnTheWay = aliased(StockLevel)
_FREE = func.coalesce(StockLevel.on_hand - StockLevel.reserved, 0)
_COMING = func.coalesce(_OnTheWay.on_hand, 0)
_USES_UP = (LocationKind.EVENT, LocationKind.RECIPIENTS, LocationKind.ISSUED)


@dataclass(frozen=True)
class SupplyRow:
    """An item at a place with its thresholds: pieces that are free, and on their way there."""

    threshold: StockThreshold
    location: StockLocation
    item: Item
    free: int
    coming: int

    @property
    def missing(self) -> int:
        """Pieces up to the target, with what is on its way."""
        return max(0, self.threshold.target - self.free - self.coming)


LOW_STOCK: Listing[SupplyRow] = Listing(
    _l("Low stock"),
    (
        Column("place", _l("Stock location"), lambda row: row.location.name, StockLocation.name),
        Column("kind", _l("Kind of place"), lambda row: str(row.location.kind.label)),
        Column("item", _l("Item"), lambda row: row.item.name, Item.name),
        Column("unit", _l("Unit"), lambda row: row.item.unit),
        Figure("free", _l("Free"), lambda row: row.free, _FREE),
        Figure("coming", _l("On its way"), lambda row: row.coming, _COMING),
        Figure(
            "minimum", _l("Minimum"), lambda row: row.threshold.minimum, StockThreshold.minimum
        ),
        Figure("target", _l("Target"), lambda row: row.threshold.target, StockThreshold.target),
        Figure("missing", _l("Missing"), lambda row: row.missing),
    ),
    order=(StockLocation.name, StockLocation.id, Item.name, Item.id),
)


def levels_below_minimum(actor: Actor) -> Select[Any]:
    """Select what has fallen below its minimum where the actor looks; see ``supply_rows``."""
    return _supply(is_visible(actor)).where(StockThreshold.minimum > _FREE)


def supply_rows(found: Sequence[Any]) -> list[SupplyRow]:
    """Give the rows of what ``levels_below_minimum`` selected."""
    return [
        SupplyRow(threshold, location, item, int(free), int(coming))
        for threshold, location, item, free, coming in found
    ]


def list_thresholds(location: StockLocation) -> dict[int, StockThreshold]:
    """Give the thresholds of a place, by the id of the item."""
    rows = db.session.scalars(
        select(StockThreshold).where(StockThreshold.location_id == location.id)
    )
    return {row.item_id: row for row in rows}


_COLUMNS: tuple[Any, ...] = (StockThreshold, StockLocation, Item, _FREE, _COMING)


def _supply(*conditions: ColumnElement[bool]) -> Select[Any]:
    return (
        select(*_COLUMNS)
        .select_from(StockThreshold)
        .join(StockLocation, StockLocation.id == StockThreshold.location_id)
        .join(Item, Item.id == StockThreshold.item_id)
        .outerjoin(
            StockLevel,
            (StockLevel.location_id == StockThreshold.location_id)
            & (StockLevel.item_id == StockThreshold.item_id),
        )
        .outerjoin(_Transit, _Transit.destination_id == StockThreshold.location_id)
        .outerjoin(
            _OnTheWay,
            (_OnTheWay.location_id == _Transit.id) & (_OnTheWay.item_id == StockThreshold.item_id),
        )
        .where(StockLocation.is_active, *conditions)
    )


@dataclass(frozen=True)
class Proposal:
    """What a warehouse should send to a place of an item, as plain values.

    ``days_left`` is how long what is there lasts at the pace of the last days; None where
    nothing was used up. ``proposed`` is at most what the warehouse has free.
    """

    location_id: int
    place: str
    item_id: int
    item: str
    unit: str
    free: int
    coming: int
    target: int
    available: int
    days_left: int | None
    proposed: int


def propose(
    actor: Actor, source: StockLocation, *, also: Collection[tuple[int, int]] = ()
) -> list[Proposal]:
    """Propose what a warehouse should send where: to those that run out first, first.

    A place gets up to its target when it is below its minimum, or has enough for only a few
    days. ``also`` are places and items (ids) to list in any case. It costs as much as the places
    with thresholds had movements in the last days.
    """
    rows = supply_rows(
        db.session.execute(
            _supply(is_visible(actor, Permission.INVENTORY_VIEW), StockLocation.id != source.id)
            .where(
                or_(
                    StockThreshold.target > _FREE + _COMING,
                    tuple_(StockThreshold.location_id, StockThreshold.item_id).in_(list(also)),
                )
            )
            .order_by(StockLocation.name, StockLocation.id, Item.name, Item.id)
            .limit(MOST_PROPOSED)
        ).all()
    )
    left = _free_at(source)
    available = dict(left)
    pace = _used_up([(row.location.id, row.item.id) for row in rows])
    proposals = []
    for row in sorted(rows, key=lambda row: _urgency(row, pace)):
        days = _days_left(row, pace)
        is_due = row.free + row.coming < row.threshold.minimum or (
            days is not None and days < SOON
        )
        proposed = min(row.missing, left.get(row.item.id, 0)) if is_due else 0
        left[row.item.id] = left.get(row.item.id, 0) - proposed
        proposals.append(_proposal(row, available.get(row.item.id, 0), days, proposed))
    return proposals


def _proposal(row: SupplyRow, available: int, days: int | None, proposed: int) -> Proposal:
    return Proposal(
        row.location.id,
        row.location.name,
        row.item.id,
        row.item.name,
        row.item.unit,
        row.free,
        row.coming,
        row.threshold.target,
        available,
        days,
        proposed,
    )


def _urgency(row: SupplyRow, pace: dict[tuple[int, int], int]) -> tuple[float, float]:
    days = _days_left(row, pace)
    return float("inf") if days is None else days, row.free / row.threshold.target


def _days_left(row: SupplyRow, pace: dict[tuple[int, int], int]) -> int | None:
    used = pace.get((row.location.id, row.item.id), 0)
    return row.free * PACE_DAYS // used if used > 0 else None


def _free_at(source: StockLocation) -> dict[int, int]:
    rows = db.session.execute(
        select(StockLevel.item_id, StockLevel.on_hand - StockLevel.reserved).where(
            StockLevel.location_id == source.id
        )
    )
    return {item_id: int(free) for item_id, free in rows}


def _used_up(keys: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Give how many pieces each place used up in the last days, less what came back."""
    recent = Movement.recorded_at >= clock.now() - timedelta(days=PACE_DAYS)
    outside = select(StockLocation.id).where(StockLocation.kind.in_(_USES_UP))
    goes = select(
        Movement.source_id.label("location_id"),
        Movement.item_id.label("item_id"),
        Movement.quantity.label("quantity"),
    ).where(
        tuple_(Movement.source_id, Movement.item_id).in_(keys),
        Movement.target_id.in_(outside),
        recent,
    )
    comes = select(Movement.target_id, Movement.item_id, -Movement.quantity).where(
        tuple_(Movement.target_id, Movement.item_id).in_(keys),
        Movement.source_id.in_(outside),
        recent,
    )
    moved = union_all(goes, comes).subquery()
    rows = db.session.execute(
        select(moved.c.location_id, moved.c.item_id, func.sum(moved.c.quantity)).group_by(
            moved.c.location_id, moved.c.item_id
        )
    )
    return {(location_id, item_id): int(used) for location_id, item_id, used in rows}
