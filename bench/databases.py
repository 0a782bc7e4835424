"""A fresh migrated database for each run: a SQLite file, and a PostgreSQL where one answers."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

NAME = "carecampaign_bench"
DEFAULT = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"


@contextmanager
def sqlite_url() -> Iterator[str]:
    """Give the URL of a SQLite file that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="carecampaign-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.db'}"


@contextmanager
def postgresql_url() -> Iterator[str | None]:
    """Give the URL of a PostgreSQL database made for this run; None when no server answers.

    ``BENCH_DATABASE_URL`` names another server than the one on 127.0.0.1:5432.
    """
    server = make_url(os.environ.get("BENCH_DATABASE_URL", DEFAULT))
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        connection = psycopg.connect(plain, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError:
        yield None
        return
    with connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {NAME}")
        try:
            yield server.set(database=NAME).render_as_string(hide_password=False)
        finally:
            connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
