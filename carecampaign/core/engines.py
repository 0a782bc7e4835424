"""How connections to the two databases are made and kept."""

import sqlite3
import time

import psycopg
from psycopg._preparing import PrepareManager
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

IDLE = 5
"""Seconds in the pool after which a connection is asked whether it is still alive."""


def prepare_engine(engine: Engine) -> None:
    """Make SQLite durable, strict on foreign keys, and explicit about transactions.

    On PostgreSQL keep what is prepared, and notice connections that died while they lay idle.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", _begin_on_sqlite)
        return
    event.listen(engine, "connect", _keep_prepared_statements)
    event.listen(engine, "checkin", _note_return)
    event.listen(engine, "checkout", _ask_whether_alive)


class _KeptStatements(PrepareManager):
    """Prepared statements that outlive a ROLLBACK.

    The driver forgets them with every rollback, because a table may be gone with it, and a
    rollback ends every request that only read: nothing would ever stay prepared. No request
    makes or drops tables.
    """

    def clear(self) -> bool:
        return False


def _keep_prepared_statements(connection: psycopg.Connection, _record: object) -> None:
    connection._prepared = _KeptStatements()  # noqa: SLF001 - the driver has no setting for it


def _note_return(_connection: object, record: ConnectionPoolEntry) -> None:
    record.info["left_at"] = time.monotonic()


def _ask_whether_alive(
    connection: psycopg.Connection, record: ConnectionPoolEntry, _proxy: object
) -> None:
    # Asking every time would cost a tap as much as a statement of its own, twice.
    if time.monotonic() - record.info.get("left_at", time.monotonic()) < IDLE:
        return
    try:
        connection.execute("SELECT 1")
        connection.rollback()
    except psycopg.Error as error:
        raise InvalidatePoolError from error


def _prepare_sqlite_connection(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # so that the driver begins nothing by itself
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "busy_timeout=10000",
        "temp_store=MEMORY",
        "cache_size=-16000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_on_sqlite(connection: Connection) -> None:
    is_write = connection.get_execution_options().get("is_write", False)
    # Past the toolkit's cursors: it begins before every write, while others wait their turn.
    driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    begin_on_sqlite(driver, is_write=is_write)


def begin_on_sqlite(driver: sqlite3.Connection, *, is_write: bool) -> None:
    """Begin a transaction, which waits here for whoever writes if it is to write itself."""
    statement = "BEGIN IMMEDIATE" if is_write else "BEGIN"
    try:
        driver.execute(statement)
    except sqlite3.Error as error:
        raise DBAPIError.instance(statement, None, error, sqlite3.Error) from error
