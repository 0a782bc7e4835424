"""The page a campaign is steered by: where packages are, who lags, the pace, what is next."""

from datetime import date, timedelta

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.campaigns.models import BudgetLine, CampaignItem, Quota
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions.models import EventPlan, EventState
from carecampaign.inventory import services as inventory
from carecampaign.inventory.services import Line
from carecampaign.reports.queries import steering
from carecampaign.reports.queries.pace import (
    Elapsed,
    Step,
    lagging_stations,
    lagging_units,
    pace,
)
from tests.distributions.scene import Scene, carry, receive, set_the_scene, staff
from tests.factories import (
    CampaignFactory,
    CampaignGroupFactory,
    EventFactory,
    FundSourceFactory,
    ItemFactory,
    OrganizationFactory,
    StationFactory,
    UserFactory,
)

TODAY = date(2026, 12, 10)


@pytest.fixture
def scene(app) -> Scene:
    """Ten packages at an event of a campaign of a hundred, ten days long, half of it over."""
    scene = set_the_scene(packages=10)
    scene.campaign.starts_on, scene.campaign.ends_on = date(2026, 12, 5), date(2026, 12, 14)
    give_quota(scene, scene.campaign.organizer, 40)
    plan(scene.event, scene, 20)
    return scene


def give_quota(scene, unit, planned, group=None):
    if unit not in scene.campaign.units:
        scene.campaign.units.append(unit)
    group = group or scene.couriers
    db.session.add(
        Quota(campaign_id=scene.campaign.id, unit_id=unit.id, group_id=group.id, planned=planned)
    )
    db.session.flush()


def plan(event, scene, planned):
    db.session.add(EventPlan(event_id=event.id, group_id=scene.couriers.id, planned=planned))
    db.session.flush()


def lags_of(scene, find=lagging_units):
    facts = steering.read_facts(scene.campaign)
    return find(facts, Elapsed.of(scene.campaign, TODAY), TODAY)


def here(scene):
    return steering.whereabouts(scene.campaign, steering.read_facts(scene.campaign))


# Where the packages are


def test_each_package_is_counted_at_one_place(scene):
    station_place = inventory.ensure_station_location(scene.event.station)
    unit_place = inventory.ensure_unit_location(scene.campaign.organizer)
    receive(scene.warehouse, scene.package, 30)
    receive(station_place, scene.package, 3)
    receive(unit_place, scene.package, 4)
    inventory.dispatch(scene.warehouse, station_place, [Line(scene.package, 5)], by=SYSTEM)
    scene.log(quantity=2, head_count=2)

    found = here(scene)

    assert (found.in_warehouses, found.on_the_way, found.at_places) == (25, 5, 7)
    assert (found.at_events, found.handed_out) == (8, 2)
    assert (found.planned, found.quota, found.planned_at_events) == (100, 40, 20)
    assert (found.left, found.missing) == (98, 53)


def test_other_things_and_other_peoples_stock_do_not_count(scene):
    receive(scene.warehouse, ItemFactory(), 9)
    elsewhere = inventory.ensure_unit_location(OrganizationFactory())
    receive(elsewhere, scene.package, 9)
    other = EventFactory(campaign=CampaignFactory(organizer=scene.campaign.organizer))
    receive(scene.warehouse, scene.package, 4)
    carry(scene.warehouse, other, scene.package, 4)

    found = here(scene)

    assert (found.in_warehouses, found.at_places, found.at_events) == (0, 0, 10)


def test_a_partners_station_counts_when_the_campaign_uses_it(scene):
    station = StationFactory()
    EventFactory(campaign=scene.campaign, station=station, unit=scene.campaign.organizer)
    receive(inventory.ensure_station_location(station), scene.package, 6)

    assert here(scene).at_places == 6


def test_cancelled_events_plan_nothing(scene):
    plan(scene.another_event(state=EventState.CANCELLED), scene, 50)

    assert here(scene).planned_at_events == 20


def test_without_a_package_the_single_items_are_followed(scene):
    gloves = ItemFactory()
    scene.campaign.package_version, scene.campaign.planned_packages = None, 0
    db.session.add(CampaignItem(campaign_id=scene.campaign.id, item_id=gloves.id, planned=50))
    receive(scene.warehouse, gloves, 8)
    carry(scene.warehouse, scene.event, gloves, 6)
    scene.log(item_id=gloves.id)

    found = here(scene)

    assert (found.planned, found.in_warehouses, found.at_events) == (40, 2, 5)
    assert found.handed_out == 1


