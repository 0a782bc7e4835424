"""Care packages put together, value in = value out."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
from carecampaign.inventory.services.contents import (
    Batch,
    Substitution,
    batches_of,
    kept_with_lot,
    pieces_of,
)
from carecampaign.inventory.services.documents import PostedLine, moved, new_document, post
from carecampaign.inventory.services.locations import ASSEMBLY, virtual_location
from carecampaign.inventory.services.moves import Flow, Portion, slice_of
from carecampaign.inventory.services.shares import new_lots, worth_of
from carecampaign.inventory.services.transfers import take_on_terms, terms_for

SUBSTITUTED = "-S"
"""What the code of a lot with a substitute ends in, so that cartons are told apart."""


def assemble(
    location: StockLocation,
    version: PackageVersion,
    *,
    quantity: int,
    by: Actor,
    campaign: Campaign | None = None,
    substitution: Substitution | None = None,
    dated_on: date | None = None,
) -> StockDocument:
    """Put packages together from what a place holds.

    The packages are worth exactly what went in, of each fund source and earmark, and expire
    with the first of their contents; nothing goes in that is past its date, nor, where they
    are for a campaign, what was given for something else. Those with a substitute are lots of
    their own. Raises NotEnoughStock or EarmarkBreach when some content is short, and what
    ``batches_of`` raises.
    """
    assembly = virtual_location(LocationKind.ASSEMBLY)
    batches = batches_of(version, quantity, substitution)
    needed = pieces_of(*batches)
    levels = change_levels(
        [
            *(Flow(line.item.id, location.id, ASSEMBLY, line.quantity) for line in needed),
            Flow(version.item.id, ASSEMBLY, location.id, quantity),
        ]
    )
    terms = terms_for(assembly, campaign=campaign)
    taken = {line.item.id: take_on_terms(location, line, levels, terms) for line in needed}
    made_on = dated_on or clock.today()
    lines = _put_together(location, version.item, batches, taken, made_on=made_on)
    document = new_document(
        DocumentKind.ASSEMBLY,
        location,
        location,
        campaign=campaign,
        dated_on=dated_on,
        note="" if substitution is None else substitution.note.strip(),
    )
    return post(document, lines, levels, action="inventory.assemble", by=by)


def _put_together(
    location: StockLocation,
    package: Item,
    batches: Sequence[Batch],
    taken: Mapping[int, Sequence[Portion]],
    *,
    made_on: date,
) -> list[PostedLine]:
    """Give the lines of batch after batch: what goes in, then the packages made of it."""
    lines: list[PostedLine] = []
    used: Counter[int] = Counter()
    for batch in batches:
        inputs = []
        for line in pieces_of(batch):
            start = used[line.item.id]
            used[line.item.id] += line.quantity
            portions = slice_of(taken[line.item.id], start, used[line.item.id])
            inputs.append(moved(line.item, location.id, ASSEMBLY, portions))
        packages = _make_packages(package, batch, inputs, made_on)
        made = moved(package, ASSEMBLY, location.id, packages)
        put_lots(made.moves)
        lines += [*inputs, made]
    return lines


def _make_packages(
    package: Item, batch: Batch, inputs: Sequence[PostedLine], made_on: date
) -> list[Portion]:
    portions = [move.portion for line in inputs for move in line.moves]
    lots = db.session.scalars(
        select(Lot).where(Lot.id.in_({portion.lot_id for portion in portions}))
    ).all()
    made = new_lots(
        package,
        batch.packages,
        worth_of(portions),
        code=f"{made_on:%Y%m%d}" + (SUBSTITUTED if batch.is_substituted else ""),
        is_donated=all(lot.is_donated for lot in lots),
        expires_on=min((lot.expires_on for lot in lots if lot.expires_on), default=None),
    )
    weights = _weights(batch, inputs)
    for portion in made:
        lot = db.session.get_one(Lot, portion.lot_id)
        lot.contents = kept_with_lot(batch.contents, lot.unit_value, weights)
    return made


def _weights(batch: Batch, inputs: Sequence[PostedLine]) -> list[int]:
    """Weigh contents by what went in for them, or by pieces where that was worth nothing."""
    worth = {
        line.item.id: (line.quantity, sum(move.portion.value for move in line.moves))
        for line in inputs
    }
    weights = []
    for content in batch.contents:
        pieces, fen = worth[content.item.id]
        weights.append(fen * content.quantity * batch.packages // pieces)
    return weights if any(weights) else [content.quantity for content in batch.contents]
