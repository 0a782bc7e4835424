"""Rules of retention, and the runs that carried them out."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.core.db import Model
from carecampaign.privacy.retention import RecordClass


class RetentionRule(Model):
    """For how many months records of a class are kept; None: until somebody deletes them.

    A class without a row here is kept as ``TERMS`` has it.
    """

    __tablename__ = "retention_rule"
    __table_args__ = (CheckConstraint("months > 0", name="months_positive"),)

    record_class: Mapped[RecordClass] = mapped_column(unique=True)
    months: Mapped[int | None]


class RetentionRun(Model):
    """One going through all that is due: begun at ``created_at``, and how many of each class.

    It names nobody. One that was broken off has no ``finished_at``, and is gone on with.
    """

    __tablename__ = "retention_run"

    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    finished_at: Mapped[datetime | None] = mapped_column(index=True)
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)

    started_by: Mapped[User | None] = relationship()
