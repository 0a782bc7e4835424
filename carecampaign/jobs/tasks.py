"""Do jobs: how an area says what a kind of job does, and what the consumer calls."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from typing import Any

from flask import current_app
from flask_babel.speaklater import LazyString

from carecampaign.audit import services as audit
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _, _l, _n, in_language_of
from carecampaign.core.queue import job_queue
from carecampaign.jobs import services
from carecampaign.jobs.models import Job
from carecampaign.jobs.services import Kind, LeaseLost

logger = logging.getLogger(__name__)

Task = Callable[..., dict[str, Any]]


@dataclass
class JobContext:
    """The job a task is doing, under its lease."""

    job_id: int
    lease_key: str
    lease_seconds: float
    is_complete: bool = False

    def progress(self, percent: int) -> None:
        """Show how far the task is, and keep the lease; never inside a transaction.

        Call it more often than the lease is long. Raises LeaseLost when another consumer
        has the job by now: let it through.
        """
        with transaction():
            services.renew(
                self.job_id, self.lease_key, percent=percent, lease_seconds=self.lease_seconds
            )

    def complete(self, result: dict[str, Any]) -> None:
        """Finish the job inside the task's last transaction, so that both happen or neither.

        A task that changes nothing need not: what it returns becomes the result. Raises
        LeaseLost when another consumer has the job by now: let it through.
        """
        services.complete(self.job_id, self.lease_key, result)
        self.is_complete = True


def task(name: str, *, title: LazyString, daily_at: time | None = None) -> Callable[[Task], Task]:
    """Mark a function ``(job_context, **arguments) -> result`` as what a kind of job does.

    A result has ``message``, a sentence; ``lines``, more of them (may be left out); and
    ``is_good``, False where somebody should look into it (True if left out). A task may be
    broken off at any point and run again, at most three times; a DomainError it raises ends
    the job with its words. One with ``daily_at``, a local time, is asked for each day.
    """

    def mark(run: Task) -> Task:
        services.register_kind(Kind(name, title, run, daily_at))
        return run

    return mark


@task("audit.verify", title=_l("Verify the seals of the audit log"))
def verify_audit(job: JobContext) -> dict[str, Any]:
    """Prove the chain of seals."""
    result = audit.verify(job.progress)
    count = result.seals
    return {
        "message": _("Something is wrong with the audit log.")
        if result.problems
        else _n("%(num)s seal is intact.", "%(num)s seals are intact.", count),
        "lines": result.problems,
        "is_good": not result.problems,
    }


def run_job(job_id: int) -> None:
    """Do a job, if it still is to be done; nothing that goes wrong gets out of here."""
    lease_seconds: float = current_app.config.get("JOB_LEASE_SECONDS", services.LEASE_SECONDS)
    try:
        with transaction():
            job = services.take(job_id, lease_seconds=lease_seconds)
        if job is not None:
            _do(job, lease_seconds)
    except LeaseLost:
        logger.warning("job %s was taken over by another consumer", job_id)
    except Exception:
        # The database is gone, say: the lease runs out, and the sweeper comes by.
        logger.exception("job %s was left as it is", job_id)


def sweep() -> int:
    """Queue what was left lying; give how many jobs that were."""
    with transaction():
        ids = services.sweep()
    for job_id in ids:
        job_queue().put(job_id)
    return len(ids)


def ask_for_daily_jobs() -> None:
    """Ask for the work that is done each day, once it is time for it."""
    due = services.daily_kinds_due()
    db.session.rollback()
    for name in due:
        with transaction():
            services.request_daily_job(name)


def _do(job: Job, lease_seconds: float) -> None:
    lease_key, attempts = job.lease_key or "", job.attempts
    context = JobContext(job.id, lease_key, lease_seconds)
    with in_language_of(job.language):
        try:
            result = _run(job, context)
            if not context.is_complete:
                with transaction():
                    context.complete(result)
        except LeaseLost:
            raise
        except DomainError as error:
            with transaction():
                services.fail(context.job_id, lease_key, str(error))
        except Exception:
            logger.exception("job %s (%s) failed", context.job_id, job.kind)
            with transaction():
                services.put_back(context.job_id, lease_key, attempts=attempts)


def _run(job: Job, context: JobContext) -> dict[str, Any]:
    kind = services.find_kind(job.kind)
    if kind is None:
        raise DomainError(_l("This version of the program does not know this kind of job."))
    try:
        return kind.run(context, **job.arguments)
    finally:
        db.session.rollback()
