"""Fifty hands and ten packages: the ledger holds, and shows where it would not.

Each race has a negative control: the same race with its guard off, which must go wrong. A race
whose control stays green proves nothing.
"""

import itertools
import multiprocessing
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from carecampaign.access.actor import SYSTEM
from carecampaign.app import create_app
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentState,
    StockDocument,
    StockLevel,
    StockLocation,
)
from carecampaign.inventory.services import (
    balances,
    documents,
    handouts,
    reservations,
    transfers,
)
from carecampaign.inventory.services.picking import take_lots_that_went
from carecampaign.inventory.services.verification import verify
from tests.conftest import POSTGRES, settings
from tests.factories import FundSourceFactory
from tests.inventory.stock import hand_out, level, receive
from tests.races.crowd import Ours, all_at_once, refusals

PEOPLE = 50
PACKAGES = 10

only_with_many_writers = pytest.mark.skipif(
    POSTGRES is None, reason="SQLite lets one transaction write at a time"
)


@pytest.fixture
def last_ten(event, gloves):
    """An event with the last ten packages, for everybody to see."""
    receive(event, gloves, PACKAGES)
    db.session.commit()
    return event


def give_one(place, item, **how):
    place, item = Ours(place), Ours(item)

    def act():
        with transaction():
            return hand_out(place(), item(), 1, **how)[1]

    return act


class TestTheLastPackages:
    def test_fifty_at_once_get_exactly_ten(self, app, last_ten, gloves):
        results = all_at_once(app, [give_one(last_ten, gloves)] * PEOPLE)

        handed = [result for result in results if isinstance(result, inventory.HandedOut)]
        assert len(handed) == PACKAGES
        assert refusals(results, inventory.NotEnoughStock) == PEOPLE - PACKAGES
        assert level(last_ten, gloves) == (0, 0)
        assert verify() == []

    def test_control_looking_first_and_taking_then_hands_out_too_many(
        self, app, last_ten, gloves, monkeypatch
    ):
        everybody_has_looked = threading.Barrier(PEOPLE)
        seen = threading.local()
        key = (last_ten.id, gloves.id)

        give = give_one(last_ten, gloves)

        def take_what_was_seen(key, quantity):
            if seen.on_hand < quantity:
                return False
            db.session.connection().execute(
                update(StockLevel)
                .where(StockLevel.location_id == key[0], StockLevel.item_id == key[1])
                .values(on_hand=seen.on_hand - quantity)
            )
            return True

        def act():
            seen.on_hand = balances.level_at(key).on_hand
            db.session.rollback()
            everybody_has_looked.wait()
            return give()

        monkeypatch.setattr(handouts, "take_level", take_what_was_seen)
        monkeypatch.setattr(handouts, "take_lots", take_lots_that_went)
        results = all_at_once(app, [act] * PEOPLE)

        handed = [result for result in results if isinstance(result, inventory.HandedOut)]
        assert len(handed) > PACKAGES
        db.session.rollback()
        assert verify() != []

    def test_after_the_fact_all_fifty_count_and_forty_are_short(self, app, last_ten, gloves):
        late = give_one(last_ten, gloves, shortage_allowed=True)
        results = all_at_once(app, [late] * PEOPLE)

        assert sum(result.shortage for result in results) == PEOPLE - PACKAGES
        assert level(last_ten, gloves) == (0, PACKAGES - PEOPLE)
        assert verify() == []

    def test_two_processes_share_the_last_ten(self, last_ten, gloves, database_url, tmp_path):
        db.session.remove()
        db.engine.dispose()  # a connection must not live in two processes
        context = multiprocessing.get_context("spawn")
        start, answers = context.Barrier(2), context.Queue()
        where = (database_url, tmp_path, last_ten.id, gloves.id)
        processes = [
            context.Process(target=take_all_you_can, args=(*where, start, answers))
            for _process in range(2)
        ]
        for process in processes:
            process.start()
        taken = [answers.get(timeout=120) for _process in processes]
        for process in processes:
            process.join()

        assert sum(taken) == PACKAGES
        assert level(last_ten, gloves) == (0, 0)
        assert verify() == []


