"""Late changes: an event is moved, or called off and its stock goes back."""

from collections.abc import Iterable
from datetime import date, time

from sqlalchemy import select

from carecampaign.access.actor import Actor
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions import queries
from carecampaign.distributions.models import DistributionEvent, EventState, Handout
from carecampaign.distributions.queries import WayBack
from carecampaign.distributions.services.errors import (
    HandedOutHere,
    NothingMoved,
    ReasonNeeded,
    TargetNeeded,
)
from carecampaign.distributions.services.events import (
    place_and_hours,
    record_change,
    record_difference,
    take_hold,
)
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, StockLocation
from carecampaign.inventory.services import Holder, Line
from carecampaign.stations.models import Station


def move_event(  # noqa: PLR0913 - where and when are several facts
    event: DistributionEvent,
    *,
    station: Station | None,
    place: str,
    held_on: date,
    starts_at: time | None,
    ends_at: time | None,
    reason: str,
    revision: int | None = None,
    by: Actor,
) -> None:
    """Move an event to another day, time or place; those assigned to it are shown the change.

    Once it has begun only the hours can change. Raises ReasonNeeded, NothingMoved, WrongState,
    ChangedMeanwhile, AlreadyBegun, PlaceNeeded, OutsideCampaign or EndsBeforeItStarts.
    """
    if not reason.strip():
        raise ReasonNeeded
    before = take_hold(event, revision=revision)
    is_news = place_and_hours(
        event,
        unit=event.unit,
        station=station,
        place=place,
        held_on=held_on,
        hours=(starts_at, ends_at),
    )
    if not is_news:
        raise NothingMoved
    event.change_reason = reason.strip()
    record_difference("distributions.move", event, before, by=by, reason=event.change_reason)


def cancel_event(
    event: DistributionEvent, *, reason: str, target: StockLocation | None = None, by: Actor
) -> None:
    """Call off an event at which nothing was handed out; its stock goes back to where it was.

    What was reserved for it is free again. What has no way back, as what an earlier event left
    here, goes to ``target``. Raises ReasonNeeded, WrongState, HandedOutHere or TargetNeeded.
    """
    if not reason.strip():
        raise ReasonNeeded
    take_hold(event)
    inventory.release(Holder("event", event.id))
    brought = queries.brought_from(event)
    places = {one.place.id: one.place for one in brought} | ({target.id: target} if target else {})
    levels = queries.lock_stock([event.location, *places.values()])
    # Only now: whoever was handing out a moment ago held the stock until it was logged.
    if _was_logged_at(event):
        raise HandedOutHere
    here = [level for (place_id, _item), level in levels.items() if place_id == event.location_id]
    returned = _send_back(event, queries.ways_back(here, brought), target, by=by)
    event.state = EventState.CANCELLED
    event.changed_at = clock.now()
    event.change_reason = reason.strip()
    db.session.flush()
    changes = {"reason": event.change_reason, "returned": returned}
    record_change("distributions.cancel", event, by=by, changes=changes)


def _was_logged_at(event: DistributionEvent) -> bool:
    logged = select(Handout.id).where(Handout.event_id == event.id).limit(1)
    return db.session.execute(logged).first() is not None


def _send_back(
    event: DistributionEvent, ways: Iterable[WayBack], target: StockLocation | None, *, by: Actor
) -> dict[str, int]:
    """Move the stock back, one paper for each place, and give the pieces by place."""
    lines: dict[int, list[Line]] = {}
    places: dict[int, StockLocation] = {}
    for way in ways:
        place = way.place or target
        if place is None:
            raise TargetNeeded
        places[place.id] = place
        lines.setdefault(place.id, []).append(Line(way.item, way.quantity))
    for key, place in sorted(places.items()):
        inventory.move_stock(
            DocumentKind.CLOSING, event.location, place, lines[key], by=by, campaign=event.campaign
        )
    return {place.name: sum(line.quantity for line in lines[key]) for key, place in places.items()}
