"""Read the catalogue: it is one for the whole installation, so everybody sees the same rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from carecampaign.catalogue.models import (
    CarePackage,
    Item,
    ItemKind,
    PackageLine,
    PackageVersion,
)
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import Column, Listing, Price, by_member

_WITH_CONTENTS = selectinload(PackageVersion.lines).joinedload(PackageLine.item)


@dataclass(frozen=True)
class ItemFilters:
    """What a list of items is narrowed to; "" and None narrow nothing."""

    text: str = ""
    kind: ItemKind | None = None
    is_active: bool | None = None


def use_of(row: Item | CarePackage) -> str:
    """Say whether an item or a package is offered for anything new."""
    return _("In use") if row.is_active else _("Retired")


def contents_of(version: PackageVersion) -> str:
    """Write what is in a package as one line: Gloves × 2, Cup and others."""
    parts = [
        f"{line.item.name} × {line.quantity}" if line.quantity > 1 else line.item.name
        for line in version.lines
    ]
    return _(", ").join(parts) + ("" if version.is_exhaustive else _(" and others"))


ITEMS: Listing[Item] = Listing(
    _l("Items"),
    (
        Column("name", _l("Name"), lambda item: item.name, Item.name),
        Column("code", _l("Code"), lambda item: item.code, Item.code),
        Column("kind", _l("Kind"), lambda item: item.kind, by_member(Item.kind, ItemKind)),
        Column("spec", _l("Spec"), lambda item: item.spec, Item.spec),
        Column("unit", _l("Unit of measure"), lambda item: item.unit, Item.unit),
        Price(
            "reference_value",
            _l("Reference value"),
            lambda item: item.reference_value,
            Item.reference_value,
        ),
        Column("state", _l("State"), use_of, Item.is_active),
    ),
    order=(Item.code, Item.id),
)


def items_matching(filters: ItemFilters) -> Select[Any]:
    """Select the items that match (to paginate), by code."""
    statement = select(Item).order_by(Item.code, Item.id)
    if filters.text:
        statement = statement.where(
            or_(
                *(
                    column.icontains(filters.text, autoescape=True)
                    for column in (Item.code, Item.name, Item.spec)
                )
            )
        )
    if filters.kind is not None:
        statement = statement.where(Item.kind == filters.kind)
    if filters.is_active is not None:
        statement = statement.where(Item.is_active == filters.is_active)
    return statement


def list_codes() -> list[str]:
    """Give the codes of all items there are."""
    return list(db.session.scalars(select(Item.code)))


def list_active_items(kind: ItemKind | None = None, *, also: Iterable[int] = ()) -> list[Item]:
    """Give the items to choose from, by name; ``also`` names ids to give in any case."""
    statement = select(Item).where(or_(Item.is_active, Item.id.in_(list(also))))
    if kind is not None:
        statement = statement.where(Item.kind == kind)
    return list(db.session.scalars(statement.order_by(Item.name, Item.id)))


def get_items(item_ids: Iterable[int]) -> dict[int, Item]:
    """Give items by their ids, those there are."""
    items = db.session.scalars(select(Item).where(Item.id.in_(list(item_ids))))
    return {item.id: item for item in items}


def get_item(item_id: int) -> Item:
    """Give an item. Raises NotFound."""
    item = db.session.get(Item, item_id)
    if item is None:
        raise NotFound(_l("There is no such item."))
    return item


def get_goods(item_id: int) -> Item:
    """Give an item that is no care package, so that it can be edited. Raises NotFound."""
    item = get_item(item_id)
    if item.kind is not ItemKind.GOODS:
        raise NotFound(_l("There is no such item."))
    return item


PACKAGES: Listing[CarePackage] = Listing(
    _l("Care packages"),
    (
        Column("name", _l("Name"), lambda package: package.name, CarePackage.name),
        Column("contents", _l("Contents"), lambda package: contents_of(package.latest)),
        Column("version", _l("Version"), lambda package: package.latest.number),
        Price("value", _l("Value"), lambda package: package.latest.value),
        Column("state", _l("State"), use_of, CarePackage.is_active),
    ),
    order=(CarePackage.name, CarePackage.id),
)


def packages_with_contents(*, text: str, is_active: bool | None = None) -> Select[Any]:
    """Select the care packages that match, with the contents of all their versions."""
    return packages_matching(text=text, is_active=is_active).options(
        selectinload(CarePackage.versions).options(_WITH_CONTENTS)
    )


def packages_matching(*, text: str, is_active: bool | None = None) -> Select[Any]:
    """Select the care packages that match, without their versions, by name."""
    statement = select(CarePackage).order_by(CarePackage.name, CarePackage.id)
    if text:
        statement = statement.where(CarePackage.name.icontains(text, autoescape=True))
    if is_active is not None:
        statement = statement.where(CarePackage.is_active == is_active)
    return statement


def get_package(package_id: int, *, lock: bool = False) -> CarePackage:
    """Give a care package with all its versions and their contents. Raises NotFound.

    ``lock`` holds it until the transaction ends, so that versions are made one after the other.
    """
    statement = (
        select(CarePackage)
        .where(CarePackage.id == package_id)
        .options(
            selectinload(CarePackage.versions).options(
                joinedload(PackageVersion.item), _WITH_CONTENTS
            )
        )
    )
    package = db.session.scalar(statement.with_for_update() if lock else statement)
    if package is None:
        raise NotFound(_l("There is no such care package."))
    return package


def get_version(version_id: int) -> PackageVersion:
    """Give a version of a care package with its contents. Raises NotFound."""
    version = db.session.scalar(_versions().where(PackageVersion.id == version_id))
    if version is None:
        raise NotFound(_l("There is no such care package."))
    found: PackageVersion = version
    return found


def find_version_of(item: Item) -> PackageVersion | None:
    """Give the version of a care package that an item is, None for goods."""
    statement = _versions().where(PackageVersion.item_id == item.id)
    version: PackageVersion | None = db.session.scalar(statement)
    return version


def list_versions(*, also: Iterable[int] = ()) -> list[PackageVersion]:
    """Give the versions of packages in use to choose from: by package, the newest first.

    ``also`` names ids of versions to give in any case.
    """
    statement = _versions().where(or_(CarePackage.is_active, PackageVersion.id.in_(list(also))))
    return list(db.session.scalars(statement))


def list_versions_with(item: Item) -> list[PackageVersion]:
    """Give the versions of care packages that contain an item."""
    contains = select(PackageLine.version_id).where(PackageLine.item_id == item.id)
    return list(db.session.scalars(_versions().where(PackageVersion.id.in_(contains))))


def _versions() -> Select[Any]:
    return (
        select(PackageVersion)
        .join(PackageVersion.package)
        .options(
            joinedload(PackageVersion.package), joinedload(PackageVersion.item), _WITH_CONTENTS
        )
        .order_by(CarePackage.name, CarePackage.id, PackageVersion.number.desc())
    )
