"""The database session, the declarative bases, and the one way to commit."""

import enum
import fcntl
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Integer,
    MetaData,
    Table,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from carecampaign.core import clock
from carecampaign.core.engines import begin_on_sqlite

# Named constraints let a migration drop or alter them by name.
NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant: aware and in UTC on both databases, also when it comes out of SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [member.value for member in kind]


class Base(DeclarativeBase):
    """Base of every mapped class."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger().with_variant(Integer, "sqlite"),
        datetime: UTCDateTime,
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=False,
            length=40,
            values_callable=_values,
        ),
    }


class Model(Base):
    """Base of most mapped classes: an id and the moment the row was written (UTC)."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, sort_order=100)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"


def table_of(kind: type[Base]) -> Table:
    """Give the table of a class, to write very many rows into that nobody needs as objects."""
    return Base.metadata.tables[kind.__tablename__]


# Models inherit ``Model``, not ``db.Model``: Flask-SQLAlchemy would copy the base
# class, which type checkers cannot follow, and add the legacy ``Model.query``.
db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})


class _WriterLock:
    """One writer at a time on SQLite, in turn, over threads and processes.

    SQLite's own busy wait is unfair and lets a read-then-write fail half-way;
    queueing before ``BEGIN IMMEDIATE`` cures both. PostgreSQL needs none of it.
    """

    def __init__(self) -> None:
        self._threads = threading.Lock()

    @contextmanager
    def hold(self, engine: Engine) -> Iterator[None]:
        path = engine.url.database
        if engine.dialect.name != "sqlite":
            yield
            return
        with self._threads:
            if path in (None, "", ":memory:"):
                yield
                return
            # By descriptor: a file object takes as long to make as a statement to run.
            lock = os.open(f"{path}.writer-lock", os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            finally:
                os.close(lock)


writer_lock = _WriterLock()
_writing_on: ContextVar[Connection | None] = ContextVar("writing_on", default=None)


@contextmanager
def transaction() -> Iterator[None]:
    """Commit everything the block did, or nothing of it.

    Only entry points (views, commands, tasks) open one, so that services can call one
    another freely. It ends the read that went before: fetch what you change inside.
    Raises RuntimeError inside another transaction, whose work it would undo.
    """
    session = db.session()
    state = session.info
    if state.get("actions_after_commit") is not None:
        raise RuntimeError("transactions do not nest")
    session.rollback()
    with writer_lock.hold(db.engine):
        state["actions_after_commit"] = []
        connection = session.connection(execution_options={"is_write": True})
        token = _writing_on.set(connection)
        try:
            yield
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            _writing_on.reset(token)
            actions = state.pop("actions_after_commit")
    for action in actions:
        action()


@contextmanager
def sqlite_transaction(driver: sqlite3.Connection) -> Iterator[None]:
    """Commit all that the block sends through SQLite's own connection, or nothing of it.

    It is for ``core.hot``, whose turn it is: a transaction that no session takes part in.
    """
    begin_on_sqlite(driver, is_write=True)
    try:
        yield
        driver.commit()
    except BaseException:
        driver.rollback()
        raise


def is_writing() -> bool:
    """Say whether a transaction is open here."""
    return _writing_on.get() is not None


def current_connection() -> Connection:
    """Give the connection of the open transaction, else that of the session's read.

    For the statements of a hot path: finding the session and asking it for its connection
    anew costs as much as a small statement itself.
    """
    return _writing_on.get() or db.session.connection()


def after_commit(action: Callable[[], None]) -> None:
    """Do something once the open transaction is committed; if it is rolled back, never.

    Outside ``transaction()`` nobody knows when that is, and the action is not done at all:
    it must be one that something else makes up for.
    """
    actions = db.session.info.get("actions_after_commit")
    if actions is not None:
        actions.append(action)


def render_in_migrations(kind: str, item: object, _context: object) -> str | bool:
    """Write our own types in migrations as what they are to the database."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return False
