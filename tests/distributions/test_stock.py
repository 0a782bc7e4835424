"""Every event owns its stock: opening brings it, closing counts it and sends it back."""

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.campaigns.models import CampaignState
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import EventState, Handout
from carecampaign.distributions.services import Arrived, Count
from carecampaign.distributions.services.errors import CountOutOfBounds
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, LocationKind, StockDocument
from carecampaign.inventory.services import Arrival, Line
from tests.distributions.scene import actor, carry, receive, staff
from tests.factories import EventFactory, ItemFactory, StockLocationFactory

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def station_place(scene):
    return inventory.ensure_station_location(scene.event.station)


def ledger(event) -> tuple:
    """An event's ledger of its only item."""
    (line,) = queries.event_stock(event)
    assert line.brought - line.handed_out - line.returned - line.lost == (
        line.on_hand + line.unexplained
    )
    return (
        line.brought,
        line.handed_out,
        line.returned,
        line.lost,
        line.on_hand,
        line.unexplained,
    )


def close(scene, event=None, *, target=None, **count):
    counts = {scene.package.id: Count(**count)} if count else {}
    services.close_event(
        event or scene.event, counts=counts, target=target or scene.warehouse, by=SYSTEM
    )


def test_opening_brings_stock_from_a_place(scene, planned):
    receive(scene.warehouse, scene.package, 8)

    services.open_event(planned, source=scene.warehouse, lines=[Line(scene.package, 5)], by=SYSTEM)

    assert planned.state == EventState.OPEN
    assert planned.opened_at <= clock.now()
    assert ledger(planned) == (5, 0, 0, 0, 5, 0)
    document = db.session.query(StockDocument).order_by(StockDocument.id.desc()).first()
    assert (document.kind, document.campaign) == (DocumentKind.OPENING, scene.campaign)


def test_an_event_can_be_opened_without_stock(scene, planned):
    services.open_event(planned, source=None, by=SYSTEM)

    assert planned.state == EventState.OPEN
    assert queries.event_stock(planned) == []


def test_opening_takes_in_what_is_on_its_way_first(scene, planned, station_place):
    receive(scene.warehouse, scene.package, 20)
    document = inventory.dispatch(
        scene.warehouse, station_place, [Line(scene.package, 20)], by=SYSTEM
    )
    (line,) = document.lines
    assert list(queries.transfers_to(station_place)) == [document]

    services.open_event(
        planned,
        source=station_place,
        lines=[Line(scene.package, 15)],
        arrived=[Arrived(document, {line.id: Arrival(18, "Two were wet")})],
        by=SYSTEM,
    )

    assert ledger(planned) == (15, 0, 0, 0, 15, 0)
    assert inventory_at(station_place, scene.package) == 3
    assert not queries.transfers_to(station_place)


def inventory_at(place, item) -> int:
    levels = queries.lock_stock([place])
    return levels[place.id, item.id].on_hand


def test_opening_closes_the_last_event_at_the_place_and_carries_its_stock_over(scene, planned):
    scene.log(quantity=4, head_count=4)
    lead = actor(scene.lead)
    assert queries.find_open_event_before(lead, planned) == scene.event

    services.open_event(planned, source=None, carried_over=scene.event, by=lead)

    assert scene.event.state == EventState.CLOSED
    assert ledger(scene.event) == (10, 4, 6, 0, 0, 0)
    assert ledger(planned) == (6, 0, 0, 0, 6, 0)


def test_the_last_event_at_another_kind_of_place_is_found_by_its_words(scene):
    first = EventFactory(campaign=scene.campaign, station=None, place="Bus stop")
    second = EventFactory(
        campaign=scene.campaign, station=None, place="Bus stop", state=EventState.PLANNED
    )
    planner = actor(staff(scene.campaign.organizer))

    assert queries.find_open_event_before(planner, second) == first
    assert queries.find_open_event_before(actor(scene.lead), second) is None


