"""Many handouts at one event in few statements: what a phone logged without a network.

Ordinary ones only are taken together: to groups, at an event that is open, as far as the books
have the stock. Everything else goes the way of a single one, with the same rules.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from carecampaign.access.actor import Actor
from carecampaign.core import clock
from carecampaign.distributions.models import Outcome
from carecampaign.distributions.queries import Occasion
from carecampaign.distributions.services import counters
from carecampaign.distributions.services.handouts import (
    content_of,
    facts_of_tap,
    log_heard,
    may_be_taken_together,
)
from carecampaign.distributions.services.received import Logged, remember_many
from carecampaign.distributions.services.sealing import seal_of_handout
from carecampaign.distributions.taps import Tap
from carecampaign.inventory import services as inventory


def log_many(taps: Sequence[tuple[Occasion, Tap]], *, by: Actor) -> dict[UUID, Logged | None]:
    """Log what was handed over at one event, in the order given; see ``log_handout``.

    Each tap comes with the event as it was read for it, and has a group or a person of it and
    a thing it hands out. None is given for an id that was used for something else before.
    Raises IntegrityError when one of them is heard elsewhere at the same moment.
    """
    now = clock.now()
    contents = {tap.id: content_of(occasion, tap) for occasion, tap in taps}
    logged: dict[UUID, Logged | None] = {**remember_many(contents, by=by, at=now)}
    together: dict[int, list[tuple[Occasion, Tap]]] = defaultdict(list)
    alone: list[tuple[Occasion, Tap]] = []
    for occasion, tap in taps:
        if tap.id in logged:
            continue
        if may_be_taken_together(occasion, tap):
            together[tap.item_id].append((occasion, tap))
        else:
            alone.append((occasion, tap))
    for _item_id, ones in sorted(together.items()):
        done = _log_together(ones, by=by)
        logged |= done
        alone += [one for one in ones if one[1].id not in done]
    for occasion, tap in sorted(alone, key=lambda one: one[1].id):
        logged[tap.id] = log_heard(occasion, tap, by=by, at=now)
    return logged


def _log_together(ones: Sequence[tuple[Occasion, Tap]], *, by: Actor) -> Mapping[UUID, Logged]:
    """Log handouts of one thing in few statements; none where the books have too few of it."""
    now = clock.now()
    occasion = ones[0][0]
    wanted = [(tap.id, tap.quantity) for _occasion, tap in ones]
    handed = inventory.hand_out_many(occasion.location, occasion.thing, wanted, recorded_at=now)
    if handed is None:
        return {}
    rows = []
    for own, tap in ones:
        out = handed[tap.id]
        facts = facts_of_tap(own, None, tap, by=by, at=now)._replace(value=out.value)
        rows.append((facts, seal_of_handout(facts, out.portions)))
    counters.add_many(rows, held_on=occasion.held_on, kind=occasion.thing.kind)
    return {facts.id: Logged(facts.id, Outcome.CREATED, now) for facts, _seal in rows}
