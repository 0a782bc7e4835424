"""Plan events and change their plans."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import select, update

from carecampaign.access.actor import Actor
from carecampaign.accounts.models import User
from carecampaign.audit import services as audit
from carecampaign.campaigns.models import Campaign
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, EventPlan, EventState, Handout
from carecampaign.distributions.queries import RUNNING
from carecampaign.distributions.services.errors import (
    AlreadyBegun,
    CampaignNotRunning,
    ChangedMeanwhile,
    EndsBeforeItStarts,
    OutsideCampaign,
    PlaceNeeded,
    PlanOutOfBounds,
    UnitNotTakingPart,
    WrongState,
)
from carecampaign.inventory import services as inventory
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station

MOST_PLANNED = 1_000_000


def create_event(  # noqa: PLR0913 - an event simply has these facts
    campaign: Campaign,
    *,
    unit: Organization,
    station: Station | None = None,
    place: str = "",
    held_on: date,
    starts_at: time | None = None,
    ends_at: time | None = None,
    plans: Mapping[int, int] | None = None,
    volunteers: Sequence[User] = (),
    note: str = "",
    is_synthetic: bool = False,
    by: Actor,
) -> DistributionEvent:
    """Plan an event at a station or another place, with a stock location of its own.

    ``plans`` are packages by the id of a group. Raises CampaignNotRunning, UnitNotTakingPart,
    PlaceNeeded, OutsideCampaign, EndsBeforeItStarts or PlanOutOfBounds.
    """
    if campaign.state not in RUNNING:
        raise CampaignNotRunning
    event = DistributionEvent(campaign=campaign, note=note, is_synthetic=is_synthetic)
    with db.session.no_autoflush:
        _set_where_and_when(event, unit=unit, station=station, place=place, held_on=held_on)
        _set_hours(event, starts_at, ends_at)
        _set_plans(event, plans or {})
        event.volunteers = list(volunteers)
    event.location = inventory.create_event_location(_location_name(event), organization=unit)
    db.session.add(event)
    db.session.flush()
    record_change("distributions.create", event, by=by, changes=_summary(event))
    return event


def edit_event(  # noqa: PLR0913 - an event simply has these facts
    event: DistributionEvent,
    *,
    unit: Organization,
    station: Station | None,
    place: str,
    held_on: date,
    starts_at: time | None,
    ends_at: time | None,
    plans: Mapping[int, int],
    volunteers: Sequence[User],
    note: str,
    revision: int | None = None,
    by: Actor,
) -> None:
    """Change an event that is planned or open; what it counts for stands once it has begun.

    ``revision`` is the one the change was made from; None asks for none in particular.
    Raises WrongState when it is over, ChangedMeanwhile, AlreadyBegun, and what
    ``create_event`` raises.
    """
    before = take_hold(event, revision=revision)
    place_and_hours(
        event,
        unit=unit,
        station=station,
        place=place,
        held_on=held_on,
        hours=(starts_at, ends_at),
    )
    with db.session.no_autoflush:
        _set_plans(event, plans)
        event.volunteers = list(volunteers)
        event.note = note
    record_difference("distributions.edit", event, before, by=by)


def take_hold(event: DistributionEvent, *, revision: int | None = None) -> dict[str, Any]:
    """Keep everybody else from changing an event that is not over, and count the change.

    Gives its facts as they were. Raises WrongState or ChangedMeanwhile.
    """
    db.session.flush()
    guard = update(DistributionEvent).where(DistributionEvent.id == event.id)
    if revision is not None:
        guard = guard.where(DistributionEvent.revision == revision)
    changed = db.session.scalar(
        guard.values(revision=DistributionEvent.revision + 1)
        .returning(DistributionEvent.id)
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(event, ["state", "revision"])
    if event.state not in {EventState.PLANNED, EventState.OPEN}:
        raise WrongState
    if changed is None:
        raise ChangedMeanwhile
    return _summary(event)


def place_and_hours(
    event: DistributionEvent,
    *,
    unit: Organization,
    station: Station | None,
    place: str,
    held_on: date,
    hours: tuple[time | None, time | None],
) -> bool:
    """Set where, when and for which unit, and say whether that is a change to be told.

    Raises AlreadyBegun where anything but the hours would change under way.
    """
    before, hours_before = _whereabouts(event), (event.starts_at, event.ends_at)
    with db.session.no_autoflush:
        _set_where_and_when(event, unit=unit, station=station, place=place, held_on=held_on)
        has_moved = _whereabouts(event) != before
        if has_moved and has_begun(event):
            raise AlreadyBegun
        _set_hours(event, *hours)
    if has_moved:
        inventory.rename_event_location(event.location, _location_name(event), organization=unit)
    is_news = has_moved or hours != hours_before
    if is_news:
        event.changed_at = clock.now()
        event.change_reason = ""
    return is_news


def lock_event(event: DistributionEvent) -> None:
    """Keep everybody else from changing the event's state, and read it anew."""
    db.session.flush()
    db.session.refresh(event, ["state"], with_for_update={"key_share": True})


