"""Open an event with its stock, and bring more while it goes on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from carecampaign.access.actor import Actor
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions import queries
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.distributions.queries import RUNNING
from carecampaign.distributions.services.closing import close_event
from carecampaign.distributions.services.errors import CampaignNotRunning, WrongState
from carecampaign.distributions.services.events import lock_event, record_change
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, StockDocument, StockLocation
from carecampaign.inventory.services import Arrival, Holder, Line


@dataclass(frozen=True)
class Arrived:
    """A transfer that is taken in on the way: what arrived, by the id of its line."""

    document: StockDocument
    counts: Mapping[int, Arrival] = field(default_factory=dict)


def open_event(
    event: DistributionEvent,
    *,
    source: StockLocation | None,
    lines: Sequence[Line] = (),
    arrived: Sequence[Arrived] = (),
    carried_over: DistributionEvent | None = None,
    dated_on: date | None = None,
    by: Actor,
) -> None:
    """Open a planned event with stock from a place; nothing of it happens if one part fails.

    First the transfers in ``arrived`` are taken in at the source, and an event that was left
    open (``carried_over``) is closed by its books, its stock coming here. What was reserved for
    the event is used up first, and what it does not need of that is free again. Raises
    WrongState, CampaignNotRunning, and what the papers raise: NotEnoughStock, EarmarkBreach,
    NotInTransit, ReasonNeeded.
    """
    lock_event(event)
    if event.state != EventState.PLANNED:
        raise WrongState
    if event.campaign.state not in RUNNING:
        raise CampaignNotRunning
    if carried_over is not None:
        lock_event(carried_over)
    _lock_everything(event, source, arrived, carried_over)
    for transfer in arrived:
        inventory.receive_transfer(transfer.document, transfer.counts, by=by)
    if carried_over is not None:
        close_event(carried_over, counts={}, target=event.location, dated_on=dated_on, by=by)
    event.state = EventState.OPEN
    event.opened_at = clock.now()
    if source is not None and lines:
        _bring(event, source, lines, dated_on=dated_on, by=by)
    inventory.release(_holder(event))
    db.session.flush()
    changes = {
        "source": source.name if source else None,
        "brought": _named(lines),
        "carried_over": carried_over.id if carried_over else None,
    }
    record_change("distributions.open", event, by=by, changes=changes)


def bring_more(
    event: DistributionEvent,
    source: StockLocation,
    lines: Sequence[Line],
    *,
    dated_on: date | None = None,
    by: Actor,
) -> StockDocument:
    """Bring more stock to an open event. Raises WrongState, NotEnoughStock or NothingToMove."""
    lock_event(event)
    if event.state != EventState.OPEN:
        raise WrongState
    document = _bring(event, source, lines, dated_on=dated_on, by=by)
    record_change("distributions.bring_more", event, by=by, changes={"brought": _named(lines)})
    return document


def _bring(
    event: DistributionEvent,
    source: StockLocation,
    lines: Sequence[Line],
    *,
    dated_on: date | None,
    by: Actor,
) -> StockDocument:
    return inventory.move_stock(
        DocumentKind.OPENING,
        source,
        event.location,
        lines,
        by=by,
        campaign=event.campaign,
        dated_on=dated_on,
        holder=_holder(event),
    )


def _holder(event: DistributionEvent) -> Holder:
    return Holder("event", event.id)


def _named(lines: Sequence[Line]) -> dict[str, int]:
    pieces = Counter[str]()
    for line in lines:
        pieces[line.item.name] += line.quantity
    return dict(pieces)


def _lock_everything(
    event: DistributionEvent,
    source: StockLocation | None,
    arrived: Sequence[Arrived],
    carried_over: DistributionEvent | None,
) -> None:
    places = [event.location]
    if source is not None:
        places += [source, *queries.transit_to(source)]
    if carried_over is not None:
        places.append(carried_over.location)
    queries.lock_stock(places, [transfer.document for transfer in arrived])
