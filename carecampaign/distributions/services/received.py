"""Every message of a client is remembered: the same one again changes nothing (law 3)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from carecampaign.access.actor import Actor
from carecampaign.core.db import db
from carecampaign.core.hot import run
from carecampaign.core.i18n import Labelled, _l
from carecampaign.distributions.models import ExceptionReason, Handout, Outcome
from carecampaign.distributions.queries import Standing
from carecampaign.distributions.services import statements as sql
from carecampaign.distributions.services.errors import OtherContent


class Refusal(Labelled):
    """Why nothing is handed out, before the fact and on-line."""

    OUT_OF_STOCK = "out_of_stock", _l("Not in stock here")
    SERVED_BEFORE = "served_before", _l("Served before in this campaign")
    NOT_OPEN = "not_open", _l("The event is not open yet")
    CLOSED = "closed", _l("The event is closed")


@dataclass(frozen=True)
class Logged:
    """What became of a message; ``is_repeat`` when it had been heard before.

    ``reasons`` are those of a refusal, or what has to be settled. ``on_hand`` is what was left
    when it was refused for want of stock, ``standing`` how the event stands with what was
    logged just now.
    """

    id: UUID
    outcome: Outcome
    recorded_at: datetime
    reasons: tuple[Refusal | ExceptionReason, ...] = ()
    is_repeat: bool = False
    on_hand: int | None = field(default=None, compare=False)
    standing: Standing | None = field(default=None, compare=False)

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
    digest = hashlib.sha256(repr(content).encode()).hexdigest()
    is_new = run(
        sql.here(sql.REMEMBER),
        {
            "id": message_id,
            "digest": digest,
            "outcome": Outcome.CREATED,
            "reason": "",
            "user_id": by.id,
            "recorded_at": at,
        },
    )
    if is_new:
        return None
    (before,) = run(sql.RECALL, {"wanted": message_id})
    if before.digest != digest:
        raise OtherContent
    return Logged(
        message_id, before.outcome, before.recorded_at, _read_reasons(before), is_repeat=True
    )


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
