"""Enter afterwards what was written on paper: what happened is logged, and marked as such."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import Actor
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.distributions.models import (
    DistributionEvent,
    EventState,
    HandoutOnPaper,
    PaperSheet,
)
from carecampaign.distributions.services.errors import WrongState
from carecampaign.distributions.services.handouts import log_handout
from carecampaign.distributions.taps import Tap
from carecampaign.files.services import PreparedImage, PreparedPaper, store


class NothingOnPaper(DomainError):
    """The sheet has no figure above zero."""

    def __init__(self) -> None:
        super().__init__(_l("Enter how many were served, of one group at least."))


def enter_sheet(
    event: DistributionEvent,
    counts: Mapping[int, int],
    *,
    item_id: int,
    written_at: datetime,
    paper: PreparedImage | PreparedPaper,
    filename: str,
    note: str,
    by: Actor,
) -> PaperSheet:
    """Log what a sheet says: ``counts`` is group id → people, each of whom got one piece.

    It happened, so nothing is refused: what the books do not have, or what comes after the
    close, is to be settled. Raises NothingOnPaper, and WrongState for an event that never was.
    """
    if event.state not in {EventState.OPEN, EventState.CLOSED}:
        raise WrongState
    entered = {group_id: count for group_id, count in counts.items() if count}
    if not entered:
        raise NothingOnPaper
    sheet = PaperSheet(
        event_id=event.id,
        file=store(paper, name=filename, by=by),
        written_at=written_at,
        note=note,
        entered_by_id=by.id,
    )
    db.session.add(sheet)
    db.session.flush()
    tap = Tap(uuid_utils.uuid7(), item_id, happened_at=written_at, already_given=True)
    for group_id, count in sorted(entered.items()):
        said = replace(
            tap, id=uuid_utils.uuid7(), group_id=group_id, quantity=count, head_count=count
        )
        logged = log_handout(event, said, by=by)
        db.session.add(HandoutOnPaper(handout_id=logged.id, sheet_id=sheet.id))
    db.session.flush()
    return sheet
