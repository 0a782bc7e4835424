"""Two processes take the same step: the same stock-take, requisition, transfer. One does.

Each has a negative control: the same race with its guard off, which must go wrong.
"""

import multiprocessing
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from carecampaign.access.permissions import Role
from carecampaign.accounts.models import User
from carecampaign.app import create_app
from carecampaign.approvals import services as approvals
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import Conflict
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentState,
    LocationKind,
    Requisition,
    StockDocument,
    StockLot,
    StockTake,
    StockTakeLine,
)
from carecampaign.inventory.services import steps, transfers
from carecampaign.inventory.services.verification import verify
from tests.conftest import POSTGRES, settings
from tests.factories import StockLocationFactory
from tests.inventory.people import acting, somebody
from tests.inventory.stock import level, receive
from tests.races.crowd import Ours

RACES = 6
"""How often two processes meet over a row of each kind."""

PROCESSES = 2

only_with_many_writers = pytest.mark.skipif(
    POSTGRES is None, reason="SQLite lets one transaction write at a time"
)
TOLD, DONE, STOPPED = "told", "done", "stopped by the database"


@pytest.fixture
def keeper(union):
    return somebody(union)


@pytest.fixture
def approver(union):
    return somebody(union, Role.APPROVER)


@pytest.fixture
def stocked(warehouse, gloves):
    receive(warehouse, gloves, 1_000)
    return warehouse


