"""Whose money a piece is: what it is worth by fund source and earmark, exact to the fen."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import select

from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.inventory.models import Lot, LotShare
from carecampaign.inventory.services.moves import Portion


class Source(NamedTuple):
    """Money of one fund source, and what it was given for (None: its general use)."""

    fund_source_id: int
    earmark_id: int | None


Worth = Mapping[Source, int]
"""Fen by where they came from."""


def worth_of(portions: Iterable[Portion]) -> Counter[Source]:
    """Add up what pieces of known lots are worth by source; one that paid nothing counts too."""
    pieces: Counter[int | None] = Counter()
    for portion in portions:
        pieces[portion.lot_id] += portion.quantity
    worth: Counter[Source] = Counter()
    for share in db.session.scalars(select(LotShare).where(LotShare.lot_id.in_(pieces))):
        source = Source(share.fund_source_id, share.earmark_id)
        worth[source] += share.value * pieces[share.lot_id]
    return worth


def new_lots(item: Item, quantity: int, worth: Worth, **traits: object) -> list[Portion]:
    """Make lots of so many pieces that are together worth exactly what each source paid.

    A piece takes a whole number of fen from each source. Where that does not come out even,
    some lots are worth a fen more than others.
    """
    lots = [
        (_lot(item, shares, **traits), pieces) for pieces, shares in _even_parts(quantity, worth)
    ]
    db.session.add_all(lot for lot, _pieces in lots)
    db.session.flush()
    return [
        Portion(lot.id, pieces, pieces * lot.unit_value, lot.fund_source_id)
        for lot, pieces in lots
    ]


def apportion(worth: Worth, weights: Sequence[int]) -> list[dict[Source, int]]:
    """Split what each source paid by weight, to the last fen."""
    parts = {source: split(fen, weights) for source, fen in worth.items()}
    return [
        {source: of_source[at] for source, of_source in parts.items()}
        for at in range(len(weights))
    ]


def split(fen: int, weights: Sequence[int]) -> list[int]:
    """Split an amount by weight, to the last fen; without any weight the first gets it all."""
    parts = []
    rest = sum(weights)
    for weight in weights:
        parts.append(fen * weight // rest if rest else fen)
        fen -= parts[-1]
        rest -= weight
    return parts


def _lot(item: Item, shares: Worth, **traits: object) -> Lot:
    funds = {source.fund_source_id for source in shares}
    earmarks = {source.earmark_id for source in shares}
    return Lot(
        item_id=item.id,
        unit_value=sum(shares.values()),
        fund_source_id=funds.pop() if len(funds) == 1 else None,
        earmark_id=earmarks.pop() if len(earmarks) == 1 else None,
        shares=[
            LotShare(fund_source_id=source.fund_source_id, earmark_id=source.earmark_id, value=fen)
            for source, fen in shares.items()
        ],
        **traits,
    )


def _even_parts(quantity: int, worth: Worth) -> Iterator[tuple[int, Worth]]:
    """Cut so many pieces into parts of equal pieces: how many, and the shares of one.

    The fen that are left over from a source go to as many pieces in a row, those of the next
    source to the pieces after them, round and round: no piece gets two more than another.
    """
    each: dict[Source, int] = {}
    extra: dict[Source, tuple[int, int]] = {}
    stop = quantity
    for source in sorted(worth, key=lambda one: (one.fund_source_id, one.earmark_id or 0)):
        each[source], left_over = divmod(worth[source], quantity)
        stop = (stop - left_over) % quantity
        extra[source] = (stop, left_over)
    cuts = {0, quantity}
    for first, length in extra.values():
        cuts |= {first, (first + length) % quantity}
    for begin, end in pairwise(sorted(cuts)):
        yield (
            end - begin,
            {
                source: each[source] + ((begin - first) % quantity < length)
                for source, (first, length) in extra.items()
            },
        )
