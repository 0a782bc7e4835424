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
from carecampaign.inventory.services.balances import change_levels, put_lots
from carecampaign.inventory.services.documents import PostedLine, moved, new_document, post
from carecampaign.inventory.services.lines import Line, require_quantities
from carecampaign.inventory.services.locations import ASSEMBLY, virtual_location
from carecampaign.inventory.services.moves import Flow, Portion
from carecampaign.inventory.services.shares import new_lots, worth_of
from carecampaign.inventory.services.transfers import take_on_terms, terms_for


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

    The packages are worth exactly what went in, of each fund source and earmark, and expire
    with the first of their contents; nothing goes in that is past its date, nor, where they
    are for a campaign, what was given for something else. Raises NotEnoughStock or
    EarmarkBreach when some content is short.
    """
    assembly = virtual_location(LocationKind.ASSEMBLY)
    contents = contents_of(version, quantity)
    levels = change_levels(
        [
            *(Flow(line.item.id, location.id, ASSEMBLY, line.quantity) for line in contents),
            Flow(version.item.id, ASSEMBLY, location.id, quantity),
        ]
    )
    terms = terms_for(assembly, campaign=campaign)
    used = [
        moved(line.item, location.id, ASSEMBLY, take_on_terms(location, line, levels, terms))
        for line in contents
    ]
    packages = _make_packages(version.item, quantity, used, dated_on or clock.today())
    made = moved(version.item, ASSEMBLY, location.id, packages)
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
    return new_lots(
        item,
        quantity,
        worth_of(portions),
        code=f"{made_on:%Y%m%d}",
        is_donated=all(lot.is_donated for lot in lots),
        expires_on=min((lot.expires_on for lot in lots if lot.expires_on), default=None),
    )
