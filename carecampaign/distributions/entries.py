"""What a phone sends when it has a network again: messages, read strictly.

An entry says what was handed over, or takes back one that did. How it was kept on the phone
(number, clocks) goes along. Whatever cannot be read is not lost: it is put aside as it came.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from carecampaign.core.i18n import _l
from carecampaign.core.limits import LARGEST_ID
from carecampaign.distributions.models import PutAside
from carecampaign.distributions.taps import (
    NotReadable,
    Tap,
    read_client_id,
    read_id,
    read_instant,
    read_note,
    read_tap,
)

SCHEMA = 1
"""The newest form of an entry that is understood; older ones are understood for a year."""

LONGEST_BOOT = 64


@dataclass(frozen=True)
class Entry:
    """One message of a phone: exactly one of ``tap`` and ``voids`` is there.

    ``seq`` is its number on the phone, ``utc_offset`` how many minutes the phone's clock is
    ahead of UTC, ``mono`` the milliseconds of the clock that never goes back since ``boot``.
    """

    id: UUID
    event_id: int
    happened_at: datetime
    tap: Tap | None
    voids: UUID | None
    reason: str
    seq: int
    utc_offset: int
    mono: int
    boot: str
    raw: bytes = field(repr=False)

    @property
    def issued(self) -> Tap:
        """What was handed over. Raises TypeError for an entry that takes one back."""
        if self.tap is None:
            raise TypeError(self.id)
        return self.tap

    @property
    def voided(self) -> UUID:
        """Which entry is taken back. Raises TypeError for one that takes none back."""
        if self.voids is None:
            raise TypeError(self.id)
        return self.voids


@dataclass(frozen=True)
class Unread:
    """A message that is put aside as it came: ``id`` is what it called itself, as text."""

    id: str
    raw: bytes
    reason: PutAside


def read_entry(said: object) -> Entry | Unread:
    """Read one message of a batch."""
    raw = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    if not isinstance(said, Mapping):
        return Unread(digest_of(raw), raw, PutAside.NOT_READABLE)
    called = str(said.get("id"))[:64]
    try:
        if said.get("schema") != SCHEMA:
            return Unread(called, raw, PutAside.UNKNOWN_SCHEMA)
        return _read(said, raw)
    except NotReadable:
        return Unread(called, raw, PutAside.NOT_READABLE)


def digest_of(raw: bytes) -> str:
    """Give what the same message is known by again, whatever it calls itself."""
    return hashlib.sha256(raw).hexdigest()


def _read(said: Mapping[str, Any], raw: bytes) -> Entry:
    happened_at = read_instant(said.get("at"), field="at")
    event_id = read_id(said, "event_id")
    if happened_at is None or event_id is None:
        raise NotReadable(_l("The entry is not complete."), field="event_id")
    kind = said.get("kind")
    if kind not in {"issue", "void"}:
        raise NotReadable(_l("The entry is not complete."), field="kind")
    offset = happened_at.utcoffset()
    return Entry(
        id=read_client_id(said.get("id")),
        event_id=event_id,
        happened_at=happened_at,
        tap=read_tap({**said, "happened_at": said["at"], "already_given": True})
        if kind == "issue"
        else None,
        voids=read_client_id(said.get("voids")) if kind == "void" else None,
        reason=read_note(said.get("reason")),
        seq=_read_number(said.get("seq")),
        utc_offset=int(offset.total_seconds() // 60) if offset else 0,
        mono=_read_number(said.get("mono")),
        boot=str(said.get("boot"))[:LONGEST_BOOT],
        raw=raw,
    )


def _read_number(value: object) -> int:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return min(max(int(str(value)), 0), LARGEST_ID) if is_number else 0
