"""Statements of hot paths: compiled once, then handed to the driver as they are.

A tap runs a dozen small statements. What the database toolkit does around each of them
(keys, contexts, results) takes longer than the statement itself, on SQLite while everybody
else waits for the writer lock. It is for statements kept in a module; all others go the usual way.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import CompoundSelect, Dialect, Executable, Select, literal, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from carecampaign.core.db import current_connection, db

Processor = Callable[[Any], Any]
Question = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
_NO_QUESTION: Question = select(literal(1))


class _Parameter(NamedTuple):
    """A value on its way in: as the driver calls it, as callers do, what it is without them."""

    name: str
    key: str
    constant: Any
    is_required: bool
    process: Processor | None


class _Plan(NamedTuple):
    """A statement as the driver takes it."""

    sql: str
    is_positional: bool
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


def read_alone(statement: Executable, values: Mapping[str, Any]) -> list[Any]:
    """Read what is committed with one statement that needs no other beside it.

    It is read outside any transaction: to begin one and to end it again would be two more
    round trips for every request.
    """
    engine = db.engine
    borrowed = engine.raw_connection()
    driver: Any = borrowed.driver_connection
    try:
        with _without_transaction(engine, driver):
            return _execute(engine, driver, statement, values)
    finally:
        borrowed.close()


@contextmanager
def _without_transaction(engine: Engine, driver: Any) -> Iterator[None]:  # noqa: ANN401
    # On SQLite the driver begins nothing by itself anyway.
    if engine.dialect.name == "sqlite":
        yield
        return
    driver.autocommit = True
    try:
        yield
    finally:
        driver.autocommit = False


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
    given = _given(plan, values)
    cursor = driver.cursor()
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


@lru_cache
def _as_one(statements: tuple[Any, ...], question: Question) -> Question:
    # PostgreSQL runs what nothing refers to from the last to the first, and locks in that order.
    steps = [
        statement.cte(f"step_{number}") for number, statement in enumerate(statements, start=1)
    ]
    return question.add_cte(*reversed(steps))


def _given(plan: _Plan, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - as the driver wants it
    processed = [
        (each.name, value if each.process is None else each.process(value))
        for each in plan.parameters
        for value in (values[each.key] if each.is_required else each.constant,)
    ]
    return tuple(value for _name, value in processed) if plan.is_positional else dict(processed)


def _read(plan: _Plan, row: Sequence[Any]) -> Any:  # noqa: ANN401 - a row of any statement
    if plan.readers:
        row = list(row)
        for place, process in plan.readers:
            row[place] = process(row[place])
    return row if plan.make_row is None else plan.make_row(row)


@lru_cache(maxsize=1024)
def _plan(statement: Executable, dialect: Dialect) -> _Plan:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    columns = list(_columns_of(statement))
    readers = [
        (place, process)
        for place, column in enumerate(columns)
        if (process := column.type.dialect_impl(dialect).result_processor(dialect, None))
    ]
    row = _row_type([column.key or "" for column in columns])
    return _Plan(
        sql=str(compiled),
        is_positional=bool(compiled.positional),
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
    names = compiled.positiontup if compiled.positional else sorted(compiled.bind_names.values())
    parameters = []
    for name in names or ():
        bind = compiled.binds[name]
        process = bind.type.dialect_impl(dialect).bind_processor(dialect)
        parameters.append(_Parameter(name, bind.key, bind.value, bool(bind.required), process))
    return parameters
