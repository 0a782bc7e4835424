"""The log of an event: what was handed out, to whom, and what is left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Select, bindparam, func, literal_column, select, union_all
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns.models import CampaignItem
from carecampaign.catalogue.models import Item, ItemKind, PackageVersion
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.hot import run
from carecampaign.core.i18n import _l
from carecampaign.distributions.models import (
    DistributionEvent,
    Handout,
    HandoutException,
    HandoutVoid,
    PhoneEntry,
    Served,
    ServedHousehold,
    Tally,
)
from carecampaign.distributions.queries.events import get_event_for, is_reached, reach_of
from carecampaign.inventory.models import StockLevel

LATEST = 5


@dataclass
class Standing:
    """How an event stands: on hand by item, person-times and pieces by group."""

    stock: dict[int, int] = field(default_factory=dict)
    groups: dict[int, int] = field(default_factory=dict)
    person_times: int = 0
    quantity: int = 0

    def count(self, group_id: int, *, person_times: int, quantity: int) -> None:
        """Add a handout that the figures do not have yet."""
        self.groups[group_id] = self.groups.get(group_id, 0) + person_times
        self.person_times += person_times
        self.quantity += quantity

    def take(self, item_id: int, quantity: int) -> None:
        """Take off stock what the figures still have."""
        self.stock[item_id] = self.stock.get(item_id, 0) - quantity


_IS, _IS_NOT = literal_column("1", Integer), literal_column("0", Integer)

# What both halves of the union give: whether it is stock, a key, and two figures.
STANDING = union_all(
    select(
        _IS.label("is_stock"), StockLevel.item_id, StockLevel.on_hand, _IS_NOT.label("none")
    ).where(StockLevel.location_id == bindparam("at_location")),
    select(_IS_NOT, Tally.group_id, func.sum(Tally.person_times), func.sum(Tally.quantity))
    .where(Tally.event_id == bindparam("at_event"))
    .group_by(Tally.group_id),
)


def standing_of(event_id: int, location_id: int) -> Standing:
    """Give how an event stands, in one query: it is part of the answer to every tap."""
    values = {"at_event": event_id, "at_location": location_id}
    return read_standing(run(STANDING, values))


def read_standing(rows: Iterable[Any]) -> Standing:
    """Read the answer to ``STANDING``."""
    standing = Standing()
    for is_stock, key, first, second in rows:
        if is_stock:
            standing.stock[key] = int(first)
        else:
            standing.groups[key] = int(first)
            standing.person_times += int(first)
            standing.quantity += int(second)
    return standing


def things_of(event: DistributionEvent) -> Sequence[Item]:
    """List what an event hands out: the campaign's package first, then by name.

    That is what the campaign plans, and what the event's location has held.
    """
    package = (
        select(PackageVersion.item_id)
        .where(PackageVersion.id == event.campaign.package_version_id)
        .scalar_subquery()
    )
    singles = select(CampaignItem.item_id).where(CampaignItem.campaign_id == event.campaign_id)
    held = select(StockLevel.item_id).where(StockLevel.location_id == event.location_id)
    return db.session.scalars(
        select(Item)
        .where((Item.id == package) | Item.id.in_(singles) | Item.id.in_(held))
        .order_by(
            func.coalesce(Item.id == package, False).desc(),
            (Item.kind == ItemKind.PACKAGE).desc(),
            Item.name,
            Item.id,
        )
    ).all()


def last_handouts(event: DistributionEvent, n: int = LATEST) -> Sequence[Handout]:
    """List the newest entries of an event's log that stand."""
    return db.session.scalars(list_handouts(event).limit(n)).all()


def list_handouts(
    event: DistributionEvent, *, with_voided: bool = False, oldest_first: bool = False
) -> Select[Handout]:
    """Select an event's log, the newest entry first, with all that a line shows."""
    order = (Handout.recorded_at, Handout.id)
    statement = (
        select(Handout)
        .where(Handout.event_id == event.id)
        .options(
            joinedload(Handout.group),
            joinedload(Handout.item),
            joinedload(Handout.person).joinedload(Person.occupation),
            joinedload(Handout.logged_by),
            joinedload(Handout.phone_entry).joinedload(PhoneEntry.phone),
            joinedload(Handout.void).joinedload(HandoutVoid.voided_by),
        )
        .order_by(*(order if oldest_first else (column.desc() for column in order)))
    )
    if not with_voided:
        voided = select(HandoutVoid.id).where(HandoutVoid.handout_id == Handout.id)
        statement = statement.where(~voided.exists())
    return statement


