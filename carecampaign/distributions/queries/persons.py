"""The named persons an event may serve, and the events that may serve a person."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, undefer_group

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.models import KNOWN, SEALED, Person
from carecampaign.beneficiaries.queries import BY_NAME, is_found_by
from carecampaign.beneficiaries.queries.merged import entries_of
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.core.db import db
from carecampaign.distributions.models import (
    DistributionEvent,
    EventState,
    Handout,
    HandoutVoid,
    Served,
)
from carecampaign.distributions.queries.events import belongs_to, reach_of
from carecampaign.distributions.queries.occasions import is_kept_by
from carecampaign.organizations.models import Organization

MOST_FOUND = 20
SHORTEST_SEARCH = 2
"""Signs: whoever searches knows whom they have before them."""

MOST_EVENTS = 10


def find_persons(event: DistributionEvent, text: str) -> Sequence[tuple[Person, bool]]:
    """Find persons an event may serve by name or number; and whether each was served.

    A text is what ``is_found_by`` takes: the beginning of a name, pinyin, initials, last four.

    At least SHORTEST_SEARCH characters, at most MOST_FOUND persons, by name.
    """
    if len(text) < SHORTEST_SEARCH:
        return []
    found = _persons(event).where(is_found_by(text)).order_by(*BY_NAME).limit(MOST_FOUND)
    return [(person, bool(was_served)) for person, was_served in db.session.execute(found)]


def find_person(event: DistributionEvent, person_id: int) -> Sequence[tuple[Person, bool]]:
    """Give a person as ``find_persons`` would; nobody where the event may not serve them."""
    found = db.session.execute(_persons(event).where(Person.id == person_id))
    return [(person, bool(was_served)) for person, was_served in found]


def may_serve(event: DistributionEvent, person: Person | None) -> bool:
    """Say whether an event is for a person, who may be nobody."""
    return person is not None and bool(find_person(event, person.id))


def last_served(
    event: DistributionEvent, person_id: int
) -> tuple[datetime, datetime, date] | None:
    """Give what a person got last in an event's campaign: happened, recorded, event's day.

    None where they got nothing yet.
    """
    voided = select(HandoutVoid.id).where(HandoutVoid.handout_id == Handout.id)
    row = db.session.execute(
        select(Handout.happened_at, Handout.recorded_at, DistributionEvent.held_on)
        .join(DistributionEvent, DistributionEvent.id == Handout.event_id)
        .where(
            Handout.campaign_id == event.campaign_id,
            Handout.person_id.in_(entries_of(person_id)),
            ~voided.exists(),
        )
        .order_by(Handout.recorded_at.desc(), Handout.id.desc())
        .limit(1)
    ).first()
    return None if row is None else (row.happened_at, row.recorded_at, row.held_on)


def open_events_for(actor: Actor, person: Person) -> Sequence[DistributionEvent]:
    """List the open events that may serve a person and at which the actor works.

    That are those they are assigned to and those of their stations, the latest day first.
    """
    reach = reach_of(actor, Permission.DISTRIBUTIONS_LOG)
    if not reach.at_stations:
        return []
    return db.session.scalars(
        select(DistributionEvent)
        .join(Campaign, Campaign.id == DistributionEvent.campaign_id)
        .join(Organization, Organization.id == person.organization_id)
        .options(joinedload(DistributionEvent.campaign))
        .where(
            DistributionEvent.state == EventState.OPEN,
            Campaign.state != CampaignState.CLOSED,
            or_(*belongs_to(reach)),
            is_kept_by(DistributionEvent.unit_id, DistributionEvent.campaign_id),
        )
        .order_by(DistributionEvent.held_on.desc(), DistributionEvent.id.desc())
        .limit(MOST_EVENTS)
    ).all()


def _persons(event: DistributionEvent) -> Select[Person, bool]:
    served = (
        select(Served.times)
        .where(
            Served.campaign_id == event.campaign_id,
            Served.person_id == Person.id,
            Served.times > 0,
        )
        .exists()
    )
    return (
        select(Person, served)
        .join(Organization, Organization.id == Person.organization_id)
        .where(KNOWN, is_kept_by(event.unit_id, event.campaign_id))
        .options(joinedload(Person.occupation), undefer_group(SEALED))
    )
