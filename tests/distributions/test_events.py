"""Planning an event, changing it, calling it off; and who sees which."""

from datetime import date, time

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Permission, Role
from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns.models import CampaignState
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.listing import paginate
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import EventState
from carecampaign.distributions.services.errors import (
    EndsBeforeItStarts,
    PlaceNeeded,
    PlanOutOfBounds,
)
from carecampaign.inventory.models import LocationKind
from carecampaign.inventory.services import Line
from carecampaign.stations.models import StationMember
from tests.distributions.scene import actor, assigned, at_station, receive, staff
from tests.factories import (
    CampaignFactory,
    CampaignGroupFactory,
    EventFactory,
    OrganizationFactory,
    StationFactory,
    UserFactory,
)

DAY = date(2026, 12, 1)


@pytest.fixture
def campaign(app):
    return CampaignFactory()


@pytest.fixture
def station(campaign):
    return StationFactory(owner=campaign.organizer, name="Warm corner")


def create(campaign, **facts):
    facts = {"unit": campaign.organizer, "place": "Bus stop", "held_on": DAY, **facts}
    return services.create_event(campaign, by=SYSTEM, **facts)


def edit(event, **facts):
    now = {
        "unit": event.unit,
        "station": event.station,
        "place": event.place,
        "held_on": event.held_on,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "plans": {plan.group_id: plan.planned for plan in event.plans},
        "volunteers": event.volunteers,
        "note": event.note,
    }
    services.edit_event(event, by=SYSTEM, **(now | facts))


def test_an_event_owns_a_stock_location_of_its_own(campaign, station):
    event = create(campaign, station=station, place="")

    assert event.place == "Warm corner"
    assert event.location.kind == LocationKind.EVENT
    assert event.location.name == "2026-12-01 Warm corner"
    assert event.location.organization == campaign.organizer
    assert event.state == EventState.PLANNED


def test_two_events_at_one_place_and_day_have_two_locations(campaign):
    first, second = create(campaign), create(campaign)

    assert first.location_id != second.location_id
    assert second.location.name == "2026-12-01 Bus stop (2)"


def test_what_was_planned_for_whom_and_who_logs_is_kept(campaign):
    group = CampaignGroupFactory(campaign=campaign)
    other = CampaignGroupFactory(campaign=campaign)
    user = UserFactory(role=Role.VOLUNTEER)

    event = create(campaign, plans={group.id: 20, other.id: 0}, volunteers=[user])

    assert [(plan.group_id, plan.planned) for plan in event.plans] == [(group.id, 20)]
    assert event.volunteers == [user]
    entry = db.session.query(AuditEntry).filter_by(action="distributions.create").one()
    assert entry.changes["plans"] == {group.name: 20}


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"place": ""}, PlaceNeeded),
        ({"held_on": date(2026, 10, 31)}, services.OutsideCampaign),
        ({"held_on": date(2027, 3, 1)}, services.OutsideCampaign),
        ({"starts_at": time(10), "ends_at": time(10)}, EndsBeforeItStarts),
        ({"plans": {12345: 1}}, PlanOutOfBounds),
    ],
)
def test_an_event_that_makes_no_sense_is_not_planned(campaign, facts, error):
    with pytest.raises(error):
        create(campaign, **facts)


def test_a_plan_below_nothing_is_not_planned(campaign):
    group = CampaignGroupFactory(campaign=campaign)

    with pytest.raises(PlanOutOfBounds):
        create(campaign, plans={group.id: -1})


def test_only_the_organiser_and_units_that_take_part_hold_events(campaign):
    unit = OrganizationFactory()
    with pytest.raises(services.UnitNotTakingPart):
        create(campaign, unit=unit)

    campaign.units.append(unit)
    assert create(campaign, unit=unit).unit == unit


@pytest.mark.parametrize(
    "state", [CampaignState.DRAFT, CampaignState.SUBMITTED, CampaignState.CLOSED]
)
def test_only_running_campaigns_hold_events(app, state):
    with pytest.raises(services.CampaignNotRunning):
        create(CampaignFactory(state=state))


def test_a_planned_event_can_move_and_its_location_follows(campaign, station):
    unit = OrganizationFactory()
    campaign.units.append(unit)
    event = create(campaign)
    create(campaign, unit=unit, station=station, place="", held_on=date(2026, 12, 2))

    edit(event, unit=unit, station=station, place="", held_on=date(2026, 12, 2))

    assert event.location.name == "2026-12-02 Warm corner (2)"
    assert event.location.organization_id == unit.id
    entry = db.session.query(AuditEntry).filter_by(action="distributions.edit").one()
    assert entry.changes["held_on"] == ["2026-12-01", "2026-12-02"]


def test_plans_volunteers_and_hours_change_also_while_it_goes_on(scene):
    edit(
        scene.event,
        plans={scene.couriers.id: 5},
        starts_at=time(9),
        ends_at=time(17),
        volunteers=[scene.volunteer],
        note="Hot tea as well",
    )
    edit(scene.event, plans={scene.couriers.id: 7, scene.riders.id: 2})

    db.session.expire_all()
    assert {plan.group_id: plan.planned for plan in scene.event.plans} == {
        scene.couriers.id: 7,
        scene.riders.id: 2,
    }
    assert scene.event.note == "Hot tea as well"


def test_day_place_and_unit_stand_once_it_has_begun(scene):
    with pytest.raises(services.AlreadyBegun):
        edit(scene.event, held_on=date(2026, 12, 24))


