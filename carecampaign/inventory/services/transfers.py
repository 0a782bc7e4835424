"""Stock that goes from place to place, at once or over a time in transit."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign
from carecampaign.campaigns.queries import use_of
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory.models import (
    VIRTUAL_KINDS,
    DocumentKind,
    DocumentLine,
    DocumentState,
    LocationKind,
    Movement,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.services import reservations
from carecampaign.inventory.services.balances import (
    Key,
    Level,
    change_levels,
    lock_levels,
    put_lots,
    take_portion,
)
from carecampaign.inventory.services.documents import (
    PostedLine,
    lock_document,
    moved,
    new_document,
    post,
    record,
    settle_on_lines,
)
from carecampaign.inventory.services.errors import (
    MoreThanSent,
    NotInTransit,
    ReasonNeeded,
    SamePlace,
)
from carecampaign.inventory.services.lines import Arrival, Line, require_quantities
from carecampaign.inventory.services.locations import ensure_transit_to, virtual_location
from carecampaign.inventory.services.moves import Flow, Move, Portion, add_to_line, flow_of
from carecampaign.inventory.services.picking import ANY_DAY, FOR_NO_USE, take_lots
from carecampaign.inventory.services.reservations import Holder
from carecampaign.inventory.services.sealing import ARRIVAL, seal

RETURNS = frozenset({DocumentKind.RETURN, DocumentKind.CLOSING})
"""What comes back comes back, past its date or not, whatever it had gone out for."""

_TAKE_WHAT_IS_PAST_ITS_DATE = frozenset({LocationKind.WAREHOUSE, LocationKind.LOSS})
_USE_NOTHING_UP = frozenset({LocationKind.LOSS, LocationKind.ASSEMBLY, LocationKind.SETTLEMENT})


class Terms(NamedTuple):
    """Which pieces may go.

    Still good on ``good_on``, allowed for ``use`` (None: they stay in stock), and reserved for
    nobody but ``holder``, whose reservation they use up.
    """

    good_on: date = ANY_DAY
    use: str | None = None
    holder: Holder | None = None


def terms_for(
    target: StockLocation, *, campaign: Campaign | None = None, holder: Holder | None = None
) -> Terms:
    """Give the terms on which stock goes to a place.

    What is past its date goes to warehouses and to be written off only. What leaves for a
    campaign must be allowed for it; what leaves stock for none must be free of restrictions.
    """
    good_on = ANY_DAY if target.kind in _TAKE_WHAT_IS_PAST_ITS_DATE else clock.today()
    use = None if campaign is None else use_of(campaign)
    if use is None and target.kind in VIRTUAL_KINDS - _USE_NOTHING_UP:
        use = FOR_NO_USE
    return Terms(good_on, use, holder)


def move_stock(  # noqa: PLR0913 - what a stock document says
    kind: DocumentKind,
    source: StockLocation,
    target: StockLocation,
    lines: Sequence[Line],
    *,
    by: Actor,
    campaign: Campaign | None = None,
    note: str = "",
    dated_on: date | None = None,
    holder: Holder | None = None,
) -> StockDocument:
    """Move stock at once: people open or close an event with it, or bring it back themselves.

    What ``holder`` reserved there is used up first. Raises NotEnoughStock when too few are
    free and good, EarmarkBreach when too few of those are meant for the campaign, SamePlace,
    NothingToMove.
    """
    terms = Terms(holder=holder)
    if kind not in RETURNS:
        terms = terms_for(target, campaign=campaign, holder=holder)
    posted, levels = carry(source, target, lines, terms)
    document = new_document(kind, source, target, campaign=campaign, dated_on=dated_on, note=note)
    return post(document, posted, levels, action=f"inventory.{kind.value}", by=by)


def dispatch(
    source: StockLocation,
    target: StockLocation,
    lines: Sequence[Line],
    *,
    by: Actor,
    campaign: Campaign | None = None,
    note: str = "",
    dated_on: date | None = None,
    holder: Holder | None = None,
) -> StockDocument:
    """Send stock on its way; it is in transit until the target says what arrived.

    What ``holder`` reserved there is used up first. Raises NotEnoughStock when too few are
    free and good, EarmarkBreach when too few of those are meant for the campaign, SamePlace,
    NothingToMove.
    """
    if source.id == target.id:
        raise SamePlace
    terms = terms_for(target, campaign=campaign, holder=holder)
    posted, levels = carry(source, ensure_transit_to(target), lines, terms)
    document = new_document(
        DocumentKind.TRANSFER, source, target, campaign=campaign, dated_on=dated_on, note=note
    )
    document.state = DocumentState.IN_TRANSIT
    return post(document, posted, levels, action="inventory.dispatch", by=by)


def carry(
    source: StockLocation,
    target: StockLocation,
    lines: Sequence[Line],
    terms: Terms = Terms(),  # noqa: B008 - a constant
) -> tuple[list[PostedLine], dict[Key, Level]]:
    """Change the balances for stock that moves, first-expired-first, and say what moved."""
    require_quantities(lines)
    if source.id == target.id:
        raise SamePlace
    if terms.holder is not None:
        _use_up_reservations(source, target, lines, terms.holder)
    levels = change_levels(
        Flow(line.item.id, source.id, target.id, line.quantity) for line in lines
    )
    posted = [
        moved(line.item, source.id, target.id, take_on_terms(source, line, levels, terms))
        for line in lines
    ]
    put_lots(move for line in posted for move in line.moves)
    return posted, levels


def _use_up_reservations(
    source: StockLocation, target: StockLocation, lines: Sequence[Line], holder: Holder
) -> None:
    # All levels first, in the order of their keys: what follows then waits for nobody.
    lock_levels((place.id, line.item.id) for place in (source, target) for line in lines)
    for line in lines:
        reservations.consume((source.id, line.item.id), holder, line.quantity)


def take_on_terms(
    source: StockLocation, line: Line, levels: Mapping[Key, Level], terms: Terms
) -> list[Portion]:
    """Take a line off the lots that may go, once the levels are as ``levels`` says."""
    key = (source.id, line.item.id)
    kept = levels[key].reserved if key in levels else 0
    if terms.holder is not None:
        kept -= reservations.held_at(key, terms.holder)
    return take_lots(key, line.quantity, good_on=terms.good_on, use=terms.use, kept=kept)


def receive_transfer(
    document: StockDocument, counts: Mapping[int, Arrival], *, by: Actor
) -> StockDocument:
    """Take what arrived of a transfer into the target's stock; the rest is lost.

    ``counts`` are by the id of the line; a line without one arrived in full. Raises
    NotInTransit, MoreThanSent, or ReasonNeeded where fewer arrived and nobody said why.
    """
    document = lock_document(document)
    if document.state != DocumentState.IN_TRANSIT:
        raise NotInTransit
    moves: dict[int, list[Move]] = {}
    for line in document.lines:
        arrival = counts.get(line.id, Arrival(line.quantity))
        _note(line, arrival)
        moves[line.id] = _unload(line, arrival.received, document)
    levels = _change_balances([move for of_line in moves.values() for move in of_line])
    document.state = DocumentState.RECEIVED
    document.received_by_id = by.id
    document.received_at = now = clock.now()
    db.session.flush()
    for line_id, of_line in moves.items():
        add_to_line(line_id, of_line, recorded_at=now)
    settle_on_lines(document, levels, recorded_at=now)
    seal(ARRIVAL, document)
    record("inventory.receive_transfer", document, by=by)
    return document


def _note(line: DocumentLine, arrival: Arrival) -> None:
    if not 0 <= arrival.received <= line.quantity:
        raise MoreThanSent(line.item, line.quantity)
    line.received = arrival.received
    if arrival.received < line.quantity:
        line.difference_reason = arrival.reason.strip()
        if not line.difference_reason:
            raise ReasonNeeded(line.item)


def _change_balances(moves: Sequence[Move]) -> dict[Key, Level]:
    levels = change_levels(map(flow_of, moves))
    for move in moves:
        take_portion((move.source_id, move.item_id), move.portion)
    put_lots(moves)
    return levels


def _unload(line: DocumentLine, received: int, document: StockDocument) -> list[Move]:
    """Give the moves out of transit: the first ``received`` pieces arrive, the rest is lost."""
    loss = virtual_location(LocationKind.LOSS)
    moves = []
    for sent in _sent_on(line):
        arrived = min(sent.quantity, received)
        received -= arrived
        for target_id, pieces in (
            (document.target_id, arrived),
            (loss.id, sent.quantity - arrived),
        ):
            if pieces:
                value = sent.value // sent.quantity * pieces
                portion = Portion(sent.lot_id, pieces, value, sent.fund_source_id)
                moves.append(Move(sent.item_id, sent.target_id, target_id, portion))
    return moves


def _sent_on(line: DocumentLine) -> Sequence[Movement]:
    return db.session.scalars(
        select(Movement).where(Movement.document_line_id == line.id).order_by(Movement.id)
    ).all()