def race(
    url: str, folder: Path, deed: Callable[..., Any], ids: list[int], **how: Any
) -> list[Any]:
    """Let processes do a deed on each of the rows at the same moment; give what became of it."""
    db.session.commit()
    db.session.remove()
    db.engine.dispose()  # a connection must not live in two processes
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(PROCESSES), context.Queue()
    processes = [
        context.Process(target=run, args=(url, folder, deed, ids, how, start, answers))
        for _process in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    results = [answers.get(timeout=120) for _process in processes]
    for process in processes:
        process.join()
    return [sorted(pair) for pair in zip(*results, strict=True)]


def run(url, folder, deed, ids, how, start, answers):
    """Do a deed on each row from a process of its own."""
    app = create_app(settings(url, folder))
    with app.app_context():
        if how.get("unguarded"):
            take_the_guards_off()
        results = []
        for row_id in ids:
            start.wait()
            results.append(outcome_of(deed, row_id, how["actor_id"]))
        db.session.remove()
        db.engine.dispose()
    answers.put(results)


def outcome_of(deed, row_id, actor_id):
    try:
        with transaction():
            deed(row_id, actor_id)
    except Conflict:
        return TOLD
    except IntegrityError:
        return STOPPED
    return DONE


def take_the_guards_off():
    """Believe that every row is still in the state a step starts from."""
    approvals.approve = lambda *_subject, **_words: None

    def believe(form, *states):
        set_committed_value(form, "state", states[0])
        return form

    def move(form, _source, target, **values):
        for name, value in values.items():
            setattr(form, name, value)
        form.state = target

    def look(document):
        set_committed_value(document, "state", DocumentState.IN_TRANSIT)
        return document

    steps.lock, steps.move, transfers.lock_document = believe, move, look


def actor(actor_id):
    return acting(db.session.get_one(User, actor_id))


def approve(row_id, actor_id):
    inventory.approve_stock_take(db.session.get_one(StockTake, row_id), by=actor(actor_id))


def count(row_id, actor_id):
    line = db.session.get_one(StockTakeLine, row_id)
    inventory.record_count(line, 5, round_number=1, by=actor(actor_id))


def issue(row_id, actor_id):
    row = db.session.get_one(Requisition, row_id)
    inventory.send_requisition(
        row, {line.id: line.granted for line in row.lines}, by=actor(actor_id)
    )


def accept(row_id, actor_id):
    inventory.receive_transfer(db.session.get_one(StockDocument, row_id), {}, by=actor(actor_id))


class TestStockTakes:
    @pytest.fixture
    def under_way(self, union, gloves, keeper):
        """Stock-takes of places with ten of one batch and ten of another."""
        stock_takes = []
        for _race in range(RACES):
            place = StockLocationFactory(kind=LocationKind.STATION, organization=union)
            for code in ("A", "B"):
                receive(place, gloves, 10, lot_code=code)
            stock_takes.append(inventory.open_stock_take(place, is_blind=False, by=keeper))
        return stock_takes

    @pytest.fixture
    def waiting(self, under_way, keeper):
        """They wait for a decision; each misses three of one batch and has one of the other."""
        for stock_take in under_way:
            for line, pieces in zip(stock_take.lines, (7, 11), strict=True):
                inventory.record_count(line, pieces, round_number=1, by=keeper)
            reasons = {line.id: "Mixed up" for line in stock_take.lines}
            inventory.finish_stock_take(stock_take, reasons, by=keeper)
        return [stock_take.id for stock_take in under_way]

    @pytest.fixture
    def uncounted(self, under_way):
        """Lines that nobody counted yet, one of each place."""
        return [stock_take.lines[1].id for stock_take in under_way]

    def test_each_is_posted_once(self, waiting, approver, database_url, tmp_path):
        results = race(database_url, tmp_path, approve, waiting, actor_id=approver.id)

        assert results == [[DONE, TOLD]] * RACES
        assert count_of(DocumentKind.GAIN_LOSS) == RACES
        assert set(db.session.scalars(select(StockLot.on_hand))) == {7, 11}
        assert verify() == []

    def test_control_without_the_guard_they_are_posted_twice(
        self, waiting, approver, database_url, tmp_path
    ):
        race(database_url, tmp_path, approve, waiting, actor_id=approver.id, unguarded=True)

        assert count_of(DocumentKind.GAIN_LOSS) > RACES

    def test_a_line_is_counted_once_a_round(self, uncounted, keeper, database_url, tmp_path):
        results = race(database_url, tmp_path, count, uncounted, actor_id=keeper.id)

        assert results == [[DONE, TOLD]] * RACES

    @only_with_many_writers
    def test_control_without_the_lock_only_the_database_stops_a_second_count(
        self, uncounted, keeper, database_url, tmp_path
    ):
        results = race(
            database_url, tmp_path, count, uncounted, actor_id=keeper.id, unguarded=True
        )

        assert [DONE, STOPPED] in results


class TestRequisitions:
    @pytest.fixture
    def granted(self, station, gloves, stocked, approver, union):
        """Requisitions that are granted; what is free besides would do for all of them again."""
        planner, ids = somebody(union, Role.PLANNER), []
        for _race in range(RACES):
            row = inventory.request_goods(
                station, [inventory.Line(gloves, 10)], purpose="", by=planner
            )
            granted = {line.id: 10 for line in row.lines}
            inventory.approve_requisition(row, stocked, granted, by=approver)
            ids.append(row.id)
        return ids

    def test_each_is_issued_once(self, granted, keeper, stocked, gloves, database_url, tmp_path):
        place, item = Ours(stocked), Ours(gloves)
        results = race(database_url, tmp_path, issue, granted, actor_id=keeper.id)

        assert results == [[DONE, TOLD]] * RACES
        assert count_of(DocumentKind.TRANSFER) == RACES
        assert level(place(), item()) == (1_000 - 10 * RACES, 0)
        assert verify() == []

    def test_control_without_the_guard_they_are_issued_twice(
        self, granted, keeper, database_url, tmp_path
    ):
        race(database_url, tmp_path, issue, granted, actor_id=keeper.id, unguarded=True)

        assert count_of(DocumentKind.TRANSFER) > RACES


class TestTransfers:
    @pytest.fixture
    def under_way(self, station, gloves, stocked, keeper):
        """Transfers of the same item, so that the pieces alone stop nobody."""
        line = inventory.Line(gloves, 10)
        notes = [
            inventory.dispatch(stocked, station, [line], by=keeper) for _note in range(2 * RACES)
        ]
        return [note.id for note in notes[:RACES]]

    def test_each_arrives_once(self, under_way, keeper, station, gloves, database_url, tmp_path):
        place, item = Ours(station), Ours(gloves)
        results = race(database_url, tmp_path, accept, under_way, actor_id=keeper.id)

        assert results == [[DONE, TOLD]] * RACES
        assert level(place(), item()) == (10 * RACES, 0)
        assert verify() == []

    def test_control_without_the_lock_they_arrive_twice(
        self, under_way, keeper, database_url, tmp_path
    ):
        results = race(
            database_url, tmp_path, accept, under_way, actor_id=keeper.id, unguarded=True
        )

        assert [DONE, DONE] in results
        assert verify() != []


def count_of(kind) -> int:
    return db.session.scalar(
        select(func.count()).select_from(StockDocument).where(StockDocument.kind == kind)
    )
