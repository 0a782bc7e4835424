"""Runs migrations inside the application's context, on its own engine."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

database = current_app.extensions["migrate"].db
configure_args = current_app.extensions["migrate"].configure_args


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let SQLite copy a table that others refer to; what refers to nothing then is an error."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        astray = driver.execute("PRAGMA foreign_key_check").fetchall()
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
    if astray:
        raise RuntimeError(f"rows that refer to nothing: {astray[:10]}")


def run_migrations() -> None:
    """Run them on a live connection, in one transaction."""
    with database.engine.connect() as connection, without_foreign_keys(connection):
        context.configure(
            connection=connection, target_metadata=database.metadata, **configure_args
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