def get_handout_for(
    actor: Actor,
    event_id: int,
    handout_id: UUID,
    permission: Permission = Permission.DISTRIBUTIONS_LOG,
) -> Handout:
    """Get an entry of an event's log, voided or not. Raises NotFound for any other."""
    handout = db.session.scalar(
        select(Handout)
        .join(Handout.event)
        .where(
            Handout.id == handout_id,
            Handout.event_id == event_id,
            is_reached(reach_of(actor, permission)),
        )
        .options(
            joinedload(Handout.void),
            joinedload(Handout.person),
            joinedload(Handout.group),
            joinedload(Handout.item),
        )
        .execution_options(populate_existing=True)
    )
    if handout is None:
        raise NotFound(_l("There is no such entry in this event's log."))
    return handout


class Totals(NamedTuple):
    """What an event came to. Persons are counted from names, and never add up to person-times."""

    person_times: int
    persons: int
    packages: int
    pieces: int
    value: int


def event_totals(event: DistributionEvent) -> Totals:
    """Give an event's figures from its tally; ``value`` is fen."""
    rows = db.session.execute(
        select(
            Item.kind,
            func.sum(Tally.person_times),
            func.sum(Tally.quantity),
            func.sum(Tally.value),
        )
        .join(Item, Item.id == Tally.item_id)
        .where(Tally.event_id == event.id)
        .group_by(Item.kind)
    ).all()
    persons = db.session.scalar(
        select(func.count())
        .select_from(Served)
        .where(Served.event_id == event.id, Served.times > 0)
    )
    by_kind = {kind: int(quantity) for kind, _times, quantity, _value in rows}
    return Totals(
        person_times=sum(int(times) for _kind, times, _quantity, _value in rows),
        persons=persons or 0,
        packages=by_kind.get(ItemKind.PACKAGE, 0),
        pieces=by_kind.get(ItemKind.GOODS, 0),
        value=sum(int(value) for _kind, _times, _quantity, value in rows),
    )


def count_households(event: DistributionEvent) -> int:
    """Count the households that an event gave something to, as far as they are known."""
    households = func.count(ServedHousehold.household.distinct())
    return (
        db.session.scalar(
            select(households).where(
                ServedHousehold.event_id == event.id, ServedHousehold.times > 0
            )
        )
        or 0
    )


class GroupProgress(NamedTuple):
    """What an event planned for a group and what the group got: packages and pieces apart."""

    name: str
    name_en: str
    planned: int
    person_times: int
    packages: int
    pieces: int


def progress_by_group(event: DistributionEvent) -> list[GroupProgress]:
    """Give plan and fact of every group of the event's campaign, in its order."""
    figures: dict[int, list[int]] = {}
    rows: Any = db.session.execute(
        select(Tally.group_id, Item.kind, func.sum(Tally.person_times), func.sum(Tally.quantity))
        .join(Item, Item.id == Tally.item_id)
        .where(Tally.event_id == event.id)
        .group_by(Tally.group_id, Item.kind)
    )
    for group_id, kind, times, quantity in rows:
        figure = figures.setdefault(group_id, [0, 0, 0])
        figure[0] += int(times)
        figure[1 if kind == ItemKind.PACKAGE else 2] += int(quantity)
    planned = {plan.group_id: plan.planned for plan in event.plans}
    return [
        GroupProgress(
            group.name,
            group.name_en,
            planned.get(group.id, 0),
            *figures.get(group.id, (0, 0, 0)),
        )
        for group in event.campaign.groups
    ]


def open_exceptions(event: DistributionEvent) -> Sequence[HandoutException]:
    """List what of an event somebody still has to settle, the oldest first."""
    return db.session.scalars(
        _exceptions()
        .where(HandoutException.event_id == event.id, HandoutException.settled_at.is_(None))
        .order_by(HandoutException.id)
    ).all()


def get_exception_for(actor: Actor, event_id: int, exception_id: int) -> HandoutException:
    """Get an exception that the actor may settle. Raises NotFound for any other."""
    event = get_event_for(actor, event_id, Permission.DISTRIBUTIONS_SETTLE)
    exception = db.session.scalar(
        _exceptions()
        .where(HandoutException.id == exception_id, HandoutException.event_id == event.id)
        .execution_options(populate_existing=True)
    )
    if exception is None:
        raise NotFound(_l("There is no such exception."))
    return exception


def _exceptions() -> Select[HandoutException]:
    handout = joinedload(HandoutException.handout)
    return select(HandoutException).options(
        handout.joinedload(Handout.group),
        handout.joinedload(Handout.item),
        handout.joinedload(Handout.person),
        handout.joinedload(Handout.logged_by),
        handout.joinedload(Handout.phone_entry).joinedload(PhoneEntry.phone),
    )
