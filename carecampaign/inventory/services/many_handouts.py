"""Many handouts of one thing at one place, as phones send them together."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from carecampaign.core import clock
from carecampaign.inventory.services.balances import take_level
from carecampaign.inventory.services.handouts import HandedOut
from carecampaign.inventory.services.locations import RECIPIENTS
from carecampaign.inventory.services.moves import Move, add_to_handouts, slice_of
from carecampaign.inventory.services.picking import take_lots_that_went
from carecampaign.inventory.services.things import Place, Thing


def hand_out_many(
    location: Place, item: Thing, wanted: Sequence[tuple[UUID, int]], *, recorded_at: datetime
) -> dict[UUID, HandedOut] | None:
    """Move the pieces of many handouts (id, pieces) to the recipients, in their order.

    They are handed over already: what is past its date goes too, after what is not. Gives None,
    nothing being changed, where the place has fewer available than all of them together.
    """
    key = (location.id, item.id)
    total = sum(quantity for _handout_id, quantity in wanted)
    if not take_level(key, total):
        return None
    portions = take_lots_that_went(key, total, good_on=clock.local_date(recorded_at))
    handed: dict[UUID, HandedOut] = {}
    at = 0
    for handout_id, quantity in wanted:
        own = tuple(slice_of(portions, at, at + quantity))
        handed[handout_id] = HandedOut(sum(portion.value for portion in own), 0, own)
        at += quantity
    moves = [
        (handout_id, Move(item.id, location.id, RECIPIENTS, portion))
        for handout_id, out in handed.items()
        for portion in out.portions
    ]
    add_to_handouts(moves, recorded_at=recorded_at)
    return handed
