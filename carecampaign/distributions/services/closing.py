"""Close an event: count what is left, say what became of a gap, send the rest back."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import Actor
from carecampaign.catalogue.models import Item, ItemKind
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.i18n import Labelled, _, _l
from carecampaign.distributions import queries
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.distributions.services.errors import (
    BooksMoved,
    CountOutOfBounds,
    GapUnexplained,
    GroupNeeded,
    TargetNeeded,
    WrongState,
)
from carecampaign.distributions.services.events import lock_event, record_change
from carecampaign.distributions.services.handouts import log_handout
from carecampaign.distributions.taps import Tap
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, StockLevel, StockLocation
from carecampaign.inventory.services import Line


class Gap(Labelled):
    """What became of pieces that the books have and nobody can find."""

    NOT_LOGGED = "not_logged", _l("Handed out, not logged")
    LOST = "lost", _l("Lost or damaged")
    LATER = "later", _l("Settle later")


@dataclass(frozen=True)
class Count:
    """What was counted of an item, and what became of the rest (a ``Gap``, "" where none).

    ``group_id`` is for whom a handout that was not logged counts. ``books`` is what the books
    said when the count was made; None does not ask.
    """

    counted: int
    gap: str = ""
    group_id: int | None = None
    books: int | None = None


def close_event(
    event: DistributionEvent,
    *,
    counts: Mapping[int, Count],
    target: StockLocation | None,
    dated_on: date | None = None,
    by: Actor,
) -> None:
    """Close an open event by what was counted (by the id of the item; else by the books).

    Of what is missing, what was handed out is logged and counted, what is lost is written
    off, what is settled later stays unexplained here. More than the books say is booked in.
    The rest goes to ``target``. Raises WrongState, TargetNeeded, GapUnexplained, GroupNeeded,
    BooksMoved or CountOutOfBounds.
    """
    lock_event(event)
    if event.state != EventState.OPEN:
        raise WrongState
    places = [event.location] if target is None else [event.location, target]
    levels = {
        item_id: level
        for (location_id, item_id), level in queries.lock_stock(places).items()
        if location_id == event.location_id and (level.on_hand or item_id in counts)
    }
    found = Counter[str]()
    for item_id, level in sorted(levels.items()):
        count = counts.get(item_id) or Count(level.on_hand)
        _reconcile(event, level, count, by=by)
        found[level.item.name] += count.counted
    event.state = EventState.CLOSED
    event.closed_at = clock.now()
    _send_back(event, target, dated_on=dated_on, by=by)
    db.session.flush()
    record_change("distributions.close", event, by=by, changes={"counted": dict(found)})


def send_back(
    event: DistributionEvent,
    target: StockLocation | None,
    *,
    dated_on: date | None = None,
    by: Actor,
) -> None:
    """Send back what came to a closed event's place later, as by a void. Raises WrongState."""
    lock_event(event)
    if event.state != EventState.CLOSED:
        raise WrongState
    _send_back(event, target, dated_on=dated_on, by=by)
    record_change(
        "distributions.send_back", event, by=by, changes={"target": target and target.name}
    )


def explain(event: DistributionEvent, item: Item, *, reason: str, by: Actor) -> None:
    """Settle what is unexplained of an item here: written off as lost, or booked in as found."""
    inventory.settle_unexplained(
        event.location, item, reason=reason, by=by, campaign=event.campaign
    )


def _reconcile(event: DistributionEvent, level: StockLevel, count: Count, *, by: Actor) -> None:
    item, on_hand = level.item, level.on_hand
    if count.counted < 0:
        raise CountOutOfBounds(item)
    if count.books is not None and count.books != on_hand:
        raise BooksMoved(item, on_hand)
    missing = on_hand - count.counted
    if missing < 0:
        inventory.post_difference(
            event.location,
            item,
            -missing,
            reason=_("Counted more than the books say when the event was closed"),
            by=by,
            campaign=event.campaign,
        )
    elif missing:
        _explain_gap(event, item, missing, count, by=by)


def _explain_gap(
    event: DistributionEvent, item: Item, missing: int, count: Count, *, by: Actor
) -> None:
    reason = _("Counted less than the books say when the event was closed")
    if count.gap == Gap.NOT_LOGGED:
        _log_what_was_not(event, item, missing, count.group_id, by=by)
    elif count.gap == Gap.LOST:
        inventory.post_difference(
            event.location, item, -missing, reason=reason, by=by, campaign=event.campaign
        )
    elif count.gap == Gap.LATER:
        inventory.set_aside_unexplained(
            event.location, item, missing, reason=reason, by=by, campaign=event.campaign
        )
    else:
        raise GapUnexplained(item, missing)


def _log_what_was_not(
    event: DistributionEvent, item: Item, missing: int, group_id: int | None, *, by: Actor
) -> None:
    if group_id not in {group.id for group in event.campaign.groups}:
        raise GroupNeeded(f"group_{item.id}")
    tap = Tap(
        id=uuid_utils.uuid7(),
        item_id=item.id,
        group_id=group_id,
        quantity=missing,
        head_count=missing if _stands_for_people(event, item) else 0,
        note=_("Counted when the event was closed"),
        already_given=True,
    )
    log_handout(event, tap, by=by)


def _stands_for_people(event: DistributionEvent, item: Item) -> bool:
    """Say whether a piece stands for a person served: beside a package, single items do not."""
    if item.kind == ItemKind.PACKAGE:
        return True
    return all(thing.kind != ItemKind.PACKAGE for thing in queries.things_of(event))


def _send_back(
    event: DistributionEvent, target: StockLocation | None, *, dated_on: date | None, by: Actor
) -> None:
    left = [
        Line(level.item, level.on_hand)
        for level in queries.lock_stock([event.location]).values()
        if level.on_hand
    ]
    if not left:
        return
    if target is None:
        raise TargetNeeded
    inventory.move_stock(
        DocumentKind.CLOSING,
        event.location,
        target,
        left,
        by=by,
        campaign=event.campaign,
        dated_on=dated_on,
    )
