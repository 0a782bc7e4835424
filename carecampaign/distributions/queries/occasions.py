"""What the log must know at the moment of a tap, in one read, without loading an object."""

from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.queries.merged import Named, first_of, holding
from carecampaign.campaigns.models import (
    Campaign,
    CampaignGroup,
    CampaignGroupOccupation,
    CampaignItem,
    CampaignState,
)
from carecampaign.catalogue.models import Item, ItemKind, PackageVersion
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.hot import read_alone, run
from carecampaign.core.i18n import _l
from carecampaign.distributions.models import DistributionEvent, EventState, Received, Served
from carecampaign.distributions.queries.events import Reach, is_reached, reach_of
from carecampaign.distributions.taps import Tap
from carecampaign.inventory.models import Lot, StockLevel, StockLot
from carecampaign.inventory.queries import first_lot
from carecampaign.organizations.models import Organization

Key = int | InstrumentedAttribute[int]
"""A row's id, or the column of the row about which is asked."""


class Location(NamedTuple):
    """An event's own stock location, by its key."""

    id: int


class Thing(NamedTuple):
    """What is handed out, as far as the log needs it."""

    id: int
    name: str
    kind: ItemKind


class GroupName(NamedTuple):
    """What a group is called in both languages."""

    name: str
    name_en: str


class Occasion(NamedTuple):
    """An event as a tap finds it: its state, and the group and the thing the tap names."""

    event_id: int
    state: EventState
    held_on: date
    campaign_id: int
    campaign_state: CampaignState
    unit_id: int
    location_id: int
    group_id: int | None
    group_name: str | None
    group_name_en: str | None
    item_id: int | None
    item_name: str | None
    item_kind: ItemKind | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Say whether handing out goes on here now."""
        return self.state == EventState.OPEN and self.campaign_state != CampaignState.CLOSED

    @property
    def group(self) -> GroupName | None:
        if self.group_name is None:
            return None
        return GroupName(self.group_name, self.group_name_en or "")

    @property
    def location(self) -> Location:
        return Location(self.location_id)

    @property
    def thing(self) -> Thing:
        """Give what is handed out. Raises NotFound when the event has no such thing."""
        if self.item_id is None or self.item_name is None or self.item_kind is None:
            raise NotFound(_l("This event does not hand out such an item."))
        return Thing(self.item_id, self.item_name, self.item_kind)


class FirstLot(NamedTuple):
    """The lot pieces are taken off next: what of it is there, its value (fen) apiece."""

    id: int
    on_hand: int
    unit_value: int
    fund_source_id: int | None


class Outlook(NamedTuple):
    """What a tap will find: its event, whether its id was used before, what there is to take."""

    occasion: Occasion
    was_heard: bool
    lot: FirstLot | None


def get_occasion(event_id: int, tap: Tap, *, is_locked: bool = False) -> Occasion:
    """Read an event for a tap. Raises NotFound when there is no such event."""
    return _read(_occasion(None, is_locked=is_locked), event_id, tap)


def get_occasion_for(
    actor: Actor, event_id: int, tap: Tap, *, is_locked: bool = False
) -> Occasion:
    """Read an event at which the actor may log. Raises NotFound for any other.

    ``is_locked`` keeps the event from being closed until the transaction ends.
    """
    reach = reach_of(actor, Permission.DISTRIBUTIONS_LOG)
    return _read(_occasion(reach, is_locked=is_locked), event_id, tap)


def get_outlook_for(actor: Actor, event_id: int, tap: Tap, *, today: date) -> Outlook:
    """Look ahead at what a tap will find, outside any transaction: nothing of it is held.

    Raises NotFound where the actor may not log.
    """
    rows = read_alone(
        _outlook(reach_of(actor, Permission.DISTRIBUTIONS_LOG)),
        {**_wanted(event_id, tap), "wanted_message": tap.id, "good_on": today},
    )
    if not rows:
        raise NotFound(_l("There is no such distribution event."))
    (row,) = rows
    facts = len(Occasion._fields)
    was_heard, *lot = row[facts:]
    return Outlook(
        Occasion._make(row[:facts]), was_heard, None if lot[0] is None else FirstLot(*lot)
    )


def _wanted(event_id: int, tap: Tap) -> dict[str, int | None]:
    return {"wanted_event": event_id, "wanted_group": tap.group_id, "wanted_item": tap.item_id}


def _read(statement: Select[*tuple[Any, ...]], event_id: int, tap: Tap) -> Occasion:
    rows = run(statement, _wanted(event_id, tap))
    if not rows:
        raise NotFound(_l("There is no such distribution event."))
    return Occasion._make(rows[0])


# One statement per reach, so that neither it nor its key is built anew for every tap.
@lru_cache(maxsize=512)
def _occasion(reach: Reach | None, *, is_locked: bool) -> Select[*tuple[Any, ...]]:
    statement: Select[*tuple[Any, ...]] = (
        select(
            DistributionEvent.id,
            DistributionEvent.state,
            DistributionEvent.held_on,
            DistributionEvent.campaign_id,
            Campaign.state,
            DistributionEvent.unit_id,
            DistributionEvent.location_id,
            CampaignGroup.id,
            CampaignGroup.name,
            CampaignGroup.name_en,
            Item.id,
            Item.name,
            Item.kind,
            DistributionEvent.closed_at,
        )
        .join(Campaign, Campaign.id == DistributionEvent.campaign_id)
        .outerjoin(
            CampaignGroup,
            and_(
                CampaignGroup.id == bindparam("wanted_group"),
                CampaignGroup.campaign_id == DistributionEvent.campaign_id,
            ),
        )
        .outerjoin(Item, and_(Item.id == bindparam("wanted_item"), _is_handed_out()))
        .where(DistributionEvent.id == bindparam("wanted_event"))
    )
    if reach is not None:
        statement = statement.where(is_reached(reach))
    if is_locked:
        statement = statement.with_for_update(read=True, of=DistributionEvent)
    return statement


@lru_cache(maxsize=512)
def _outlook(reach: Reach) -> Select[*tuple[Any, ...]]:
    item = bindparam("wanted_item", type_=StockLot.item_id.type)
    heard = select(Received.id).where(Received.id == bindparam("wanted_message")).exists()
    first = first_lot(
        DistributionEvent.location_id,
        item,
        good_on=bindparam("good_on", type_=Lot.expires_on.type),
    )
    return (
        _occasion(reach, is_locked=False)
        .add_columns(heard, StockLot.lot_id, StockLot.on_hand, Lot.unit_value, Lot.fund_source_id)
        .outerjoin(
            StockLot,
            and_(
                StockLot.location_id == DistributionEvent.location_id,
                StockLot.lot_id == first,
            ),
        )
        .outerjoin(Lot, Lot.id == StockLot.lot_id)
    )


def _is_handed_out() -> ColumnElement[bool]:
    """Give the condition that an ``Item`` is one the event has, or its campaign plans."""
    level, version, single = aliased(StockLevel), aliased(PackageVersion), aliased(CampaignItem)
    return or_(
        select(level.item_id)
        .where(level.location_id == DistributionEvent.location_id, level.item_id == Item.id)
        .exists(),
        select(version.id)
        .where(version.id == Campaign.package_version_id, version.item_id == Item.id)
        .exists(),
        select(single.id)
        .where(single.campaign_id == DistributionEvent.campaign_id, single.item_id == Item.id)
        .exists(),
    )


class Recipient(NamedTuple):
    """A named person as an event's campaign counts them; ``id`` is who they are kept as."""

    id: int
    name: str
    group_id: int | None
    was_served: bool


