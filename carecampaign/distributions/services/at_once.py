"""The ordinary tap: worked out to the end before anything is locked, then written at once.

What is not ordinary, and what turns out otherwise while it is written, goes through ``log_at``.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Executable

from carecampaign.access.actor import Actor
from carecampaign.core.hot import Question
from carecampaign.distributions import queries
from carecampaign.distributions.models import Outcome
from carecampaign.distributions.queries import Outlook
from carecampaign.distributions.services import counters
from carecampaign.distributions.services import statements as sql
from carecampaign.distributions.services.counters import Facts
from carecampaign.distributions.services.handouts import content_of, facts_of_tap
from carecampaign.distributions.services.received import Logged, message_row
from carecampaign.distributions.services.sealing import seal_of_handout
from carecampaign.distributions.taps import Tap
from carecampaign.inventory import services as inventory
from carecampaign.inventory.services import Portion


class AtOnce(NamedTuple):
    """A tap worked out to the end, for ``core.hot.write_alone``: what to write, what to ask."""

    facts: Facts
    steps: Sequence[Executable]
    values: dict[str, Any]
    question: Question

    def logged(self, answer: Iterable[Any]) -> Logged:
        """Give what became of the tap when it was written, by the answer to the question."""
        facts, standing = self.facts, queries.read_standing(answer)
        standing.count(facts.group_id, person_times=facts.head_count, quantity=facts.quantity)
        standing.take(facts.item_id, facts.quantity)
        return Logged(facts.id, Outcome.CREATED, facts.recorded_at, standing=standing)


def plan_at_once(outlook: Outlook, tap: Tap, *, by: Actor, at: datetime) -> AtOnce | None:
    """Work out an ordinary tap that nothing speaks against; None for every other.

    While it is written the event has to be open still, the message new, and level and lot large
    enough: else nothing is written. They are locked in the order of law 4 (DESIGN.md).
    """
    occasion, portion = outlook.occasion, _portion(outlook, tap)
    if portion is None or not tap.is_ordinary or outlook.was_heard:
        return None
    if not occasion.is_open or occasion.group_id is None:
        return None
    facts = facts_of_tap(occasion, None, tap, by=by, at=at)._replace(value=portion.value)
    moving, moved = inventory.handing_out(
        occasion.location, occasion.thing, portion, handout_id=tap.id, recorded_at=at
    )
    adding, added = counters.adding(
        facts,
        held_on=occasion.held_on,
        kind=occasion.thing.kind,
        seal=seal_of_handout(facts, [portion]),
    )
    values = moved | added | message_row(tap.id, content_of(occasion, tap), by=by, at=at)
    values |= {"at_event": occasion.event_id, "at_location": occasion.location_id}
    steps = (sql.STILL_OPEN, sql.here(sql.REMEMBER), *moving, *adding)
    return AtOnce(facts, steps, values, queries.STANDING)


def _portion(outlook: Outlook, tap: Tap) -> Portion | None:
    lot = outlook.lot
    if lot is None or lot.on_hand < tap.quantity:
        return None
    return Portion(lot.id, tap.quantity, tap.quantity * lot.unit_value, lot.fund_source_id)
