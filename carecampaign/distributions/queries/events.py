"""Which events there are, and who may see and change which of them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, func, or_, select, true
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import EVERYWHERE, Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.campaigns.models import Campaign
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing, Moment, Sum, by_member
from carecampaign.distributions.models import (
    DistributionEvent,
    EventPlan,
    EventState,
    EventVolunteer,
    Tally,
)
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station, StationMember, StationPartner
from carecampaign.stations.queries import visible_stations

LEADING = frozenset({Permission.DISTRIBUTIONS_LEAD, Permission.DISTRIBUTIONS_SETTLE})
"""What at a station only its leads do, and whoever is assigned to the event."""


@dataclass(frozen=True)
class Reach:
    """How far a permission of somebody reaches: by the tree, and by belonging to a place."""

    permission: Permission
    user_id: int | None
    paths: tuple[str, ...]
    at_stations: bool


def reach_of(actor: Actor, permission: Permission) -> Reach:
    """Give how far a permission of an actor reaches."""
    return Reach(
        permission=permission,
        user_id=actor.id,
        paths=actor.paths(permission),
        at_stations=actor.holds_at_stations(permission),
    )


def is_reached(reach: Reach) -> ColumnElement[bool]:
    """Give the condition that a ``DistributionEvent`` is one the permission reaches.

    By the tree it is an event of one's units, of campaigns one's unions organise, or at a
    station they own (to look at: also at one they partner). Station leads and volunteers
    reach the events they are assigned to and those of their stations.
    """
    if EVERYWHERE in reach.paths:
        return true()
    reasons: list[ColumnElement[bool]] = []
    if reach.paths:
        own = select(Organization.id).where(within(Organization.path, reach.paths))
        organised = select(Campaign.id).where(Campaign.organizer_id.in_(own))
        owned = select(Station.id).where(Station.owner_id.in_(own))
        reasons += [
            DistributionEvent.unit_id.in_(own),
            DistributionEvent.campaign_id.in_(organised),
            DistributionEvent.station_id.in_(owned),
        ]
        if reach.permission == Permission.DISTRIBUTIONS_VIEW:
            partnered = select(StationPartner.station_id).where(
                StationPartner.organization_id.in_(own)
            )
            reasons.append(DistributionEvent.station_id.in_(partnered))
    if reach.at_stations:
        reasons += belongs_to(reach)
    return or_(*reasons) if reasons else ~true()


def belongs_to(reach: Reach) -> list[ColumnElement[bool]]:
    """Give the conditions, any of which is enough: assigned to the event, or at its station."""
    membership = and_(
        StationMember.station_id == DistributionEvent.station_id,
        StationMember.user_id == reach.user_id,
    )
    if reach.permission in LEADING:
        membership = and_(membership, StationMember.is_lead)
    assignment = and_(
        EventVolunteer.event_id == DistributionEvent.id, EventVolunteer.user_id == reach.user_id
    )
    return [
        select(EventVolunteer.user_id).where(assignment).exists(),
        select(StationMember.id).where(membership).exists(),
    ]


def get_event_for(
    actor: Actor, event_id: int, permission: Permission = Permission.DISTRIBUTIONS_VIEW
) -> DistributionEvent:
    """Get an event for which ``permission`` is held. Raises NotFound for any other."""
    event = db.session.scalar(
        select(DistributionEvent)
        .where(DistributionEvent.id == event_id, is_reached(reach_of(actor, permission)))
        .options(
            joinedload(DistributionEvent.campaign).selectinload(Campaign.groups),
            joinedload(DistributionEvent.unit),
            joinedload(DistributionEvent.station),
            joinedload(DistributionEvent.location),
        )
        .execution_options(populate_existing=True)
    )
    if event is None:
        raise NotFound(_l("There is no such distribution event."))
    return event


def reaches(actor: Actor, event: DistributionEvent, permission: Permission) -> bool:
    """Say whether the actor holds ``permission`` for an event: for buttons."""
    return (
        actor.can(permission)
        and db.session.scalar(
            select(DistributionEvent.id).where(
                DistributionEvent.id == event.id, is_reached(reach_of(actor, permission))
            )
        )
        is not None
    )


def may_see_station(actor: Actor, event: DistributionEvent) -> bool:
    """Say whether the actor may open the page of an event's station.

    Whoever is only assigned to the event does not belong to the station.
    """
    return (
        event.station_id is not None
        and actor.can(Permission.STATIONS_VIEW)
        and db.session.scalar(
            select(Station.id).where(
                Station.id == event.station_id,
                visible_stations(actor, Permission.STATIONS_VIEW),
            )
        )
        is not None
    )


@dataclass(frozen=True)
class EventFilter:
    """What a list of events is narrowed down to; None does not narrow.

    ``campaign`` and ``station`` are ids, ``since`` and ``until`` the first and last day.
    """

    campaign: int | None = None
    station: int | None = None
    state: EventState | None = None
    since: date | None = None
    until: date | None = None


def list_events_for(
    actor: Actor, narrowed: EventFilter | None = None
) -> Select[DistributionEvent]:
    """Select the events an actor may see (to paginate), the latest day first."""
    return (
        select(DistributionEvent)
        .where(
            is_reached(reach_of(actor, Permission.DISTRIBUTIONS_VIEW)),
            *_conditions(narrowed or EventFilter()),
        )
        .options(
            joinedload(DistributionEvent.campaign),
            joinedload(DistributionEvent.unit),
            joinedload(DistributionEvent.station),
        )
        .order_by(DistributionEvent.held_on.desc(), DistributionEvent.id.desc())
    )


def _conditions(narrowed: EventFilter) -> Iterator[ColumnElement[bool]]:
    if narrowed.campaign is not None:
        yield DistributionEvent.campaign_id == narrowed.campaign
    if narrowed.station is not None:
        yield DistributionEvent.station_id == narrowed.station
    if narrowed.state is not None:
        yield DistributionEvent.state == narrowed.state
    if narrowed.since is not None:
        yield DistributionEvent.held_on >= narrowed.since
    if narrowed.until is not None:
        yield DistributionEvent.held_on <= narrowed.until


def campaigns_with_events_for(actor: Actor) -> Sequence[Campaign]:
    """List the campaigns that have an event the actor may see, the newest first."""
    seen = select(DistributionEvent.campaign_id).where(
        is_reached(reach_of(actor, Permission.DISTRIBUTIONS_VIEW))
    )
    return db.session.scalars(
        select(Campaign)
        .where(Campaign.id.in_(seen))
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    ).all()


def stations_with_events_for(actor: Actor) -> Sequence[Station]:
    """List the stations that have an event the actor may see, by name."""
    seen = select(DistributionEvent.station_id).where(
        is_reached(reach_of(actor, Permission.DISTRIBUTIONS_VIEW))
    )
    return db.session.scalars(
        select(Station).where(Station.id.in_(seen)).order_by(Station.name, Station.id)
    ).all()


@dataclass(frozen=True)
class Progress:
    """What an event planned, and what it came to so far."""

    planned: int = 0
    person_times: int = 0
    quantity: int = 0


def progress_of(events: Collection[DistributionEvent]) -> dict[int, Progress]:
    """Give plan and fact of several events by event id, in two queries."""
    ids = [event.id for event in events]
    planned = db.session.execute(
        select(EventPlan.event_id, func.sum(EventPlan.planned))
        .where(EventPlan.event_id.in_(ids))
        .group_by(EventPlan.event_id)
    )
    plans = {event_id: int(total) for event_id, total in planned}
    facts = db.session.execute(
        select(Tally.event_id, func.sum(Tally.person_times), func.sum(Tally.quantity))
        .where(Tally.event_id.in_(ids))
        .group_by(Tally.event_id)
    )
    counts = {event_id: (int(times), int(pieces)) for event_id, times, pieces in facts}
    return {
        event_id: Progress(plans.get(event_id, 0), *counts.get(event_id, (0, 0)))
        for event_id in ids
    }


@dataclass(frozen=True)
class EventRow:
    """An event of the list, with its plan and what it came to."""

    event: DistributionEvent
    progress: Progress


def _sum_of(column: Any, table: type[EventPlan | Tally]) -> ScalarSelect[int]:  # noqa: ANN401 - a figure
    return (
        select(func.sum(column))
        .where(table.event_id == DistributionEvent.id)
        .correlate(DistributionEvent)
        .scalar_subquery()
    )


def _name_of(name: Any, table: type[Any], key: Any) -> ScalarSelect[str]:  # noqa: ANN401 - of models
    return select(name).where(table.id == key).correlate(DistributionEvent).scalar_subquery()


EVENTS: Listing[EventRow] = Listing(
    _l("Distribution events"),
    (
        Column("place", _l("Place"), lambda row: row.event.place, DistributionEvent.place),
        Moment("date", _l("Date"), lambda row: row.event.held_on, DistributionEvent.held_on),
        Column(
            "state",
            _l("State"),
            lambda row: row.event.state,
            by_member(DistributionEvent.state, EventState),
        ),
        Column(
            "campaign",
            _l("Campaign"),
            lambda row: row.event.campaign.name,
            _name_of(Campaign.name, Campaign, DistributionEvent.campaign_id),
        ),
        Column(
            "unit",
            _l("Unit"),
            lambda row: row.event.unit.short_name,
            _name_of(Organization.short_name, Organization, DistributionEvent.unit_id),
        ),
        Column(
            "station",
            _l("Station"),
            lambda row: row.event.station.name if row.event.station else "",
            _name_of(Station.name, Station, DistributionEvent.station_id),
            optional=True,
        ),
        Sum(
            "planned",
            _l("Planned packages"),
            lambda row: row.progress.planned,
            _sum_of(EventPlan.planned, EventPlan),
        ),
        Sum(
            "handed_out",
            _l("Handed out"),
            lambda row: row.progress.quantity,
            _sum_of(Tally.quantity, Tally),
        ),
        Sum(
            "person_times",
            _l("Person-times"),
            lambda row: row.progress.person_times,
            _sum_of(Tally.person_times, Tally),
            optional=True,
        ),
    ),
    order=(DistributionEvent.held_on.desc(), DistributionEvent.id.desc()),
)


def with_progress(events: Sequence[DistributionEvent]) -> list[EventRow]:
    """Give events as rows of the list."""
    found = progress_of(events)
    return [EventRow(event, found[event.id]) for event in events]
