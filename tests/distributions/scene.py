"""An event that is under way, and short ways to say what happens at it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import SYSTEM, Actor, Grant
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import User
from carecampaign.campaigns.models import Campaign, CampaignGroup
from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.distributions import services
from carecampaign.distributions.models import DistributionEvent, EventVolunteer
from carecampaign.distributions.taps import Tap
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, LocationKind, StockLevel, StockLocation
from carecampaign.stations.models import StationMember
from tests.factories import (
    CampaignFactory,
    CampaignGroupFactory,
    EventFactory,
    FundSourceFactory,
    PackageVersionFactory,
    StockLocationFactory,
    UserFactory,
)

VALUE = 5000
"""Fen: what one package is worth."""


@dataclass
class Scene:
    """An open event of a campaign with two groups, at a station with a lead and a volunteer."""

    campaign: Campaign
    event: DistributionEvent
    package: Item
    couriers: CampaignGroup
    riders: CampaignGroup
    warehouse: StockLocation
    lead: User
    volunteer: User

    def tap(self, **facts) -> Tap:
        """A tap for one courier and one package, unless told otherwise."""
        facts = {"item_id": self.package.id, "group_id": self.couriers.id, **facts}
        facts.setdefault("id", uuid_utils.uuid7())
        return Tap(**facts)

    def log(self, *, by: Actor = SYSTEM, event: DistributionEvent | None = None, **facts):
        """Log a tap at the event and give what became of it."""
        return services.log_handout(event or self.event, self.tap(**facts), by=by)

    def another_event(self, **facts) -> DistributionEvent:
        """One more event of the same campaign, at the same station."""
        return EventFactory(campaign=self.campaign, station=self.event.station, **facts)

    def level(self, event: DistributionEvent | None = None, item: Item | None = None) -> tuple:
        """What the event holds of the package: on hand, unexplained."""
        key = ((event or self.event).location_id, (item or self.package).id)
        row = db.session.get(StockLevel, key, populate_existing=True)
        return (row.on_hand, row.unexplained) if row else (0, 0)


def set_the_scene(*, packages: int = 10) -> Scene:
    """Build an open event that holds so many packages, and commit it unless there are none."""
    version = PackageVersionFactory(package__name="Winter package")
    campaign = CampaignFactory(package_version=version)
    event = EventFactory(campaign=campaign)
    scene = Scene(
        campaign=campaign,
        event=event,
        package=version.item,
        couriers=CampaignGroupFactory(campaign=campaign, name="快递员", name_en="Couriers"),
        riders=CampaignGroupFactory(campaign=campaign, name="外卖配送员", name_en="Riders"),
        warehouse=StockLocationFactory(
            kind=LocationKind.WAREHOUSE, organization=campaign.organizer
        ),
        lead=at_station(event, Role.STATION_LEAD),
        volunteer=at_station(event, Role.VOLUNTEER),
    )
    if packages:
        receive(scene.warehouse, version.item, packages)
        carry(scene.warehouse, event, version.item, packages)
        db.session.commit()
    return scene


def at_station(event: DistributionEvent, role: Role) -> User:
    """A person of a role who belongs to the event's station."""
    user = UserFactory(role=role, organization=event.unit)
    event.station.members.append(StationMember(user=user, is_lead=role == Role.STATION_LEAD))
    db.session.flush()
    return user


def assigned(event: DistributionEvent, role: Role = Role.VOLUNTEER) -> User:
    """A person of a role who is assigned to the event and belongs to no station."""
    user = UserFactory(role=role)
    db.session.add(EventVolunteer(event_id=event.id, user_id=user.id))
    db.session.flush()
    return user


def staff(organization, role: Role = Role.PLANNER) -> User:
    """A person with a role at an organisation."""
    return UserFactory(role=role, organization=organization)


def actor(user: User) -> Actor:
    """A user as services and queries know them."""
    grants = tuple(Grant(grant.role, grant.organization.path) for grant in user.grants)
    return Actor(id=user.id, name=user.name, grants=grants)


def receive(
    place: StockLocation, item: Item, quantity: int, *, unit_value: int = VALUE, **lot: Any
):
    """Receive pieces into a place; ``lot`` are further facts of their lot."""
    return inventory.receive_goods(
        place,
        [inventory.ReceiptLine(item, quantity, unit_value, **lot)],
        fund_source=FundSourceFactory(),
        is_donated=False,
        counterpart="Some shop",
        dated_on=date(2026, 11, 20),
        by=SYSTEM,
    )


def carry(source: StockLocation, event: DistributionEvent, item: Item, quantity: int):
    """Bring pieces from a place to an event."""
    return inventory.move_stock(
        DocumentKind.OPENING,
        source,
        event.location,
        [inventory.Line(item, quantity)],
        by=SYSTEM,
        campaign=event.campaign,
    )


def command() -> str:
    """Give the id of a command, as a form that is shown carries one."""
    return str(uuid_utils.uuid7())
