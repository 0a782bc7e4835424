"""Short ways to say what a ledger test is about."""

import uuid
from contextlib import contextmanager
from datetime import date

from sqlalchemy import select, update

from carecampaign.access.actor import SYSTEM
from carecampaign.catalogue.models import ItemKind, PackageLine, PackageVersion
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import (
    Movement,
    StockDocument,
    StockLevel,
    StockLocation,
    StockLot,
)
from carecampaign.inventory.services.balances import level_at
from tests.factories import (
    CarePackageFactory,
    FundSourceFactory,
    ItemFactory,
)


def receive(
    place, item, quantity, *, unit_value=100, fund=None, earmark=None, is_donated=False, **line
):
    """Receive one lot into a place."""
    fund = fund or (earmark and earmark.fund_source) or FundSourceFactory()
    return inventory.receive_goods(
        place,
        [inventory.ReceiptLine(item, quantity, unit_value, **line)],
        fund_source=fund,
        earmark=earmark,
        is_donated=is_donated,
        counterpart="Some shop",
        dated_on=date(2026, 11, 24),
        by=SYSTEM,
    )


def hand_out(place, item, quantity, *, shortage_allowed=False):
    """Hand out under a new id; give the id and the result."""
    handout_id = uuid.uuid4()
    result = inventory.hand_out(
        place,
        item,
        quantity=quantity,
        handout_id=handout_id,
        recorded_at=clock.now(),
        shortage_allowed=shortage_allowed,
    )
    return handout_id, result


def take_back(handout_id):
    """Take a handout back now."""
    return inventory.take_back(handout_id, recorded_at=clock.now())


def package_of(*contents):
    """A version of a care package that holds so many of each item: (item, quantity) pairs."""
    package = CarePackageFactory()
    item = ItemFactory(kind=ItemKind.PACKAGE, name=package.name)
    version = PackageVersion(package=package, number=1, item=item, note="")
    version.lines = [PackageLine(item=content, quantity=pieces) for content, pieces in contents]
    db.session.add(version)
    db.session.flush()
    return version


def level(place: StockLocation, item) -> tuple[int, int]:
    """What a place holds: on hand, unexplained."""
    found = level_at((place.id, item.id))
    return found.on_hand, found.unexplained


def lots(place: StockLocation, item) -> list[tuple[int, int]]:
    """The lots a place holds of an item, in the order they came: value apiece, pieces."""
    return [
        (row.lot.unit_value, row.on_hand)
        for row in db.session.query(StockLot)
        .filter_by(location_id=place.id, item_id=item.id)
        .filter(StockLot.on_hand > 0)
        .order_by(StockLot.lot_id)
        .populate_existing()
    ]


def movements_to(location_id):
    """The movements into a location, in order."""
    return db.session.scalars(
        select(Movement).where(Movement.target_id == location_id).order_by(Movement.id)
    ).all()


def corrupt(place: StockLocation, item, **values) -> None:
    """Change a balance by hand, past the services."""
    db.session.query(StockLevel).filter_by(location_id=place.id, item_id=item.id).update(values)


@contextmanager
def corrupt_number(document):
    """Give a document another number by hand, past the services, for a while."""
    right = document.number
    db.session.execute(
        update(StockDocument).where(StockDocument.id == document.id).values(number=right + 1)
    )
    yield
    db.session.execute(
        update(StockDocument).where(StockDocument.id == document.id).values(number=right)
    )
