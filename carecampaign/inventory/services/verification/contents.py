"""What is noted of the contents of packages, against their bills and their value."""

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from carecampaign.catalogue.models import Item, PackageLine, PackageVersion
from carecampaign.core.db import db
from carecampaign.core.i18n import _
from carecampaign.inventory.models import Lot, LotContent
from carecampaign.inventory.services.verification.comparing import MOST

_Package = aliased(Item)


def contents_are_the_bill() -> Iterator[str]:
    """A lot of packages holds what its bill says, but for substitutes with a note."""
    is_as_listed = and_(
        LotContent.note == "",
        LotContent.item_id == PackageLine.item_id,
        LotContent.quantity == PackageLine.quantity,
    )
    is_substitute = and_(LotContent.note != "", LotContent.item_id != PackageLine.item_id)
    rows = db.session.execute(
        select(_Package.name, Lot.code, PackageLine.quantity, Item.name)
        .select_from(Lot)
        .join(_Package, _Package.id == Lot.item_id)
        .join(PackageVersion, PackageVersion.item_id == Lot.item_id)
        .join(PackageLine, PackageLine.version_id == PackageVersion.id)
        .join(Item, Item.id == PackageLine.item_id)
        .outerjoin(
            LotContent,
            and_(LotContent.lot_id == Lot.id, LotContent.line_id == PackageLine.id),
        )
        .where(or_(LotContent.id.is_(None), ~or_(is_as_listed, is_substitute)))
        .order_by(Lot.id, PackageLine.id)
        .limit(MOST)
    )
    for package, code, quantity, item in rows:
        yield _(
            "%(package)s, batch %(lot)s: its list says %(quantity)s of %(item)s, and no substitute"
            " is noted for it.",
            package=package,
            lot=code,
            quantity=quantity,
            item=item,
        )


def contents_are_the_value() -> Iterator[str]:
    """What the contents of a package are worth is what the package is worth."""
    worth = func.sum(LotContent.value)
    rows = db.session.execute(
        select(_Package.name, Lot.code, Lot.unit_value, worth)
        .select_from(Lot)
        .join(_Package, _Package.id == Lot.item_id)
        .join(LotContent, LotContent.lot_id == Lot.id)
        .group_by(Lot.id, _Package.name, Lot.code, Lot.unit_value)
        .having(worth != Lot.unit_value)
        .order_by(Lot.id)
        .limit(MOST)
    )
    for package, code, unit_value, fen in rows:
        yield _(
            "%(package)s, batch %(lot)s: worth %(value)s fen apiece, but its contents %(worth)s.",
            package=package,
            lot=code,
            value=unit_value,
            worth=fen,
        )
