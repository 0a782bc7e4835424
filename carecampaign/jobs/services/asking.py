"""Ask for work, in the transaction of the change that needs it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from carecampaign.access.actor import SYSTEM, Actor
from carecampaign.audit import services as audit
from carecampaign.core import clock
from carecampaign.core.babel import is_chinese
from carecampaign.core.db import after_commit, db
from carecampaign.core.queue import job_queue
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.services.kinds import Kind, find_kind, list_daily_kinds
from carecampaign.jobs.services.running import PICK_UP_SECONDS


def request_job(kind: str, *, key: str, arguments: Mapping[str, Any], by: Actor) -> Job:
    """Ask for work of a kind; it is done after the transaction is committed, once.

    ``key`` names the work: while a job of that key waits or runs, asking again gives that
    job. A finished job has given its key back, so asking later makes a new one; what may
    happen only once ever takes a command id (``core.commands.claim``) as well.
    ``arguments`` must be plain JSON. Raises ValueError for a kind that nobody registered.
    """
    known = find_kind(kind)
    if known is None or "#" in key:
        raise ValueError(f"no job {kind} of key {key}")
    made = db.session.scalar(_insert(kind, key, arguments, by))
    job = db.session.scalars(select(Job).where(Job.key == key)).one()
    if made is not None:
        audit.record("jobs.request", job, by=by, name=str(known.title))
        queue = job_queue()
        after_commit(lambda: queue.put(job.id))
    return job


def daily_kinds_due() -> list[str]:
    """Give the names of the daily kinds that nobody has asked for yet today."""
    return [kind.name for kind in list_daily_kinds() if _is_due(kind)]


def request_daily_job(name: str) -> Job:
    """Ask for the work of a daily kind, as the system itself."""
    return request_job(name, key=name, arguments={}, by=SYSTEM)


def _is_due(kind: Kind) -> bool:
    if kind.daily_at is None:
        return False
    since = datetime.combine(clock.today(), kind.daily_at, tzinfo=clock.ZONE)
    asked = exists().where(Job.kind == kind.name, Job.created_at >= since)
    return since <= clock.now() and not db.session.scalar(select(asked))


def _insert(kind: str, key: str, arguments: Mapping[str, Any], by: Actor) -> ReturningInsert[int]:
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return (
        insert(Job)
        .values(
            kind=kind,
            key=key,
            arguments=dict(arguments),
            language="zh" if is_chinese() else "en",
            state=JobState.QUEUED,
            lease_until=clock.seconds_from_now(PICK_UP_SECONDS),
            requested_by_id=by.id,
        )
        .on_conflict_do_nothing(index_elements=[Job.key])
        .returning(Job.id)
    )