def take_all_you_can(database_url, folder: Path, place_id, item_id, start, answers):
    """Hand out one at a time from a process of its own until nothing is left."""
    app = create_app(settings(database_url, folder))
    with app.app_context():
        place, item = db.session.get(StockLocation, place_id), db.session.get(Item, item_id)
        start.wait()
        taken = 0
        for _attempt in range(PACKAGES):
            try:
                give_one(place, item)()
                taken += 1
            except inventory.NotEnoughStock:
                break
        db.session.remove()
        db.engine.dispose()
    answers.put(taken)


class TestReserving:
    """The last ten, at a warehouse, wanted by fifty who reserve and then fetch them."""

    @pytest.fixture
    def stocked(self, warehouse, station, gloves):  # noqa: ARG002 - there for all threads
        receive(warehouse, gloves, PACKAGES)
        db.session.commit()

    def reserve(self, place, item, number):
        place, item = Ours(place), Ours(item)

        def act():
            with transaction():
                holder = inventory.Holder("requisition", number)
                inventory.reserve(place(), item(), 1, holder=holder)

        return act

    def fetch(self, place, target, item, number):
        place, target, item = Ours(place), Ours(target), Ours(item)

        def act():
            with transaction():
                inventory.dispatch(
                    place(),
                    target(),
                    [inventory.Line(item(), 1)],
                    holder=inventory.Holder("requisition", number),
                    by=SYSTEM,
                )

        return act

    @pytest.mark.usefixtures("stocked")
    def test_ten_of_fifty_have_one_and_only_they_get_it(self, app, warehouse, station, gloves):
        acts = [self.reserve(warehouse, gloves, number) for number in range(PEOPLE)]
        results = all_at_once(app, acts)

        assert refusals(results, inventory.NotEnoughStock) == PEOPLE - PACKAGES
        winners = [number for number, result in enumerate(results) if result is None]

        acts = [self.fetch(warehouse, station, gloves, number) for number in range(PEOPLE)]
        results = all_at_once(app, acts)

        assert [number for number, result in enumerate(results) if result is None] == winners
        assert level(warehouse, gloves) == (0, 0)
        assert verify() == []

    @pytest.mark.usefixtures("stocked")
    def test_control_looking_first_and_reserving_then_stops_at_the_database(
        self, app, warehouse, gloves, monkeypatch
    ):
        monkeypatch.setattr(reservations, "_free_at", lambda _location, _key: PACKAGES)
        acts = [self.reserve(warehouse, gloves, number) for number in range(PEOPLE)]
        results = all_at_once(app, acts)

        assert refusals(results, inventory.NotEnoughStock) == 0
        assert sum(isinstance(result, IntegrityError) for result in results) > 0


class ChangedTheirMind(Exception):
    """The receipt is not to be kept after all."""


class TestDocumentNumbers:
    def receive_or_not(self, place, item, fund, number):
        """Receive something; every third person thinks better of it at the last moment."""

        def act():
            with transaction():
                receive(place(), item(), 1, fund=fund())
                if number % 3 == 0:
                    raise ChangedTheirMind

        return act

    def numbers(self, app, place, item):
        everybodys = Ours(place), Ours(item), Ours(FundSourceFactory())
        db.session.commit()
        acts = [self.receive_or_not(*everybodys, number) for number in range(24)]
        all_at_once(app, acts)
        return sorted(db.session.scalars(select(StockDocument.number)))

    def test_they_have_no_gap_although_some_documents_are_not_kept(self, app, warehouse, gloves):
        assert self.numbers(app, warehouse, gloves) == list(range(1, 17))
        assert verify() == []

    def test_control_numbers_drawn_outside_the_transaction_have_gaps(
        self, app, warehouse, gloves, monkeypatch
    ):
        drawn = itertools.count(1)
        monkeypatch.setattr(documents, "next_number", lambda *_form: next(drawn))

        assert self.numbers(app, warehouse, gloves) != list(range(1, 17))
        assert verify() != []


class TestTakingBack:
    def test_ten_who_take_the_same_handout_back_give_back_one(self, app, last_ten, gloves):
        handout_id, _result = hand_out(last_ten, gloves, 1)
        db.session.commit()

        def act():
            with transaction():
                return inventory.take_back(handout_id, recorded_at=clock.now())

        results = all_at_once(app, [act] * 10)

        assert refusals(results, inventory.AlreadyReversed) == 9
        assert level(last_ten, gloves) == (PACKAGES, 0)
        assert verify() == []


