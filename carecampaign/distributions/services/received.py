"""Every message of a client is remembered: the same one again changes nothing (law 3)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from carecampaign.access.actor import Actor
from carecampaign.core.db import db
from carecampaign.core.hot import run, run_many
from carecampaign.distributions.models import ExceptionReason, Handout, Outcome, Received
from carecampaign.distributions.queries import Standing
from carecampaign.distributions.services import statements as sql
from carecampaign.distributions.services.errors import OtherContent
from carecampaign.distributions.services.refusals import Broken, Refusal


@dataclass(frozen=True)
class Logged:
    """What became of a message; ``is_repeat`` when it had been heard before.

    ``reasons`` are those of a refusal, or what has to be settled. ``on_hand`` is what was left
    when it was refused for want of stock, ``broken`` which rules of entitlement refused it,
    ``standing`` how the event stands with what was logged just now.
    """

    id: UUID
    outcome: Outcome
    recorded_at: datetime
    reasons: tuple[Refusal | ExceptionReason, ...] = ()
    is_repeat: bool = False
    on_hand: int | None = field(default=None, compare=False)
    standing: Standing | None = field(default=None, compare=False)
    broken: tuple[Broken, ...] = field(default=(), compare=False)

    @property
    def handout(self) -> Handout | None:
        """Give the entry in the log; None where nothing was logged."""
        return db.session.get(Handout, self.id)


def remember(
    message_id: UUID, content: Sequence[object], *, by: Actor, at: datetime
) -> Logged | None:
    """Note that a message is heard; give what became of it where it was heard before.

    Of the same message sent many times at once, the others wait here for the first. Raises
    OtherContent when the id was used for something else.
    """
    message = message_row(message_id, content, by=by, at=at)
    if run(sql.here(sql.REMEMBER), message):
        return None
    (before,) = run(sql.RECALL, {"wanted": message_id})
    if before.digest != message["heard_digest"]:
        raise OtherContent
    return Logged(
        message_id, before.outcome, before.recorded_at, _read_reasons(before), is_repeat=True
    )


def remember_many(
    contents: Mapping[UUID, Sequence[object]], *, by: Actor, at: datetime
) -> dict[UUID, Logged | None]:
    """Do for many messages what ``remember`` does for one; give those that were heard before.

    None stands for one whose id was used for something else. Raises IntegrityError when one
    of them is heard elsewhere at this very moment: then all of it is done anew.
    """
    messages = {
        message_id: message_row(message_id, content, by=by, at=at)
        for message_id, content in contents.items()
    }
    rows = db.session.execute(
        select(
            Received.id, Received.digest, Received.outcome, Received.reason, Received.recorded_at
        ).where(Received.id.in_(messages))
    )
    before = {
        row.id: Logged(row.id, row.outcome, row.recorded_at, _read_reasons(row), is_repeat=True)
        if row.digest == messages[row.id]["heard_digest"]
        else None
        for row in rows
    }
    new = [message for message_id, message in messages.items() if message_id not in before]
    run_many(sql.REMEMBER_NEW, new)
    return before


def message_row(
    message_id: UUID, content: Sequence[object], *, by: Actor, at: datetime
) -> dict[str, Any]:
    """Give what is remembered of a message of which a handout is made."""
    return {
        "heard_id": message_id,
        "heard_digest": digest_of(content),
        "heard_outcome": Outcome.CREATED,
        "heard_reason": "",
        "heard_user_id": by.id,
        "heard_recorded_at": at,
    }


def digest_of(content: Sequence[object]) -> str:
    """Give the SHA-256 (hex) of what a message says."""
    return hashlib.sha256(repr(content).encode()).hexdigest()


def amend(logged: Logged) -> Logged:
    """Remember that a message was not simply logged, so that a repeat hears the same."""
    run(
        sql.AMEND,
        {
            "wanted": logged.id,
            "became": logged.outcome,
            "because": ",".join(logged.reasons),
        },
    )
    return logged


def _read_reasons(row: Any) -> tuple[Refusal | ExceptionReason, ...]:  # noqa: ANN401 - a row
    kind = Refusal if row.outcome == Outcome.REFUSED else ExceptionReason
    return tuple(kind(text) for text in row.reason.split(",") if text)
