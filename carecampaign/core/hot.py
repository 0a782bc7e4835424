"""Statements of hot paths: compiled once, then handed to the driver as they are.

A tap runs a dozen small statements. What the database toolkit does around each of them
(keys, contexts, results) takes longer than the statement itself, on SQLite while everybody
else waits for the writer lock. It is for statements kept in a module; all others go the usual way.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from psycopg import RawCursor
from psycopg.errors import DivisionByZero
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Dialect,
    Executable,
    Integer,
    Select,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from carecampaign.core.db import (
    current_connection,
    db,
    is_writing,
    sqlite_transaction,
    writer_lock,
)

Processor = Callable[[Any], Any]
Question = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
_NO_QUESTION: Question = select(literal(1))
_ONE_OF_ALL: ColumnElement[int] = literal_column("1 / count(*)", Integer)
_NONE: ColumnElement[int] = literal_column("0", Integer)


class _Parameter(NamedTuple):
    """A value on its way in: as callers name it, and what it is where no caller does."""

    key: str
    constant: Any
    is_required: bool
    process: Processor | None


class _Plan(NamedTuple):
    """A statement as the driver takes it."""

    sql: str
    parameters: Sequence[_Parameter]
    make_row: Callable[[Sequence[Any]], Any] | None
    readers: Sequence[tuple[int, Processor]]


def run(statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """Run a statement on the open transaction's connection; give its rows as named tuples.

    Of ``values`` it takes those it names. Database errors are those of SQLAlchemy.
    """
    return _run_on(current_connection(), statement, values)


def run_together(
    statements: Sequence[Executable],
    values: Mapping[str, Any],
    *,
    question: Question = _NO_QUESTION,
) -> list[Any]:
    """Run statements in order, on PostgreSQL in one round trip; answer ``question`` before them.

    They share ``values``, in which each finds the parameters it names.
    """
    connection = current_connection()
    if connection.dialect.name == "postgresql":
        return _run_on(connection, _as_one(tuple(statements), question), values)
    answer = _run_on(connection, question, values)
    for statement in statements:
        _run_on(connection, statement, values)
    return answer


def run_many(statement: Executable, rows: Iterable[Mapping[str, Any]]) -> None:
    """Run a statement that answers nothing once for each of many rows, in one call of the driver.

    What the toolkit does for a row takes as long as a small row takes the database.
    """
    connection = current_connection()
    dialect = connection.dialect
    plan = _plan(statement, dialect)
    cursor = _cursor(dialect, connection.connection.driver_connection)
    try:
        cursor.executemany(plan.sql, _given_many(plan, rows))
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            plan.sql, None, error, dialect.loaded_dbapi.Error, dialect=dialect
        ) from error
    finally:
        cursor.close()


def read_alone(statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """Read what is committed with one statement that needs no other beside it.

    It is read outside any transaction: to begin one and to end it again would be two more
    round trips for every request.
    """
    engine = db.engine
    with _outside_transactions(engine) as driver:
        return _execute(engine, driver, statement, values)


def write_alone(
    steps: Sequence[Executable], values: Mapping[str, Any], *, question: Question
) -> list[Any] | None:
    """Write what is known to the end beforehand, as a transaction of its own: all or nothing.

    A step that gives rows is a guard: if it gives none, nothing is written, and None is given.
    Else ``question`` is answered, before the steps. Only entry points write so, as they alone
    open transactions; it ends the read that went before. Raises RuntimeError inside another.
    """
    if is_writing():
        raise RuntimeError("transactions do not nest")
    if db.session.registry.has():
        db.session.rollback()
    engine = db.engine
    # The turn first and then a connection: whoever has the turn must find one left.
    with writer_lock.hold(engine), _outside_transactions(engine) as driver:
        try:
            if engine.dialect.name == "postgresql":
                return _execute(engine, driver, _as_whole(tuple(steps), question), values)
            with sqlite_transaction(driver):
                return _one_by_one(engine, driver, steps, values, question)
        except _GuardFailed:
            return None
        except DataError as error:
            if isinstance(error.orig, DivisionByZero):
                return None
            raise


class _GuardFailed(Exception):
    """A step that had to find a row found none."""


def _one_by_one(
    engine: Engine,
    driver: Any,  # noqa: ANN401 - a connection of either driver
    steps: Sequence[Executable],
    values: Mapping[str, Any],
    question: Question,
) -> list[Any]:
    answer = _execute(engine, driver, question, values)
    for step in steps:
        if not _execute(engine, driver, step, values) and _is_guard(step):
            raise _GuardFailed
    return answer


@lru_cache
def _is_guard(step: Executable) -> bool:
    return bool(_columns_of(step))


@lru_cache
def _as_whole(steps: tuple[Any, ...], question: Question) -> Question:
    """Make one statement of all steps, which fails as a whole where a guard gives no row.

    PostgreSQL has no other way to give a statement up from within than an error: it divides by
    the number of rows. The guards run in their order as the question asks for each, the others
    after it from the last to the first.
    """
    named = [(step, step.cte(f"step_{number}")) for number, step in enumerate(steps, start=1)]
    guards = [cte for step, cte in named if _is_guard(step)]
    others = [cte for step, cte in named if not _is_guard(step)]
    rows = question.subquery("question")
    found = [select(_ONE_OF_ALL).select_from(guard).scalar_subquery() for guard in guards]
    whole = select(*rows.c).where(*(is_found >= _NONE for is_found in found))
    return whole.add_cte(*guards, *reversed(others))


@contextmanager
def _outside_transactions(engine: Engine) -> Iterator[Any]:
    """Lend a driver's connection on which each statement stands alone."""
    borrowed = engine.raw_connection()
    driver: Any = borrowed.driver_connection
    # On SQLite the driver begins nothing by itself anyway.
    stands_alone = engine.dialect.name == "sqlite"
    try:
        if stands_alone:
            yield driver
            return
        driver.autocommit = True
        try:
            yield driver
        finally:
            driver.autocommit = False
    finally:
        borrowed.close()


