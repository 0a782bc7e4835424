"""What labels are stuck on: batches, and the places they are kept at."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import Actor
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.inventory.models import Lot, StockLocation, StockLot
from carecampaign.inventory.queries.locations import ids_seen_by, is_visible


class NoSuchLabel(NotFound):
    """The code is none, or is of something the reader does not see."""

    def __init__(self) -> None:
        super().__init__(_l("There is nothing with this label, or it is not yours to see."))


def get_lot_for(actor: Actor, lot_id: int) -> Lot:
    """Give a lot that is or was at a place the actor sees. Raises NoSuchLabel."""
    lot: Lot | None = db.session.scalar(_lots_seen_by(actor).where(Lot.id == lot_id))
    if lot is None:
        raise NoSuchLabel
    return lot


def whereabouts(actor: Actor, lot: Lot) -> list[tuple[StockLocation, int]]:
    """List where pieces of a lot are, and how many, as far as the actor sees."""
    rows = db.session.execute(
        select(StockLocation, StockLot.on_hand)
        .join(StockLot, StockLot.location_id == StockLocation.id)
        .where(StockLot.lot_id == lot.id, StockLot.on_hand > 0, is_visible(actor))
        .order_by(StockLocation.name, StockLocation.id)
    )
    return [(location, on_hand) for location, on_hand in rows]


def _lots_seen_by(actor: Actor) -> Select[Any]:
    seen = select(StockLot.lot_id).where(StockLot.location_id.in_(ids_seen_by(actor)))
    return (
        select(Lot)
        .where(Lot.id.in_(seen))
        .options(joinedload(Lot.item), joinedload(Lot.fund_source))
    )