def has_begun(event: DistributionEvent) -> bool:
    """Say whether the event was opened, or something was logged before it was."""
    if event.state != EventState.PLANNED:
        return True
    logged = select(Handout.id).where(Handout.event_id == event.id).limit(1)
    return db.session.execute(logged).first() is not None


def record_change(
    action: str, event: DistributionEvent, *, by: Actor, changes: Mapping[str, Any]
) -> None:
    """Add an entry about an event to the audit log."""
    audit.record(
        action,
        event,
        by=by,
        name=_location_name(event),
        path=event.unit.path,
        changes=changes,
    )


def record_difference(
    action: str,
    event: DistributionEvent,
    before: Mapping[str, Any],
    *,
    by: Actor,
    **further: object,
) -> None:
    """Note in the audit log which facts of an event are not what they were before."""
    after = _summary(event)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    db.session.flush()
    record_change(action, event, by=by, changes=changes | further)


def _set_where_and_when(
    event: DistributionEvent,
    *,
    unit: Organization,
    station: Station | None,
    place: str,
    held_on: date,
) -> None:
    campaign = event.campaign
    if unit.id != campaign.organizer_id and unit.id not in {each.id for each in campaign.units}:
        raise UnitNotTakingPart
    place = place or (station.name if station else "")
    if not place:
        raise PlaceNeeded
    if not campaign.starts_on <= held_on <= campaign.ends_on:
        raise OutsideCampaign
    event.unit, event.station, event.place, event.held_on = unit, station, place, held_on
    event.unit_id, event.station_id = unit.id, station.id if station else None


def _set_hours(event: DistributionEvent, starts_at: time | None, ends_at: time | None) -> None:
    if starts_at and ends_at and ends_at <= starts_at:
        raise EndsBeforeItStarts
    event.starts_at, event.ends_at = starts_at, ends_at


def _set_plans(event: DistributionEvent, plans: Mapping[int, int]) -> None:
    known = {group.id for group in event.campaign.groups}
    if not known.issuperset(plans) or not all(0 <= n <= MOST_PLANNED for n in plans.values()):
        raise PlanOutOfBounds
    kept = {plan.group_id: plan for plan in event.plans}
    event.plans = [
        _planned(kept.get(group_id) or EventPlan(group_id=group_id), planned)
        for group_id, planned in plans.items()
        if planned
    ]


def _planned(plan: EventPlan, planned: int) -> EventPlan:
    plan.planned = planned
    return plan


def _location_name(event: DistributionEvent) -> str:
    return f"{event.held_on.isoformat()} {event.place}"


def _whereabouts(event: DistributionEvent) -> tuple[object, ...]:
    return (event.unit_id, event.station_id, event.place, event.held_on)


def _summary(event: DistributionEvent) -> dict[str, Any]:
    groups = {group.id: group.name for group in event.campaign.groups}
    return {
        "unit": event.unit.name,
        "station": event.station.name if event.station else None,
        "place": event.place,
        "held_on": event.held_on,
        "hours": _hours(event.starts_at, event.ends_at),
        "plans": {groups[plan.group_id]: plan.planned for plan in event.plans},
        "volunteers": sorted(user.username for user in event.volunteers),
    }


def _hours(*hours: time | None) -> str:
    return "–".join(f"{hour:%H:%M}" if hour else "" for hour in hours).strip("–")
