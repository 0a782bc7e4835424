"""The start page is a work list: what waits, for whom."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import false, select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant
from carecampaign.campaigns.models import Campaign, CampaignState
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions.models import EventState
from carecampaign.inventory import services as inventory
from carecampaign.inventory.services.thresholds import Threshold, set_thresholds
from carecampaign.reports.queries.bounded import Few, first_of
from carecampaign.stations.models import StationMember
from tests.distributions.scene import actor, at_station, receive, set_the_scene, staff
from tests.factories import CampaignFactory, OrganizationFactory, UserFactory


@pytest.fixture
def scene(app):
    return set_the_scene()


def start(client):
    response = client.get("/")
    assert response.status_code == 200
    return response.text


def test_a_stranger_is_asked_to_sign_in(app):
    assert app.test_client().get("/").location.startswith("/sign-in")


def test_a_volunteer_finds_the_open_event_first(scene, client_for):
    page = start(client_for(scene.volunteer))

    assert "Log handouts now" in page
    assert f"/events/{scene.event.id}/log" in page


def test_a_lead_sees_what_to_open_and_what_was_left_open(scene, client_for):
    scene.event.held_on = clock.today() - timedelta(days=1)
    planned = scene.another_event(state=EventState.PLANNED, held_on=clock.today())
    page = start(client_for(scene.lead))

    assert f"/events/{planned.id}/open" in page
    assert f"/events/{scene.event.id}/close" in page


def test_what_is_on_its_way_waits_for_the_lead(scene, client_for):
    receive(scene.warehouse, scene.package, 5)
    station = inventory.ensure_station_location(scene.event.station)
    inventory.dispatch(scene.warehouse, station, [inventory.Line(scene.package, 5)], by=SYSTEM)

    assert "On the way to you" in start(client_for(scene.lead))


def test_a_storekeeper_sees_what_runs_low(scene, client_for):
    receive(scene.warehouse, scene.package, 5)
    set_thresholds(scene.warehouse, {scene.package: Threshold(20, 50)}, by=SYSTEM)
    keeper = staff(scene.campaign.organizer, Role.STOREKEEPER)

    page = start(client_for(keeper))

    assert "Low stock" in page
    assert "free, the minimum is 20" in page


def test_a_storekeeper_sees_what_expires_soon_or_has(scene, client_for):
    for code, days in (("GONE", -1), ("SOON", 20), ("LATER", 60)):
        receive(
            scene.warehouse,
            scene.package,
            5,
            lot_code=code,
            expires_on=clock.today() + timedelta(days=days),
        )
    page = start(client_for(staff(scene.campaign.organizer, Role.STOREKEEPER)))

    assert "Expires soon" in page
    assert [code in page for code in ("GONE", "SOON", "LATER")] == [True, True, False]


def test_an_exception_waits_to_be_settled(scene, client_for):
    scene.log(quantity=11, head_count=11, already_given=True)

    assert "1 handout to look at" in start(client_for(scene.lead))


def test_an_approver_sees_the_plans_that_wait(scene, client_for):
    CampaignFactory(
        name="Waiting plan", organizer=scene.campaign.organizer, state=CampaignState.SUBMITTED
    )

    assert "Waiting plan" in start(client_for(staff(scene.campaign.organizer, Role.APPROVER)))


def test_a_planner_sees_a_returned_draft_with_the_comment(scene, client_for):
    CampaignFactory(
        organizer=scene.campaign.organizer,
        state=CampaignState.DRAFT,
        returned_comment="The budget is missing.",
    )

    assert "The budget is missing." in start(client_for(staff(scene.campaign.organizer)))


def test_events_of_the_next_week_are_announced(scene, client_for):
    scene.another_event(state=EventState.PLANNED, held_on=clock.today() + timedelta(days=3))

    assert "In the next seven days" in start(client_for(scene.lead))


def test_whoever_has_nothing_to_do_is_told_so(app, client_for):
    assert "Nothing waits for you" in start(client_for(UserFactory(role=Role.VOLUNTEER)))


def test_whoever_has_nothing_to_do_reads_what_comes_next(scene, client_for):
    scene.event.state = EventState.CLOSED
    later = scene.another_event(
        state=EventState.PLANNED, held_on=clock.today() + timedelta(days=30)
    )
    page = start(client_for(scene.volunteer))

    assert "Nothing waits for you" in page
    assert "The next event:" in page
    assert f'href="/events/{later.id}"' in page


def test_the_one_event_of_today_is_one_big_button_for_its_volunteer(scene, client_for):
    scene.event.held_on = clock.today()
    earlier = scene.another_event(state=EventState.OPEN, held_on=clock.today() - timedelta(days=1))
    page = start(client_for(scene.volunteer))

    assert re.search(rf'class="tap-button start-now"\s+href="/events/{scene.event.id}/log"', page)
    assert page.count(f"/events/{scene.event.id}/log") == 1
    assert page.count(f"/events/{earlier.id}/log") == 1


def test_with_two_events_of_today_neither_is_guessed(scene, client_for):
    scene.event.held_on = clock.today()
    scene.another_event(state=EventState.OPEN, held_on=clock.today())

    assert "start-now" not in start(client_for(scene.volunteer))


def test_an_event_of_an_earlier_day_is_late(scene, client_for):
    forgotten = scene.another_event(
        state=EventState.PLANNED, held_on=clock.today() - timedelta(days=2)
    )
    page = start(client_for(scene.lead))

    assert "Never opened" in page
    assert f"/events/{forgotten.id}/open" in page


def test_todays_event_is_told_once_to_whoever_opens_it(scene, client_for):
    today = scene.another_event(state=EventState.PLANNED, held_on=clock.today())

    assert start(client_for(scene.lead)).count(f'href="/events/{today.id}"') == 1
    assert f'href="/events/{today.id}"' in start(client_for(scene.volunteer))


def test_a_cancelled_event_of_ones_own_is_shown_with_its_reason(scene, client_for):
    scene.another_event(
        state=EventState.CANCELLED,
        held_on=clock.today() + timedelta(days=1),
        changed_at=clock.now(),
        change_reason="Heavy snow",
    )
    page = start(client_for(scene.volunteer))

    assert "Moved or cancelled" in page
    assert "Heavy snow" in page


def test_nobody_is_asked_to_approve_what_they_prepared(scene, client_for):
    approver = staff(scene.campaign.organizer, Role.APPROVER)
    CampaignFactory(
        name="My own plan",
        organizer=scene.campaign.organizer,
        state=CampaignState.SUBMITTED,
        drafted_by_id=approver.id,
    )

    assert "My own plan" not in start(client_for(approver))


def test_an_approver_of_a_mere_unit_has_nothing_to_decide(scene, client_for):
    unit = OrganizationFactory()
    CampaignFactory(name="Theirs", units=[unit], state=CampaignState.SUBMITTED)

    assert "Theirs" not in start(client_for(staff(unit, Role.APPROVER)))


def test_somebody_of_two_roles_sees_what_waits_in_both(scene, client_for):
    organizer = scene.campaign.organizer
    CampaignFactory(name="Waiting plan", organizer=organizer, state=CampaignState.SUBMITTED)
    both = staff(organizer, Role.APPROVER)
    both.grants.append(RoleGrant(role=Role.VOLUNTEER, organization=organizer))
    scene.event.station.members.append(StationMember(user=both))
    page = start(client_for(both))

    assert "Waiting plan" in page
    assert f"/events/{scene.event.id}/log" in page


def test_a_long_list_is_counted_and_leads_to_the_rest(scene, client_for):
    for _number in range(8):
        CampaignFactory(organizer=scene.campaign.organizer, state=CampaignState.SUBMITTED)
    page = start(client_for(staff(scene.campaign.organizer, Role.APPROVER)))

    assert "Show them all" in page
    assert 'href="/campaigns?state=submitted"' in page
    assert ">8</span>" in page


def requested(scene):
    receive(scene.warehouse, scene.package, 5)
    station = inventory.ensure_station_location(scene.event.station)
    lines = [inventory.Line(scene.package, 5)]
    return inventory.request_goods(station, lines, purpose="New Year", by=actor(scene.lead))


def test_an_approver_sees_the_stock_forms_to_decide_on(scene, client_for):
    requisition = requested(scene)
    stock_take = inventory.open_stock_take(scene.warehouse, is_blind=False, by=SYSTEM)
    page = start(client_for(staff(scene.campaign.organizer, Role.APPROVER)))

    assert f'href="/inventory/requisitions/{requisition.id}"' in page
    assert f"/inventory/stock-takes/{stock_take.id}" not in page


def test_a_storekeeper_sees_what_to_issue_and_to_count(scene, client_for):
    requisition = requested(scene)
    granted = {requisition.lines[0].id: 5}
    inventory.approve_requisition(requisition, scene.warehouse, granted, by=SYSTEM)
    stock_take = inventory.open_stock_take(scene.warehouse, is_blind=False, by=SYSTEM)
    page = start(client_for(staff(scene.campaign.organizer, Role.STOREKEEPER)))

    assert f'href="/inventory/requisitions/{requisition.id}"' in page
    assert f'href="/inventory/stock-takes/{stock_take.id}/count"' in page


def test_counting_ends_at_a_hundred(app):
    campaigns = [CampaignFactory() for _number in range(3)]
    few = first_of(select(Campaign).order_by(Campaign.id), 2)

    assert (few.rows, few.total, few.count, few.has_more) == (campaigns[:2], 3, "3", True)
    assert Few((), 100).count == "99+"
    assert first_of(select(Campaign).where(false()), 2) == Few((), 0)


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_start_page_of_few_queries(scene, client_for, count_queries, role):
    user = at_station(scene.event, role)
    client = client_for(user)
    for number in range(3):
        scene.another_event(
            state=EventState.PLANNED, held_on=clock.today() + timedelta(days=number)
        )
    db.session.commit()
    with count_queries() as sent:
        start(client)

    assert len([statement for statement in sent if statement != "BEGIN"]) <= 12
