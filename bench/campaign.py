"""A campaign of two hundred stations, with any number of handouts behind it.

What people do goes through the services; the handouts themselves, their movements and their
counters are inserted in sets, so that a million of them take minutes and not hours.
"""

import random
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from flask import Flask
from sqlalchemy import Table, insert, select, update

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.beneficiaries.models import Occupation, Person
from carecampaign.campaigns.models import Campaign, CampaignGroup, CampaignState, Quota, Season
from carecampaign.catalogue.models import CarePackage, Item, ItemKind, PackageVersion
from carecampaign.core import clock
from carecampaign.core.db import Base, db, transaction
from carecampaign.distributions import services as distributions
from carecampaign.distributions.models import (
    SLOTS,
    CampaignDay,
    DistributionEvent,
    Handout,
    Served,
    Tally,
)
from carecampaign.funds.models import FundKind, FundSource
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import (
    LocationKind,
    Movement,
    StockLevel,
    StockLocation,
    StockLot,
)
from carecampaign.inventory.services import Line, ReceiptLine
from carecampaign.organizations.models import Organization, OrganizationKind
from carecampaign.stations.models import HostKind, Station, StationStatus

SEED = 20_261_124
STATIONS = 200
UNITS = 20
GROUPS = ("快递员", "外卖配送员", "网约车司机", "环卫工人", "保安员")
DAYS_GONE = 30
DAYS_TO_COME = 30
LEFT_OPEN = 10
"""Events that are still open at the end; the others are closed."""

NAMED_OF = 10
"""One of so many handouts goes to a person known by name."""

VALUE = 5_000
CHUNK = 10_000


@dataclass(frozen=True)
class Seeded:
    """The ids that the pages are asked for, and the planner's session user."""

    campaign_id: int
    session_user: str


@dataclass(frozen=True)
class Scene:
    """What the handouts are made from."""

    campaign: Campaign
    item: Item
    groups: list[CampaignGroup]
    events: list[DistributionEvent]
    lots: dict[int, int]
    """The lot that an event has, by the id of its location."""
    fund_source_id: int
    persons: list[int]


def seed_handouts(app: Flask, number: int) -> Seeded:
    """Fill a migrated database with a campaign that handed out so many packages."""
    rng = random.Random(SEED)
    with app.app_context():
        with transaction():
            planner, scene, warehouse = _scene(number)
        with transaction():
            _hand_out(scene, number, rng)
        with transaction():
            for event in scene.events[LEFT_OPEN:]:
                distributions.close_event(event, counts={}, target=warehouse, by=SYSTEM)
        seeded = Seeded(scene.campaign.id, f"{planner.id}.{planner.session_key}")
        db.session.remove()
    return seeded


