"""Who did what. Entries are only added; sealing chains them so that tampering shows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from carecampaign.core import clock
from carecampaign.core.db import Base, Model

ENTRY = "entry"
"""The kind under which entries of the log themselves are sealed."""


class AuditEntry(Model):
    """One change: by whom, to what, how. ``changes`` maps a field to [before, after]."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "subject_kind", "subject_id"),)

    actor_id: Mapped[int | None]
    actor_name: Mapped[str]
    action: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    subject_name: Mapped[str]
    organization_path: Mapped[str] = mapped_column(index=True)
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)


class AuditPending(Base):
    """What waits to be sealed: a kind, the key of the row, and the digest of its content."""

    __tablename__ = "audit_pending"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    ref: Mapped[str]
    digest: Mapped[str]
    noted_at: Mapped[datetime] = mapped_column(default=clock.now)


class AuditSeal(Base):
    """A link of the chain: hash = SHA-256 over seq, kind, ref, digest and the previous hash."""

    __tablename__ = "audit_seal"
    __table_args__ = (UniqueConstraint("kind", "ref"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    ref: Mapped[str]
    digest: Mapped[str]
    prev: Mapped[str]
    hash: Mapped[str]
    sealed_at: Mapped[datetime] = mapped_column(default=clock.now)
