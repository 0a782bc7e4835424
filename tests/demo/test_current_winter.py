"""The made-up winter: a newcomer finds something to do in every role."""

from collections import Counter
from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from carecampaign.accounts.models import User
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.campaigns.queries import budget_by_source, list_budget_lines, quotas
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.demo.current_winter.plan import period_around
from carecampaign.demo.people import acting
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import (
    DistributionEvent,
    EventState,
    Handout,
    HandoutException,
    HandoutVoid,
    Outcome,
    Received,
)
from carecampaign.distributions.taps import Tap
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentState,
    Lot,
    Requisition,
    RequisitionState,
    StockDocument,
    StockTake,
    StockTakeState,
    WriteOff,
)
from carecampaign.stations.models import HostKind

pytestmark = pytest.mark.usefixtures("loaded")


def user(name: str) -> User:
    return db.session.scalars(select(User).where(User.username == name)).one()


@pytest.fixture
def campaign() -> Campaign:
    return db.session.scalars(
        select(Campaign).where(Campaign.is_synthetic, Campaign.state == CampaignState.ACTIVE)
    ).one()


@pytest.fixture
def open_event() -> DistributionEvent:
    return db.session.scalars(
        select(DistributionEvent).where(DistributionEvent.state == EventState.OPEN)
    ).one()


def test_the_campaign_is_under_way_today(campaign):
    assert campaign.starts_on < clock.today() < campaign.ends_on
    assert campaign.name.endswith("元旦春节送温暖行动（演示）")
    assert campaign.drafted_by.username == "planner"
    assert campaign.approved_by.username == "approver"


@pytest.mark.parametrize(
    ("today", "ends_on"),
    [
        (date(2026, 11, 24), date(2027, 2, 28)),
        (date(2027, 2, 20), date(2027, 4, 21)),
        (date(2027, 7, 1), date(2027, 8, 30)),
    ],
)
def test_the_period_lies_around_today_at_any_time_of_the_year(today, ends_on):
    assert period_around(today)[1] == ends_on


def test_its_quotas_add_up_to_the_plan_and_its_money_comes_from_several_sources(campaign):
    assert sum(quotas(campaign).values()) == campaign.planned_packages
    sources = budget_by_source(list_budget_lines(campaign))
    assert len({source.kind for source, _amount in sources}) == 3


def test_goods_were_bought_and_donated(campaign):
    assert {lot.is_donated for lot in db.session.scalars(select(Lot))} == {True, False}


def test_one_transfer_is_still_on_its_way():
    transfers = db.session.scalars(
        select(StockDocument).where(StockDocument.kind == DocumentKind.TRANSFER)
    ).all()
    states = Counter(transfer.state for transfer in transfers)
    assert states[DocumentState.IN_TRANSIT] == 1
    short = [
        line
        for transfer in transfers
        for line in transfer.lines
        if line.received is not None and line.received < line.quantity
    ]
    assert [line.difference_reason != "" for line in short] == [True]


def test_there_are_events_over_open_and_to_come(campaign):
    events = db.session.scalars(
        select(DistributionEvent).where(DistributionEvent.campaign_id == campaign.id)
    ).all()
    assert Counter(event.state for event in events) == {
        EventState.CLOSED: 2,
        EventState.OPEN: 1,
        EventState.PLANNED: 3,
    }
    hosts = {event.station.host_kind for event in events if event.station}
    assert hosts == {HostKind.BANK, HostKind.PARTY_CENTRE, HostKind.POST, HostKind.COMPANY}
    for event in events:
        is_past = event.held_on < clock.today()
        assert is_past == (event.state is EventState.CLOSED)


def test_a_few_hundred_handouts_were_logged_some_to_people_by_name(campaign):
    rows = db.session.scalars(select(Handout).where(Handout.campaign_id == campaign.id)).all()
    assert len(rows) > 200
    assert all(row.is_synthetic for row in rows)
    assert len({row.person_id for row in rows if row.person_id}) == 40
    assert {row.logged_by.username for row in rows} == {"volunteer"}


def test_people_are_made_up_and_say_so():
    people = db.session.scalars(select(Person)).all()
    assert len(people) == 40
    assert all(one.is_synthetic and one.name.startswith("演示") for one in people)
    assert len({one.name for one in people}) == 40


def test_nothing_was_refused_and_one_exception_waits_for_the_lead():
    outcomes = set(db.session.scalars(select(Received.outcome)))
    assert outcomes == {Outcome.CREATED, Outcome.FLAGGED}
    exception = db.session.scalars(select(HandoutException)).one()
    assert exception.settled_at is None
    assert db.session.scalar(select(func.count()).select_from(HandoutVoid)) == 1


def test_the_volunteer_logs_a_handout_at_once(open_event):
    assert open_event.held_on == clock.today()
    assert len(open_event.campaign.groups) > 1
    volunteer = acting(user("volunteer"))
    occasion_items = [stock.item for stock in queries.event_stock(open_event) if stock.on_hand]
    assert {item.kind.value for item in occasion_items} == {"goods", "package"}
    assert user("volunteer") in open_event.volunteers
    for item in occasion_items:
        tap = Tap(id=uuid4(), item_id=item.id, group_id=open_event.campaign.groups[0].id)
        logged = services.log_handout(open_event, tap, by=volunteer)
        assert logged.outcome is Outcome.CREATED
    db.session.rollback()


def test_a_draft_and_a_submitted_plan_wait(campaign):
    states = Counter(
        db.session.scalars(
            select(Campaign.state).where(Campaign.is_synthetic, Campaign.id != campaign.id)
        )
    )
    assert states == {CampaignState.DRAFT: 1, CampaignState.SUBMITTED: 1}


def test_papers_of_the_stock_wait_and_are_done():
    requisitions = db.session.scalars(select(Requisition).order_by(Requisition.id)).all()
    assert [row.state for row in requisitions] == [
        RequisitionState.WAITING,
        RequisitionState.APPROVED,
    ]
    (in_part,) = requisitions[1].lines
    assert 0 < in_part.granted < in_part.asked
    assert db.session.scalars(select(WriteOff)).one().document is not None
    stock_take = db.session.scalars(select(StockTake)).one()
    assert stock_take.state is StockTakeState.WAITING
    assert sum(bool(line.difference) for line in stock_take.lines) == 1
