"""The log is a log of what happened: counted once, refused before the fact, never after."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from carecampaign.access.actor import SYSTEM
from carecampaign.audit import services as audit
from carecampaign.audit.models import AuditPending
from carecampaign.campaigns.models import CampaignGroupOccupation, CampaignState
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import in_language_of
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import (
    CampaignDay,
    EventState,
    ExceptionReason,
    Handout,
    HandoutException,
    Outcome,
    Received,
    Served,
    Tally,
)
from carecampaign.distributions.services import OtherContent, Refusal, counted_on
from tests.distributions.scene import actor, carry, receive
from tests.factories import (
    CampaignGroupFactory,
    ItemFactory,
    OrganizationFactory,
    PersonFactory,
)

pytestmark = pytest.mark.usefixtures("adds_up")


def handouts():
    return db.session.query(Handout).all()


@pytest.fixture
def courier(scene):
    """A courier known by name, whose occupation counts in the group of the couriers."""
    person = PersonFactory(organization=scene.campaign.organizer)
    db.session.add(
        CampaignGroupOccupation(
            group_id=scene.couriers.id,
            occupation_id=person.occupation_id,
            campaign_id=scene.campaign.id,
        )
    )
    db.session.flush()
    return person


def test_a_tap_is_logged_counted_and_taken_off_the_events_stock(scene):
    logged = scene.log(by=actor(scene.volunteer))

    assert logged.outcome == Outcome.CREATED
    assert scene.level() == (9, 0)
    handout = logged.handout
    assert (handout.quantity, handout.head_count, handout.value) == (1, 1, 5000)
    assert handout.logged_by_id == scene.volunteer.id
    totals = queries.event_totals(scene.event)
    assert totals == (1, 0, 1, 0, 5000)


def test_a_group_arriving_together_is_one_entry(scene):
    scene.log(quantity=4, head_count=4)

    assert scene.level() == (6, 0)
    assert queries.event_totals(scene.event).person_times == 4
    assert len(handouts()) == 1


def test_a_further_item_for_the_same_recipient_counts_nobody_again(scene):
    gloves = ItemFactory()
    receive(scene.warehouse, gloves, 5, unit_value=300)
    carry(scene.warehouse, scene.event, gloves, 5)

    scene.log()
    scene.log(item_id=gloves.id, head_count=0)

    totals = queries.event_totals(scene.event)
    assert (totals.person_times, totals.packages, totals.pieces) == (1, 1, 1)
    assert totals.value == 5300


def test_the_days_roll_up_keeps_packages_and_pieces_apart(scene):
    gloves = ItemFactory()
    receive(scene.warehouse, gloves, 5, unit_value=300)
    carry(scene.warehouse, scene.event, gloves, 5)

    scene.log(quantity=2, head_count=2)
    scene.log(item_id=gloves.id, head_count=0)

    day = db.session.query(CampaignDay).one()
    assert (day.person_times, day.packages, day.pieces, day.value) == (2, 2, 1, 10300)
    assert day.slot == scene.event.id % 16


def test_the_same_message_again_changes_nothing(scene):
    tap = scene.tap()

    first = services.log_handout(scene.event, tap, by=SYSTEM)
    second = services.log_handout(scene.event, tap, by=actor(scene.volunteer))

    assert second == services.Logged(tap.id, Outcome.CREATED, first.recorded_at, is_repeat=True)
    assert scene.level() == (9, 0)
    assert len(handouts()) == 1


def test_the_same_id_with_other_content_is_a_conflict(scene):
    tap = scene.tap()
    services.log_handout(scene.event, tap, by=SYSTEM)

    with pytest.raises(OtherContent):
        scene.log(id=tap.id, quantity=2, head_count=2)
    with pytest.raises(OtherContent):
        scene.log(id=tap.id, event=scene.another_event())

    assert scene.level() == (9, 0)


def test_what_is_not_in_stock_is_refused_before_the_fact(scene):
    logged = scene.log(quantity=11, head_count=11)

    assert logged.outcome == Outcome.REFUSED
    assert logged.reasons == (Refusal.OUT_OF_STOCK,)
    assert logged.on_hand == 10
    assert logged.handout is None
    assert scene.level() == (10, 0)


def test_a_refusal_is_remembered_so_that_a_repeat_does_not_flip_it(scene):
    tap = scene.tap(quantity=11, head_count=11)
    services.log_handout(scene.event, tap, by=SYSTEM)
    receive(scene.warehouse, scene.package, 5)
    carry(scene.warehouse, scene.event, scene.package, 5)

    again = services.log_handout(scene.event, tap, by=SYSTEM)

    assert (again.outcome, again.is_repeat) == (Outcome.REFUSED, True)
    assert again.reasons == (Refusal.OUT_OF_STOCK,)
    assert scene.level() == (15, 0)


def test_what_was_already_handed_over_is_logged_beyond_the_books(scene):
    scene.log(quantity=8, head_count=8)

    logged = scene.log(quantity=5, head_count=5, already_given=True)

    assert logged.outcome == Outcome.FLAGGED
    assert logged.reasons == (ExceptionReason.OVER_STOCK,)
    assert scene.level() == (0, -3)
    assert queries.event_totals(scene.event).person_times == 13
    (exception,) = queries.open_exceptions(scene.event)
    assert exception.handout_id == logged.id


def test_saying_already_handed_over_where_nothing_is_wrong_is_no_exception(scene):
    assert scene.log(already_given=True).outcome == Outcome.CREATED


def test_a_late_receipt_makes_good_a_shortage(scene):
    scene.log(quantity=12, head_count=12, already_given=True)
    receive(scene.warehouse, scene.package, 5)
    carry(scene.warehouse, scene.event, scene.package, 5)

    assert scene.level() == (3, 0)


def test_an_event_that_is_not_open_yet_refuses(scene):
    planned = scene.another_event(state=EventState.PLANNED)

    logged = scene.log(event=planned)

    assert logged.reasons == (Refusal.NOT_OPEN,)


def test_what_was_handed_over_before_the_opening_is_only_short_of_stock(scene):
    planned = scene.another_event(state=EventState.PLANNED)

    logged = scene.log(event=planned, already_given=True)

    assert logged.reasons == (ExceptionReason.OVER_STOCK,)


@pytest.mark.parametrize("state", [EventState.CLOSED, EventState.CANCELLED])
def test_an_event_that_is_over_refuses_and_takes_a_late_entry_as_an_exception(scene, state):
    over = scene.another_event(state=state)

    assert scene.log(event=over).reasons == (Refusal.CLOSED,)
    late = scene.log(event=over, already_given=True)

    assert late.outcome == Outcome.FLAGGED
    assert late.reasons == (ExceptionReason.OVER_STOCK, ExceptionReason.AFTER_CLOSE)
    assert scene.level(over) == (0, -1)


def test_the_events_of_a_closed_campaign_are_over(scene):
    scene.campaign.state = CampaignState.CLOSED

    assert scene.log().reasons == (Refusal.CLOSED,)


def test_a_flagged_entry_is_told_the_same_way_again(scene):
    tap = scene.tap(quantity=11, head_count=11, already_given=True)
    services.log_handout(scene.event, tap, by=SYSTEM)

    again = services.log_handout(scene.event, tap, by=SYSTEM)

    assert (again.outcome, again.reasons) == (Outcome.FLAGGED, (ExceptionReason.OVER_STOCK,))
    assert db.session.query(HandoutException).count() == 1


def test_a_named_person_counts_in_the_group_of_the_occupation(scene, courier):
    logged = scene.log(person_id=courier.id, group_id=None)

    assert logged.handout.group_id == scene.couriers.id
    assert queries.event_totals(scene.event).persons == 1


def test_the_occupation_goes_before_the_group_that_was_said(scene, courier):
    logged = scene.log(person_id=courier.id, group_id=scene.riders.id)

    assert logged.handout.group_id == scene.couriers.id


def test_a_person_of_no_group_needs_one(scene):
    person = PersonFactory(organization=scene.campaign.organizer)

    with pytest.raises(services.NoGroup):
        scene.log(person_id=person.id, group_id=None)
    assert scene.log(person_id=person.id).handout.group_id == scene.couriers.id


def test_a_person_is_served_once_in_a_campaign(scene, courier):
    elsewhere = scene.another_event()
    receive(scene.warehouse, scene.package, 5)
    carry(scene.warehouse, elsewhere, scene.package, 5)
    scene.log(person_id=courier.id, group_id=None)

    logged = scene.log(event=elsewhere, person_id=courier.id, group_id=None)

    assert logged.reasons == (Refusal.SERVED_BEFORE,)
    assert scene.level(elsewhere) == (5, 0)


def test_a_person_served_twice_after_all_is_an_exception(scene, courier):
    scene.log(person_id=courier.id, group_id=None)

    logged = scene.log(person_id=courier.id, group_id=None, already_given=True)

    assert logged.reasons == (ExceptionReason.DOUBLE_BENEFICIARY,)
    assert db.session.get(Served, (scene.event.id, courier.id), populate_existing=True).times == 2
    assert queries.event_totals(scene.event).persons == 1


def test_a_further_item_for_a_named_person_is_not_a_second_service(scene, courier):
    scene.log(person_id=courier.id, group_id=None)

    further = scene.log(person_id=courier.id, group_id=None, head_count=0)

    assert further.outcome == Outcome.CREATED
    assert db.session.get(Served, (scene.event.id, courier.id)).times == 1


def test_another_unions_person_is_not_found(scene):
    stranger = PersonFactory(organization=OrganizationFactory())

    with pytest.raises(NotFound):
        scene.log(person_id=stranger.id)


def test_persons_of_unions_below_and_of_the_organiser_can_be_served(scene, courier):
    unit = OrganizationFactory(parent=scene.campaign.organizer)
    below = OrganizationFactory(parent=unit)
    event = scene.another_event(unit=unit)

    for keeper in (unit, below, scene.campaign.organizer):
        person = PersonFactory(organization=keeper)
        assert scene.log(event=event, person_id=person.id, already_given=True).handout


def test_what_the_event_does_not_hand_out_is_not_found(scene):
    with pytest.raises(NotFound):
        scene.log(item_id=ItemFactory().id)


def test_another_campaigns_group_does_not_count(scene):
    with pytest.raises(services.NoGroup):
        scene.log(group_id=CampaignGroupFactory().id)


def test_what_could_not_be_logged_is_not_remembered(scene):
    tap = scene.tap(item_id=ItemFactory().id)
    db.session.commit()

    with pytest.raises(NotFound):
        services.log_handout(scene.event, tap, by=SYSTEM)
    db.session.rollback()

    assert db.session.get(Received, tap.id) is None


def test_values_and_groups_are_snapshots(scene):
    logged = scene.log()
    receive(scene.warehouse, scene.package, 3, unit_value=9900)
    carry(scene.warehouse, scene.event, scene.package, 3)
    scene.log(quantity=10, head_count=10)

    assert logged.handout.value == 5000
    assert queries.event_totals(scene.event).value == 10 * 5000 + 9900


@time_machine.travel(datetime(2026, 12, 1, 16, 30, tzinfo=UTC))
def test_a_handout_counts_on_the_local_day_it_happened(scene):
    scene.log(happened_at=datetime(2026, 12, 1, 15, 59, tzinfo=UTC))
    scene.log()

    days = [row.day for row in db.session.query(Tally).order_by(Tally.day)]
    assert days == [date(2026, 12, 1), date(2026, 12, 2)]


@pytest.mark.parametrize(
    ("happened", "counted"),
    [
        (timedelta(), date(2026, 12, 5)),
        (timedelta(days=-2), date(2026, 12, 3)),
        (timedelta(days=-3650), date(2026, 12, 1)),
        (timedelta(days=3650), date(2026, 12, 5)),
    ],
)
def test_a_wrong_clock_cannot_count_before_the_event_or_in_the_future(happened, counted):
    heard = datetime(2026, 12, 5, 4, 0, tzinfo=UTC)

    assert counted_on(heard + happened, heard, held_on=date(2026, 12, 1)) == counted


def test_every_handout_waits_to_be_sealed_and_its_seal_can_be_proved(scene):
    scene.log(note="for the night shift")
    scene.log(quantity=12, head_count=12, already_given=True)
    kinds = [row.kind for row in db.session.query(AuditPending) if row.kind == "handout"]
    assert len(kinds) == 2
    while audit.seal_batch():
        pass

    assert audit.verify().problems == []


def test_a_handout_changed_behind_the_programs_back_is_found(scene):
    logged = scene.log()
    while audit.seal_batch():
        pass
    db.session.query(Handout).filter_by(id=logged.id).update({"group_id": scene.riders.id})

    problems = audit.verify().problems
    db.session.rollback()

    assert len(problems) == 1
    assert str(logged.id) in problems[0]


def test_a_log_that_does_not_add_up_is_named(scene):
    scene.log()
    db.session.query(Tally).update({"person_times": 7})
    db.session.query(CampaignDay).update({"value": 7})
    db.session.add(
        Served(
            event_id=scene.event.id,
            person_id=PersonFactory(organization=scene.event.unit).id,
            campaign_id=scene.campaign.id,
            unit_id=scene.event.unit_id,
            times=1,
        )
    )
    db.session.query(Handout).update({"quantity": 3})
    db.session.flush()

    with in_language_of("en"):
        found = [str(line) for line in inventory_differences()]
    db.session.rollback()

    assert any("tally" in line for line in found)
    assert any("days" in line for line in found)
    assert any("persons served" in line for line in found)
    assert any("recipients" in line for line in found)


def inventory_differences() -> list[str]:
    return [
        line
        for check in (
            services.verification.recipients_got_what_the_log_says,
            services.verification.tallies_add_up,
            services.verification.days_add_up,
            services.verification.persons_served_add_up,
        )
        for line in check()
    ]


def test_a_tap_takes_few_statements(scene, count_queries):
    scene.log()
    with count_queries() as sent:
        scene.log()

    assert len(sent) <= 10, sent
