"""On SQLite writers take turns, over threads and over processes."""

import multiprocessing
import threading
import time
from contextlib import nullcontext

import pytest
from sqlalchemy import func, select, text

from carecampaign.app import create_app
from carecampaign.beneficiaries.models import Occupation
from carecampaign.core import db as core_db
from carecampaign.core.db import db, transaction
from tests.conftest import POSTGRES, settings

pytestmark = pytest.mark.skipif(POSTGRES is not None, reason="PostgreSQL needs no writer lock")

SECONDS = 2
WRITERS = 4
"""In each of two processes."""

INSERT = text(
    "INSERT INTO occupation (code, name, name_en, is_active, created_at)"
    " VALUES (:code, '', '', 1, '2026-01-01 00:00:00')"
)


def write_for_a_while(url, folder, number, ready, answers, *, with_lock):
    """Run in a process of its own: let some threads write as often as they can."""
    app = create_app(settings(url, folder))
    if not with_lock:
        core_db.writer_lock = NoLock()  # the guard to be taken off
    counts, errors = [0] * WRITERS, [0] * WRITERS

    def write(writer):
        with app.app_context():
            while time.monotonic() < end:
                code = f"{number}-{writer}-{counts[writer]}"
                try:
                    with transaction():
                        db.session.execute(INSERT, {"code": code})
                    counts[writer] += 1
                except Exception as error:  # noqa: BLE001 - counted
                    errors[writer] += "locked" in str(error)
            db.session.remove()

    ready.wait()
    end = time.monotonic() + SECONDS
    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers.put((counts, errors))


class NoLock:
    """The negative control: nobody waits for a turn."""

    def hold(self, _engine):
        return nullcontext()


def measure(url, folder, *, with_lock):
    """Give how often each of the eight writers wrote, and how often one was locked out."""
    spawn = multiprocessing.get_context("spawn")
    answers = spawn.Queue()
    ready = spawn.Barrier(2)
    processes = [
        spawn.Process(
            target=write_for_a_while,
            args=(url, folder, number, ready, answers),
            kwargs={"with_lock": with_lock},
        )
        for number in range(2)
    ]
    for process in processes:
        process.start()
    answered = [answers.get(timeout=60) for _process in processes]
    for process in processes:
        process.join()
    counts = [count for counts, _errors in answered for count in counts]
    return counts, sum(sum(errors) for _counts, errors in answered)


def slowest_share(counts):
    """Give what the slowest got, 1.0 being an equal share."""
    return min(counts) * len(counts) / max(1, sum(counts))


def test_every_writer_gets_a_fair_share_and_none_is_locked_out(app, database_url, tmp_path):
    counts, errors = measure(database_url, tmp_path, with_lock=True)

    assert errors == 0
    assert slowest_share(counts) > 0.5
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Occupation)) == sum(counts)


def test_without_the_lock_some_writer_starves_or_is_locked_out(app, database_url, tmp_path):
    # What goes wrong without a guard goes wrong by chance: one of several times is enough.
    measured = (measure(database_url, tmp_path, with_lock=False) for _attempt in range(6))

    assert any(errors > 0 or slowest_share(counts) < 0.5 for counts, errors in measured)


def test_a_database_in_memory_needs_no_lock_on_a_file(tmp_path):
    app = create_app(settings("sqlite://", tmp_path))
    with app.app_context(), transaction():
        assert db.session.scalar(text("SELECT 1")) == 1
    with app.app_context():
        db.engine.dispose()
