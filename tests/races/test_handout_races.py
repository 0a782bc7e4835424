"""Fifty phones at once: the last packages go out once each, and a message counts once.

Each race has a negative control: the same race with its guard off, which must go wrong. A race
whose control stays green proves nothing.
"""

import threading
from collections import Counter

import pytest
import uuid_utils.compat as uuid_utils
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db, transaction
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import (
    CampaignDay,
    DistributionEvent,
    EventState,
    Handout,
    HandoutVoid,
    Outcome,
    Received,
    Served,
    Tally,
)
from carecampaign.distributions.services import handouts as logging
from carecampaign.inventory.models import StockLevel, StockLocation
from carecampaign.inventory.services import balances
from carecampaign.inventory.services import handouts as ledger
from carecampaign.inventory.services.picking import take_lots_that_went
from carecampaign.inventory.services.verification import verify_everything
from tests.distributions.scene import Scene, carry, receive, set_the_scene
from tests.factories import PersonFactory
from tests.races.crowd import all_at_once

PHONES = 50
PACKAGES = 10
TWINS = 20


@pytest.fixture
def scene(app) -> Scene:
    """An event with the last ten packages, for everybody to see."""
    return set_the_scene(packages=PACKAGES)


def log(event: DistributionEvent, tap):
    """Log a tap as an entry point does: read the event, write, commit."""
    event_id = event.id

    def act():
        with transaction():
            return services.log_at(queries.get_occasion(event_id, tap), tap, by=SYSTEM)

    return act


def outcomes(results) -> Counter:
    """Count what became of the taps; an error counts by its name."""
    return Counter(getattr(result, "outcome", type(result).__name__) for result in results)


def counted() -> set[int]:
    """Give the person-times by the log, by the tally and by the day: one number if they agree."""
    db.session.rollback()
    voided = select(HandoutVoid.handout_id)
    log = db.session.scalars(select(Handout.head_count).where(Handout.id.not_in(voided))).all()
    tally = db.session.scalars(select(Tally.person_times)).all()
    days = db.session.scalars(select(CampaignDay.person_times)).all()
    return {sum(log), sum(tally), sum(days)}


class TestTheLastPackages:
    def test_fifty_phones_get_exactly_ten(self, app, scene):
        acts = [log(scene.event, scene.tap()) for _phone in range(PHONES)]
        results = all_at_once(app, acts)

        assert outcomes(results) == {
            Outcome.CREATED: PACKAGES,
            Outcome.REFUSED: PHONES - PACKAGES,
        }
        assert counted() == {PACKAGES}
        assert scene.level() == (0, 0)
        assert db.session.query(Received).count() == PHONES
        assert verify_everything() == []

    def test_control_looking_first_and_taking_then_hands_out_too_many(
        self, app, scene, monkeypatch
    ):
        key = (scene.event.location_id, scene.package.id)
        everybody_has_looked = threading.Barrier(PHONES)
        seen = threading.local()

        def take_what_was_seen(key, quantity):
            if seen.on_hand < quantity:
                return False
            db.session.connection().execute(
                update(StockLevel)
                .where(StockLevel.location_id == key[0], StockLevel.item_id == key[1])
                .values(on_hand=seen.on_hand - quantity)
            )
            return True

        def looking_first(give):
            def act():
                seen.on_hand = balances.level_at(key).on_hand
                db.session.rollback()
                everybody_has_looked.wait()
                return give()

            return act

        monkeypatch.setattr(ledger, "take_level", take_what_was_seen)
        monkeypatch.setattr(ledger, "take_lots", take_lots_that_went)
        gives = [log(scene.event, scene.tap()) for _phone in range(PHONES)]
        results = all_at_once(app, [looking_first(give) for give in gives])

        assert outcomes(results)[Outcome.CREATED] > PACKAGES
        db.session.rollback()
        assert verify_everything() != []

    def test_after_the_fact_all_fifty_count_and_forty_are_to_be_settled(self, app, scene):
        taps = [scene.tap(already_given=True) for _phone in range(PHONES)]
        results = all_at_once(app, [log(scene.event, tap) for tap in taps])

        assert outcomes(results) == {
            Outcome.CREATED: PACKAGES,
            Outcome.FLAGGED: PHONES - PACKAGES,
        }
        assert counted() == {PHONES}
        assert scene.level() == (0, PACKAGES - PHONES)
        assert verify_everything() == []


