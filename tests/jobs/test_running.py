"""A job takes effect once, whoever runs it, however often."""

import threading

import pytest
from sqlalchemy import select, update

from carecampaign.access.actor import SYSTEM
from carecampaign.beneficiaries.models import Occupation
from carecampaign.core import clock
from carecampaign.core.babel import is_chinese
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.queue import job_queue
from carecampaign.jobs import services
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.services import LeaseLost, request_job
from carecampaign.jobs.tasks import run_job, sweep
from tests.factories import OccupationFactory


@pytest.fixture
def ask(kind):
    """Ask for a job that does ``run``; give its id."""

    def ask_for(run, **arguments):
        with transaction():
            return request_job(kind(run), key="k", arguments=arguments, by=SYSTEM).id

    return ask_for


def fresh(job_id):
    db.session.rollback()
    return db.session.get(Job, job_id, populate_existing=True)


def overdue(job_id):
    with transaction():
        db.session.execute(
            update(Job).where(Job.id == job_id).values(lease_until=clock.seconds_from_now(-1))
        )


def effects():
    return len(db.session.scalars(select(Occupation)).all())


def test_what_a_task_returns_is_the_result(ask):
    job_id = ask(lambda _job, *, a: {"message": f"got {a}"}, a=5)

    run_job(job_id)

    job = fresh(job_id)
    assert (job.state, job.progress, job.result) == (JobState.DONE, 100, {"message": "got 5"})
    assert job.finished_at is not None
    assert job.lease_key is None


def test_a_finished_job_is_not_run_again(ask):
    runs = []
    job_id = ask(lambda _job: runs.append(1) or {})

    run_job(job_id)
    run_job(job_id)

    assert runs == [1]


def test_a_job_sent_to_many_consumers_is_run_by_one(app, ask):
    runs = []
    job_id = ask(lambda _job: runs.append(1) or {})
    start = threading.Barrier(6)

    def consume():
        with app.app_context():
            start.wait()
            run_job(job_id)
            db.session.remove()

    consumers = [threading.Thread(target=consume) for _ in range(6)]
    for consumer in consumers:
        consumer.start()
    for consumer in consumers:
        consumer.join()

    assert runs == [1]


def test_progress_shows_and_renews_the_lease(ask):
    seen = []

    def work(job):
        before = fresh(job.job_id).lease_until
        job.progress(40)
        after = fresh(job.job_id)
        seen.append((after.progress, after.lease_until > before))
        return {}

    run_job(ask(work))

    assert seen == [(40, True)]


def test_effect_and_completion_happen_together(ask):
    def work(job):
        with transaction():
            OccupationFactory()
            job.complete({"message": "made"})
        return {"message": "not this"}

    job_id = ask(work)
    run_job(job_id)

    assert fresh(job_id).result == {"message": "made"}
    assert effects() == 1


def test_a_consumer_that_lost_its_lease_takes_no_effect(ask, caplog):
    def work(job):
        overdue(job.job_id)
        sweep()  # somebody found the lease expired and queued the job again
        with transaction():
            OccupationFactory()
            job.complete({"message": "made"})
        return {}

    job_id = ask(work)
    run_job(job_id)

    assert effects() == 0
    assert fresh(job_id).state is JobState.QUEUED
    assert "taken over" in caplog.text


def test_without_the_guard_the_effect_would_happen_twice(ask, monkeypatch):
    """The negative control of the test above: the guard is what keeps it from happening."""
    monkeypatch.setattr(services, "complete", lambda *_arguments: None)

    def work(job):
        if fresh(job.job_id).attempts == 1:
            overdue(job.job_id)
            sweep()
            run_job(job.job_id)
        with transaction():
            OccupationFactory()
            job.complete({"message": "made"})
        return {}

    run_job(ask(work))

    assert effects() == 2


def test_progress_after_the_lease_is_lost_is_refused(ask):
    refused = []

    def work(job):
        overdue(job.job_id)
        sweep()
        try:
            job.progress(10)
        except LeaseLost as error:
            refused.append(str(error))
            raise
        return {}

    run_job(ask(work))

    assert refused == ["This job is being done by somebody else."]


def test_a_broken_rule_ends_the_job_with_its_words(ask):
    def work(_job):
        raise DomainError("Not enough of it.")

    job_id = ask(work)
    run_job(job_id)

    job = fresh(job_id)
    assert (job.state, job.error, job.attempts) == (JobState.FAILED, "Not enough of it.", 1)


def test_a_job_that_fails_three_times_is_given_up_in_words(ask, caplog):
    def work(_job):
        with transaction():
            OccupationFactory()
            raise ZeroDivisionError

    job_id = ask(work)
    for _attempt in range(3):
        run_job(job_id)

    job = fresh(job_id)
    assert (job.state, job.attempts) == (JobState.FAILED, 3)
    assert "failed 3 times" in job.error
    assert len([line for line in caplog.records if line.exc_info]) == 3
    assert effects() == 0


def test_a_failed_attempt_is_tried_again_a_little_later(ask):
    outcomes = iter([1 // 1, None])

    def work(_job):
        if next(outcomes):
            raise ValueError
        return {"message": "in the end"}

    job_id = ask(work)
    run_job(job_id)
    assert sweep() == 0
    overdue(job_id)
    assert sweep() == 1
    run_job(job_id)

    assert fresh(job_id).result == {"message": "in the end"}


def test_a_job_nobody_picked_up_is_queued_again(ask):
    job_id = ask(lambda _job: {})
    job_queue().huey.storage.flush_queue()

    assert sweep() == 0
    overdue(job_id)
    assert sweep() == 1
    assert sweep() == 0
    assert job_queue().huey.storage.queue_size() == 1


def test_a_job_broken_off_three_times_is_given_up_in_words(ask):
    job_id = ask(lambda _job: {})
    for _attempt in range(3):
        with transaction():
            assert services.take(job_id) is not None
        overdue(job_id)
        sweep()

    job = fresh(job_id)
    assert job.state is JobState.FAILED
    assert "broken off 3 times" in job.error
    with transaction():
        assert services.take(job_id) is None


def test_a_kind_this_version_does_not_know_is_said_so(ask):
    job_id = ask(lambda _job: {})
    with transaction():
        db.session.execute(update(Job).values(kind="of.old"))

    run_job(job_id)

    assert fresh(job_id).error == "This version of the program does not know this kind of job."


def test_a_database_out_of_order_leaves_the_job_to_the_sweeper(ask, caplog, monkeypatch):
    job_id = ask(lambda _job: {})
    monkeypatch.setattr(services, "take", lambda *_a, **_k: 1 // 0)

    run_job(job_id)

    assert "was left as it is" in caplog.text
    assert fresh(job_id).state is JobState.QUEUED


def test_a_task_speaks_the_language_of_the_asker(ask):
    spoken = []
    job_id = ask(lambda _job: spoken.append(is_chinese()) or {})
    with transaction():
        db.session.execute(update(Job).values(language="zh"))

    run_job(job_id)

    assert spoken == [True]
