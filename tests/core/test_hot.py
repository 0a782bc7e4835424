"""Statements of hot paths do what the same statements do on the usual way."""

import psycopg
import pytest
from sqlalchemy import Integer, bindparam, insert, literal, select, text, update
from sqlalchemy.exc import DataError, IntegrityError

from carecampaign.beneficiaries.models import Occupation
from carecampaign.core import clock, engines
from carecampaign.core.db import Base, db, transaction
from carecampaign.core.hot import read_alone, run, run_many, run_together, write_alone
from tests.conftest import POSTGRES
from tests.factories import OccupationFactory

occupation = Base.metadata.tables["occupation"]

ADD = (
    insert(occupation)
    .values(
        {name: bindparam(f"its_{name}") for name in ("code", "name", "name_en", "is_active")}
        | {"created_at": bindparam("at", type_=occupation.c.created_at.type)}
    )
    .inline()
)
RENAME = update(occupation).values(name_en=occupation.c.name + bindparam("more"))
BY_CODE = (
    select(occupation.c.code, occupation.c.is_active, occupation.c.created_at, literal(7))
    .where(occupation.c.code == bindparam("wanted"))
    .limit(1)
)
NAMES = select(occupation.c.name_en).order_by(occupation.c.id)

only_on_postgresql = pytest.mark.skipif(POSTGRES is None, reason="needs PostgreSQL")


def a_new(code, **values):
    facts = {"its_code": code, "its_name": "工", "its_name_en": "Work", "its_is_active": True}
    return facts | {"at": clock.now()} | values


def test_values_go_in_and_come_out_as_the_columns_have_them(app):
    values = a_new("A1")
    with transaction():
        assert run(ADD, values) == []
    (row,) = run(BY_CODE, {"wanted": "A1", "something": "else"})

    assert (row.code, row.is_active, row.created_at) == ("A1", True, values["at"])
    assert row[3] == 7
    assert run(BY_CODE, {"wanted": "B1"}) == []


def test_a_broken_rule_of_the_database_is_the_toolkits_error(app):
    with transaction():
        run(ADD, a_new("A1"))

    with pytest.raises(IntegrityError), transaction():
        run(ADD, a_new("A1"))


def test_several_run_in_order_and_the_question_is_answered_before_them(app):
    with transaction():
        OccupationFactory(name="甲", name_en="before")
        answer = run_together([RENAME], {"more": "乙"}, question=NAMES)
    assert answer == [("before",)]

    with transaction():
        run_together([RENAME, ADD], a_new("A1", more="丙"))

    assert db.session.scalars(NAMES).all() == ["甲丙", "Work"]


def test_what_stands_alone_is_read_as_it_is_committed(app):
    OccupationFactory(code="A1")
    assert read_alone(BY_CODE, {"wanted": "A1"}) == []

    db.session.commit()
    assert read_alone(BY_CODE, {"wanted": "A1"})[0].code == "A1"


@pytest.mark.usefixtures("app")
class TestWritingAlone:
    FIND = select(occupation.c.id).where(occupation.c.code == bindparam("wanted"))

    def test_all_steps_are_committed_and_the_question_is_answered_before_them(self):
        OccupationFactory(code="A1", name="甲", name_en="before")
        db.session.commit()

        values = a_new("B1", wanted="A1", more="乙")
        assert write_alone([self.FIND, RENAME, ADD], values, question=NAMES) == [("before",)]
        assert db.session.scalars(NAMES).all() == ["甲乙", "Work"]

    def test_nothing_is_written_where_a_guard_finds_nothing(self):
        values = a_new("A1", wanted="B1")

        assert write_alone([ADD, self.FIND], values, question=NAMES) is None
        assert db.session.scalars(NAMES).all() == []

    def test_nothing_is_written_where_the_database_refuses_a_step(self):
        OccupationFactory(code="A1", name_en="before")
        db.session.commit()

        with pytest.raises(IntegrityError):
            write_alone([RENAME, ADD], a_new("A1", more="乙"), question=NAMES)
        assert db.session.scalars(NAMES).all() == ["before"]

    def test_it_is_a_transaction_of_its_own(self):
        with pytest.raises(RuntimeError, match="nest"), transaction():
            write_alone([ADD], a_new("A1"), question=NAMES)

    def test_it_ends_the_read_that_went_before(self):
        assert db.session.scalars(NAMES).all() == []
        write_alone([ADD], a_new("A1"), question=NAMES)

        assert db.session.scalars(NAMES).all() == ["Work"]

    @only_on_postgresql
    def test_another_fault_in_the_values_is_not_taken_for_a_guard(self):
        values = a_new("A1", its_name="no\0 text")
        with pytest.raises(DataError):
            write_alone([ADD], values, question=NAMES)


def test_query_counters_see_the_statements(app, count_queries):
    with count_queries() as sent:
        run(NAMES, {})
        read_alone(NAMES, {})

    assert sum("name_en" in statement for statement in sent) == 2


@only_on_postgresql
def test_statements_stay_prepared_over_a_rollback(app):
    count = select(literal(1, Integer) + bindparam("more", type_=Integer))
    for _time in range(7):
        run(count, {"more": 1})
        db.session.rollback()

    prepared = text("SELECT count(*) FROM pg_prepared_statements WHERE from_sql IS FALSE")
    assert db.session.scalar(prepared) >= 1


@only_on_postgresql
def test_a_connection_that_died_while_it_lay_idle_is_replaced(app, monkeypatch):
    monkeypatch.setattr(engines, "IDLE", 0)
    OccupationFactory(code="A1")
    db.session.commit()
    pid = db.session.scalar(select(text("pg_backend_pid()")))
    db.session.remove()
    with psycopg.connect(POSTGRES.replace("+psycopg", ""), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (pid,))

    assert db.session.query(Occupation).one().code == "A1"


@only_on_postgresql
def test_a_connection_that_lay_idle_and_lives_is_kept(app, monkeypatch):
    monkeypatch.setattr(engines, "IDLE", 0)
    backend = select(text("pg_backend_pid()"))
    pid = db.session.scalar(backend)
    db.session.remove()

    assert db.session.scalar(backend) == pid


def test_many_rows_go_in_as_they_are_given(app):
    with transaction():
        run_many(ADD, [a_new(f"Z{number}", its_name_en=f"Work {number}") for number in range(3)])

    found = db.session.execute(select(occupation.c.code, occupation.c.name_en)).all()
    assert sorted(found) == [(f"Z{number}", f"Work {number}") for number in range(3)]
    made_at = db.session.scalars(select(Occupation.created_at)).first()
    assert abs((clock.now() - made_at).total_seconds()) < 60


def test_an_error_among_many_rows_is_one_of_the_toolkit(app):
    with pytest.raises(IntegrityError), transaction():
        run_many(ADD, [a_new("Z1"), a_new("Z1")])
