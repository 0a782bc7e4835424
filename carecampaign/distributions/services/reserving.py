"""Keep stock for a planned event at the place it will be taken from."""

from collections.abc import Sequence

from carecampaign.access.actor import Actor
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.distributions.services.errors import WrongState
from carecampaign.distributions.services.events import lock_event, record_change
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import StockLocation
from carecampaign.inventory.services import Holder, Line


def reserve_stock(
    event: DistributionEvent, source: StockLocation, lines: Sequence[Line], *, by: Actor
) -> None:
    """Keep pieces for a planned event, in place of all that was kept for it before.

    Nothing in ``lines`` lets everything go. Opening the event uses them up, cancelling it frees
    them. Raises WrongState, or NotEnoughStock when fewer are free at the place.
    """
    lock_event(event)
    if event.state != EventState.PLANNED:
        raise WrongState
    holder = Holder("event", event.id)
    inventory.release(holder)
    for line in sorted(lines, key=lambda line: line.item.id):
        inventory.reserve(source, line.item, line.quantity, holder=holder)
    kept = {line.item.name: line.quantity for line in lines}
    changes = {"source": source.name, "reserved": kept}
    record_change("distributions.reserve", event, by=by, changes=changes)
