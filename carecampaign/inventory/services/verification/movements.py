"""Movements against the lots they move and against one another."""

from collections.abc import Iterator

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import aliased

from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.core.i18n import _
from carecampaign.inventory.models import Lot, Movement
from carecampaign.inventory.services.locations import SETTLEMENT
from carecampaign.inventory.services.verification.comparing import MOST


def values_are_those_of_the_lots() -> Iterator[str]:
    """Pieces of a known lot move at that lot's value and fund source."""
    wrong = db.session.scalars(
        select(Movement.id)
        .join(Lot, Lot.id == Movement.lot_id)
        .where(
            or_(
                Movement.value != Movement.quantity * Lot.unit_value,
                Movement.fund_source_id.is_distinct_from(Lot.fund_source_id),
                Movement.item_id != Lot.item_id,
            )
        )
        .order_by(Movement.id)
        .limit(MOST)
    )
    for movement_id in wrong:
        yield _(
            "Movement %(number)s does not have the item, value and fund source of its batch.",
            number=movement_id,
        )


def reversals_mirror() -> Iterator[str]:
    """A reversal moves the same pieces back."""
    original = aliased(Movement)
    wrong = db.session.scalars(
        select(Movement.id)
        .join(original, original.id == Movement.reverses_id)
        .where(
            or_(
                Movement.item_id != original.item_id,
                Movement.lot_id.is_distinct_from(original.lot_id),
                Movement.source_id != original.target_id,
                Movement.target_id != original.source_id,
                Movement.quantity != original.quantity,
                Movement.value != original.value,
                Movement.fund_source_id.is_distinct_from(original.fund_source_id),
            )
        )
        .order_by(Movement.id)
        .limit(MOST)
    )
    for movement_id in wrong:
        yield _("Movement %(number)s does not mirror the one it reverses.", number=movement_id)


def settlement_nets_to_nothing() -> Iterator[str]:
    """Settling exchanges known pieces for as many unknown ones."""
    came = case((Movement.target_id == SETTLEMENT, Movement.quantity), else_=-Movement.quantity)
    pieces = func.sum(came)
    rows = db.session.execute(
        select(Item.name, pieces)
        .join(Movement, Movement.item_id == Item.id)
        .where(or_(Movement.source_id == SETTLEMENT, Movement.target_id == SETTLEMENT))
        .group_by(Item.id, Item.name)
        .having(pieces != 0)
        .order_by(Item.id)
        .limit(MOST)
    )
    for name, rest in rows:
        yield _(
            "%(item)s: settlements exchanged unequal numbers, %(rest)s pieces are left over.",
            item=name,
            rest=rest,
        )
