"""Work is asked for with the change that needs it, and once."""

import threading

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db, transaction
from carecampaign.core.i18n import in_language_of
from carecampaign.core.queue import job_queue
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.services import request_job
from carecampaign.jobs.tasks import run_job


def queued():
    return job_queue().huey.storage.queue_size()


def test_a_job_is_queued_once_its_transaction_is_committed(app, kind):
    name = kind(lambda _job: {})

    with transaction():
        job = request_job(name, key="k", arguments={"a": 1}, by=SYSTEM)
        assert queued() == 0

    assert queued() == 1
    assert (job.state, job.arguments, job.language) == (JobState.QUEUED, {"a": 1}, "en")


def test_a_change_that_is_rolled_back_asks_for_nothing(app, kind):
    name = kind(lambda _job: {})

    def change_and_fail():
        with transaction():
            request_job(name, key="k", arguments={}, by=SYSTEM)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()

    assert queued() == 0
    assert db.session.scalars(select(Job)).all() == []


def test_asking_again_while_it_waits_gives_the_same_job(app, kind):
    name = kind(lambda _job: {})

    with transaction():
        first = request_job(name, key="k", arguments={}, by=SYSTEM)
    with transaction():
        second = request_job(name, key="k", arguments={}, by=SYSTEM)

    assert first.id == second.id
    assert queued() == 1


def test_asking_after_it_is_done_makes_a_new_job(app, kind):
    name = kind(lambda _job: {"message": "done"})
    with transaction():
        first = request_job(name, key="k", arguments={}, by=SYSTEM)
    run_job(first.id)

    with transaction():
        second = request_job(name, key="k", arguments={}, by=SYSTEM)

    assert second.id != first.id
    assert db.session.get(Job, first.id, populate_existing=True).key == f"k#{first.id}"


def test_many_who_ask_at_once_get_one_job(app, kind):
    name = kind(lambda _job: {})
    start = threading.Barrier(8)
    ids = []

    def ask():
        with app.app_context():
            start.wait()
            with transaction():
                ids.append(request_job(name, key="k", arguments={}, by=SYSTEM).id)
            db.session.remove()

    people = [threading.Thread(target=ask) for _ in range(8)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert len(ids) == 8
    assert len(set(ids)) == 1


def test_the_language_of_the_asker_is_kept(app, kind):
    name = kind(lambda _job: {})

    with in_language_of("zh"), transaction():
        job = request_job(name, key="k", arguments={}, by=SYSTEM)

    assert job.language == "zh"


@pytest.mark.parametrize(("name", "key"), [("nobody.knows", "k"), ("audit.verify", "a#1")])
def test_an_unknown_kind_or_a_key_of_a_finished_job_is_a_mistake(app, name, key):
    with pytest.raises(ValueError, match="no job"), transaction():
        request_job(name, key=key, arguments={}, by=SYSTEM)


def test_a_queue_out_of_order_does_not_stop_the_change(app, kind, caplog, monkeypatch):
    name = kind(lambda _job: {})
    queue = job_queue()
    monkeypatch.setattr(queue.huey.storage, "enqueue", lambda *_, **__: 1 // 0)

    with transaction():
        job = request_job(name, key="k", arguments={}, by=SYSTEM)

    assert db.session.get(Job, job.id).state is JobState.QUEUED
    assert "could not be queued" in caplog.text
