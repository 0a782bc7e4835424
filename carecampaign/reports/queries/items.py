"""What a campaign handed out and has, with packages counted as the items in them (按物品展开).

The counters know how many packages were handed out, not of which lots. So packages count as
their version says; only where packages with substitutes were brought to an event its handouts
are read, to put them right. It costs as much as these had, however long the log of all is.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, literal, or_, select, union_all

from carecampaign.campaigns.models import Campaign
from carecampaign.campaigns.queries import Cell, quotas
from carecampaign.catalogue.models import Item, ItemKind
from carecampaign.catalogue.queries import get_items
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, Handout, Tally
from carecampaign.distributions.services.counters import counted_on
from carecampaign.inventory.models import (
    DocumentLine,
    LocationKind,
    LotContent,
    Movement,
    StockDocument,
    StockLocation,
    StockLot,
)
from carecampaign.inventory.queries.contents import Contents, lots_of_items, read_contents
from carecampaign.inventory.services import VIRTUAL_IDS
from carecampaign.inventory.services.shares import split
from carecampaign.reports.queries.progress import Figures
from carecampaign.reports.queries.steering import is_handed_out, takes_part

RECIPIENTS = VIRTUAL_IDS[LocationKind.RECIPIENTS]

AnySelect = Select[*tuple[Any, ...]]

Key = tuple[int, int, str, date]
"""Where a handout counts: ids of unit and target group, place, day."""


@dataclass(frozen=True)
class ItemLine:
    """An item that was handed out, singly or in packages: pieces, and value in fen."""

    item: Item
    quantity: int
    value: int


@dataclass(frozen=True)
class HandedOut:
    """The figures of a campaign by where they count, with the pieces of each item.

    ``values`` are fen, by the id of the item.
    """

    figures: Mapping[Key, Figures]
    values: Mapping[int, int]
    contents: Contents

    def pieces(self) -> Mapping[int, int]:
        """Add up all of it, by the id of the item."""
        return sum(self.figures.values(), Figures()).items

    def by_cell(self) -> dict[Cell, Figures]:
        """Add up by unit and group."""
        return self._by(lambda key: key[:2])

    def by_place(self) -> dict[str, Figures]:
        """Add up by place."""
        return self._by(lambda key: key[2])

    def by_day(self) -> list[tuple[date, Figures]]:
        """Add up by day, in order."""
        return sorted(self._by(lambda key: key[3]).items())

    def _by(self, part_of: Any) -> dict[Any, Figures]:  # noqa: ANN401 - a part of the key
        sums: defaultdict[Any, Figures] = defaultdict(Figures)
        for key, figures in self.figures.items():
            sums[part_of(key)] += figures
        return dict(sums)


def read_handed_out(campaign: Campaign) -> HandedOut:
    """Read what a campaign handed out, item by item, in four queries."""
    tallied = db.session.execute(_tallied(campaign)).all()
    substituted = db.session.execute(_handouts_with_substitutes(campaign)).all()
    gone = db.session.execute(_lots_handed_out(campaign)).all()
    packages = {row.item_id for row in tallied}
    if campaign.package_version is not None:
        packages.add(campaign.package_version.item_id)
    contents = read_contents(packages, {row.lot_id for row in (*substituted, *gone)})
    sums: defaultdict[Key, Figures] = defaultdict(Figures)
    worth: Counter[int] = Counter()
    for row in tallied:
        sums[row.unit_id, row.group_id, row.place, row.day] += _figures_of(row, contents)
        worth[row.item_id] += int(row.value)
    for row in substituted:
        day = counted_on(row.happened_at, row.recorded_at, held_on=row.held_on)
        correction = Figures(items=_correction(row, contents))
        sums[row.unit_id, row.group_id, row.place, day] += correction
    return HandedOut(sums, _values(worth, _weights(gone, contents), contents), contents)


def lines_of(handed_out: HandedOut) -> list[ItemLine]:
    """List what was handed out, item by item, by name."""
    pieces, values = handed_out.pieces(), handed_out.values
    lines = (
        ItemLine(item, pieces.get(item.id, 0), values.get(item.id, 0))
        for item in _by_name(pieces.keys() | values.keys())
    )
    return [line for line in lines if line.quantity or line.value]


def _tallied(campaign: Campaign) -> AnySelect:
    keys = (Tally.unit_id, Tally.group_id, DistributionEvent.place, Tally.day, Tally.item_id)
    return (
        select(
            *keys,
            Item.kind,
            func.sum(Tally.person_times).label("person_times"),
            func.sum(Tally.quantity).label("quantity"),
            func.sum(Tally.value).label("value"),
        )
        .select_from(Tally)
        .join(Item, Item.id == Tally.item_id)
        .join(DistributionEvent, DistributionEvent.id == Tally.event_id)
        .where(Tally.campaign_id == campaign.id)
        .group_by(*keys, Item.kind)
    )


def _handouts_with_substitutes(campaign: Campaign) -> AnySelect:
    """Select what was handed out of packages with substitutes, from the events that had any."""
    lots = select(LotContent.lot_id).where(LotContent.note != "")
    events = (
        select(DistributionEvent.id)
        .join(StockLot, StockLot.location_id == DistributionEvent.location_id)
        .where(DistributionEvent.campaign_id == campaign.id, StockLot.lot_id.in_(lots))
    )
    return (
        select(
            Handout.unit_id,
            Handout.group_id,
            Handout.happened_at,
            Handout.recorded_at,
            DistributionEvent.place,
            DistributionEvent.held_on,
            Movement.item_id,
            Movement.lot_id,
            Movement.source_id,
            Movement.quantity,
        )
        .join(DistributionEvent, DistributionEvent.id == Handout.event_id)
        .join(Movement, Movement.handout_id == Handout.id)
        .where(
            Handout.event_id.in_(events),
            Movement.lot_id.in_(lots),
            or_(Movement.source_id == RECIPIENTS, Movement.target_id == RECIPIENTS),
        )
    )


def _lots_handed_out(campaign: Campaign) -> AnySelect:
    """Select how much of each lot of packages is gone from the events.

    It is what was brought, less what was taken back and what is still there: it reads what
    documents moved, and no handout.
    """
    places = select(DistributionEvent.location_id).where(
        DistributionEvent.campaign_id == campaign.id
    )
    packages = select(Item.id).where(Item.kind == ItemKind.PACKAGE)
    came = case((Movement.target_id.in_(places), Movement.quantity), else_=0)
    went = case((Movement.source_id.in_(places), Movement.quantity), else_=0)
    moved = (
        select(Movement.item_id, Movement.lot_id, (came - went).label("quantity"))
        .join(DocumentLine, DocumentLine.id == Movement.document_line_id)
        .join(StockDocument, StockDocument.id == DocumentLine.document_id)
        .where(
            or_(StockDocument.source_id.in_(places), StockDocument.target_id.in_(places)),
            Movement.item_id.in_(packages),
            Movement.lot_id.is_not(None),
        )
    )
    still_there = select(
        StockLot.item_id, StockLot.lot_id, (literal(0) - StockLot.on_hand).label("quantity")
    ).where(StockLot.location_id.in_(places), StockLot.item_id.in_(packages))
    both = union_all(moved, still_there).subquery()
    gone = func.sum(both.c.quantity)
    return (
        select(both.c.item_id, both.c.lot_id, gone.label("quantity"))
        .group_by(both.c.item_id, both.c.lot_id)
        .having(gone > 0)
        .order_by(both.c.lot_id)
    )


def _figures_of(row: Any, contents: Contents) -> Figures:  # noqa: ANN401 - a row of the tally
    quantity, is_package = int(row.quantity), row.kind is ItemKind.PACKAGE
    return Figures(
        person_times=int(row.person_times),
        packages=quantity if is_package else 0,
        pieces=0 if is_package else quantity,
        value=int(row.value),
        items=contents.take_apart(row.item_id, quantity),
    )


def _correction(row: Any, contents: Contents) -> Counter[int]:  # noqa: ANN401 - a row of handouts
    """Give what packages held beyond their bill; negative, what the bill says and they did not."""
    quantity = -row.quantity if row.source_id == RECIPIENTS else row.quantity
    items = contents.take_apart(row.item_id, quantity, row.lot_id)
    items.subtract(contents.take_apart(row.item_id, quantity))
    return items


def _weights(gone: Sequence[Any], contents: Contents) -> dict[int, Counter[int]]:
    """Give what the items in the lots handed out are worth, by package and item."""
    weights: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for row in gone:
        for piece in contents.of_lots.get(row.lot_id, ()):
            weights[row.item_id][piece.item_id] += int(row.quantity) * piece.weight
    return dict(weights)


def _values(
    worth: Mapping[int, int], weights: Mapping[int, Mapping[int, int]], contents: Contents
) -> Counter[int]:
    """Spread what was handed out over its items, in fen; together they are worth the same."""
    values: Counter[int] = Counter()
    for item_id, fen in worth.items():
        weighed = weights.get(item_id) or {
            piece.item_id: piece.weight for piece in contents.of_items.get(item_id, ())
        }
        if not weighed:
            values[item_id] += fen
        for content_id, part in zip(weighed, split(fen, list(weighed.values())), strict=True):
            values[content_id] += part
    return values


def _by_name(item_ids: Collection[int]) -> list[Item]:
    return sorted(get_items(item_ids).values(), key=lambda item: (item.name, item.id))


@dataclass(frozen=True)
class ItemWhereabouts:
    """Where the pieces of an item are, loose or in packages, and how many a plan needs."""

    item: Item
    planned: int
    in_warehouses: int
    on_the_way: int
    at_places: int
    at_events: int
    handed_out: int


def whereabouts_of_items(campaign: Campaign) -> list[ItemWhereabouts]:
    """Give where the items of a campaign are, by name, as ``steering.whereabouts`` does."""
    handed_out, version = read_handed_out(campaign), campaign.package_version
    planned: Counter[int] = Counter()
    if version is not None:
        packages = campaign.planned_packages or sum(quotas(campaign).values())
        planned = handed_out.contents.take_apart(version.item_id, packages)
    at: dict[LocationKind, Counter[int]] = defaultdict(Counter)
    for kind, item_id, on_hand in db.session.execute(_on_hand(campaign)):
        at[kind][item_id] += int(on_hand)
    gone = handed_out.pieces()
    ids = gone.keys() | planned.keys() | {item_id for items in at.values() for item_id in items}
    return [
        ItemWhereabouts(
            item=item,
            planned=planned[item.id],
            in_warehouses=at[LocationKind.WAREHOUSE][item.id],
            on_the_way=at[LocationKind.TRANSIT][item.id],
            at_places=at[LocationKind.UNIT][item.id] + at[LocationKind.STATION][item.id],
            at_events=at[LocationKind.EVENT][item.id],
            handed_out=gone.get(item.id, 0),
        )
        for item in _by_name(ids)
    ]


def _on_hand(campaign: Campaign) -> AnySelect:
    stock = lots_of_items.c
    return (
        select(StockLocation.kind, stock.item_id, func.sum(stock.on_hand))
        .join(lots_of_items, stock.location_id == StockLocation.id)
        .where(is_handed_out(campaign, stock.package_id), takes_part(campaign))
        .group_by(StockLocation.kind, stock.item_id)
    )
