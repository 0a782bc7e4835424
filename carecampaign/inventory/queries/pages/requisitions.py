"""Requisitions as a list and as a form, and who may do what with one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing, Moment
from carecampaign.inventory.models import (
    LocationKind,
    Lot,
    Requisition,
    RequisitionLine,
    RequisitionState,
    StockLevel,
    StockLocation,
    StockLot,
)
from carecampaign.inventory.queries.locations import ids_seen_by, is_visible, reaches
from carecampaign.inventory.queries.pages.places import MOST_CHOICES
from carecampaign.inventory.queries.pages.prepared import (
    PreparedFilters,
    decides_for,
    may_decide_now,
    narrowed,
    number_and_date,
    state_of,
)
from carecampaign.organizations.models import BESIDE_THE_TREE, Organization
from carecampaign.stations.models import Station, StationMember, StationStatus

P = Permission
_target = aliased(StockLocation)
_warehouse = aliased(StockLocation)

REQUISITIONS: Listing[Requisition] = Listing(
    _l("Requisitions"),
    (
        *number_and_date(Requisition),
        Column(
            "organization",
            _l("Organization"),
            lambda row: row.organization.short_name,
            optional=True,
        ),
        Column("target", _l("Requesting unit"), lambda row: row.target.name, _target.name),
        Column("purpose", _l("Purpose"), lambda row: row.purpose, Requisition.purpose),
        Moment("needed_by", _l("Needed by"), lambda row: row.needed_by, Requisition.needed_by),
        Column(
            "warehouse",
            _l("Warehouse"),
            lambda row: row.warehouse.name if row.warehouse else "",
            _warehouse.name,
        ),
        Column(
            "requested_by",
            _l("Applicant"),
            lambda row: row.requested_by.name if row.requested_by else "",
            optional=True,
        ),
        state_of(Requisition, RequisitionState),
    ),
    order=(Requisition.dated_on.desc(), Requisition.id.desc()),
)


def requisitions_matching(actor: Actor, filters: PreparedFilters) -> Select[Any]:
    """Select the requisitions of or from a place the actor sees."""
    statement = (
        _seen_by(actor)
        .join(_target, _target.id == Requisition.target_id)
        .outerjoin(_warehouse, _warehouse.id == Requisition.warehouse_id)
        .options(
            contains_eager(Requisition.target.of_type(_target)),
            contains_eager(Requisition.warehouse.of_type(_warehouse)),
            joinedload(Requisition.organization),
            joinedload(Requisition.requested_by),
        )
    )
    places = (Requisition.target_id, Requisition.warehouse_id)
    return narrowed(statement, Requisition, filters, places)


def get_requisition_for(actor: Actor, requisition_id: int) -> Requisition:
    """Get a requisition the actor sees, with its lines. Raises NotFound."""
    row: Requisition | None = db.session.scalar(
        _seen_by(actor)
        .where(Requisition.id == requisition_id)
        .options(
            joinedload(Requisition.organization),
            joinedload(Requisition.target),
            joinedload(Requisition.warehouse),
            joinedload(Requisition.campaign),
            joinedload(Requisition.requested_by),
            joinedload(Requisition.document),
            selectinload(Requisition.lines).joinedload(RequisitionLine.item),
        )
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound(_l("There is no such requisition."))
    return row


def get_requisition_to_decide(actor: Actor, requisition_id: int) -> Requisition:
    """Get a requisition of an organisation the actor approves for. Raises NotFound."""
    row = get_requisition_for(actor, requisition_id)
    if not decides_for(actor, row):
        raise NotFound(_l("There is no such requisition."))
    return row


def get_requisition_to_issue(actor: Actor, requisition_id: int) -> Requisition:
    """Get a requisition from a warehouse that the actor keeps. Raises NotFound."""
    row = get_requisition_for(actor, requisition_id)
    if row.warehouse is None or not reaches(actor, row.warehouse, P.INVENTORY_KEEP):
        raise NotFound(_l("There is no such requisition."))
    return row


def get_requisition_to_cancel(actor: Actor, requisition_id: int) -> Requisition:
    """Get a requisition of a place that the actor asks for. Raises NotFound."""
    row = get_requisition_for(actor, requisition_id)
    if not reaches(actor, row.target, P.INVENTORY_REQUEST):
        raise NotFound(_l("There is no such requisition."))
    return row


@dataclass(frozen=True)
class RequisitionSteps:
    """What somebody can do with a requisition now."""

    decide: bool
    issue: bool
    cancel: bool
    prepared_it: bool
    """They asked for it, and so do not decide, though they decide on others."""


def requisition_steps(actor: Actor, row: Requisition) -> RequisitionSteps:
    """Say what the actor can do with a requisition as it stands."""
    state, decide = row.state, may_decide_now(actor, row)
    is_open = state in {RequisitionState.WAITING, RequisitionState.APPROVED}
    return RequisitionSteps(
        decide=decide,
        issue=state is RequisitionState.APPROVED
        and row.warehouse is not None
        and reaches(actor, row.warehouse, P.INVENTORY_KEEP),
        cancel=is_open and reaches(actor, row.target, P.INVENTORY_REQUEST),
        prepared_it=state is RequisitionState.WAITING and not decide and decides_for(actor, row),
    )


def warehouses_to_grant_from(actor: Actor) -> list[tuple[int, str]]:
    """Give the active warehouses whose stock the actor may grant, by name."""
    rows = db.session.execute(
        select(StockLocation.id, StockLocation.name)
        .where(
            StockLocation.kind == LocationKind.WAREHOUSE,
            StockLocation.is_active == true(),
            is_visible(actor, P.INVENTORY_APPROVE),
        )
        .order_by(StockLocation.name, StockLocation.id)
        .limit(MOST_CHOICES)
    )
    return [(row.id, row.name) for row in rows]


def free_at(location: StockLocation, lines: Sequence[RequisitionLine]) -> dict[int, int]:
    """Count, by the id of the line, the good pieces at a place that are kept for nobody."""
    items = [line.item_id for line in lines]
    past_date = dict(
        db.session.execute(
            select(StockLot.item_id, func.sum(StockLot.on_hand))
            .join(Lot, Lot.id == StockLot.lot_id)
            .where(
                StockLot.location_id == location.id,
                StockLot.item_id.in_(items),
                Lot.expires_on < clock.today(),
            )
            .group_by(StockLot.item_id)
        ).all()
    )
    free = {
        level.item_id: level.on_hand - level.reserved
        for level in db.session.scalars(
            select(StockLevel)
            .where(StockLevel.location_id == location.id, StockLevel.item_id.in_(items))
            .execution_options(populate_existing=True)
        )
    }
    return {
        line.id: max(0, free.get(line.item_id, 0) - int(past_date.get(line.item_id, 0)))
        for line in lines
    }


# Who can ask


def stations_that_ask(actor: Actor) -> list[tuple[int, str]]:
    """Give the stations that the actor may ask for goods for, by name."""
    rows = db.session.execute(
        select(Station.id, Station.name)
        .where(_asks_for_station(actor), Station.status != StationStatus.DELISTED)
        .order_by(Station.name, Station.id)
        .limit(MOST_CHOICES)
    )
    return [(row.id, row.name) for row in rows]


def units_that_ask(actor: Actor) -> list[tuple[int, str]]:
    """Give the organisations that the actor may ask for goods for, by their place in the tree."""
    rows = db.session.execute(
        select(Organization.id, Organization.name)
        .where(*_asks_for_unit(actor))
        .order_by(Organization.path)
        .limit(MOST_CHOICES)
    )
    return [(row.id, row.name) for row in rows]


def get_station_that_asks(actor: Actor, station_id: int) -> Station:
    """Give a station that the actor may ask for goods for. Raises NotFound."""
    row = db.session.scalar(
        select(Station).where(Station.id == station_id, _asks_for_station(actor))
    )
    if row is None:
        raise NotFound(_l("Goods cannot be asked for by this place."))
    return row


def get_unit_that_asks(actor: Actor, organization_id: int) -> Organization:
    """Give an organisation that the actor may ask for goods for. Raises NotFound."""
    row = db.session.scalar(
        select(Organization).where(Organization.id == organization_id, *_asks_for_unit(actor))
    )
    if row is None:
        raise NotFound(_l("Goods cannot be asked for by this place."))
    return row


def _asks_for_station(actor: Actor) -> Any:  # noqa: ANN401 - a condition
    owners = select(Organization.id).where(
        within(Organization.path, actor.paths(P.INVENTORY_REQUEST))
    )
    own = select(StationMember.station_id).where(StationMember.user_id == actor.id)
    conditions = [Station.owner_id.in_(owners)]
    if actor.holds_at_stations(P.INVENTORY_REQUEST):
        conditions.append(Station.id.in_(own))
    return or_(*conditions)


def _asks_for_unit(actor: Actor) -> tuple[Any, ...]:
    return (
        within(Organization.path, actor.paths(P.INVENTORY_REQUEST)),
        Organization.is_active == true(),
        Organization.kind.not_in(BESIDE_THE_TREE),
    )


def _seen_by(actor: Actor) -> Select[Any]:
    seen = ids_seen_by(actor)
    return select(Requisition).where(
        or_(Requisition.target_id.in_(seen), Requisition.warehouse_id.in_(seen))
    )
