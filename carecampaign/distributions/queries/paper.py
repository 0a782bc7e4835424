"""The sheets of paper that were entered for an event."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.distributions.models import (
    DistributionEvent,
    Handout,
    HandoutOnPaper,
    PaperSheet,
)


def list_sheets(event: DistributionEvent) -> Sequence[PaperSheet]:
    """List the sheets of an event with what was entered from each, the newest first."""
    return db.session.scalars(
        select(PaperSheet)
        .where(PaperSheet.event_id == event.id)
        .options(
            joinedload(PaperSheet.file),
            joinedload(PaperSheet.entered_by),
            selectinload(PaperSheet.handouts).joinedload(Handout.group),
            selectinload(PaperSheet.handouts).joinedload(Handout.item),
            selectinload(PaperSheet.handouts).joinedload(Handout.void),
        )
        .order_by(PaperSheet.id.desc())
    ).all()


def get_sheet(event: DistributionEvent, sheet_id: int) -> PaperSheet:
    """Get a sheet of an event. Raises NotFound."""
    sheet = db.session.get(PaperSheet, sheet_id, options=[joinedload(PaperSheet.file)])
    if sheet is None or sheet.event_id != event.id:
        raise NotFound(_l("There is no such sheet."))
    return sheet


def entered_from_paper(handout_ids: Iterable[UUID]) -> set[UUID]:
    """Tell which entries of the log come from paper."""
    of = HandoutOnPaper.handout_id
    return set(db.session.scalars(select(of).where(of.in_(list(handout_ids)))))