# Who lags


def test_whoever_handed_out_less_than_the_share_of_days_lags(scene):
    on_time = OrganizationFactory(parent=scene.campaign.organizer)
    give_quota(scene, on_time, 2)
    event = EventFactory(campaign=scene.campaign, unit=on_time)
    receive(scene.warehouse, scene.package, 2)
    carry(scene.warehouse, event, scene.package, 2)
    scene.log(event=event)
    scene.log(quantity=3, head_count=3)

    (lag,) = lags_of(scene)

    # Five of ten days are over: twenty of forty were to be handed out.
    assert (lag.id, lag.planned, lag.handed_out, lag.behind) == (
        scene.campaign.organizer_id,
        40,
        3,
        17,
    )


def test_the_farthest_behind_comes_first(scene):
    idle = OrganizationFactory(parent=scene.campaign.organizer, short_name="Idle")
    give_quota(scene, idle, 10)
    scene.log(quantity=3, head_count=3)

    assert [lag.name for lag in lags_of(scene)] == ["Idle", scene.campaign.organizer.short_name]


def test_before_the_first_day_is_over_nobody_lags(scene):
    facts = steering.read_facts(scene.campaign)
    first = scene.campaign.starts_on

    assert lagging_units(facts, Elapsed.of(scene.campaign, first), first) == []
    assert lagging_stations(facts, Elapsed.of(scene.campaign, first), first) == []


def test_a_station_lags_behind_the_plan_of_its_events(scene):
    (lag,) = lags_of(scene, lagging_stations)

    assert (lag.id, lag.is_station, lag.planned) == (scene.event.station_id, True, 20)
    assert (lag.handed_out, lag.behind) == (0, 10)


def test_what_is_to_be_done_next_follows_from_events_and_stock(scene):
    def step():
        return lags_of(scene, lagging_stations)[0].step

    assert step() == Step.LOOK_AFTER

    scene.event.state = EventState.CLOSED
    assert step() == Step.SEND
    receive(inventory.ensure_station_location(scene.event.station), scene.package, 6)
    assert step() == Step.PLAN
    later = scene.another_event(state=EventState.PLANNED, held_on=TODAY + timedelta(days=2))
    sooner = scene.another_event(state=EventState.PLANNED, held_on=TODAY)
    scene.another_event(state=EventState.PLANNED, held_on=TODAY - timedelta(days=2))
    assert step() == Step.PREPARE
    assert lags_of(scene, lagging_stations)[0].event.id == sooner.id != later.id


# The pace


def days(*packages: int, last: date = TODAY) -> list[tuple[date, int]]:
    first = last - timedelta(days=len(packages) - 1)
    return [(first + timedelta(days=n), number) for n, number in enumerate(packages)]


def test_the_pace_is_that_of_the_last_seven_event_days():
    found = pace(days(900, 7, 7, 7, 7, 0, 7, 7, 7), left=49, days_left=10, today=TODAY)

    assert (found.event_days, found.per_event_day) == (7, 7)
    assert found.per_day == 6
    assert found.needed_per_day == 5
    assert found.done_on == TODAY + timedelta(days=8)


def test_days_without_events_slow_the_pace():
    found = pace(days(20, last=TODAY - timedelta(days=9)), left=20, days_left=5, today=TODAY)

    assert (found.per_event_day, found.per_day, found.needed_per_day) == (20, 2, 4)
    assert found.done_on == TODAY + timedelta(days=10)


@pytest.mark.parametrize(
    ("packages", "left", "days_left", "needed"),
    [((), 10, 5, 2), ((5,), 0, 5, 0), ((5,), 10, 0, None), ((1,), 10**7, 5, 2_000_000)],
)
def test_a_pace_that_tells_nothing_projects_nothing(packages, left, days_left, needed):
    found = pace(days(*packages), left=left, days_left=days_left, today=TODAY)

    assert found.needed_per_day == needed
    assert found.done_on is None


@pytest.mark.parametrize(
    ("today", "over", "left"),
    [
        (date(2026, 11, 1), 0, 10),
        (date(2026, 12, 5), 0, 10),
        (date(2026, 12, 14), 9, 1),
        (date(2027, 1, 1), 10, 0),
    ],
)
def test_a_day_is_over_when_it_is_over(scene, today, over, left):
    elapsed = Elapsed.of(scene.campaign, today)

    assert (elapsed.days_over, elapsed.days_left) == (over, left)


