"""What can be put together or taken apart at a place."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from carecampaign.access.actor import Actor
from carecampaign.catalogue.models import Item, ItemKind, PackageVersion
from carecampaign.catalogue.queries import contents_of
from carecampaign.core.db import db
from carecampaign.core.i18n import _
from carecampaign.inventory.models import Lot, LotContent, StockLevel, StockLocation, StockLot
from carecampaign.inventory.queries.contents import substitutes_in
from carecampaign.inventory.queries.locations import is_visible
from carecampaign.inventory.words import substitute_words


@dataclass(frozen=True)
class Ingredient:
    """An item of a care package's contents: pieces in one package, and pieces at the place."""

    line_id: int
    name: str
    unit: str
    per_package: int
    on_hand: int

    @property
    def enough_for(self) -> int:
        return self.on_hand // self.per_package

    @property
    def lacking_for_one(self) -> int:
        """Pieces that are missing for a first package."""
        return max(0, self.per_package - self.on_hand)


@dataclass(frozen=True)
class PackageLot:
    """Packages of a lot at a place, and in words what is in one of them."""

    id: int
    code: str
    on_hand: int
    contents: str


@dataclass(frozen=True)
class AssemblyPlan:
    """The contents of a version against what a place holds; plain values, for a form.

    ``substitutes`` are the goods at the place that could go in instead, by id and in words.
    """

    ingredients: list[Ingredient]
    packages_on_hand: int
    substitutes: list[tuple[int, str]]

    @property
    def most(self) -> int:
        """How many packages the contents on hand allow."""
        return min((one.enough_for for one in self.ingredients), default=0)

    @property
    def missing(self) -> list[Ingredient]:
        """What keeps even one package from being put together."""
        return [one for one in self.ingredients if one.lacking_for_one]

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The lines of the package's bill, by id and in words."""
        return [(one.line_id, f"{one.name} × {one.per_package}") for one in self.ingredients]

    @property
    def allows_any(self) -> bool:
        """Whether a package can be put together, if need be with something else in it."""
        return self.most > 0 or (len(self.missing) == 1 and bool(self.substitutes))


def assembly_plan(
    location: StockLocation, version: PackageVersion, *, also: Collection[int] = ()
) -> AssemblyPlan:
    """Compare what a version contains with what a place holds.

    ``also`` are items (ids) to offer as substitutes in any case.
    """
    levels = {item.id: (item, on_hand) for item, on_hand in _levels_at(location, also)}

    def on_hand(item_id: int) -> int:
        return levels[item_id][1] if item_id in levels else 0

    return AssemblyPlan(
        ingredients=[
            Ingredient(
                line.id, line.item.name, line.item.unit, line.quantity, on_hand(line.item_id)
            )
            for line in version.lines
        ],
        packages_on_hand=on_hand(version.item_id),
        substitutes=[
            (item.id, _named(item, count))
            for item, count in levels.values()
            if item.kind is ItemKind.GOODS
        ],
    )


def package_lots(
    location: StockLocation, version: PackageVersion, *, also: Collection[int] = ()
) -> list[PackageLot]:
    """List the lots of packages at a place, first-expired-first, with what is in them.

    ``also`` are lots (ids) to list in any case.
    """
    rows = db.session.execute(
        select(Lot, StockLot.on_hand)
        .join(StockLot, StockLot.lot_id == Lot.id)
        .where(
            StockLot.location_id == location.id,
            StockLot.item_id == version.item_id,
            or_(StockLot.on_hand > 0, Lot.id.in_(list(also))),
        )
        .order_by(Lot.expires_on.is_(None), Lot.expires_on, Lot.id)
    ).all()
    substitutes = substitutes_in([lot.id for lot, _on_hand in rows])
    return [
        PackageLot(
            lot.id,
            lot.code,
            on_hand,
            _(", ").join(substitute_words(row) for row in substitutes.get(lot.id, []))
            or contents_of(version),
        )
        for lot, on_hand in rows
    ]


def substituted_stock(actor: Actor, package: Item) -> list[tuple[StockLocation, PackageLot]]:
    """List where packages are that hold something else than their bill says."""
    rows = db.session.execute(
        select(StockLocation, Lot, StockLot.on_hand)
        .join(StockLot, StockLot.location_id == StockLocation.id)
        .join(Lot, Lot.id == StockLot.lot_id)
        .where(
            StockLot.item_id == package.id,
            StockLot.on_hand > 0,
            Lot.id.in_(select(LotContent.lot_id).where(LotContent.note != "")),
            is_visible(actor),
        )
        .order_by(StockLocation.name, StockLocation.id, Lot.id)
    ).all()
    substitutes = substitutes_in([lot.id for _location, lot, _on_hand in rows])
    return [
        (
            location,
            PackageLot(
                lot.id,
                lot.code,
                on_hand,
                _(", ").join(
                    f"{substitute_words(row)} ({row.note})" for row in substitutes[lot.id]
                ),
            ),
        )
        for location, lot, on_hand in rows
    ]


def _levels_at(location: StockLocation, also: Collection[int]) -> list[tuple[Item, int]]:
    rows: Any = db.session.execute(
        select(Item, StockLevel.on_hand)
        .join(StockLevel, StockLevel.item_id == Item.id)
        .where(
            StockLevel.location_id == location.id,
            or_(StockLevel.on_hand > 0, Item.id.in_(list(also))),
        )
        .order_by(Item.name, Item.id)
    )
    return list(rows)


def _named(item: Item, on_hand: int) -> str:
    name = " · ".join(word for word in (item.name, item.spec) if word)
    return _("%(item)s (%(count)s %(unit)s here)", item=name, count=f"{on_hand:,}", unit=item.unit)
