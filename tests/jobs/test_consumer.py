"""The consumer as a process: it seals, it works, and it may be killed at any moment."""

import signal
from pathlib import Path

from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.audit.models import AuditPending, AuditSeal
from carecampaign.beneficiaries.models import Occupation
from carecampaign.core.db import db, transaction
from carecampaign.core.i18n import _l
from carecampaign.jobs import queries, services
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.services import Kind, request_job
from tests.jobs.conftest import wait_until


def ask(seconds):
    services.register_kind(Kind("test.slow", _l("Jobs"), lambda _job: {}))
    with transaction():
        arguments = {"seconds": seconds}
        return request_job("test.slow", key="slow", arguments=arguments, by=SYSTEM).id


def state_of(job_id):
    db.session.rollback()
    return db.session.get(Job, job_id, populate_existing=True)


def effects_of(job_id):
    code = f"effect-{job_id}"
    return len(db.session.scalars(select(Occupation).where(Occupation.code == code)).all())


def test_a_consumer_killed_in_the_middle_of_a_job_loses_nothing_and_does_nothing_twice(
    app, start_consumer
):
    job_id = ask(seconds=2)
    consumer = start_consumer()
    wait_until(lambda: state_of(job_id).progress == 50)
    consumer.send_signal(signal.SIGKILL)
    consumer.wait()
    assert state_of(job_id).state is JobState.RUNNING
    assert effects_of(job_id) == 0

    start_consumer()
    wait_until(lambda: state_of(job_id).is_finished)

    job = state_of(job_id)
    assert (job.state, job.attempts, job.result) == (JobState.DONE, 2, {"message": "done"})
    assert effects_of(job_id) == 1


def test_a_consumer_told_to_stop_finishes_the_job_it_is_at(app, start_consumer):
    job_id = ask(seconds=1)
    consumer = start_consumer()
    wait_until(lambda: state_of(job_id).progress == 50)

    consumer.send_signal(signal.SIGTERM)

    assert consumer.wait(timeout=20) == 0
    assert state_of(job_id).state is JobState.DONE
    assert effects_of(job_id) == 1


def test_the_consumer_seals_what_is_recorded_and_gives_signs_of_life(app, start_consumer):
    assert not queries.is_a_consumer_alive()
    ask(seconds=0)

    consumer = start_consumer()

    wait_until(lambda: count_of(AuditSeal) > 0 and count_of(AuditPending) == 0)
    assert queries.is_a_consumer_alive()
    consumer.send_signal(signal.SIGTERM)
    consumer.wait()
    db.session.rollback()
    assert not queries.is_a_consumer_alive()


def count_of(table):
    db.session.rollback()
    return len(db.session.scalars(select(table)).all())


def test_the_queue_carries_nothing_but_ids(app, tmp_path):
    ask(seconds=0)

    carried = (tmp_path / "queue.db").read_bytes()
    for journal in Path(tmp_path).glob("queue.db-wal"):
        carried += journal.read_bytes()

    assert b"[1]" in carried.replace(b" ", b"") or b"carry" in carried
    assert b"seconds" not in carried
