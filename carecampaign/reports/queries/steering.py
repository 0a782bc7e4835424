"""What steering a campaign takes: plan against fact, read from counters and balances alone.

Nothing here reads a handout or a movement, so it costs the same after a thousand handouts
and after a million.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select

from carecampaign.campaigns.models import Campaign, CampaignItem, CampaignUnit
from carecampaign.campaigns.queries import Cell, quotas
from carecampaign.catalogue.models import Item, ItemKind
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, EventPlan, EventState, Tally
from carecampaign.inventory.models import LocationKind, StockLevel, StockLocation
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import Station


class Done(NamedTuple):
    """Packages handed out for a unit's quota to a group, at a station or elsewhere (None)."""

    unit_id: int
    group_id: int
    station_id: int | None
    quantity: int


class Stock(NamedTuple):
    """Packages at the places of one kind that belong to an organisation or a station."""

    kind: LocationKind
    organization_id: int | None
    station_id: int | None
    on_hand: int


class Occurrence(NamedTuple):
    """An event that is not cancelled, and the packages it plans."""

    id: int
    unit_id: int
    station_id: int | None
    place: str
    held_on: date
    state: EventState
    planned: int


@dataclass(frozen=True)
class Facts:
    """A campaign's plan and what became of it; ``names`` are of units and of stations by id.

    Figures are packages; of a campaign without a care package, the pieces of its items.
    """

    quotas: Mapping[Cell, int]
    done: Sequence[Done]
    stock: Sequence[Stock]
    events: Sequence[Occurrence]
    unit_names: Mapping[int, str]
    station_names: Mapping[int, str]

    def left_open(self, today: date) -> list[Occurrence]:
        """Give the events of an earlier day that were not closed, or never opened."""
        return [event for event in self._waiting() if event.held_on < today]

    def coming_up(self, today: date) -> list[Occurrence]:
        """Give the events of today and later, the next first."""
        return [event for event in self._waiting() if event.held_on >= today]

    def _waiting(self) -> list[Occurrence]:
        return [event for event in self.events if event.state != EventState.CLOSED]


def read_facts(campaign: Campaign) -> Facts:
    """Read what a campaign plans and did, in six queries."""
    planned, done, events = quotas(campaign), _done(campaign), _events(campaign)
    units = {unit_id for unit_id, _group in planned} | {one.unit_id for one in done}
    stations = {one.station_id for one in events if one.station_id is not None}
    return Facts(
        quotas=planned,
        done=done,
        stock=_stock(campaign),
        events=events,
        unit_names=_unit_names(campaign, units),
        station_names=_station_names(stations),
    )


@dataclass(frozen=True)
class Whereabouts:
    """Where a campaign's packages are; ``planned`` and ``quota`` are the plan beside them."""

    planned: int
    quota: int
    planned_at_events: int
    in_warehouses: int
    on_the_way: int
    at_places: int
    at_events: int
    handed_out: int

    @property
    def left(self) -> int:
        """Give the packages that are still to be handed out."""
        return max(0, self.planned - self.handed_out)

    @property
    def missing(self) -> int:
        """Give the packages that are planned and nowhere yet."""
        here = self.in_warehouses + self.on_the_way + self.at_places + self.at_events
        return max(0, self.left - here)


def whereabouts(campaign: Campaign, facts: Facts) -> Whereabouts:
    """Add up where the packages are. Without a number of its own the quotas are the plan."""
    quota = sum(facts.quotas.values())

    def at(*kinds: LocationKind) -> int:
        return sum(stock.on_hand for stock in facts.stock if stock.kind in kinds)

    return Whereabouts(
        planned=campaign.planned_packages or quota,
        quota=quota,
        planned_at_events=sum(event.planned for event in facts.events),
        in_warehouses=at(LocationKind.WAREHOUSE),
        on_the_way=at(LocationKind.TRANSIT),
        at_places=at(LocationKind.UNIT, LocationKind.STATION),
        at_events=at(LocationKind.EVENT),
        handed_out=sum(one.quantity for one in facts.done),
    )


@dataclass(frozen=True)
class UnitLine:
    """A unit's quota and what it handed out, by the id of a group, and in all."""

    name: str
    quotas: Mapping[int, int]
    done: Mapping[int, int]

    @property
    def quota(self) -> int:
        return sum(self.quotas.values())

    @property
    def handed_out(self) -> int:
        return sum(self.done.values())