class TestTheSameMessage:
    def test_twenty_times_at_once_is_stored_once(self, app, scene):
        results = all_at_once(app, [log(scene.event, scene.tap())] * TWINS)

        assert outcomes(results) == {Outcome.CREATED: TWINS}
        assert sum(not result.is_repeat for result in results) == 1
        assert counted() == {1}
        assert scene.level() == (PACKAGES - 1, 0)
        assert verify_everything() == []

    def test_control_without_the_memory_nineteen_of_twenty_fail(self, app, scene, monkeypatch):
        monkeypatch.setattr(logging, "remember", lambda *_message, **_facts: None)

        results = all_at_once(app, [log(scene.event, scene.tap())] * TWINS)

        # The handout's own key is the last line: nothing is counted twice, but nobody is told.
        assert outcomes(results) == {Outcome.CREATED: 1, IntegrityError.__name__: TWINS - 1}

    def test_control_asking_first_and_remembering_then_takes_twice(self, app, scene):
        everybody_has_asked = threading.Barrier(TWINS)
        tap = scene.tap()

        def as_a_new_entry():
            is_known = db.session.get(Received, tap.id) is not None
            db.session.rollback()
            everybody_has_asked.wait()
            return None if is_known else log(scene.event, scene.tap())()

        all_at_once(app, [as_a_new_entry] * TWINS)

        assert counted() != {1}

    def test_a_refusal_sent_twenty_times_at_once_is_one_refusal(self, app, scene):
        tap = scene.tap(quantity=PACKAGES + 1, head_count=PACKAGES + 1)
        results = all_at_once(app, [log(scene.event, tap)] * TWINS)

        assert outcomes(results) == {Outcome.REFUSED: TWINS}
        assert db.session.query(Received).count() == 1


class TestTheSamePerson:
    @pytest.fixture
    def stations(self, scene):
        """Ten events of one campaign, each with a package."""
        receive(scene.warehouse, scene.package, PACKAGES)
        events = [scene.another_event() for _station in range(PACKAGES)]
        for event in events:
            carry(scene.warehouse, event, scene.package, 1)
        db.session.commit()
        return events

    @pytest.fixture
    def person_id(self, scene):
        person = PersonFactory(organization=scene.event.unit)
        db.session.commit()
        return person.id

    def test_at_ten_stations_at_once_is_served_at_one(self, app, scene, stations, person_id):
        acts = [log(station, scene.tap(person_id=person_id)) for station in stations]
        results = all_at_once(app, acts)

        assert outcomes(results) == {Outcome.CREATED: 1, Outcome.REFUSED: PACKAGES - 1}
        assert sum(db.session.scalars(select(Served.times))) == 1
        assert verify_everything() == []

    def test_control_asking_first_and_serving_then_serves_many_times(
        self, app, scene, stations, person_id, monkeypatch
    ):
        everybody_has_asked = threading.Barrier(PACKAGES)
        occasion = queries.get_occasion(scene.event.id, scene.tap())
        asked = threading.local()

        def asking_first(serve):
            def act():
                with transaction():
                    asked.answer = lock_recipient(occasion, person_id)
                everybody_has_asked.wait()
                return serve()

            return act

        lock_recipient = queries.lock_recipient
        monkeypatch.setattr(queries, "lock_recipient", lambda *_facts: asked.answer)
        serves = [log(station, scene.tap(person_id=person_id)) for station in stations]
        results = all_at_once(app, [asking_first(serve) for serve in serves])

        assert outcomes(results)[Outcome.CREATED] > 1


class TestTakingBack:
    def test_ten_who_undo_the_same_entry_undo_it_once(self, app, scene):
        handout_id = scene.log(quantity=4, head_count=4).id
        db.session.commit()

        def act():
            with transaction():
                return services.void_handout(
                    handout_id, void_id=uuid_utils.uuid7(), reason="Twice", by=SYSTEM
                )

        results = all_at_once(app, [act] * 10)

        assert Counter(results) == {True: 1, False: 9}
        assert counted() == {0}
        assert scene.level() == (PACKAGES, 0)
        assert verify_everything() == []


class TestClosingMeanwhile:
    def test_each_tap_is_in_before_the_count_or_is_refused(self, app, scene):
        event_id, target_id = scene.event.id, scene.warehouse.id

        def close():
            with transaction():
                event = db.session.get_one(DistributionEvent, event_id)
                target = db.session.get_one(StockLocation, target_id)
                services.close_event(event, counts={}, target=target, by=SYSTEM)

        taps = [scene.tap(already_given=number % 2 == 0) for number in range(16)]
        results = all_at_once(app, [*(log(scene.event, tap) for tap in taps), close])

        assert results[-1] is None
        kinds = outcomes(results[:-1])
        logged = kinds[Outcome.CREATED] + kinds[Outcome.FLAGGED]
        assert logged + kinds[Outcome.REFUSED] == 16
        assert counted() == {logged}
        event = db.session.get_one(DistributionEvent, event_id, populate_existing=True)
        assert event.state == EventState.CLOSED
        (line,) = queries.event_stock(event)
        assert line.handed_out == logged
        assert line.on_hand == 0
        assert verify_everything() == []
