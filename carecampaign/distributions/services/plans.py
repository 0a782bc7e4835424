"""Plan many events at once: all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from sqlalchemy import select

from carecampaign.access.actor import Actor
from carecampaign.accounts.models import User
from carecampaign.campaigns.models import Campaign
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.distributions.services.events import create_event
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station

Key = tuple[int, int | None, str, date, time | None]
"""What tells events apart: unit, station, place, day and start."""


@dataclass(frozen=True)
class Draft:
    """An event to be planned; ``plans`` are packages by the id of a group."""

    unit: Organization
    held_on: date
    station: Station | None = None
    place: str = ""
    starts_at: time | None = None
    ends_at: time | None = None
    plans: Mapping[int, int] = field(default_factory=dict)
    volunteers: Sequence[User] = ()
    note: str = ""

    @property
    def key(self) -> Key:
        place = self.place or (self.station.name if self.station else "")
        station_id = self.station.id if self.station else None
        return (self.unit.id, station_id, place, self.held_on, self.starts_at)


def draft_like(event: DistributionEvent, held_on: date) -> Draft:
    """Give the draft of an event like another, with its plan and people, on another day."""
    return Draft(
        unit=event.unit,
        held_on=held_on,
        station=event.station,
        place=event.place,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        plans={plan.group_id: plan.planned for plan in event.plans},
        volunteers=event.volunteers,
        note=event.note,
    )


class FaultyPlan(DomainError):
    """Some events cannot be planned; ``faults`` are what is wrong, by number in the plan."""

    def __init__(self, faults: Mapping[int, DomainError]) -> None:
        super().__init__(_l("Nothing is planned yet: see what is marked below."))
        self.faults = faults


class EmptyPlan(DomainError):
    """There is nothing to plan."""

    def __init__(self) -> None:
        super().__init__(_l("Fill in at least one event."))


class PlannedAlready(DomainError):
    """An event of the same unit at this place begins at this time."""

    field = "held_on"

    def __init__(self) -> None:
        super().__init__(_l("This unit already has an event at this place, day and time."))


class PlannedTwice(DomainError):
    """Two events of a plan are the same."""

    field = "held_on"

    def __init__(self, row: int) -> None:
        super().__init__(_l("This is the same event as in row %(row)s.", row=row))


def plan_events(
    campaign: Campaign, drafts: Mapping[int, Draft], *, by: Actor
) -> list[DistributionEvent]:
    """Plan the events of a campaign, by their numbers in the plan.

    Raises EmptyPlan, or FaultyPlan with everything that is wrong, whose caller must not commit.
    """
    if not drafts:
        raise EmptyPlan
    days = [draft.held_on for draft in drafts.values()]
    held = _keys_between(campaign, min(days), max(days))
    first_at: dict[Key, int] = {}
    events, faults = [], {}
    for number, draft in drafts.items():
        try:
            if draft.key in held:
                raise PlannedAlready
            if first_at.setdefault(draft.key, number) != number:
                raise PlannedTwice(first_at[draft.key] + 1)
            events.append(create_event(campaign, **vars(draft), by=by))
        except DomainError as error:
            faults[number] = error
    if faults:
        raise FaultyPlan(faults)
    return events


def _keys_between(campaign: Campaign, first: date, last: date) -> set[Key]:
    rows = db.session.execute(
        select(
            DistributionEvent.unit_id,
            DistributionEvent.station_id,
            DistributionEvent.place,
            DistributionEvent.held_on,
            DistributionEvent.starts_at,
        ).where(
            DistributionEvent.campaign_id == campaign.id,
            DistributionEvent.state != EventState.CANCELLED,
            DistributionEvent.held_on.between(first, last),
        )
    )
    return {(unit, station, place, day, start) for unit, station, place, day, start in rows}
