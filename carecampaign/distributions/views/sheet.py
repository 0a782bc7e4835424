"""The handout sign-off sheet 慰问品发放签收表 (DOMAIN.md section 1), to print and to sign."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.db import db
from carecampaign.distributions import queries
from carecampaign.distributions.models import Handout
from carecampaign.distributions.views.blueprint import blueprint
from carecampaign.distributions.views.words import describe

LINES_A_PAGE = 12
"""Lines that fit on a page of A4 across with heading and signatures, some of them in two rows."""


@dataclass(frozen=True)
class SheetPage:
    """One page of the sheet: its lines, the serial number of the first, and its totals."""

    first: int
    handouts: Sequence[Handout]

    @property
    def person_times(self) -> int:
        return sum(handout.head_count for handout in self.handouts)

    @property
    def quantity(self) -> int:
        return sum(handout.quantity for handout in self.handouts)

    @property
    def value(self) -> int:
        return sum(handout.value for handout in self.handouts)


@blueprint.get("/<id:event_id>/sheet")
@requires(Permission.REPORTS_VIEW)
def sheet(event_id: int) -> ResponseReturnValue:
    """Show the event's log as the sheet that is signed and filed."""
    event = queries.get_event_for(signed_in(), event_id)
    handouts = db.session.scalars(queries.list_handouts(event, oldest_first=True)).all()
    return render_template(
        "distributions/sheet.html",
        event=event,
        pages=list(_pages(handouts)),
        total=SheetPage(1, handouts),
        describe=describe,
    )


def _pages(handouts: Sequence[Handout]) -> Iterator[SheetPage]:
    for start in range(0, max(1, len(handouts)), LINES_A_PAGE):
        yield SheetPage(start + 1, handouts[start : start + LINES_A_PAGE])
