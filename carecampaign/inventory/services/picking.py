"""Which lots pieces are taken off: the ones that expire first, of those that may go.

The level above them is locked and lowered by then.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, exists, select

from carecampaign.core.db import db
from carecampaign.core.hot import run
from carecampaign.funds.models import Earmark, EarmarkUse
from carecampaign.inventory.models import LotShare
from carecampaign.inventory.services import statements
from carecampaign.inventory.services.balances import Key, item_of, take_portion
from carecampaign.inventory.services.errors import EarmarkBreach, NotEnoughStock
from carecampaign.inventory.services.moves import Portion, execute

ANY_DAY = date.min
"""For what may go although it is past its date: back, away, or written off."""

FOR_NO_USE = ""
"""The use of what leaves for good and for no campaign: no restricted earmark allows it."""

LotRow = Row[*tuple[Any, ...]]


def take_lots(
    key: Key, quantity: int, *, good_on: date = ANY_DAY, use: str | None = None, kept: int = 0
) -> list[Portion]:
    """Take pieces that are still good on a day off the lots that expire first.

    ``use`` is what they leave for (None: they stay in stock), ``kept`` how many good ones have
    to stay for others. Raises NotEnoughStock or EarmarkBreach, before anything is taken.
    """
    if use is None and not kept:
        for portion in _take_first_lot(key, quantity, good_on):
            return [portion]
    good = [row for row in _lots_at(key, use) if _is_good(row, good_on)]
    left = _pieces(good) - kept
    if left < quantity:
        raise NotEnoughStock(item_of(key), max(0, left), reserved=kept)
    allowed = [row for row in good if use is None or row.is_allowed]
    if _pieces(allowed) < quantity:
        raise EarmarkBreach(item_of(key), _pieces(allowed), _restrictions_of(good, use))
    return take_in_order(key, allowed, quantity)


def take_lots_that_went(key: Key, quantity: int, *, good_on: date) -> list[Portion]:
    """Take pieces that are gone already: good ones as long as there are any."""
    for portion in _take_first_lot(key, quantity, good_on):
        return [portion]
    rows = sorted(_lots_at(key, None), key=lambda row: not _is_good(row, good_on))
    return take_in_order(key, rows, quantity)


def good_at(key: Key, day: date) -> int:
    """Count the pieces a place has that are still good on a day."""
    return _pieces(row for row in _lots_at(key, None) if _is_good(row, day))


def _take_first_lot(key: Key, quantity: int, good_on: date) -> list[Portion]:
    values = {"location": key[0], "item": key[1], "quantity": quantity, "good_on": good_on}
    return [
        Portion(row.lot_id, quantity, quantity * row.unit_value, row.fund_source_id)
        for row in run(statements.TAKE_FROM_FIRST_LOT, values)
    ]


def _lots_at(key: Key, use: str | None) -> Sequence[LotRow]:
    return execute(
        statements.LOTS_FIRST_EXPIRED_FIRST, location=key[0], item=key[1], use=use or FOR_NO_USE
    ).all()


def _is_good(row: LotRow, day: date) -> bool:
    return row.expires_on is None or row.expires_on >= day


def _pieces(rows: Iterable[LotRow]) -> int:
    return sum(row.on_hand for row in rows)


def _restrictions_of(rows: Iterable[LotRow], use: str | None) -> Sequence[str]:
    """Give the names of the earmarks that keep lots from a use."""
    allows = exists().where(EarmarkUse.earmark_id == Earmark.id, EarmarkUse.use == use)
    return db.session.scalars(
        select(Earmark.name)
        .join(LotShare, LotShare.earmark_id == Earmark.id)
        .where(LotShare.lot_id.in_([row.lot_id for row in rows]), Earmark.is_restricted, ~allows)
        .distinct()
        .order_by(Earmark.name)
    ).all()


def take_in_order(key: Key, rows: Iterable[LotRow], quantity: int) -> list[Portion]:
    """Take pieces off lots, one after the other, until they are enough."""
    portions = []
    for row in rows:
        taken = min(row.on_hand, quantity)
        portions.append(Portion(row.lot_id, taken, taken * row.unit_value, row.fund_source_id))
        quantity -= taken
        if quantity == 0:
            break
    for portion in portions:
        take_portion(key, portion)
    return portions
