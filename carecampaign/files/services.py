"""Store and remove files. The bytes are written before the row, and go after it."""

from typing import Any, BinaryIO

from sqlalchemy import select, text

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.core.db import db
from carecampaign.files import storage
from carecampaign.files.images import (
    NotAnImage,
    PhoneFormat,
    PreparedImage,
    TooLarge,
    prepare_image,
)
from carecampaign.files.models import StoredFile
from carecampaign.files.papers import PDF, NotAPaper, PreparedPaper, prepare_paper

__all__ = [
    "NotAPaper",
    "NotAnImage",
    "PhoneFormat",
    "PreparedImage",
    "PreparedPaper",
    "TooLarge",
    "prepare_image",
    "prepare_paper",
    "remove",
    "store",
    "store_image",
    "sweep",
]

LONGEST_NAME = 200


def store(prepared: PreparedImage | PreparedPaper, *, name: str, by: Actor) -> StoredFile:
    """Keep a prepared picture or PDF: its bytes at once, its row with the transaction.

    Where the transaction fails, ``sweep`` finds the bytes that no row names.
    """
    if isinstance(prepared, PreparedPaper):
        facts: dict[str, Any] = {"media_type": PDF}
        contents = {storage.FULL: prepared.content}
    else:
        facts = {key: getattr(prepared, key) for key in ("media_type", "width", "height")}
        contents = {storage.FULL: prepared.full, storage.THUMB: prepared.thumb}
    file = StoredFile(
        name=name[:LONGEST_NAME],
        size=len(contents[storage.FULL]),
        sha256=prepared.sha256,
        created_by_id=by.id,
        **facts,
    )
    db.session.add(file)
    # The row first: from here on ``sweep`` waits for this transaction, or this for it.
    db.session.flush()
    storage.write(file.sha256, contents)
    audit.record("files.store", file, by=by, name=file.name, changes={"sha256": file.sha256})
    return file


def store_image(upload: BinaryIO, *, name: str, by: Actor) -> StoredFile:
    """Prepare and keep a picture in one go; views do the two apart, outside and inside.

    Raises NotAnImage or TooLarge.
    """
    return store(prepare_image(upload), name=name, by=by)


def remove(file: StoredFile, *, by: Actor) -> None:
    """Let go of a file; its bytes go with the next ``sweep``, unless another row names them.

    Detach the file from the row it belonged to first.
    """
    audit.record("files.remove", file, by=by, name=file.name, changes={"sha256": file.sha256})
    db.session.delete(file)
    db.session.flush()


def sweep() -> int:
    """Delete the bytes that no row names, while nobody stores any; give how many files."""
    _hold_off_writers()
    named = set(db.session.scalars(select(StoredFile.sha256)))
    orphans = sorted(storage.list_names() - named)
    for sha256 in orphans:
        storage.unlink(sha256)
    storage.remove_left_overs()
    return len(orphans)


def _hold_off_writers() -> None:
    """Wait until nobody stores a file. On SQLite the transaction is the only one that writes."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE stored_file IN SHARE ROW EXCLUSIVE MODE"))