def test_opening_does_all_or_nothing(scene, planned):
    db.session.commit()

    with pytest.raises(inventory.NotEnoughStock):
        services.open_event(
            planned,
            source=scene.warehouse,
            lines=[Line(scene.package, 99)],
            carried_over=scene.event,
            by=SYSTEM,
        )
    db.session.rollback()

    assert planned.state == EventState.PLANNED
    assert scene.event.state == EventState.OPEN
    assert scene.level() == (10, 0)


def test_an_event_is_opened_once(scene):
    with pytest.raises(services.WrongState):
        services.open_event(scene.event, source=None, by=SYSTEM)


def test_an_event_of_a_campaign_that_is_over_is_not_opened(scene, planned):
    scene.campaign.state = CampaignState.CLOSED

    with pytest.raises(services.CampaignNotRunning):
        services.open_event(planned, source=None, by=SYSTEM)


def test_more_stock_can_be_brought_while_it_goes_on(scene):
    receive(scene.warehouse, scene.package, 8)

    services.bring_more(scene.event, scene.warehouse, [Line(scene.package, 8)], by=SYSTEM)

    assert ledger(scene.event) == (18, 0, 0, 0, 18, 0)


def test_no_stock_is_brought_to_an_event_that_is_not_open(scene, planned):
    with pytest.raises(services.WrongState):
        services.bring_more(planned, scene.warehouse, [Line(scene.package, 1)], by=SYSTEM)


def test_closing_sends_back_what_is_left(scene):
    scene.log(quantity=4, head_count=4)

    close(scene)

    assert scene.event.state == EventState.CLOSED
    assert ledger(scene.event) == (10, 4, 6, 0, 0, 0)


def test_closing_says_where_the_rest_goes(scene):
    with pytest.raises(services.TargetNeeded):
        services.close_event(scene.event, counts={}, target=None, by=SYSTEM)


def test_an_event_with_nothing_left_closes_without_a_target(scene):
    scene.log(quantity=10, head_count=10)

    services.close_event(scene.event, counts={}, target=None, by=SYSTEM)

    assert ledger(scene.event) == (10, 10, 0, 0, 0, 0)


def test_what_was_handed_out_and_not_logged_is_logged_for_a_group(scene):
    scene.log(quantity=4, head_count=4)

    close(scene, counted=3, gap="not_logged", group_id=scene.riders.id)

    assert ledger(scene.event) == (10, 7, 3, 0, 0, 0)
    riders = {row.name_en: row for row in queries.progress_by_group(scene.event)}["Riders"]
    assert (riders.person_times, riders.packages) == (3, 3)
    handout = db.session.query(Handout).filter_by(group_id=scene.riders.id).one()
    assert handout.note


def test_single_items_handed_out_and_not_logged_beside_a_package_count_nobody_again(scene):
    gloves = ItemFactory()
    receive(scene.warehouse, gloves, 5)
    carry(scene.warehouse, scene.event, gloves, 5)

    services.close_event(
        scene.event,
        counts={gloves.id: Count(2, "not_logged", scene.riders.id)},
        target=scene.warehouse,
        by=SYSTEM,
    )

    totals = queries.event_totals(scene.event)
    assert (totals.person_times, totals.pieces) == (0, 3)


def test_single_items_handed_out_without_a_package_count_people(scene):
    scene.campaign.package_version = None
    gloves = ItemFactory()
    event = scene.another_event()
    receive(scene.warehouse, gloves, 5)
    carry(scene.warehouse, event, gloves, 5)

    services.close_event(
        event,
        counts={gloves.id: Count(2, "not_logged", scene.riders.id)},
        target=scene.warehouse,
        by=SYSTEM,
    )

    assert queries.event_totals(event).person_times == 3


def test_what_was_not_logged_needs_a_group_of_the_campaign(scene):
    with pytest.raises(services.GroupNeeded) as caught:
        close(scene, counted=3, gap="not_logged")

    assert caught.value.field == f"group_{scene.package.id}"


def test_what_is_lost_is_written_off(scene):
    close(scene, counted=8, gap="lost")

    assert ledger(scene.event) == (10, 0, 8, 2, 0, 0)


def test_what_is_settled_later_stays_unexplained(scene):
    close(scene, counted=8, gap="later")

    assert ledger(scene.event) == (10, 0, 8, 0, 0, 2)


