"""Read what phones need: few queries, and no number of anybody."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.models import ItemKind
from carecampaign.core import clock
from carecampaign.core.babel import in_language
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.distributions.queries import (
    is_reached,
    reach_of,
    standing_of,
    things_of,
)
from carecampaign.distributions.queries.phones import valid_until

AROUND = timedelta(days=1)
"""Events so near today are offered: one before midnight, and one of the night before."""


def events_for(actor: Actor) -> Sequence[DistributionEvent]:
    """List the events around today that somebody may log at, those of today first."""
    today = clock.today()
    found = db.session.scalars(
        select(DistributionEvent)
        .where(
            is_reached(reach_of(actor, Permission.DISTRIBUTIONS_LOG)),
            DistributionEvent.held_on.between(today - AROUND, today + AROUND),
            DistributionEvent.state.in_([EventState.PLANNED, EventState.OPEN]),
        )
        .options(
            joinedload(DistributionEvent.campaign),
            joinedload(DistributionEvent.unit),
        )
        .order_by(DistributionEvent.held_on, DistributionEvent.starts_at, DistributionEvent.id)
        .limit(50)
    ).all()
    return sorted(found, key=lambda event: event.held_on != today)


def working_set(event: DistributionEvent) -> dict[str, Any]:
    """Give groups, things with what is on hand, and the count so far."""
    standing = standing_of(event.id, event.location_id)
    return {
        "groups": [
            {"id": group.id, "name": in_language(group)} for group in event.campaign.groups
        ],
        "things": [
            {
                "item_id": item.id,
                "name": item.name,
                "unit": item.unit,
                "on_hand": standing.stock.get(item.id, 0),
                "is_package": item.kind == ItemKind.PACKAGE,
            }
            for item in things_of(event)
        ],
        "count": {"person_times": standing.person_times, "by_group": standing.groups},
        "asks": {"named": False, "signature": False, "notice": None, "occupations": []},
        "people": [],
        "cards": [],
        "wipe_at": valid_until(event).isoformat(),
    }
