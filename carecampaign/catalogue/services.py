"""Add and change items; put together care packages, whose contents never change afterwards."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.catalogue.models import (
    CarePackage,
    Item,
    ItemKind,
    PackageLine,
    PackageVersion,
)
from carecampaign.catalogue.queries import list_versions_with
from carecampaign.core.codes import propose_code
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l

PACKAGE_UNIT = "份"
_PACKAGE_CODE = re.compile(r"^P\d+-\d+$")


class CodeTaken(DomainError):
    """Another item has this code."""

    field = "code"

    def __init__(self) -> None:
        super().__init__(_l("Another item already has this code."))


class CodeReserved(DomainError):
    """The code is one that care packages are given."""

    field = "code"

    def __init__(self) -> None:
        super().__init__(_l("Codes like P0001-1 are kept for care packages."))


class NameTaken(DomainError):
    """Another care package has this name."""

    field = "name"

    def __init__(self) -> None:
        super().__init__(_l("Another care package already has this name."))


class NotContents(DomainError):
    """These contents cannot make a care package."""

    field = "contents"


@dataclass(frozen=True)
class Content:
    """So many pieces of an item in one care package."""

    item: Item
    quantity: int


def create_item(
    name: str, *, code: str = "", spec: str = "", unit: str, reference_value: int = 0, by: Actor
) -> Item:
    """Add goods to the catalogue. An empty code is filled in; the value is fen apiece.

    Raises CodeTaken or CodeReserved.
    """
    item = Item(
        code=_item_code(code),
        name=name,
        kind=ItemKind.GOODS,
        spec=spec,
        unit=unit,
        reference_value=reference_value,
    )
    db.session.add(item)
    _flush_or(CodeTaken())
    _record("create_item", item, by=by, changes=_facts(item))
    return item


def edit_item(
    item: Item, *, code: str, name: str, spec: str, unit: str, reference_value: int, by: Actor
) -> None:
    """Change the facts of goods; packages with them follow their value.

    What is booked already keeps its value. Raises CodeTaken or CodeReserved.
    """
    before = _facts(item)
    item.code = _item_code(code) if code.upper() != item.code else item.code
    item.name = name
    item.spec = spec
    item.unit = unit
    item.reference_value = reference_value
    _flush_or(CodeTaken())
    after = _facts(item)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if "reference_value" in changes:
        _revalue_packages_with(item)
    if changes:
        _record("edit_item", item, by=by, changes=changes)


def deactivate_item(item: Item, *, by: Actor) -> None:
    """Offer an item for nothing new any more; what is in stock stays."""
    _set_active(item, is_active=False, verb="deactivate_item", by=by)


def reactivate_item(item: Item, *, by: Actor) -> None:
    """Offer an item again."""
    _set_active(item, is_active=True, verb="reactivate_item", by=by)


def create_package(
    name: str,
    contents: Sequence[Content],
    *,
    is_exhaustive: bool = True,
    note: str = "",
    by: Actor,
) -> PackageVersion:
    """Make a care package with its first version. Raises NameTaken or NotContents."""
    package = CarePackage(name=name)
    db.session.add(package)
    _flush_or(NameTaken())
    return _add_version(package, contents, number=1, is_exhaustive=is_exhaustive, note=note, by=by)


def new_version(
    package: CarePackage,
    contents: Sequence[Content],
    *,
    is_exhaustive: bool = True,
    note: str = "",
    by: Actor,
) -> PackageVersion:
    """Follow the latest version of a care package by another; earlier ones stay as they are.

    Fetch the package locked. Raises NotContents.
    """
    number = package.latest.number + 1
    return _add_version(
        package, contents, number=number, is_exhaustive=is_exhaustive, note=note, by=by
    )


def deactivate_package(package: CarePackage, *, by: Actor) -> None:
    """Offer a care package for nothing new any more; what is in stock stays."""
    _set_active(package, is_active=False, verb="deactivate_package", by=by)


def reactivate_package(package: CarePackage, *, by: Actor) -> None:
    """Offer a care package again."""
    _set_active(package, is_active=True, verb="reactivate_package", by=by)


def _add_version(
    package: CarePackage,
    contents: Sequence[Content],
    *,
    number: int,
    is_exhaustive: bool,
    note: str,
    by: Actor,
) -> PackageVersion:
    _check(contents)
    version = PackageVersion(
        package=package,
        number=number,
        is_exhaustive=is_exhaustive,
        note=note,
        lines=[PackageLine(item=line.item, quantity=line.quantity) for line in contents],
    )
    version.item = _package_item(package, number=number, value=version.value)
    db.session.add(version)
    db.session.flush()
    listed = [f"{line.item.name} × {line.quantity}" for line in contents]
    verb = "create_package" if number == 1 else "new_version"
    changes = {"contents": listed, "is_exhaustive": is_exhaustive, "note": note}
    _record(verb, package, by=by, changes=changes)
    return version


def _package_item(package: CarePackage, *, number: int, value: int) -> Item:
    return Item(
        code=f"P{package.id:04d}-{number}",
        name=package.name if number == 1 else f"{package.name} (v{number})",
        kind=ItemKind.PACKAGE,
        spec="",
        unit=PACKAGE_UNIT,
        reference_value=value,
    )


def _check(contents: Sequence[Content]) -> None:
    if not contents:
        raise NotContents(_l("Name at least one item."))
    if any(line.item.kind is not ItemKind.GOODS for line in contents):
        raise NotContents(_l("A care package cannot contain another care package."))
    if max(Counter(line.item.id for line in contents).values()) > 1:
        raise NotContents(_l("An item is listed twice: put its pieces on one line."))
    if any(line.quantity < 1 for line in contents):
        raise NotContents(_l("Each item comes at least once in a package."))


def _revalue_packages_with(item: Item) -> None:
    """Let the value of packages follow that of what is in them."""
    for version in list_versions_with(item):
        version.item.reference_value = version.value


def _item_code(code: str) -> str:
    if not code:
        return propose_code(Item.code, "G")
    if _PACKAGE_CODE.match(code.upper()):
        raise CodeReserved
    return code.upper()


def _set_active(row: Item | CarePackage, *, is_active: bool, verb: str, by: Actor) -> None:
    if row.is_active == is_active:
        return
    row.is_active = is_active
    _record(verb, row, by=by, changes={"is_active": [not is_active, is_active]})


def _flush_or(error: DomainError) -> None:
    try:
        db.session.flush()
    except IntegrityError as broken:
        raise error from broken


def _facts(item: Item) -> dict[str, object]:
    return {
        "code": item.code,
        "name": item.name,
        "spec": item.spec,
        "unit": item.unit,
        "reference_value": item.reference_value,
    }


def _record(
    verb: str, row: Item | CarePackage, *, by: Actor, changes: Mapping[str, object]
) -> None:
    """Add an entry; the catalogue belongs to the whole installation, to no organisation."""
    audit.record(f"catalogue.{verb}", row, by=by, name=row.name, changes=changes)
