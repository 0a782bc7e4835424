"""One step of approval: somebody asks, somebody else decides."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from carecampaign.accounts.models import User
from carecampaign.core.db import Model
from carecampaign.core.i18n import Labelled, _l


class Decision(Labelled):
    WAITING = "waiting", _l("Waiting for a decision"), "warning"
    APPROVED = "approved", _l("Approved"), "success"
    REFUSED = "refused", _l("Not approved"), "danger"
    WITHDRAWN = "withdrawn", _l("Withdrawn"), "secondary"


class ApprovalRequest(Model):
    """A question to whoever approves: may this be done? Asked at ``created_at``, decided once.

    The subject is a row of a higher area, named by its table and id. It can be asked about
    again after a decision, but only one question about it is open at a time.
    """

    __tablename__ = "approval_request"
    __table_args__ = (
        CheckConstraint(
            "(decision = 'waiting') = (decided_at IS NULL)", name="decided_when_not_waiting"
        ),
        Index(None, "subject_kind", "subject_id"),
        Index(
            "uq_approval_request_waiting",
            "subject_kind",
            "subject_id",
            unique=True,
            sqlite_where=text("decision = 'waiting'"),
            postgresql_where=text("decision = 'waiting'"),
        ),
    )

    subject_kind: Mapped[str]
    subject_id: Mapped[int]
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decision: Mapped[Decision] = mapped_column(default=Decision.WAITING)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(default="")

    asked_by: Mapped[User | None] = relationship(foreign_keys=asked_by_id)
    decided_by: Mapped[User | None] = relationship(foreign_keys=decided_by_id)
