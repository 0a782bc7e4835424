"""Count what is there, against what the books say at that very moment."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import Actor
from carecampaign.approvals import services as approvals
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l
from carecampaign.inventory.models import (
    DocumentKind,
    Lot,
    StockLevel,
    StockLocation,
    StockLot,
    StockTake,
    StockTakeCount,
    StockTakeLine,
    StockTakeState,
)
from carecampaign.inventory.services import steps
from carecampaign.inventory.services.balances import lock_levels
from carecampaign.inventory.services.batches import Belongs, pieces_by_batch

State = StockTakeState


class StockTakeUnderWay(DomainError):
    """The place is being counted already, or waits for a decision on its last count."""

    field = "location"

    def __init__(self) -> None:
        super().__init__(_l("A stock-take of this place is under way already: finish that one."))


class CountedMeanwhile(Conflict):
    """Somebody else counted this line in the same round."""

    def __init__(self, line: StockTakeLine) -> None:
        super().__init__(
            _l(
                "Somebody else counted %(item)s meanwhile. Look at that count; "
                "count once more if you found another number.",
                item=line.name,
            )
        )


class NotAllCounted(DomainError):
    """Lines are left that nobody counted."""

    def __init__(self, left: int) -> None:
        super().__init__(_l("%(left)s lines are not counted yet.", left=left))


class DifferenceUnexplained(DomainError):
    """A count differs from the books and nobody said why."""

    field = "reason"

    def __init__(self, line: StockTakeLine) -> None:
        super().__init__(_l("Say why the count of %(item)s differs.", item=line.name))


def open_stock_take(
    location: StockLocation, *, is_blind: bool, witness: str = "", by: Actor
) -> StockTake:
    """Begin to count a place, with a line for each batch it holds and each item it misses.

    ``witness`` watches the counting (监盘人). Raises StockTakeUnderWay.
    """
    if location.organization is None:
        message = "only a place of an organisation is counted"
        raise ValueError(message)
    _refuse_second(location)
    stock_take = StockTake(
        state=State.COUNTING,
        location=location,
        is_blind=is_blind,
        witness=witness,
        opened_by_id=by.id,
        lines=_lines_at(location),
    )
    try:
        steps.number(stock_take, DocumentKind.STOCK_TAKE, location.organization, clock.today())
    except IntegrityError as error:  # somebody else opens one at this very moment
        raise StockTakeUnderWay from error
    steps.record("inventory.open_stock_take", stock_take, by=by, stock_location=location.name)
    return stock_take


def add_item(
    stock_take: StockTake, item: Item, *, lot_code: str = "", expires_on: date | None = None
) -> StockTakeLine:
    """Give the line of a batch of an item, also of one that the books do not know here.

    A batch that has only a date is named by the day, as one that comes in is. Raises MovedOn.
    """
    stock_take = steps.lock(stock_take, State.COUNTING)
    if expires_on is not None and not lot_code:
        lot_code = f"{clock.today():%Y%m%d}"
    for line in stock_take.lines:
        if (line.item_id, line.lot_code, line.expires_on) == (item.id, lot_code, expires_on):
            return line
    line = StockTakeLine(
        stock_take_id=stock_take.id, item=item, lot_code=lot_code, expires_on=expires_on
    )
    db.session.add(line)
    db.session.flush()
    db.session.expire(stock_take, ["lines"])
    return line


def record_count(line: StockTakeLine, counted: int, *, round_number: int, by: Actor) -> None:
    """Keep what somebody counted, beside what the books hold at this moment.

    A count is never changed: who counts again does so in the next round, and the latest holds.
    Raises MovedOn, or CountedMeanwhile when somebody else counted in this round.
    """
    stock_take = steps.lock(db.session.get_one(StockTake, line.stock_take_id), State.COUNTING)
    db.session.refresh(line, ["counts"])
    if round_number != len(line.counts) + 1:
        raise CountedMeanwhile(line)
    key = (stock_take.location_id, line.item_id)
    lock_levels([key])
    meant = covered_by(line, stock_take)
    book = sum(pieces for batch, pieces in pieces_by_batch(key).items() if meant(batch))
    count = StockTakeCount(
        line_id=line.id, round=round_number, book=book, counted=counted, counted_by_id=by.id
    )
    db.session.add(count)
    db.session.flush()
    db.session.expire(line, ["counts"])
    # Not what the books held: the history of a blind count would tell whoever counts.
    steps.record(
        "inventory.record_count",
        stock_take,
        by=by,
        item=line.name,
        round=round_number,
        counted=counted,
    )


def finish_stock_take(stock_take: StockTake, reasons: Mapping[int, str], *, by: Actor) -> None:
    """End the counting: what differs waits for approval, and without that it is done.

    ``reasons`` are by the id of the line. Raises MovedOn, NotAllCounted, DifferenceUnexplained.
    """
    stock_take = steps.lock(stock_take, State.COUNTING)
    left = sum(line.last is None for line in stock_take.lines)
    if left:
        raise NotAllCounted(left)
    for line in stock_take.lines:
        line.reason = reasons.get(line.id, "").strip() if line.difference else ""
        if line.difference and not line.reason:
            raise DifferenceUnexplained(line)
    db.session.flush()
    differs = any(line.difference for line in stock_take.lines)
    if differs:
        approvals.ask(stock_take, by=by)
    steps.move(stock_take, State.COUNTING, State.WAITING if differs else State.POSTED)
    steps.record(
        "inventory.finish_stock_take",
        stock_take,
        by=by,
        lines=[[line.name, line.difference, line.reason] for line in stock_take.lines],
    )


def cancel_stock_take(stock_take: StockTake, *, by: Actor) -> None:
    """Give a stock-take up; nothing is posted. Raises MovedOn, AlreadyDecided."""
    stock_take = steps.lock(stock_take, State.COUNTING, State.WAITING)
    before = stock_take.state
    if before is State.WAITING:
        approvals.withdraw(stock_take, by=by)
    steps.move(stock_take, before, State.CANCELLED)
    steps.record("inventory.cancel_stock_take", stock_take, by=by, state=[before, State.CANCELLED])


def covered_by(line: StockTakeLine, stock_take: StockTake) -> Belongs:
    """Say which batches of its item a line is about: its own, else those without a line."""
    if line.batch is not None:
        return lambda batch: batch == line.batch
    others = {each.batch for each in stock_take.lines if each.item_id == line.item_id}
    return lambda batch: batch not in others


def _refuse_second(location: StockLocation) -> None:
    under_way = select(StockTake.id).where(
        StockTake.location_id == location.id,
        StockTake.state.in_([State.COUNTING, State.WAITING]),
    )
    if db.session.scalar(under_way) is not None:
        raise StockTakeUnderWay


def _lines_at(location: StockLocation) -> list[StockTakeLine]:
    here = and_(
        StockLot.location_id == StockLevel.location_id,
        StockLot.item_id == StockLevel.item_id,
        StockLot.on_hand > 0,
    )
    rows = db.session.execute(
        select(Item.id, Lot.code, Lot.expires_on)
        .join(StockLevel, StockLevel.item_id == Item.id)
        .outerjoin(StockLot, here)
        .outerjoin(Lot, Lot.id == StockLot.lot_id)
        .where(
            StockLevel.location_id == location.id,
            or_(StockLevel.on_hand > 0, StockLevel.unexplained != 0),
        )
        .group_by(Item.id, Lot.code, Lot.expires_on)
        .order_by(Item.kind.desc(), Item.name, Item.id, Lot.expires_on.nulls_last(), Lot.code)
    )
    return [
        StockTakeLine(item_id=row.id, lot_code=row.code or "", expires_on=row.expires_on)
        for row in rows
    ]
