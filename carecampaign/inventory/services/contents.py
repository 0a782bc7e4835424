"""What is in a care package: what its bill says, or something else where that ran out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from carecampaign.catalogue.models import Item, ItemKind, PackageLine, PackageVersion
from carecampaign.inventory.models import LotContent
from carecampaign.inventory.services.errors import (
    MoreThanPutTogether,
    NotASubstitute,
    NothingToMove,
    SubstituteUnexplained,
)
from carecampaign.inventory.services.lines import Line
from carecampaign.inventory.services.shares import split


@dataclass(frozen=True)
class Substitution:
    """Another item in place of a line of a package's bill, because that one ran out.

    ``quantity`` pieces of ``item`` go into each of ``packages`` packages (None: into all that
    are put together); ``note`` says why.
    """

    line: PackageLine
    item: Item
    quantity: int
    note: str
    packages: int | None = None


class Content(NamedTuple):
    """What one package holds for a line of its bill, and why where the line says otherwise."""

    line: PackageLine
    item: Item
    quantity: int
    note: str = ""


class Batch(NamedTuple):
    """Packages that all hold the same."""

    packages: int
    contents: Sequence[Content]

    @property
    def is_substituted(self) -> bool:
        return any(content.note for content in self.contents)


def batches_of(
    version: PackageVersion, quantity: int, substitution: Substitution | None = None
) -> list[Batch]:
    """Give packages of a version by what is in them; those with a substitute come last.

    Raises NothingToMove for no packages, or an empty one; NotASubstitute,
    SubstituteUnexplained or MoreThanPutTogether for a substitution that cannot be.
    """
    bill = bill_of(version)
    if quantity < 1 or not bill:
        raise NothingToMove
    if substitution is None:
        return [Batch(quantity, bill)]
    changed = _put_in(bill, substitution)
    packages = quantity if substitution.packages is None else substitution.packages
    if not 1 <= packages <= quantity:
        raise MoreThanPutTogether(quantity)
    batches = [Batch(quantity - packages, bill), Batch(packages, changed)]
    return [batch for batch in batches if batch.packages]


def pieces_of(*batches: Batch) -> list[Line]:
    """Give the pieces of each item that packages hold together."""
    items: dict[int, Item] = {}
    pieces: Counter[int] = Counter()
    for batch in batches:
        for content in batch.contents:
            items[content.item.id] = content.item
            pieces[content.item.id] += content.quantity * batch.packages
    return [Line(items[item_id], quantity) for item_id, quantity in pieces.items()]


def bill_of(version: PackageVersion) -> list[Content]:
    """Give what the bill of a version says."""
    return [Content(line, line.item, line.quantity) for line in version.lines]


def kept_with_lot(
    contents: Sequence[Content], unit_value: int, weights: Sequence[int]
) -> list[LotContent]:
    """Give what a lot of packages keeps of their contents: ``unit_value`` is split by weight."""
    return [
        LotContent(
            line_id=content.line.id,
            item_id=content.item.id,
            quantity=content.quantity,
            value=fen,
            note=content.note,
        )
        for content, fen in zip(contents, split(unit_value, weights), strict=True)
    ]


def weights_by_reference(contents: Sequence[Content]) -> list[int]:
    """Weigh contents by what they are worth by reference, or by pieces where that is nothing."""
    weights = [content.item.reference_value * content.quantity for content in contents]
    return weights if any(weights) else [content.quantity for content in contents]


def _put_in(bill: Sequence[Content], substitution: Substitution) -> list[Content]:
    item, note = substitution.item, substitution.note.strip()
    is_on_bill = any(content.line is substitution.line for content in bill)
    is_other_goods = item.kind is ItemKind.GOODS and item.id != substitution.line.item_id
    if not is_on_bill or not is_other_goods or substitution.quantity < 1:
        raise NotASubstitute
    if not note:
        raise SubstituteUnexplained
    return [
        Content(content.line, item, substitution.quantity, note)
        if content.line is substitution.line
        else content
        for content in bill
    ]
