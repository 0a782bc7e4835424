"""What every test stands on: a migrated database, a strict browser, people signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path

import html5lib
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Engine, create_engine, event, make_url, text
from werkzeug.test import TestResponse

from carecampaign.accounts.models import User
from carecampaign.accounts.sessions import beginning
from carecampaign.app import create_app
from carecampaign.core.babel import SESSION_KEY
from carecampaign.core.db import Base, db

POSTGRES = os.environ.get("TEST_DATABASE_URL")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")


class StrictClient(FlaskClient):
    """A browser that fails the test on bad HTML and on writes left uncommitted."""

    def open(self, *args, **kwargs) -> TestResponse:
        # The test's application context serves every request: what one found out about its
        # user and language must not be believed by the next.
        g.pop("_login_user", None)
        babel = g.pop("_flask_babel", None)
        response = super().open(*args, **kwargs)
        if babel is not None:
            g._flask_babel = babel  # noqa: SLF001 - what Flask-Babel keeps there
        if response.mimetype == "text/html" and response.status_code not in {301, 302, 303}:
            html5lib.HTMLParser(strict=True).parse(response.text)
        left_over = [*db.session.new, *db.session.dirty]
        assert not left_over, "the view left writes uncommitted"
        return response


def settings(uri: str, folder: Path) -> dict:
    """Give the settings of a test application."""
    return {
        "TESTING": True,
        "SECRET_KEY": "test",
        "DATA_KEY": "test",
        "REDIS_URL": None,
        "QUEUE_FILE": str(folder / "queue.db"),
        "FILES_FOLDER": str(folder / "files"),
        "WTF_CSRF_ENABLED": False,
        "SQLALCHEMY_DATABASE_URI": uri,
        "PROPAGATE_EXCEPTIONS": True,
    }


def _migrate(uri: str, folder: Path) -> None:
    app = create_app(settings(uri, folder))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


def _postgresql_of_this_worker() -> str:
    """Make the database empty; tests that run in parallel have one for each worker."""
    named = make_url(POSTGRES)
    own = named.set(database=f"{named.database}{WORKER}")
    server = create_engine(named.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{own.database}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{own.database}"'))
        # Tests outlive no power cut.
        connection.execute(text(f'ALTER DATABASE "{own.database}" SET synchronous_commit = off'))
    server.dispose()
    return own.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> str | Path:
    """A database at the newest migration: a file to copy, or the PostgreSQL to empty."""
    folder = tmp_path_factory.mktemp("migrated")
    if POSTGRES:
        uri = _postgresql_of_this_worker()
        _migrate(uri, folder)
        return uri
    path = folder / "template.db"
    _migrate(f"sqlite:///{path}", folder)
    return path


@pytest.fixture(scope="session")
def shared_app(migrated, tmp_path_factory) -> Flask:
    """One application for all tests that change nothing of it: putting it together is slow."""
    folder = tmp_path_factory.mktemp("shared")
    uri = migrated if POSTGRES else f"sqlite:///{folder / 'test.db'}"
    app = create_app(settings(uri, folder))
    app.test_client_class = StrictClient
    return app


@pytest.fixture
def database_url(migrated, shared_app) -> Iterator[str]:
    """An empty migrated database of this test's own."""
    url = shared_app.config["SQLALCHEMY_DATABASE_URI"]
    if POSTGRES:
        empty(url)
        yield url
        return
    path = Path(make_url(url).database)
    for left_over in path.parent.glob(f"{path.name}*"):
        left_over.unlink()
    shutil.copy(migrated, path)
    yield url


def empty(url: str) -> None:
    """Delete what the tests before left in a PostgreSQL database."""
    tables = [table.name for table in Base.metadata.sorted_tables]
    filled = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables
    )
    with _cleaner(url).begin() as connection:
        # Deleting the few rows of a test is quicker than truncating all tables.
        connection.execute(text("SET session_replication_role = replica"))
        for (name,) in connection.execute(text(filled)).all():
            connection.execute(text(f'DELETE FROM "{name}"'))


@cache
def _cleaner(url: str) -> Engine:
    return create_engine(url)


@pytest.fixture
def app(database_url, shared_app) -> Iterator[Flask]:
    """The application over a database of this test's own, inside an application context."""
    before = dict(shared_app.config)
    with shared_app.app_context():
        yield shared_app
        db.session.remove()
        db.engine.dispose()
    shared_app.config.update(before)


@pytest.fixture
def app_of_its_own(database_url, tmp_path) -> Iterator[Flask]:
    """An application that a test may change: with views of its own, a queue of its own."""
    app = create_app(settings(database_url, tmp_path))
    app.test_client_class = StrictClient
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client_for(app: Flask) -> Callable[..., FlaskClient]:
    """A browser already signed in as the given user, in English unless told otherwise."""

    def sign_in(user: User | None, language: str = "en") -> FlaskClient:
        db.session.commit()
        client = app.test_client()
        with client.session_transaction() as session:
            session[SESSION_KEY] = language
            if user is not None:
                session.update(beginning())
                session["_user_id"] = f"{user.id}.{user.session_key}"
                session["_fresh"] = True
        return client

    return sign_in


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """Collect the statements a block sends: ``with count_queries() as sent: …; len(sent)``."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection, _cursor, statement: str, *_rest: object) -> None:
            sent.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return counting
