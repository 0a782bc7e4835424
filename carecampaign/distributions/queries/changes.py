"""Late changes of events, and who is to hear of them."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent
from carecampaign.distributions.queries.events import belongs_to, reach_of

MOST_CHANGES = 6
"""Late changes shown at once; whoever has more finds the rest in the list of events."""


def list_late_changes_for(actor: Actor) -> Sequence[DistributionEvent]:
    """List the events moved or cancelled that an actor is assigned to, or whose station is theirs.

    The latest change comes first; an event whose day is over is not news any more.
    """
    return db.session.scalars(
        select(DistributionEvent)
        .where(
            DistributionEvent.changed_at.is_not(None),
            DistributionEvent.held_on >= clock.today(),
            or_(*belongs_to(reach_of(actor, Permission.DISTRIBUTIONS_LOG))),
        )
        .options(joinedload(DistributionEvent.campaign))
        .order_by(DistributionEvent.changed_at.desc(), DistributionEvent.id.desc())
        .limit(MOST_CHANGES)
    ).all()
