"""The steps of doing a job: take it, renew the lease, finish it. Each changes one row, guarded.

Whoever lost the lease changes nothing: every UPDATE asks for the key of the lease.
"""

from typing import Any
from uuid import uuid4

from sqlalchemy import String, cast, or_, select, update

from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _, _l, in_language_of
from carecampaign.jobs.models import Job, JobState

LEASE_SECONDS = 60
"""How long a consumer may be silent about a job before another may take it."""

PICK_UP_SECONDS = 30
"""How long a queued job waits before its id is sent again."""

MOST_ATTEMPTS = 3
_MOST_AT_ONCE = 200


class LeaseLost(Conflict):
    """The job took too long without a sign of life, and is somebody else's now."""

    def __init__(self) -> None:
        super().__init__(_l("This job is being done by somebody else."))


def take(job_id: int, *, lease_seconds: float = LEASE_SECONDS) -> Job | None:
    """Take a queued job under a new lease; None when there is nothing to take."""
    values = {
        "state": JobState.RUNNING,
        "attempts": Job.attempts + 1,
        "progress": 0,
        "lease_key": uuid4().hex,
        "lease_until": clock.seconds_from_now(lease_seconds),
    }
    is_free = (Job.id == job_id, Job.state == JobState.QUEUED)
    taken = db.session.scalar(update(Job).where(*is_free).values(values).returning(Job.id))
    return None if taken is None else db.session.get(Job, taken, populate_existing=True)


def renew(job_id: int, lease_key: str, *, percent: int, lease_seconds: float) -> None:
    """Note progress and hold on to the job. Raises LeaseLost when it is no longer ours."""
    _change(
        job_id,
        lease_key,
        progress=max(0, min(percent, 100)),
        lease_until=clock.seconds_from_now(lease_seconds),
    )


def complete(job_id: int, lease_key: str, result: dict[str, Any]) -> None:
    """Finish the job, in the transaction that has its effect.

    Raises LeaseLost when it is no longer ours; the effect must then be rolled back.
    """
    _finish(job_id, lease_key, state=JobState.DONE, progress=100, result=result, error=None)


def fail(job_id: int, lease_key: str, error: str) -> None:
    """Give the job up, with words for whoever asked. Raises LeaseLost like the others."""
    _finish(job_id, lease_key, state=JobState.FAILED, error=error)


def put_back(job_id: int, lease_key: str, *, attempts: int) -> None:
    """Let the job be tried again a little later, or give it up after the last attempt."""
    if attempts >= MOST_ATTEMPTS:
        fail(
            job_id,
            lease_key,
            _(
                "This job failed %(count)s times and was given up. The server's log says why.",
                count=attempts,
            ),
        )
        return
    _change(
        job_id,
        lease_key,
        state=JobState.QUEUED,
        lease_key=None,
        lease_until=clock.seconds_from_now(5 * attempts),
    )


def sweep() -> list[int]:
    """Find jobs never picked up and jobs whose consumer is gone; give the ids to queue again."""
    now = clock.now()
    overdue = db.session.scalars(
        select(Job)
        .where(
            or_(Job.state == JobState.QUEUED, Job.state == JobState.RUNNING),
            Job.lease_until < now,
        )
        .order_by(Job.id)
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    for job in overdue:
        if job.state is JobState.RUNNING and job.attempts >= MOST_ATTEMPTS:
            _give_up(job)
        else:
            job.state = JobState.QUEUED
            job.lease_key = None
            job.lease_until = clock.seconds_from_now(PICK_UP_SECONDS)
    db.session.flush()
    return [job.id for job in overdue if job.state is JobState.QUEUED]


def _give_up(job: Job) -> None:
    with in_language_of(job.language):
        job.error = _(
            "This job was broken off %(count)s times and was given up: the server was"
            " stopped, or it took too long.",
            count=job.attempts,
        )
    job.state = JobState.FAILED
    job.key = f"{job.key}#{job.id}"
    job.lease_key = job.lease_until = None
    job.finished_at = clock.now()


def _finish(job_id: int, lease_key: str, **values: object) -> None:
    _change(
        job_id,
        lease_key,
        **values,
        # The key is free again, for the next time somebody asks for the same.
        key=Job.key + "#" + cast(Job.id, String),
        lease_key=None,
        lease_until=None,
        finished_at=clock.now(),
    )


def _change(job_id: int, lease_key: str, /, **values: object) -> None:
    changed = db.session.scalar(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.RUNNING, Job.lease_key == lease_key)
        .values(values)
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise LeaseLost