def _run_on(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    return _execute(connection, connection.connection.driver_connection, statement, values)


def _execute(
    place: Connection | Engine,
    driver: Any,  # noqa: ANN401 - a connection of either driver
    statement: Executable,
    values: Mapping[str, Any],
) -> list[Any]:
    dialect = place.dialect
    plan = _plan(statement, dialect)
    given = [
        constant if not is_required else values[key] if process is None else process(values[key])
        for key, constant, is_required, process in plan.parameters
    ]
    cursor = _cursor(dialect, driver)
    for tell in place.dispatch.before_cursor_execute:
        tell(place, cursor, plan.sql, given, None, False)  # noqa: FBT003 - as listeners have it
    try:
        cursor.execute(plan.sql, given)
        rows = cursor.fetchall() if plan.make_row is not None else []
    except dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(
            plan.sql, given, error, dialect.loaded_dbapi.Error, dialect=dialect
        ) from error
    finally:
        cursor.close()
    return [_read(plan, row) for row in rows]


def _cursor(dialect: Dialect, driver: Any) -> Any:  # noqa: ANN401 - of either driver
    # psycopg reads a long text with names of parameters anew each time: as PostgreSQL itself
    # numbers them there is nothing to read.
    return driver.cursor() if dialect.name == "sqlite" else RawCursor(driver)


@lru_cache
def _as_one(statements: tuple[Any, ...], question: Question) -> Question:
    # PostgreSQL runs what nothing refers to from the last to the first, and locks in that order.
    steps = [
        statement.cte(f"step_{number}") for number, statement in enumerate(statements, start=1)
    ]
    return question.add_cte(*reversed(steps))


def _given_many(plan: _Plan, rows: Iterable[Mapping[str, Any]]) -> list[list[Any]]:
    """Give the values of many rows as the driver wants them, where each names every parameter."""
    keys = [each.key for each in plan.parameters]
    processed = [
        (place, each.process) for place, each in enumerate(plan.parameters) if each.process
    ]
    given = [[values[key] for key in keys] for values in rows]
    for place, process in processed:
        for row in given:
            row[place] = process(row[place])
    return given


def _read(plan: _Plan, row: Sequence[Any]) -> Any:  # noqa: ANN401 - a row of any statement
    if plan.readers:
        row = list(row)
        for place, process in plan.readers:
            row[place] = process(row[place])
    return row if plan.make_row is None else plan.make_row(row)


_numbered = PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


@lru_cache(maxsize=1024)
def _plan(statement: Executable, dialect: Dialect) -> _Plan:
    spoken = dialect if dialect.name == "sqlite" else _numbered
    compiled = statement.compile(dialect=spoken)  # type: ignore[attr-defined]
    columns = list(_columns_of(statement))
    readers = [
        (place, process)
        for place, column in enumerate(columns)
        if (process := column.type.dialect_impl(dialect).result_processor(dialect, None))
    ]
    row = _row_type([column.key or "" for column in columns])
    return _Plan(
        sql=str(compiled),
        parameters=_parameters(compiled, dialect),
        make_row=row._make if columns else None,
        readers=readers,
    )


def _row_type(names: Sequence[str]) -> Any:  # noqa: ANN401 - no type can be named for it
    return namedtuple("Row", names, rename=True)  # noqa: PYI024 - named by the statement


def _columns_of(statement: Any) -> Sequence[Any]:  # noqa: ANN401 - any statement of ours
    if hasattr(statement, "selected_columns"):
        return list(statement.selected_columns)
    return list(statement.returning_column_descriptions and statement.exported_columns)


def _parameters(compiled: SQLCompiler, dialect: Dialect) -> list[_Parameter]:
    parameters = []
    for name in compiled.positiontup or ():
        bind = compiled.binds[name]
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        constant = bind.value if bind.required or process is None else process(bind.value)
        parameters.append(_Parameter(bind.key, constant, bool(bind.required), process))
    return parameters
