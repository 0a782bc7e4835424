"""Requisitions: asked for by a station or a unit, granted from a warehouse, issued."""

from collections.abc import Mapping, Sequence
from datetime import date

from carecampaign.access.actor import Actor
from carecampaign.approvals import services as approvals
from carecampaign.campaigns.models import Campaign
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.inventory.models import (
    DocumentKind,
    Requisition,
    RequisitionLine,
    RequisitionState,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.services import steps
from carecampaign.inventory.services.errors import NothingToMove, SamePlace
from carecampaign.inventory.services.issues import issue_goods
from carecampaign.inventory.services.lines import Line, require_quantities
from carecampaign.inventory.services.reservations import Holder, release, reserve
from carecampaign.inventory.services.transfers import dispatch
from carecampaign.organizations.models import Organization

State = RequisitionState


class MoreThanAsked(DomainError):
    """More was to be granted than was asked for, or less than nothing."""

    field = "quantity"

    def __init__(self, line: RequisitionLine) -> None:
        super().__init__(
            _l(
                "Between 0 and %(asked)s of %(item)s can be granted.",
                asked=line.asked,
                item=line.item.name,
            )
        )
        self.item = line.item


class MoreThanGranted(DomainError):
    """More was to be issued than was granted, or less than nothing."""

    field = "quantity"

    def __init__(self, line: RequisitionLine) -> None:
        super().__init__(
            _l(
                "Between 0 and %(granted)s of %(item)s can be issued.",
                granted=line.granted,
                item=line.item.name,
            )
        )
        self.item = line.item


class NothingGranted(DomainError):
    """An approval that grants nothing at all is a refusal, and that needs a reason."""

    def __init__(self) -> None:
        super().__init__(_l("Nothing would be granted: refuse the requisition and say why."))


def holder_of(requisition: Requisition) -> Holder:
    """Name a requisition as whoever stock is reserved for."""
    return Holder("requisition", requisition.id)


def request_goods(
    target: StockLocation,
    lines: Sequence[Line],
    *,
    purpose: str,
    needed_by: date | None = None,
    campaign: Campaign | None = None,
    by: Actor,
) -> Requisition:
    """Ask for goods for a station or a unit. Raises NothingToMove."""
    require_quantities(lines)
    requisition = Requisition(
        state=State.WAITING,
        target=target,
        campaign=campaign,
        purpose=purpose,
        needed_by=needed_by,
        requested_by_id=by.id,
        lines=[RequisitionLine(item=line.item, asked=line.quantity) for line in lines],
    )
    steps.number(requisition, DocumentKind.REQUISITION, _owner_of(target), clock.today())
    approvals.ask(requisition, by=by)
    steps.record(
        "inventory.request_goods",
        requisition,
        by=by,
        target=target.name,
        purpose=purpose,
        lines=[[line.item.name, line.quantity] for line in lines],
    )
    return requisition


def approve_requisition(
    requisition: Requisition,
    warehouse: StockLocation,
    granted: Mapping[int, int],
    *,
    comment: str = "",
    by: Actor,
) -> None:
    """Grant a requisition whole or in part, and reserve what is granted at a warehouse.

    ``granted`` are pieces by the id of the line. Raises PreparerMayNotDecide, AlreadyDecided,
    MoreThanAsked, NothingGranted, SamePlace, or NotEnoughStock when fewer are free there.
    """
    if warehouse.id == requisition.target_id:
        raise SamePlace
    approvals.approve(requisition, comment=comment, by=by)
    steps.move(requisition, State.WAITING, State.APPROVED, warehouse_id=warehouse.id)
    for line in requisition.lines:
        pieces = granted.get(line.id, 0)
        if not 0 <= pieces <= line.asked:
            raise MoreThanAsked(line)
        line.granted = pieces
    if not any(line.granted for line in requisition.lines):
        raise NothingGranted
    db.session.flush()
    # In the order of the items, so that two approvals at once do not wait for each other.
    for line in sorted(requisition.lines, key=lambda line: line.item_id):
        if line.granted:
            reserve(warehouse, line.item, line.granted, holder=holder_of(requisition))
    steps.record(
        "inventory.approve_requisition",
        requisition,
        by=by,
        source=warehouse.name,
        lines=[[line.item.name, line.asked, line.granted] for line in requisition.lines],
        comment=comment,
    )


def refuse_requisition(requisition: Requisition, *, comment: str, by: Actor) -> None:
    """Refuse a requisition and say why. Raises PreparerMayNotDecide, AlreadyDecided."""
    approvals.refuse(requisition, comment=comment, by=by)
    steps.move(requisition, State.WAITING, State.REFUSED)
    steps.record("inventory.refuse_requisition", requisition, by=by, comment=comment)


def cancel_requisition(requisition: Requisition, *, by: Actor) -> None:
    """Take a requisition back; what is reserved for it is free again.

    Raises MovedOn when it was issued, refused or cancelled, AlreadyDecided when somebody decides
    on it at this very moment.
    """
    requisition = steps.lock(requisition, State.WAITING, State.APPROVED)
    before = requisition.state
    if before is State.WAITING:
        approvals.withdraw(requisition, by=by)
    release(holder_of(requisition))
    steps.move(requisition, before, State.CANCELLED)
    steps.record(
        "inventory.cancel_requisition", requisition, by=by, state=[before, State.CANCELLED]
    )


def send_requisition(
    requisition: Requisition, quantities: Mapping[int, int], *, note: str = "", by: Actor
) -> StockDocument:
    """Send what was granted to the stock of whoever asked: a transfer, until it arrives there.

    ``quantities`` are pieces by the id of the line; what is reserved beyond them is free again.
    Raises MovedOn, MoreThanGranted, NothingToMove, NotEnoughStock, EarmarkBreach.
    """
    requisition = steps.lock(requisition, State.APPROVED)
    document = dispatch(
        _warehouse_of(requisition),
        requisition.target,
        _issue(requisition, quantities),
        campaign=requisition.campaign,
        note=note or requisition.purpose,
        holder=holder_of(requisition),
        by=by,
    )
    _close(requisition, document, by=by)
    return document


def issue_requisition(
    requisition: Requisition,
    quantities: Mapping[int, int],
    *,
    receiver: str,
    note: str = "",
    by: Actor,
) -> StockDocument:
    """Hand over what was granted for use: it leaves the stock with a goods-issue note.

    The rest is as with ``send_requisition``.
    """
    requisition = steps.lock(requisition, State.APPROVED)
    document = issue_goods(
        _warehouse_of(requisition),
        _issue(requisition, quantities),
        counterpart=requisition.target.name,
        receiver=receiver,
        purpose=requisition.purpose,
        campaign=requisition.campaign,
        holder=holder_of(requisition),
        note=note,
        by=by,
    )
    _close(requisition, document, by=by)
    return document


def _issue(requisition: Requisition, quantities: Mapping[int, int]) -> list[Line]:
    for line in requisition.lines:
        pieces = quantities.get(line.id, 0)
        if not 0 <= pieces <= (line.granted or 0):
            raise MoreThanGranted(line)
        line.issued = pieces
    lines = [Line(line.item, line.issued) for line in requisition.lines if line.issued]
    if not lines:
        raise NothingToMove
    return lines


def _close(requisition: Requisition, document: StockDocument, *, by: Actor) -> None:
    db.session.flush()
    release(holder_of(requisition))
    steps.move(requisition, State.APPROVED, State.ISSUED, document_id=document.id)
    steps.record(
        "inventory.issue_requisition",
        requisition,
        by=by,
        lines=[[line.item.name, line.granted, line.issued] for line in requisition.lines],
    )


def _warehouse_of(requisition: Requisition) -> StockLocation:
    if requisition.warehouse is None:
        message = "an approved requisition names its warehouse"
        raise ValueError(message)
    return requisition.warehouse


def _owner_of(target: StockLocation) -> Organization:
    if target.organization is None:
        message = "goods are asked for by a place of an organisation"
        raise ValueError(message)
    return target.organization
