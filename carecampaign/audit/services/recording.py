"""Write entries, and note rows of the ledgers for sealing."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert

from carecampaign.access.actor import Actor
from carecampaign.audit.models import ENTRY, AuditEntry, AuditPending
from carecampaign.core import clock, secrets
from carecampaign.core.db import Model, db, table_of

_COLUMNS = (
    *("created_at", "actor_id", "actor_name", "action", "subject_kind", "subject_id"),
    *("subject_name", "organization_path", "changes"),
)


@dataclass
class Happening:
    """A change as ``record`` takes it, the subject by its table and id (``ref``).

    It may be written down before there is an id; the id is set before it is recorded.
    """

    action: str
    kind: str
    ref: str
    name: str
    path: str
    changes: Mapping[str, Any]

    def __post_init__(self) -> None:
        self.changes = {field: _plain(value) for field, value in self.changes.items()}


def record(
    action: str,
    subject: Model,
    *,
    by: Actor,
    name: str,
    path: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Add an entry for a change to ``subject`` and note it for sealing, in this transaction.

    ``action`` is ``<area>.<verb>``, ``name`` what people call the subject (never personal
    data), ``path`` the path of the organisation it belongs to, ``changes`` field → value or
    field → [before, after]. Personal values go in as ``keyed_digest(value)`` only.
    """
    if subject.id is None:
        db.session.flush()
    happening = Happening(
        action, subject.__tablename__, str(subject.id), name, path, changes or {}
    )
    entry = AuditEntry(**_columns(happening, by=by))
    db.session.add(entry)
    db.session.flush()
    note_for_sealing(ENTRY, str(entry.id), entry_digest(entry))


def record_all(happenings: Iterable[Happening], *, by: Actor) -> None:
    """Do for many rows what ``record`` does for one, with a few statements in all."""
    rows = [_columns(happening, by=by) for happening in happenings]
    if not rows:
        return
    entries, pending = (table_of(kind) for kind in (AuditEntry, AuditPending))
    statement = insert(entries).returning(entries.c.id, sort_by_parameter_order=True)
    ids = db.session.scalars(statement, rows).all()
    noted_at = clock.now()
    waiting = [
        {"kind": ENTRY, "ref": str(new), "digest": _digest(row), "noted_at": noted_at}
        for new, row in zip(ids, rows, strict=True)
    ]
    db.session.execute(insert(pending), waiting)


def _columns(happening: Happening, *, by: Actor) -> dict[str, Any]:
    return {
        "created_at": clock.now(),
        "actor_id": by.id,
        "actor_name": by.name,
        "action": happening.action,
        "subject_kind": happening.kind,
        "subject_id": happening.ref,
        "subject_name": happening.name,
        "organization_path": happening.path,
        "changes": happening.changes,
    }


def note_for_sealing(kind: str, ref: str, digest: str) -> None:
    """Queue the digest of a row that is itself the record (a handout, a stock document)."""
    db.session.execute(
        insert(AuditPending).values(kind=kind, ref=ref, digest=digest, noted_at=clock.now())
    )


def _as_text(value: object) -> object:
    """Write what JSON has no word for: instants, dates, ids, lists of other kinds."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


# Made once: setting an encoder up costs more than a short text does.
_DIGEST_JSON = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_as_text
)


def digest_of(content: Mapping[str, Any]) -> str:
    """Give the SHA-256 (hex) of a row's content, the same on both databases."""
    text = _DIGEST_JSON.encode(content)
    return hashlib.sha256(text.encode()).hexdigest()


def keyed_digest(value: str) -> str:
    """Give a digest of a personal value that cannot be looked up without the data key."""
    return hmac.new(secrets.digest_key(), value.encode(), hashlib.sha256).hexdigest()


def entry_digest(entry: AuditEntry) -> str:
    """Give the digest an entry was, or should have been, sealed with."""
    return _digest({name: getattr(entry, name) for name in _COLUMNS})


def _digest(row: Mapping[str, Any]) -> str:
    content = {("at" if name == "created_at" else name): row[name] for name in _COLUMNS}
    return digest_of(content)


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int | float) or value is None:
        return value
    return str(value)
