"""Files sent in that wait for a yes: read for the preview, and once more when it is given.

What is applied is what was sent, checked against what is there by then: nothing of the
preview comes back from the browser. They are encrypted at rest: a table may hold the numbers
of people.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import JSON, ColumnElement, Row, Uuid, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from carecampaign.core import clock
from carecampaign.core.db import Base, db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.sealed import SealedBytes

KEPT_FOR = timedelta(days=1)


class StagedUpload(Base):
    """A file that waits. ``purpose`` is ``<area>.<verb>``, ``owner_id`` the account it is of.

    ``options`` is what was said about it meanwhile, as its purpose understands it.
    """

    __tablename__ = "staged_upload"

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=uuid.uuid4)
    purpose: Mapped[str]
    owner_id: Mapped[int | None]
    filename: Mapped[str]
    content: Mapped[bytes] = mapped_column(SealedBytes("staged_upload.content"))
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    staged_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


def stage_upload(
    content: bytes,
    *,
    filename: str,
    purpose: str,
    owner_id: int | None,
    options: Mapping[str, Any] | None = None,
) -> StagedUpload:
    """Keep a file for a day at most; what has waited longer goes."""
    db.session.execute(delete(StagedUpload).where(has_expired()))
    upload = StagedUpload(
        content=content,
        filename=filename,
        purpose=purpose,
        owner_id=owner_id,
        options=dict(options or {}),
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def has_expired() -> ColumnElement[bool]:
    """Give the condition that a file has waited too long."""
    return StagedUpload.staged_at < clock.now() - KEPT_FOR


def get_upload(
    upload_id: uuid.UUID, *, purpose: str, owner_id: int | None, lock: bool = False
) -> StagedUpload:
    """Give a file one sent in oneself for this purpose. Raises NotFound, also once it is used.

    ``lock`` holds it until the transaction ends, so that it is applied once.
    """
    statement = select(StagedUpload).where(
        StagedUpload.id == upload_id,
        StagedUpload.purpose == purpose,
        StagedUpload.owner_id == owner_id,
    )
    upload = db.session.scalar(statement.with_for_update() if lock else statement)
    if upload is None:
        raise NotFound(_l("This import was finished or has expired. Send the file again."))
    return upload


def list_uploads(*, purpose: str, owner_id: int | None) -> Sequence[Row[uuid.UUID, str, datetime]]:
    """List the files one has waiting for a purpose, the newest first: id, filename, staged_at."""
    return db.session.execute(
        select(StagedUpload.id, StagedUpload.filename, StagedUpload.staged_at)
        .where(StagedUpload.purpose == purpose, StagedUpload.owner_id == owner_id)
        .order_by(StagedUpload.staged_at.desc(), StagedUpload.id)
    ).all()


def discard_upload(upload: StagedUpload) -> None:
    """Let a file go: it was applied, or nobody wants it."""
    db.session.delete(upload)
    db.session.flush()