def test_day_place_and_unit_stand_once_something_was_logged(scene):
    planned = scene.another_event(state=EventState.PLANNED)
    scene.log(event=planned, already_given=True)

    with pytest.raises(services.AlreadyBegun):
        edit(planned, held_on=date(2026, 12, 24))
    with pytest.raises(services.HandedOutHere):
        services.cancel_event(planned, reason="Snow", by=SYSTEM)


@pytest.mark.parametrize("state", [EventState.CLOSED, EventState.CANCELLED])
def test_what_is_over_is_not_changed(scene, state):
    with pytest.raises(services.WrongState):
        edit(scene.another_event(state=state))


def test_a_planned_event_can_be_called_off_once(campaign):
    event = create(campaign)

    services.cancel_event(event, reason="Snow", by=SYSTEM)
    with pytest.raises(services.WrongState):
        services.cancel_event(event, reason="Snow", by=SYSTEM)

    assert event.state == EventState.CANCELLED


VIEW, PLAN = Permission.DISTRIBUTIONS_VIEW, Permission.DISTRIBUTIONS_PLAN
LEAD, LOG = Permission.DISTRIBUTIONS_LEAD, Permission.DISTRIBUTIONS_LOG


def seen_by(user):
    return list(paginate(queries.list_events_for(actor(user)), page=1).items)


def may(user, event, permission) -> bool:
    try:
        queries.get_event_for(actor(user), event.id, permission)
    except NotFound:
        return False
    return True


@pytest.fixture
def noise(app):
    """Another union's event, which nobody of ours must ever see."""
    return EventFactory()


def test_volunteers_see_the_events_of_their_stations_and_those_they_are_assigned_to(scene, noise):
    elsewhere = EventFactory(campaign=scene.campaign)
    user = assigned(elsewhere)

    assert seen_by(scene.volunteer) == [scene.event]
    assert seen_by(user) == [elsewhere]


def test_a_stranger_does_not_find_an_event(scene, noise):
    for permission in (VIEW, LOG):
        assert may(scene.volunteer, scene.event, permission)
        assert not may(scene.volunteer, noise, permission)


def test_only_the_stations_lead_leads_and_not_whoever_belongs_to_it(scene):
    helper = UserFactory(role=Role.STATION_LEAD)
    scene.event.station.members.append(StationMember(user=helper, is_lead=False))
    db.session.flush()

    assert may(scene.lead, scene.event, LEAD)
    assert may(helper, scene.event, LOG)
    assert not may(helper, scene.event, LEAD)
    assert may(assigned(scene.event, Role.STATION_LEAD), scene.event, LEAD)


def test_staff_see_the_events_of_their_units_campaigns_and_stations(scene, noise):
    unit, owner, partner = OrganizationFactory(), OrganizationFactory(), OrganizationFactory()
    station = StationFactory(owner=owner)
    station.partners.append(partner)
    event = EventFactory(campaign=scene.campaign, unit=unit, station=station)
    db.session.flush()

    for organization in (unit, owner, partner):
        assert seen_by(staff(organization)) == [event]
    assert set(seen_by(staff(scene.campaign.organizer))) == {event, scene.event}
    assert seen_by(staff(OrganizationFactory())) == []
    assert set(seen_by(staff(scene.campaign.organizer, Role.AUDITOR))) == {event, scene.event}


def test_a_partner_of_the_station_only_looks(scene):
    partner = staff(OrganizationFactory())
    scene.event.station.partners.append(partner.grants[0].organization)
    db.session.flush()

    assert may(partner, scene.event, VIEW)
    assert not may(partner, scene.event, PLAN)
    assert not may(partner, scene.event, LOG)


def test_the_system_sees_everything(scene, noise):
    rows = paginate(queries.list_events_for(SYSTEM), page=1).items

    assert set(rows) == {scene.event, noise}


def test_a_role_without_the_permission_sees_nothing(scene):
    finance = staff(scene.campaign.organizer, Role.FINANCE)

    assert may(finance, scene.event, VIEW)
    assert not may(finance, scene.event, LOG)
    assert not queries.reaches(actor(finance), scene.event, LOG)


def test_an_event_is_planned_with_what_is_within_reach(scene, noise):
    planner = actor(staff(scene.campaign.organizer))
    unit = OrganizationFactory()
    scene.campaign.units.append(unit)
    db.session.flush()

    assert list(queries.campaigns_to_plan_for(planner)) == [scene.campaign]
    assert queries.units_to_plan_for(planner, scene.campaign) == [scene.campaign.organizer, unit]
    assert queries.units_to_plan_for(actor(staff(unit)), scene.campaign) == [unit]
    assert list(queries.campaigns_to_plan_for(actor(staff(unit)))) == [scene.campaign]
    with pytest.raises(NotFound):
        queries.get_campaign_to_plan_for(planner, noise.campaign_id)


def test_volunteers_of_ones_unions_can_be_assigned_and_who_was_stays_in_the_list(scene):
    planner = actor(staff(scene.campaign.organizer))
    stranger = UserFactory(role=Role.VOLUNTEER)
    gone = at_station(scene.event, Role.VOLUNTEER)
    gone.is_active = False
    db.session.flush()

    assert set(queries.volunteers_to_plan_for(planner)) == {scene.lead, scene.volunteer}
    kept = queries.volunteers_to_plan_for(planner, kept=[stranger, gone])
    assert {stranger, gone} <= set(kept)


def test_the_entry_of_an_opening_names_what_was_brought(scene):
    receive(scene.warehouse, scene.package, 5)
    planned = scene.another_event(state=EventState.PLANNED)

    services.open_event(planned, source=scene.warehouse, lines=[Line(scene.package, 5)], by=SYSTEM)

    entry = db.session.query(AuditEntry).filter_by(action="distributions.open").one()
    assert entry.changes["brought"] == {"Winter package": 5}
