"""Read what is needed to judge whether two entries are of one person."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.queries import get_person_for
from carecampaign.campaigns.models import Campaign
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, Served


class Services(NamedTuple):
    """How often somebody was served, in person-times, and the day of the last event."""

    times: int = 0
    last_on: date | None = None


def services_of(person_ids: Sequence[int]) -> Mapping[int, Services]:
    """Give what persons were given; who got nothing is not in it."""
    # Through the campaigns, which are few: an index begins with them.
    rows = db.session.execute(
        select(Served.person_id, func.sum(Served.times), func.max(DistributionEvent.held_on))
        .join(DistributionEvent, DistributionEvent.id == Served.event_id)
        .where(
            Served.campaign_id.in_(select(Campaign.id)),
            Served.person_id.in_(person_ids),
            Served.times > 0,
        )
        .group_by(Served.person_id)
    )
    return {person_id: Services(int(times), last_on) for person_id, times, last_on in rows}


def lock_both_for(actor: Actor, one_id: int, other_id: int) -> dict[int, Person]:
    """Give two persons the actor looks after, held until the transaction ends.

    Raises NotFound, and MergedAway when one of them was merged meanwhile. Whoever holds
    several persons takes the one of the smaller id first.
    """
    return {
        person_id: get_person_for(actor, person_id, Permission.BENEFICIARIES_MANAGE, lock=True)
        for person_id in sorted((one_id, other_id))
    }
