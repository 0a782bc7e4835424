"""What a warehouse proposes to send shows what is still to be handed out there."""

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.campaigns.models import CampaignState, Quota
from carecampaign.core.db import db
from carecampaign.distributions import services
from carecampaign.distributions.models import EventPlan, EventState
from carecampaign.distributions.queries.quotas import open_quotas
from carecampaign.inventory.models import LocationKind
from carecampaign.inventory.services.thresholds import Threshold, set_thresholds
from tests.distributions.scene import set_the_scene, staff
from tests.factories import ItemFactory, StockLocationFactory


@pytest.fixture
def scene(app):
    """A unit with a quota of 30, at whose station 25 are planned; four were handed out."""
    scene = set_the_scene(packages=10)
    unit = scene.event.unit
    scene.unit_place = StockLocationFactory(
        kind=LocationKind.UNIT, organization=unit, name="Unit store"
    )
    scene.station_place = StockLocationFactory(
        kind=LocationKind.STATION,
        organization=unit,
        station=scene.event.station,
        name="Station cupboard",
    )
    for group, planned in ((scene.couriers, 20), (scene.riders, 10)):
        db.session.add(
            Quota(
                campaign_id=scene.campaign.id,
                unit_id=unit.id,
                group_id=group.id,
                planned=planned,
            )
        )
    plan(scene, scene.event, 15)
    plan(scene, scene.another_event(state=EventState.PLANNED), 10)
    plan(scene, scene.another_event(state=EventState.CANCELLED), 99)
    scene.log(quantity=3, head_count=3)
    scene.log(group_id=scene.riders.id)
    db.session.commit()
    return scene


def plan(scene, event, packages):
    event.plans = [EventPlan(group_id=scene.couriers.id, planned=packages)]


def quota_at(scene, place):
    places = {scene.unit_place.id, scene.station_place.id, scene.warehouse.id}
    return open_quotas(places).get((place.id, scene.package.id))


def test_a_unit_has_its_quota_less_what_was_handed_out_of_it(scene):
    assert quota_at(scene, scene.unit_place) == 26


def test_a_station_has_what_its_events_plan_less_what_they_handed_out(scene):
    assert quota_at(scene, scene.station_place) == 21


def test_what_was_voided_is_open_again(scene):
    logged = scene.log()
    assert quota_at(scene, scene.unit_place) == 25
    services.void_handout(logged.id, void_id=scene.tap().id, reason="Wrong", by=SYSTEM)
    assert quota_at(scene, scene.unit_place) == 26


def test_more_than_planned_leaves_nothing_open(scene):
    scene.log(quantity=40, head_count=40, already_given=True)
    assert quota_at(scene, scene.unit_place) == 0


def test_where_nothing_is_planned_there_is_no_quota(scene):
    assert quota_at(scene, scene.warehouse) is None
    scene.campaign.state = CampaignState.CLOSED
    db.session.flush()
    assert quota_at(scene, scene.unit_place) is None


def test_the_proposal_shows_it(scene, client_for, count_queries):
    gloves = ItemFactory(name="Gloves")
    wanted = {scene.package: Threshold(10, 40), gloves: Threshold(1, 2)}
    set_thresholds(scene.station_place, wanted, by=SYSTEM)
    set_thresholds(scene.unit_place, wanted, by=SYSTEM)
    db.session.commit()
    client = client_for(staff(scene.warehouse.organization, Role.STOREKEEPER))

    with count_queries() as queries:
        page = client.get(f"/inventory/replenish?source={scene.warehouse.id}").text

    assert len(queries) <= 12
    cells = page.split('<td data-label="Quota still open">')[1:]
    assert sorted(cell.split("</td>")[0].strip() for cell in cells) == ["21", "26", "—", "—"]