class TestArriving:
    """Two transfers of the same item are on their way, so that the pieces alone stop nobody."""

    @pytest.fixture
    def under_way(self, warehouse, station, gloves):
        receive(warehouse, gloves, 40)
        notes = [
            inventory.dispatch(warehouse, station, [inventory.Line(gloves, 20)], by=SYSTEM)
            for _transfer in range(2)
        ]
        db.session.commit()
        return notes[0].id

    def arrive(self, document_id):
        with transaction():
            document = db.session.get(StockDocument, document_id)
            return inventory.receive_transfer(document, {}, by=SYSTEM).id

    def test_of_ten_who_receive_a_transfer_one_does(self, app, under_way, station, gloves):
        results = all_at_once(app, [lambda: self.arrive(under_way)] * 10)

        assert refusals(results, inventory.NotInTransit) == 9
        assert level(station, gloves) == (20, 0)
        assert verify() == []

    @only_with_many_writers
    def test_control_without_the_lock_it_arrives_twice(self, app, under_way, monkeypatch):
        both_have_looked = threading.Barrier(2)

        def look(document):
            found = db.session.get_one(StockDocument, document.id)
            assert found.state == DocumentState.IN_TRANSIT
            both_have_looked.wait()
            return found

        monkeypatch.setattr(transfers, "lock_document", look)
        results = all_at_once(app, [lambda: self.arrive(under_way)] * 2)

        assert results == [under_way] * 2
        assert verify() != []


class TestCrossing:
    """Stock goes both ways between two places at the same moment."""

    @pytest.fixture
    def stocked(self, warehouse, event, gloves, cups):
        for place in (warehouse, event):
            for item in (gloves, cups):
                receive(place, item, 40)
        db.session.commit()

    def swap(self, source, target, items):
        source, target, items = Ours(source), Ours(target), [Ours(item) for item in items]

        def act():
            with transaction():
                lines = [inventory.Line(item(), 1) for item in items]
                inventory.move_stock(DocumentKind.RETURN, source(), target(), lines, by=SYSTEM)

        return act

    def swaps(self, warehouse, event, items, *, times):
        there = self.swap(warehouse, event, items)
        back = self.swap(event, warehouse, items[::-1])
        return [there, back] * times

    @pytest.mark.usefixtures("stocked")
    def test_nobody_waits_for_one_another_for_ever(self, app, warehouse, event, gloves, cups):
        results = all_at_once(app, self.swaps(warehouse, event, [gloves, cups], times=10))

        assert results == [None] * 20
        assert level(warehouse, gloves) == (40, 0)
        assert verify() == []

    @only_with_many_writers
    @pytest.mark.usefixtures("stocked")
    def test_control_without_an_order_of_locks_they_do(
        self, app, warehouse, event, gloves, cups, monkeypatch
    ):
        change_level = balances.change_level

        def change_levels_as_they_come(flows, *, unknown=()):
            levels = {}
            for flow in (*flows, *unknown):
                for place_id, pieces in (
                    (flow.source_id, -flow.quantity),
                    (flow.target_id, flow.quantity),
                ):
                    key = (place_id, flow.item_id)
                    levels[key] = change_level(key, on_hand=pieces)
                    time.sleep(0.2)
            return levels

        monkeypatch.setattr(transfers, "change_levels", change_levels_as_they_come)
        results = all_at_once(app, self.swaps(warehouse, event, [gloves, cups], times=1))

        assert any(isinstance(result, OperationalError) for result in results)


def test_whatever_fifty_people_do_at_one_event_adds_up(app, event, warehouse, gloves):
    receive(warehouse, gloves, 100)
    db.session.commit()
    here, there, item = Ours(event), Ours(warehouse), Ours(gloves)

    def give_too_many_and_take_some_back():
        with transaction():
            handout_id, _result = hand_out(here(), item(), 3, shortage_allowed=True)
        if handout_id.int % 2:
            with transaction():
                inventory.take_back(handout_id, recorded_at=clock.now())

    def bring_more():
        with transaction():
            lines = [inventory.Line(item(), 5)]
            inventory.move_stock(DocumentKind.OPENING, there(), here(), lines, by=SYSTEM)

    acts = [give_too_many_and_take_some_back, give_too_many_and_take_some_back, bring_more]
    results = all_at_once(app, list(itertools.islice(itertools.cycle(acts), PEOPLE)))

    assert results == [None] * PEOPLE
    on_hand, unexplained = level(event, gloves)
    assert on_hand == 0 or unexplained == 0
    assert verify() == []
