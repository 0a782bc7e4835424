"""What places held at a moment, added up from the movements up to it.

It costs as much as there are movements from and to the places asked about, found by the
indexes on both ends; that of all other places cost nothing.
"""

from datetime import datetime

from sqlalchemy import Select, Subquery, func, select, union_all

from carecampaign.access.actor import Actor
from carecampaign.access.scope import within
from carecampaign.inventory.models import LocationKind, Movement, StockLocation
from carecampaign.inventory.queries.locations import PLACES, is_visible
from carecampaign.organizations.models import Organization

BOOKED = (*PLACES, LocationKind.TRANSIT)
"""The kinds of location that hold stock."""


def places_of(
    actor: Actor, *, location_id: int | None = None, path: str | None = None
) -> Select[int]:
    """Select the ids of places the actor sees, and of the ways to them.

    ``location_id`` leaves only that one; ``path`` only those of the organisation it is the
    path of, and of all below it.
    """
    statement = select(StockLocation.id).where(StockLocation.kind.in_(BOOKED), is_visible(actor))
    if location_id is not None:
        statement = statement.where(StockLocation.id == location_id)
    if path is not None:
        owners = select(Organization.id).where(within(Organization.path, [path]))
        statement = statement.where(StockLocation.organization_id.in_(owners))
    return statement


def balances_before(
    places: Select[int], moment: datetime, *, ledger: type[Movement] = Movement
) -> Subquery:
    """Give what each place held of each item before a moment.

    Columns: location_id, item_id, quantity (pieces on the books: on hand plus unexplained)
    and value (fen).
    """
    comes = select(
        ledger.target_id.label("location_id"),
        ledger.item_id,
        ledger.quantity.label("quantity"),
        ledger.value.label("value"),
    ).where(ledger.target_id.in_(places), ledger.recorded_at < moment)
    goes = select(ledger.source_id, ledger.item_id, -ledger.quantity, -ledger.value).where(
        ledger.source_id.in_(places), ledger.recorded_at < moment
    )
    moved = union_all(comes, goes).subquery("moved")
    return (
        select(
            moved.c.location_id,
            moved.c.item_id,
            func.sum(moved.c.quantity).label("quantity"),
            func.sum(moved.c.value).label("value"),
        )
        .group_by(moved.c.location_id, moved.c.item_id)
        .subquery("book")
    )
