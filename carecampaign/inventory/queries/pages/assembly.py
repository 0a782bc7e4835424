"""What can be put together or taken apart at a place."""

from dataclasses import dataclass

from sqlalchemy import select

from carecampaign.catalogue.models import PackageVersion
from carecampaign.core.db import db
from carecampaign.inventory.models import StockLevel, StockLocation


@dataclass(frozen=True)
class Ingredient:
    """An item of a care package's contents: pieces in one package, and pieces at the place."""

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
class AssemblyPlan:
    """The contents of a version against what a place holds; plain values, for a form."""

    ingredients: list[Ingredient]
    packages_on_hand: int

    @property
    def most(self) -> int:
        """How many packages the contents on hand allow."""
        return min((one.enough_for for one in self.ingredients), default=0)

    @property
    def missing(self) -> list[Ingredient]:
        """What keeps even one package from being put together."""
        return [one for one in self.ingredients if one.lacking_for_one]


def assembly_plan(location: StockLocation, version: PackageVersion) -> AssemblyPlan:
    """Compare what a version contains with what a place holds."""
    ids = [version.item_id, *(line.item_id for line in version.lines)]
    levels = {
        row.item_id: row.on_hand
        for row in db.session.execute(
            select(StockLevel.item_id, StockLevel.on_hand).where(
                StockLevel.location_id == location.id, StockLevel.item_id.in_(ids)
            )
        )
    }
    return AssemblyPlan(
        ingredients=[
            Ingredient(line.item.name, line.item.unit, line.quantity, levels.get(line.item_id, 0))
            for line in version.lines
        ],
        packages_on_hand=levels.get(version.item_id, 0),
    )