# The page


@pytest.fixture
def under_way(scene) -> Scene:
    """The scene, moved so that half of it is over today."""
    today = clock.today()
    scene.campaign.starts_on = today - timedelta(days=5)
    scene.campaign.ends_on = today + timedelta(days=4)
    scene.event.held_on = today - timedelta(days=1)
    scene.log(quantity=3, head_count=3)
    coming = scene.another_event(state=EventState.PLANNED, place="Coming up")
    coming.held_on = today + timedelta(days=1)
    source = FundSourceFactory(organization=scene.campaign.organizer)
    db.session.add(
        BudgetLine(
            campaign_id=scene.campaign.id,
            fund_source_id=source.id,
            purpose="Transport",
            amount=240_000,
        )
    )
    db.session.commit()
    return scene


def url_of(scene) -> str:
    return f"/reports/campaigns/{scene.campaign.id}/overview"


def test_the_page_shows_what_steering_takes(under_way, client_for):
    page = client_for(staff(under_way.campaign.organizer)).get(url_of(under_way)).text

    assert "3 / 40" in page
    assert "Coming up" in page
    assert "Events left open or never opened" in page
    assert "¥2,400.00" in page
    assert f'href="/events/{under_way.event.id}"' in page
    assert f"/events/create?campaign={under_way.campaign.id}" in page


def test_it_is_found_from_the_campaign_and_from_the_reports(under_way, client_for):
    planner = client_for(staff(under_way.campaign.organizer))

    for page in ("/reports", f"/campaigns/{under_way.campaign.id}"):
        assert url_of(under_way) in planner.get(page).text


def test_an_auditor_looks_and_is_offered_no_work(under_way, client_for):
    auditor = client_for(staff(under_way.campaign.organizer, Role.AUDITOR))

    page = auditor.get(url_of(under_way)).text

    assert "/events/create" not in page
    assert "/inventory/dispatch" not in page


def test_a_draft_shows_its_plan_only(app, client_for):
    campaign = CampaignFactory(state="draft")

    page = client_for(staff(campaign.organizer)).get(f"/reports/campaigns/{campaign.id}/overview")

    assert page.status_code == 200


def test_a_strangers_campaign_is_not_found(under_way, client_for):
    assert client_for(UserFactory(role=Role.PLANNER)).get(url_of(under_way)).status_code == 404


def test_a_lead_is_sent_to_no_page_that_refuses(under_way, client_for):
    lead = client_for(under_way.lead)

    page = lead.get("/reports").text

    assert 'href="/campaigns"' not in page


def grow(scene, number):
    """So many more units, groups, stations, events, handouts and budget lines."""
    campaign = scene.campaign
    for _number in range(number):
        unit = OrganizationFactory(parent=campaign.organizer)
        group = CampaignGroupFactory(campaign=campaign)
        give_quota(scene, unit, 5, group)
        station = StationFactory(owner=unit)
        event = EventFactory(campaign=campaign, unit=unit, station=station)
        plan(event, scene, 5)
        receive(inventory.ensure_station_location(station), scene.package, 2)
        receive(scene.warehouse, scene.package, 2)
        carry(scene.warehouse, event, scene.package, 2)
        scene.log(event=event)
        source = FundSourceFactory(organization=campaign.organizer)
        campaign.budget_lines.append(BudgetLine(fund_source=source, purpose="Tea", amount=100))
    db.session.commit()


@pytest.mark.parametrize("page", ["", "/overview"])
def test_a_campaigns_reports_cost_the_same_however_much_there_is(
    under_way, client_for, count_queries, page
):
    client = client_for(staff(under_way.campaign.organizer))
    url = f"/reports/campaigns/{under_way.campaign.id}{page}"
    client.get(url)
    with count_queries() as few:
        client.get(url)
    grow(under_way, 4)
    with count_queries() as many:
        client.get(url)

    sent = [statement for statement in many if statement != "BEGIN"]
    assert len(sent) == len([statement for statement in few if statement != "BEGIN"])
    assert len(sent) <= 12
    assert not [it for it in sent if "FROM handout" in it or "FROM movement" in it]