def lock_recipient(occasion: Occasion, person_id: int) -> Recipient:
    """Read a person for a tap and keep them from being served elsewhere at the same time.

    Raises NotFound for a person who is not kept by the event's unit or the organiser.
    """
    row = first_of(
        holding(person_id, Person.id, Person.name, CampaignGroupOccupation.group_id)
        # Whom a unit knew it may serve, whoever keeps them now.
        .join(Organization, Organization.id.in_((Person.organization_id, Named.organization_id)))
        .outerjoin(
            CampaignGroupOccupation,
            and_(
                CampaignGroupOccupation.campaign_id == occasion.campaign_id,
                CampaignGroupOccupation.occupation_id == Person.occupation_id,
            ),
        )
        .where(is_kept_by(occasion.unit_id, occasion.campaign_id))
    )
    if row is None:
        raise NotFound(_l("There is no such person."))
    # Only now, under the lock: before it, somebody else's handout may not have been there.
    was_served = db.session.execute(
        select(Served.times)
        .where(
            Served.campaign_id == occasion.campaign_id,
            Served.person_id == row.id,
            Served.times > 0,
        )
        .limit(1)
    ).first()
    return Recipient(row.id, row.name, row.group_id, was_served is not None)


def is_kept_by(unit_id: Key, campaign_id: Key) -> ColumnElement[bool]:
    """Give the condition that an ``Organization`` keeps persons of a unit's event.

    They are the unit itself and all below it, and the organiser of the campaign.
    """
    unit, campaign = aliased(Organization), aliased(Campaign)
    return or_(
        Organization.id
        == select(campaign.organizer_id).where(campaign.id == campaign_id).scalar_subquery(),
        select(unit.id)
        .where(unit.id == unit_id, Organization.path.startswith(unit.path, autoescape=False))
        .exists(),
    )