def test_a_late_entry_explains_what_was_missing(scene):
    close(scene, counted=8, gap="later")

    scene.log(quantity=2, head_count=2, already_given=True)

    assert ledger(scene.event) == (10, 2, 8, 0, 0, 0)


def test_what_stays_unexplained_can_be_written_off_afterwards(scene):
    close(scene, counted=8, gap="later")

    services.explain(scene.event, scene.package, reason="Never found", by=SYSTEM)

    assert ledger(scene.event) == (10, 0, 8, 2, 0, 0)


def test_what_was_handed_out_beyond_the_books_can_be_booked_in_afterwards(scene):
    scene.log(quantity=12, head_count=12, already_given=True)
    close(scene)

    services.explain(scene.event, scene.package, reason="A carton held more", by=SYSTEM)

    assert ledger(scene.event) == (10, 12, 0, -2, 0, 0)


def test_what_turns_up_beyond_the_books_is_booked_in(scene):
    close(scene, counted=13)

    assert ledger(scene.event) == (10, 0, 13, -3, 0, 0)


def test_a_gap_must_be_explained(scene):
    with pytest.raises(services.GapUnexplained) as caught:
        close(scene, counted=8)

    assert caught.value.field == f"gap_{scene.package.id}"


def test_nothing_is_counted_below_zero(scene):
    with pytest.raises(CountOutOfBounds):
        close(scene, counted=-1)


def test_a_count_made_while_somebody_handed_out_is_asked_for_again(scene):
    scene.log()

    with pytest.raises(services.BooksMoved):
        close(scene, counted=10, books=10)
    close(scene, counted=9, books=9)


def test_an_event_is_closed_once(scene):
    close(scene)

    with pytest.raises(services.WrongState):
        close(scene)


def test_a_gap_is_logged_also_after_the_campaign_was_closed(scene):
    scene.campaign.state = CampaignState.CLOSED

    close(scene, counted=9, gap="not_logged", group_id=scene.couriers.id)

    assert ledger(scene.event) == (10, 1, 9, 0, 0, 0)
    assert len(queries.open_exceptions(scene.event)) == 1


def test_what_comes_back_after_the_closing_can_be_sent_back(scene):
    logged = scene.log(quantity=3, head_count=3)
    close(scene)
    services.void_handout(logged.id, void_id=logged.id.__class__(int=1), reason="No", by=SYSTEM)
    assert ledger(scene.event) == (10, 0, 7, 0, 3, 0)

    services.send_back(scene.event, scene.warehouse, by=SYSTEM)

    assert ledger(scene.event) == (10, 0, 10, 0, 0, 0)


def test_only_a_closed_event_sends_stock_back_afterwards(scene):
    with pytest.raises(services.WrongState):
        services.send_back(scene.event, scene.warehouse, by=SYSTEM)


def test_reversing_an_opening_note_takes_back_what_was_brought(scene):
    document = db.session.query(StockDocument).filter_by(kind=DocumentKind.OPENING).one()

    inventory.reverse(document, reason="Wrong event", by=SYSTEM)

    assert ledger(scene.event) == (0, 0, 0, 0, 0, 0)


def test_stock_comes_from_the_station_the_unit_and_warehouses_one_leads_for(scene, station_place):
    unit_place = inventory.ensure_unit_location(scene.event.unit)
    StockLocationFactory(kind=LocationKind.WAREHOUSE)
    planner = actor(staff(scene.campaign.organizer))

    assert list(queries.sources_for(actor(scene.lead), scene.event)) == [station_place, unit_place]
    assert list(queries.sources_for(planner, scene.event)) == [
        station_place,
        unit_place,
        scene.warehouse,
    ]
    assert queries.find_last_source(scene.event) == scene.warehouse.id


def test_a_place_that_is_no_station_draws_on_the_unit_and_the_warehouses(scene):
    event = EventFactory(campaign=scene.campaign, station=None, place="Bus stop")
    planner = actor(staff(scene.campaign.organizer, Role.PLANNER))

    assert list(queries.sources_for(planner, event)) == [scene.warehouse]
