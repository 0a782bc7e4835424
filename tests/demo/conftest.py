"""The demo, loaded once for all tests of a module: they only read it."""

import shutil
from collections.abc import Iterator

import pytest
from click.testing import Result
from flask import Flask

from carecampaign.app import create_app
from carecampaign.core.db import db
from carecampaign.demo.commands import commands
from tests.conftest import POSTGRES, empty, settings


def run_demo(app: Flask, *arguments: str, catch_exceptions: bool = True) -> Result:
    """Run ``flask demo`` with these arguments."""
    runner = app.test_cli_runner()
    return runner.invoke(commands, list(arguments), catch_exceptions=catch_exceptions)


@pytest.fixture(scope="module")
def demo(migrated, tmp_path_factory) -> Iterator[Flask]:
    """The application with the demo loaded."""
    folder = tmp_path_factory.mktemp("demo")
    uri = migrated
    if not POSTGRES:
        shutil.copy(migrated, folder / "demo.db")
        uri = f"sqlite:///{folder / 'demo.db'}"
    else:
        empty(uri)
    app = create_app(settings(uri, folder))
    result = run_demo(app, "load")
    assert result.exit_code == 0, result.output
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def loaded(demo) -> Iterator[Flask]:
    """An application context over the loaded demo, with a session of this test's own."""
    with demo.app_context():
        yield demo
        db.session.remove()