def unit_lines(facts: Facts) -> list[UnitLine]:
    """Give quota and fact of each unit, by name, also of those without a quota."""
    planned: dict[int, dict[int, int]] = {}
    for (unit_id, group_id), number in facts.quotas.items():
        planned.setdefault(unit_id, {})[group_id] = number
    done: dict[int, dict[int, int]] = {}
    for one in facts.done:
        groups = done.setdefault(one.unit_id, {})
        groups[one.group_id] = groups.get(one.group_id, 0) + one.quantity
    return [
        UnitLine(name, planned.get(unit_id, {}), done.get(unit_id, {}))
        for unit_id, name in facts.unit_names.items()
    ]


def _done(campaign: Campaign) -> list[Done]:
    rows = db.session.execute(
        select(
            Tally.unit_id,
            Tally.group_id,
            DistributionEvent.station_id,
            func.sum(Tally.quantity),
        )
        .select_from(Tally)
        .join(DistributionEvent, DistributionEvent.id == Tally.event_id)
        .join(Item, Item.id == Tally.item_id)
        .where(Tally.campaign_id == campaign.id, Item.kind == _kind_of(campaign))
        .group_by(Tally.unit_id, Tally.group_id, DistributionEvent.station_id)
    )
    return [Done._make((*keys, int(quantity))) for *keys, quantity in rows]


def _events(campaign: Campaign) -> list[Occurrence]:
    rows = db.session.execute(
        select(
            DistributionEvent.id,
            DistributionEvent.unit_id,
            DistributionEvent.station_id,
            DistributionEvent.place,
            DistributionEvent.held_on,
            DistributionEvent.state,
            func.coalesce(func.sum(EventPlan.planned), 0),
        )
        .outerjoin(EventPlan, EventPlan.event_id == DistributionEvent.id)
        .where(
            DistributionEvent.campaign_id == campaign.id,
            DistributionEvent.state != EventState.CANCELLED,
        )
        .group_by(DistributionEvent.id)
        .order_by(DistributionEvent.held_on, DistributionEvent.id)
    )
    return [Occurrence._make((*facts, int(planned))) for *facts, planned in rows]


def _stock(campaign: Campaign) -> list[Stock]:
    rows = db.session.execute(
        select(
            StockLocation.kind,
            StockLocation.organization_id,
            StockLocation.station_id,
            func.sum(StockLevel.on_hand),
        )
        .join(StockLevel, StockLevel.location_id == StockLocation.id)
        .where(
            is_handed_out(campaign, StockLevel.item_id),
            StockLevel.on_hand > 0,
            takes_part(campaign),
        )
        .group_by(StockLocation.kind, StockLocation.organization_id, StockLocation.station_id)
    )
    return [Stock._make((*keys, int(on_hand))) for *keys, on_hand in rows]


def _kind_of(campaign: Campaign) -> ItemKind:
    return ItemKind.GOODS if campaign.package_version_id is None else ItemKind.PACKAGE


def is_handed_out(campaign: Campaign, item_id: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column
    """Give the condition that an item is the campaign's package, or else one of its items."""
    singles = select(CampaignItem.item_id).where(CampaignItem.campaign_id == campaign.id)
    version = campaign.package_version
    found: ColumnElement[bool] = (
        item_id.in_(singles) if version is None else item_id == version.item_id
    )
    return found


def takes_part(campaign: Campaign) -> ColumnElement[bool]:
    """Give the condition that a location serves the campaign.

    It is an event's of the campaign; or a station's that holds one; or another place of the
    organiser, of a union below it, or of a participating unit.
    """
    own = DistributionEvent.campaign_id == campaign.id
    units = select(CampaignUnit.organization_id).where(CampaignUnit.campaign_id == campaign.id)
    unions = select(Organization.id).where(
        or_(
            Organization.path.startswith(campaign.organizer.path, autoescape=True),
            Organization.id.in_(units),
        )
    )
    is_events = StockLocation.kind == LocationKind.EVENT
    return or_(
        is_events & StockLocation.id.in_(select(DistributionEvent.location_id).where(own)),
        ~is_events & StockLocation.organization_id.in_(unions),
        StockLocation.station_id.in_(
            select(DistributionEvent.station_id).where(
                own, DistributionEvent.station_id.is_not(None)
            )
        ),
    )


def _unit_names(campaign: Campaign, also: Iterable[int]) -> dict[int, str]:
    units = select(CampaignUnit.organization_id).where(CampaignUnit.campaign_id == campaign.id)
    rows = db.session.execute(
        select(Organization.id, Organization.short_name)
        .where(or_(Organization.id.in_(units), Organization.id.in_(list(also))))
        .order_by(Organization.short_name, Organization.id)
    )
    return {unit_id: name for unit_id, name in rows}  # noqa: C416 - a Row is no tuple to mypy


def _station_names(ids: Iterable[int]) -> dict[int, str]:
    rows = db.session.execute(select(Station.id, Station.name).where(Station.id.in_(list(ids))))
    return {station_id: name for station_id, name in rows}  # noqa: C416 - as above
