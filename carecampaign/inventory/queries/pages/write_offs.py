"""Write-offs as a list and as a form, and who may do what with one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing, Yuan, by_member
from carecampaign.inventory.models import (
    Lot,
    StockLocation,
    WriteOff,
    WriteOffCause,
    WriteOffLine,
    WriteOffState,
)
from carecampaign.inventory.queries.locations import reaches
from carecampaign.inventory.queries.pages.prepared import (
    PreparedFilters,
    at_places_seen_by,
    decides_for,
    may_decide_now,
    narrowed,
    number_and_date,
    state_of,
    where_it_is,
)

_VALUE = (
    select(func.sum(WriteOffLine.quantity * Lot.unit_value))
    .join(Lot, Lot.id == WriteOffLine.lot_id)
    .where(WriteOffLine.write_off_id == WriteOff.id)
    .correlate(WriteOff)
    .scalar_subquery()
)


def value_of(write_off: WriteOff) -> int:
    """Add up what the pieces of a write-off are worth (fen)."""
    return sum(line.quantity * line.lot.unit_value for line in write_off.lines)


WRITE_OFFS: Listing[WriteOff] = Listing(
    _l("Write-offs"),
    (
        *number_and_date(WriteOff),
        where_it_is(),
        Column(
            "cause", _l("Cause"), lambda row: row.cause, by_member(WriteOff.cause, WriteOffCause)
        ),
        Column("reason", _l("Reason"), lambda row: row.reason, optional=True),
        Column(
            "prepared_by",
            _l("Prepared by"),
            lambda row: row.prepared_by.name if row.prepared_by else "",
        ),
        Yuan("value", _l("Value"), value_of, _VALUE),
        state_of(WriteOff, WriteOffState),
    ),
    order=(WriteOff.dated_on.desc(), WriteOff.id.desc()),
)


def write_offs_matching(actor: Actor, filters: PreparedFilters) -> Select[Any]:
    """Select the write-offs at a place the actor sees."""
    statement = (
        at_places_seen_by(actor, WriteOff)
        .join(StockLocation, StockLocation.id == WriteOff.location_id)
        .options(
            contains_eager(WriteOff.location),
            joinedload(WriteOff.prepared_by),
            selectinload(WriteOff.lines).joinedload(WriteOffLine.lot),
        )
    )
    return narrowed(statement, WriteOff, filters, [WriteOff.location_id])


def get_write_off_for(actor: Actor, write_off_id: int) -> WriteOff:
    """Get a write-off the actor sees, with its lines. Raises NotFound."""
    row: WriteOff | None = db.session.scalar(
        at_places_seen_by(actor, WriteOff)
        .where(WriteOff.id == write_off_id)
        .options(
            joinedload(WriteOff.organization),
            joinedload(WriteOff.location),
            joinedload(WriteOff.prepared_by),
            joinedload(WriteOff.document),
            selectinload(WriteOff.lines)
            .joinedload(WriteOffLine.lot)
            .options(joinedload(Lot.item), joinedload(Lot.fund_source)),
        )
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(_l("There is no such write-off."))
    return row


def get_write_off_to_decide(actor: Actor, write_off_id: int) -> WriteOff:
    """Get a write-off of an organisation the actor approves for. Raises NotFound."""
    row = get_write_off_for(actor, write_off_id)
    if not decides_for(actor, row):
        raise NotFound(_l("There is no such write-off."))
    return row


def get_write_off_to_cancel(actor: Actor, write_off_id: int) -> WriteOff:
    """Get a write-off at a place that the actor keeps. Raises NotFound."""
    row = get_write_off_for(actor, write_off_id)
    if not reaches(actor, row.location, Permission.INVENTORY_KEEP):
        raise NotFound(_l("There is no such write-off."))
    return row


@dataclass(frozen=True)
class WriteOffSteps:
    """What somebody can do with a write-off now."""

    decide: bool
    cancel: bool
    prepared_it: bool
    """They prepared it, and so do not decide, though they decide on others."""


def write_off_steps(actor: Actor, row: WriteOff) -> WriteOffSteps:
    """Say what the actor can do with a write-off as it stands."""
    is_waiting, decide = row.state is WriteOffState.WAITING, may_decide_now(actor, row)
    return WriteOffSteps(
        decide=decide,
        cancel=is_waiting and reaches(actor, row.location, Permission.INVENTORY_KEEP),
        prepared_it=is_waiting and not decide and decides_for(actor, row),
    )
