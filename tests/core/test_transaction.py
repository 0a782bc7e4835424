"""``transaction()``: all of it or nothing, one writer at a time on SQLite."""

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from carecampaign.beneficiaries.models import Occupation
from carecampaign.core.db import after_commit, db, transaction
from tests.factories import OccupationFactory


def codes():
    db.session.rollback()
    return list(db.session.scalars(select(Occupation.code).order_by(Occupation.code)))


def test_what_the_block_did_is_committed(app):
    with transaction():
        OccupationFactory(code="A")
        OccupationFactory(code="B")

    assert codes() == ["A", "B"]


def test_nothing_is_left_of_a_block_that_fails(app):
    def fail():
        with transaction():
            OccupationFactory(code="A")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert codes() == []


def test_a_block_that_is_interrupted_leaves_nothing_and_no_lock(app):
    def interrupted():
        with transaction():
            OccupationFactory(code="A")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    with transaction():
        OccupationFactory(code="B")
    assert codes() == ["B"]


def test_what_was_read_before_is_not_committed_with_it(app):
    OccupationFactory(code="A")  # flushed, never committed

    with transaction():
        OccupationFactory(code="B")

    assert codes() == ["B"]


def test_transactions_do_not_nest(app):
    with pytest.raises(RuntimeError, match="do not nest"), transaction(), transaction():
        pass

    with transaction():
        OccupationFactory(code="A")
    assert codes() == ["A"]


def test_an_action_after_commit_sees_what_was_committed(app):
    seen = []

    with transaction():
        OccupationFactory(code="A")
        after_commit(lambda: seen.append(codes()))
        assert seen == []

    assert seen == [["A"]]


def test_an_action_after_commit_may_write_in_a_transaction_of_its_own(app):
    def write():
        with transaction():
            OccupationFactory(code="B")

    with transaction():
        OccupationFactory(code="A")
        after_commit(write)

    assert codes() == ["A", "B"]


def test_after_a_rollback_the_action_is_not_done(app):
    seen = []

    def fail():
        with transaction():
            after_commit(lambda: seen.append(1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    after_commit(lambda: seen.append(2))
    with transaction():
        pass

    assert seen == []


def test_a_write_begins_as_a_write_and_a_read_does_not(app):
    if db.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite tells them apart")
    sent = []
    db.session.connection().connection.driver_connection.set_trace_callback(sent.append)

    with transaction():
        pass
    assert "BEGIN IMMEDIATE" in sent

    sent.clear()
    codes()
    assert [statement for statement in sent if statement.startswith("BEGIN")] == ["BEGIN"]


def raise_by_one(_number):
    """Read a number and write it one higher, guarded by the row lock on PostgreSQL."""
    with transaction():
        row = db.session.scalars(
            select(Occupation).where(Occupation.code == "A").with_for_update()
        ).one()
        number = int(row.name)
        db.session.execute(
            update(Occupation).where(Occupation.id == row.id).values(name=str(number + 1))
        )


def test_writers_at_once_lose_no_update(app, at_once):
    with transaction():
        OccupationFactory(code="A", name="0")

    answers = at_once(lambda number: [raise_by_one(number) for _ in range(5)], threads=8)

    assert not [answer for answer in answers if isinstance(answer, Exception)]
    db.session.rollback()
    assert db.session.scalar(select(Occupation.name)) == "40"


def test_without_an_immediate_begin_writers_fail(app, at_once):
    """The negative control: with a plain BEGIN a read-then-write breaks on SQLite."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite needs it")
    with transaction():
        OccupationFactory(code="A", name="0")
    db.engine.dispose()

    def plain_transaction(number):
        db.session.rollback()
        name = db.session.scalar(select(Occupation.name))
        db.session.execute(update(Occupation).values(name=str(int(name) + 1)))
        db.session.commit()
        return number

    answers = at_once(lambda n: [plain_transaction(n) for _ in range(5)], threads=8)

    assert any("locked" in str(answer) for answer in answers)


def test_foreign_keys_hold_on_both_databases(app):
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(
            text("INSERT INTO occupation_group (occupation_id, group_id) VALUES (98, 99)")
        )
