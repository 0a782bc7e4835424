"""Kinds of jobs to test with, and a consumer in a process of its own that can be killed."""

import os
import subprocess
import sys
import time

import pytest

from carecampaign.core.i18n import _l, in_language_of
from carecampaign.jobs import services
from carecampaign.jobs.services import Kind
from tests.factories import UserFactory

CONSUMER = "tests.jobs.consumer"


@pytest.fixture
def app(app_of_its_own):
    """The application, to change at will."""
    return app_of_its_own


@pytest.fixture(autouse=True)
def in_english(app):
    with in_language_of("en"):
        yield


@pytest.fixture
def kind():
    """Register what a kind of job of this test does."""

    def register(run, name="test.work"):
        services.register_kind(Kind(name, _l("Jobs"), run))
        return name

    return register


@pytest.fixture
def asker(app):
    return UserFactory()


@pytest.fixture
def start_consumer(database_url, tmp_path):
    """Start ``flask jobs work`` with the tasks of tests/jobs/consumer.py; killed at the end."""
    processes = []

    def start():
        environment = os.environ | {
            "SECRET_KEY": "test",
            "DATA_KEY": "test",
            "DATABASE_URL": database_url,
            "QUEUE_FILE": str(tmp_path / "queue.db"),
        }
        command = [sys.executable, "-m", "flask", "--app", CONSUMER, "jobs", "work"]
        process = subprocess.Popen(command, env=environment)
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()


def wait_until(condition, seconds=20):
    """Wait until something is so; fail when it is not so in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
