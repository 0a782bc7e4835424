"""What of an event somebody has to see to, and where an entry might belong instead."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.distributions.models import (
    DistributionEvent,
    EventState,
    Phone,
    Quarantined,
)
from carecampaign.distributions.queries.events import is_reached, reach_of

NEAR = timedelta(days=7)
MOST = 100


def list_put_aside(event: DistributionEvent) -> Sequence[Quarantined]:
    """List what phones sent for an event and nobody could post, still to be seen to."""
    return db.session.scalars(
        select(Quarantined)
        .where(Quarantined.event_id == event.id, Quarantined.settled_at.is_(None))
        .options(joinedload(Quarantined.phone).joinedload(Phone.user))
        .order_by(Quarantined.id)
        .limit(MOST)
    ).all()


def get_put_aside(event: DistributionEvent, quarantined_id: int) -> Quarantined:
    """Get what was put aside for an event. Raises NotFound."""
    found = db.session.get(Quarantined, quarantined_id)
    if found is None or found.event_id != event.id:
        raise NotFound(_l("There is no such entry."))
    return found


def said_by(quarantined: Quarantined) -> dict[str, Any]:
    """Give what was put aside as the phone said it; {} where that is no entry at all."""
    said = json.loads(quarantined.raw)
    return said if isinstance(said, dict) else {}


def events_to_move_to(actor: Actor, event: DistributionEvent) -> Sequence[DistributionEvent]:
    """List the other events of the campaign around the day at which the actor may settle."""
    return db.session.scalars(
        select(DistributionEvent)
        .where(
            DistributionEvent.campaign_id == event.campaign_id,
            DistributionEvent.id != event.id,
            DistributionEvent.held_on.between(event.held_on - NEAR, event.held_on + NEAR),
            DistributionEvent.state.in_([EventState.OPEN, EventState.CLOSED]),
            is_reached(reach_of(actor, Permission.DISTRIBUTIONS_SETTLE)),
        )
        .order_by(DistributionEvent.held_on, DistributionEvent.place, DistributionEvent.id)
        .limit(MOST)
    ).all()
