"""Every message of a client is remembered: the same one again changes nothing (law 3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from carecampaign.access.actor import Actor
from carecampaign.audit.services import digest_of
from carecampaign.core.db import current_connection, db
from carecampaign.core.i18n import Labelled, _l
from carecampaign.distributions.models import ExceptionReason, Handout, Outcome
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
    when it was refused for want of stock.
    """

    id: UUID
    outcome: Outcome
    recorded_at: datetime
    reasons: tuple[Refusal | ExceptionReason, ...] = ()
    is_repeat: bool = False
    on_hand: int | None = field(default=None, compare=False)

    @property
    def handout(self) -> Handout | None:
        """Give the entry in the log; None where nothing was logged."""
        return db.session.get(Handout, self.id)


def remember(
    message_id: UUID, content: Mapping[str, Any], *, by: Actor, at: datetime
) -> Logged | None:
    """Note that a message is heard; give what became of it where it was heard before.

    Of the same message sent many times at once, the others wait here for the first. Raises
    OtherContent when the id was used for something else.
    """
    digest = digest_of(content)
    connection = current_connection()
    is_new = connection.execute(
        sql.here(sql.REMEMBER),
        {
            "id": message_id,
            "digest": digest,
            "outcome": Outcome.CREATED,
            "reason": "",
            "user_id": by.id,
            "recorded_at": at,
        },
    ).first()
    if is_new is not None:
        return None
    before = connection.execute(sql.RECALL, {"wanted": message_id}).one()
    if before.digest != digest:
        raise OtherContent
    return Logged(
        message_id, before.outcome, before.recorded_at, _read_reasons(before), is_repeat=True
    )


def amend(logged: Logged) -> Logged:
    """Remember that a message was not simply logged, so that a repeat hears the same."""
    current_connection().execute(
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
