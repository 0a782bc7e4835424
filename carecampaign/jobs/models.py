"""Long work: asked for in a transaction, done once by the consumer."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.core.db import Base, Model
from carecampaign.core.i18n import Labelled, _l


class JobState(Labelled):
    QUEUED = "queued", _l("Waiting"), "secondary"
    RUNNING = "running", _l("Running"), "info"
    DONE = "done", _l("Done"), "success"
    FAILED = "failed", _l("Failed"), "danger"


FINISHED = frozenset({JobState.DONE, JobState.FAILED})


class Job(Model):
    """A piece of work. ``key`` is unique: asking for the same work twice makes one job.

    A finished job gives its key back (it keeps it with its id behind), so that the same
    work can be asked for again. A running job holds a lease until ``lease_until`` (UTC);
    when it expires the sweeper queues the job again, until ``attempts`` reaches the limit.
    A queued job has until then to be picked up before its id is sent once more. ``result``
    and ``error`` are in the language (``language``) the job was asked for in.
    """

    __tablename__ = "job"
    __table_args__ = (CheckConstraint("progress BETWEEN 0 AND 100", name="progress_in_percent"),)

    kind: Mapped[str]
    key: Mapped[str] = mapped_column(unique=True)
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    language: Mapped[str]
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED, index=True)
    progress: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None]
    lease_key: Mapped[str | None]
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    finished_at: Mapped[datetime | None]

    requested_by: Mapped[User | None] = relationship()

    @property
    def is_finished(self) -> bool:
        return self.state in FINISHED


class JobConsumer(Base):
    """A consumer that runs, or ran: ``name`` is its host and process, with when it was seen."""

    __tablename__ = "job_consumer"

    name: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
