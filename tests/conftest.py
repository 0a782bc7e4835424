"""What every test stands on: a migrated database, a strict browser, people signed in."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import html5lib
import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event, text
from werkzeug.test import TestResponse

from carecampaign.accounts.models import User
from carecampaign.accounts.sessions import beginning
from carecampaign.app import create_app
from carecampaign.core.babel import SESSION_KEY
from carecampaign.core.db import Base, db

POSTGRES = os.environ.get("TEST_DATABASE_URL")


class StrictClient(FlaskClient):
    """A browser that fails the test on bad HTML and on writes left uncommitted."""

    def open(self, *args, **kwargs) -> TestResponse:
        # The test's application context serves every request: what one found out about its
        # user and language must not be believed by the next.
        g.pop("_login_user", None)
        babel = g.pop("_flask_babel", None)
        response = super().open(*args, **kwargs)
        if babel is not None:
            g._flask_babel = babel
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
        "WTF_CSRF_ENABLED": False,
        "SQLALCHEMY_DATABASE_URI": uri,
        "PROPAGATE_EXCEPTIONS": True,
    }


def _migrate(uri: str, folder: Path) -> None:
    app = create_app(settings(uri, folder))
    with app.app_context():
        if POSTGRES:
            with db.engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("CREATE SCHEMA public"))
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> str | Path:
    """A database at the newest migration: a file to copy, or the PostgreSQL to empty."""
    folder = tmp_path_factory.mktemp("migrated")
    if POSTGRES:
        _migrate(POSTGRES, folder)
        return POSTGRES
    path = folder / "template.db"
    _migrate(f"sqlite:///{path}", folder)
    return path


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory) -> FileSystemBytecodeCache:
    """Templates are compiled once for all tests, not once for each test's application."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def database_url(migrated, tmp_path) -> Iterator[str]:
    """An empty migrated database of this test's own."""
    if not POSTGRES:
        shutil.copy(migrated, tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    yield POSTGRES
    app = create_app(settings(POSTGRES, tmp_path))
    tables = ", ".join(f'"{table.name}"' for table in Base.metadata.sorted_tables)
    with app.app_context():
        with db.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        db.engine.dispose()


@pytest.fixture
def app(database_url, tmp_path, compiled_templates) -> Iterator[Flask]:
    """The application over a database of this test's own, inside an application context."""
    app = create_app(settings(database_url, tmp_path))
    app.test_client_class = StrictClient
    app.jinja_env.bytecode_cache = compiled_templates
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
