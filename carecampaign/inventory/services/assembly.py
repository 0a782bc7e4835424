"""Care packages put together, value in = value out."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign
from carecampaign.catalogue.models import Item, PackageVersion
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory.models import (
    DocumentKind,
    LocationKind,
    Lot,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.services.balances import change_levels, put_lots, take_lots
from carecampaign.inventory.services.documents import PostedLine, moved, new_document, post
from carecampaign.inventory.services.lines import Line, require_quantities
from carecampaign.inventory.services.locations import ASSEMBLY, virtual_location
from carecampaign.inventory.services.moves import Flow, Portion


def contents_of(version: PackageVersion, quantity: int) -> list[Line]:
    """Give what so many packages hold. Raises NothingToMove for none, or for an empty package."""
    contents = [Line(line.item, line.quantity * quantity) for line in version.lines]
    require_quantities(contents)
    return contents


def assemble(
    location: StockLocation,
    version: PackageVersion,
    *,
    quantity: int,
    by: Actor,
    campaign: Campaign | None = None,
    dated_on: date | None = None,
) -> StockDocument:
    """Put packages together from what a place holds.

    The packages are worth exactly what went in; they expire with the first of their contents
    and keep its fund source where all contents share one. Raises NotEnoughStock when some
    content is short.
    """
    virtual_location(LocationKind.ASSEMBLY)
    contents = contents_of(version, quantity)
    levels = change_levels(
        [
            *(Flow(line.item.id, location.id, ASSEMBLY, line.quantity) for line in contents),
            Flow(version.item.id, ASSEMBLY, location.id, quantity),
        ]
    )
    used = [
        moved(
            line.item, location.id, ASSEMBLY, take_lots((location.id, line.item.id), line.quantity)
        )
        for line in contents
    ]
    made = moved(
        version.item,
        ASSEMBLY,
        location.id,
        _make_packages(version.item, quantity, used, dated_on or clock.today()),
    )
    put_lots(made.moves)
    document = new_document(
        DocumentKind.ASSEMBLY, location, location, campaign=campaign, dated_on=dated_on
    )
    return post(document, [*used, made], levels, action="inventory.assemble", by=by)


def _make_packages(
    item: Item, quantity: int, used: Sequence[PostedLine], made_on: date
) -> list[Portion]:
    portions = [move.portion for line in used for move in line.moves]
    lots = db.session.scalars(
        select(Lot).where(Lot.id.in_({portion.lot_id for portion in portions}))
    ).all()
    funds = {lot.fund_source_id for lot in lots}
    return new_lots(
        item,
        quantity,
        sum(portion.value for portion in portions),
        code=f"{made_on:%Y%m%d}",
        fund_source_id=funds.pop() if len(funds) == 1 else None,
        is_donated=all(lot.is_donated for lot in lots),
        expires_on=min((lot.expires_on for lot in lots if lot.expires_on), default=None),
    )


def new_lots(item: Item, quantity: int, value: int, **traits: object) -> list[Portion]:
    """Make lots of so many pieces that are worth exactly ``value`` (fen) together.

    A piece is worth a whole number of fen, so there are two lots, a fen apart, where the
    value does not divide evenly.
    """
    unit_value, dearer = divmod(value, quantity)
    lots = [
        (Lot(item_id=item.id, unit_value=worth, **traits), pieces)
        for worth, pieces in ((unit_value, quantity - dearer), (unit_value + 1, dearer))
        if pieces
    ]
    db.session.add_all(lot for lot, _pieces in lots)
    db.session.flush()
    return [
        Portion(lot.id, pieces, pieces * lot.unit_value, lot.fund_source_id)
        for lot, pieces in lots
    ]