def _scene(number: int) -> tuple[User, Scene, StockLocation]:
    union = _organization("市总工会", OrganizationKind.MUNICIPAL, None)
    units = [_organization(f"第{n}工会", OrganizationKind.DISTRICT, union) for n in range(UNITS)]
    planner = User(
        username="planner", name="Planner", session_key="bench", password_hash=None,
        phone=None, email=None, grants=[RoleGrant(role=Role.PLANNER, organization=union)],
    )  # fmt: skip
    package = CarePackage(name="温暖包")
    item = Item(code="P1", name="温暖包", kind=ItemKind.PACKAGE, spec="", unit="份")
    version = PackageVersion(package=package, number=1, item=item, note="")
    fund = FundSource(organization=union, name="本级经费", kind=FundKind.OWN_BUDGET)
    db.session.add_all([planner, version, fund])
    campaign = _campaign(union, units, version, number)
    groups = [
        CampaignGroup(campaign=campaign, name=name, name_en="", position=place)
        for place, name in enumerate(GROUPS)
    ]
    db.session.add_all(groups)
    db.session.flush()
    share = -(-number // (UNITS * len(GROUPS)))
    for unit in units:
        for group in groups:
            db.session.add(
                Quota(
                    campaign_id=campaign.id, unit_id=unit.id, group_id=group.id, planned=2 * share
                )
            )
    each = 2 * -(-number // STATIONS)
    warehouse = _filled_warehouse(union, item, fund, each * STATIONS)
    events = [
        _open_event(campaign, units[n % UNITS], n, each, item, warehouse) for n in range(STATIONS)
    ]
    scene = Scene(
        campaign=campaign,
        item=item,
        groups=groups,
        events=events,
        lots=_lots_of(events),
        fund_source_id=fund.id,
        persons=_persons(union, number // NAMED_OF),
    )
    return planner, scene, warehouse


def _organization(name: str, kind: OrganizationKind, parent: Organization | None) -> Organization:
    one = Organization(
        name=name, short_name=name, kind=kind, path="", parent_id=parent and parent.id
    )
    db.session.add(one)
    db.session.flush()
    one.path = f"{parent.path if parent else ''}{one.id}/"
    return one


def _campaign(
    union: Organization, units: list[Organization], version: PackageVersion, number: int
) -> Campaign:
    today = clock.today()
    return Campaign(
        name="冬送温暖", season=Season.WINTER, year=today.year, organizer=union, units=units,
        starts_on=today - timedelta(days=DAYS_GONE), ends_on=today + timedelta(days=DAYS_TO_COME),
        background="", target_as_worded="", package_version=version, planned_packages=2 * number,
        state=CampaignState.ACTIVE,
    )  # fmt: skip


def _filled_warehouse(
    union: Organization, item: Item, fund: FundSource, quantity: int
) -> StockLocation:
    warehouse = inventory.create_warehouse("仓库", organization=union, by=SYSTEM)
    inventory.receive_goods(
        warehouse,
        [ReceiptLine(item=item, quantity=quantity, unit_value=VALUE)],
        fund_source=fund,
        is_donated=False,
        counterpart="供应商",
        dated_on=clock.today() - timedelta(days=DAYS_GONE),
        by=SYSTEM,
    )
    return warehouse


def _open_event(
    campaign: Campaign,
    unit: Organization,
    number: int,
    packages: int,
    item: Item,
    warehouse: StockLocation,
) -> DistributionEvent:
    station = Station(
        code=f"S{number:04d}", name=f"暖心驿站{number}", host_unit="银行", host_kind=HostKind.BANK,
        owner=unit, district="", address="某街1号", opening_note="", lead_name="",
        public_phone="", status=StationStatus.OPEN, status_reason="",
    )  # fmt: skip
    db.session.add(station)
    db.session.flush()
    event = distributions.create_event(
        campaign,
        unit=unit,
        station=station,
        held_on=clock.today() - timedelta(days=1 + number % (DAYS_GONE - 1)),
        plans={group.id: packages // len(GROUPS) for group in campaign.groups},
        by=SYSTEM,
    )
    lines = [Line(item, packages)]
    distributions.open_event(event, source=warehouse, lines=lines, by=SYSTEM)
    return event


def _lots_of(events: list[DistributionEvent]) -> dict[int, int]:
    places = [event.location_id for event in events]
    rows = db.session.execute(
        select(StockLot.location_id, StockLot.lot_id).where(StockLot.location_id.in_(places))
    )
    return {location_id: lot_id for location_id, lot_id in rows}  # noqa: C416 - a Row is no tuple


def _persons(union: Organization, number: int) -> list[int]:
    occupation = Occupation(code="E1", name="快递员", name_en="Courier")
    db.session.add(occupation)
    db.session.flush()
    facts = {
        "occupation_id": occupation.id,
        "organization_id": union.id,
        "employer": "",
        "is_synthetic": True,
        "created_at": clock.now(),
    }
    _insert(Person, ({"name": f"演示{n}", **facts} for n in range(number)))
    return list(db.session.scalars(select(Person.id).order_by(Person.id)))


def _hand_out(scene: Scene, number: int, rng: random.Random) -> None:
    """Insert handouts and what follows from them, event by event."""
    per_event, rest = divmod(number, STATIONS)
    persons = iter(scene.persons)
    for place, event in enumerate(scene.events):
        count = per_event + (place < rest)
        handouts = [_handout(scene, event, n, persons, rng) for n in range(count)]
        _insert(Handout, handouts)
        _insert(Movement, (_movement(scene, event, handout) for handout in handouts))
        _insert(Served, (_service(row) for row in handouts if row["person_id"] is not None))
        _insert(Tally, _tallies(scene, event, handouts))
        _take_off(scene, event, count)
    _insert(CampaignDay, _days(scene, per_event, rest))


def _handout(
    scene: Scene, event: DistributionEvent, n: int, persons: Iterator[int], rng: random.Random
) -> dict[str, Any]:
    at = clock.start_of(event.held_on) + timedelta(hours=9, seconds=rng.randrange(8 * 3600))
    return {
        # In the order of time, as the ids that phones make are.
        "id": uuid.UUID(int=(event.id << 96) | (n << 64) | rng.getrandbits(64)),
        "event_id": event.id,
        "campaign_id": scene.campaign.id,
        "unit_id": event.unit_id,
        "group_id": rng.choice(scene.groups).id,
        "item_id": scene.item.id,
        "person_id": next(persons, None) if n % NAMED_OF == 0 else None,
        "quantity": 1,
        "head_count": 1,
        "value": VALUE,
        "note": "",
        "logged_by_id": None,
        "happened_at": at,
        "recorded_at": at,
        "is_synthetic": True,
    }


def _movement(scene: Scene, event: DistributionEvent, handout: dict[str, Any]) -> dict[str, Any]:
    return {
        "recorded_at": handout["recorded_at"],
        "handout_id": handout["id"],
        "item_id": scene.item.id,
        "lot_id": scene.lots[event.location_id],
        "source_id": event.location_id,
        "target_id": inventory.VIRTUAL_IDS[LocationKind.RECIPIENTS],
        "quantity": 1,
        "value": VALUE,
        "fund_source_id": scene.fund_source_id,
    }


def _service(handout: dict[str, Any]) -> dict[str, Any]:
    names = ("event_id", "person_id", "campaign_id", "unit_id")
    return {name: handout[name] for name in names} | {"times": 1}


def _tallies(
    scene: Scene, event: DistributionEvent, handouts: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    for group_id, count in Counter(row["group_id"] for row in handouts).items():
        yield {
            "event_id": event.id,
            "day": event.held_on,
            "unit_id": event.unit_id,
            "group_id": group_id,
            "item_id": scene.item.id,
            "campaign_id": scene.campaign.id,
            "person_times": count,
            "quantity": count,
            "value": count * VALUE,
        }


def _days(scene: Scene, per_event: int, rest: int) -> Iterator[dict[str, Any]]:
    counts = Counter[tuple[Any, int]]()
    for place, event in enumerate(scene.events):
        counts[event.held_on, event.id % SLOTS] += per_event + (place < rest)
    for (day, slot), count in counts.items():
        yield {
            "campaign_id": scene.campaign.id,
            "day": day,
            "slot": slot,
            "person_times": count,
            "packages": count,
            "pieces": 0,
            "value": count * VALUE,
        }


def _take_off(scene: Scene, event: DistributionEvent, count: int) -> None:
    """Take what was handed out off the balances of the event's place."""
    for table in (StockLevel, StockLot):
        db.session.execute(
            update(table)
            .where(table.location_id == event.location_id, table.item_id == scene.item.id)
            .values(on_hand=table.on_hand - count)
            .execution_options(synchronize_session=False)
        )


def _insert(model: type[Base], rows: Any) -> None:  # noqa: ANN401 - any rows of this table
    table: Table = model.__table__
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        db.session.execute(insert(table), chunk)
