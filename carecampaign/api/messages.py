"""A batch as a phone sends it, and what it is told."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from carecampaign.core.i18n import _l
from carecampaign.distributions.entries import Entry, Unread, read_entry
from carecampaign.distributions.services.syncing import Answer, Code
from carecampaign.distributions.taps import NotReadable, read_client_id, read_instant

PROTOCOLS = frozenset({1})
MOST_ENTRIES = 100


class TooMany(NotReadable):
    """More entries than are taken at once: half of them, then the others."""


@dataclass(frozen=True)
class Message:
    """One batch: ``sent_at`` is by the phone's clock, ``queue_length`` what waits on it."""

    batch_id: uuid.UUID
    phone_id: uuid.UUID
    sent_at: datetime
    queue_length: int
    entries: Sequence[Entry | Unread]

    @property
    def event_ids(self) -> set[int]:
        """The events its entries are of."""
        return {it.event_id for it in self.entries if isinstance(it, Entry)}


def read_message(said: object) -> Message:
    """Read a batch. Raises NotReadable, or TooMany."""
    if not isinstance(said, Mapping) or said.get("protocol") not in PROTOCOLS:
        raise NotReadable(_l("This page is too old or too new: reload it."), field="protocol")
    entries, length = said.get("entries"), said.get("queue_length")
    sent_at = read_instant(said.get("sent_at"), field="sent_at")
    if not isinstance(entries, list) or sent_at is None:
        raise NotReadable(_l("The batch is not complete."), field="entries")
    if len(entries) > MOST_ENTRIES:
        raise TooMany(_l("Too many entries at once."), field="entries")
    return Message(
        batch_id=read_client_id(said.get("batch_id")),
        phone_id=read_client_id(said.get("phone_id")),
        sent_at=sent_at.astimezone(UTC),
        queue_length=length if isinstance(length, int) else 0,
        entries=[read_entry(one) for one in entries],
    )


def tell(answers: Iterable[Answer]) -> list[dict[str, Any]]:
    """Give the results as JSON says them."""
    return [
        {"id": it.id, "code": it.code.value, "flags": [flag.value for flag in it.flags]}
        for it in answers
    ]


def ask_again(message: Message) -> list[dict[str, Any]]:
    """Give the results of a batch of which nothing was taken."""
    return tell(Answer(str(it.id), Code.RETRY) for it in message.entries)
