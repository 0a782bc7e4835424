"""What waits of the stock: requisitions, write-offs and stock-takes, and what runs low."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, literal, select, union_all

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.core.i18n import Labelled, _l
from carecampaign.inventory.models import (
    Requisition,
    RequisitionState,
    StockLocation,
    StockTake,
    StockTakeState,
    StockThreshold,
    WriteOff,
)
from carecampaign.inventory.queries import is_visible
from carecampaign.inventory.queries.books.expiry import (
    EXPIRY,
    ExpiryRow,
    expiring,
    expiry_rows,
)
from carecampaign.inventory.queries.pages.prepared import waits_for
from carecampaign.inventory.queries.supply import SupplyRow, levels_below_minimum, supply_rows
from carecampaign.reports.queries.bounded import Few, first_of

MOST = 6
EXPIRING_DAYS = 30


class Form(Labelled):
    """The kinds of form, by the endpoint of their pages."""

    REQUISITION = "requisition", _l("Requisition")
    WRITE_OFF = "write_off", _l("Write-off")
    STOCK_TAKE = "stock_take", _l("Stock-take")


class Paper(NamedTuple):
    """A form that waits, with the place it is about."""

    form: Form
    id: int
    dated_on: date
    place: str


def papers_to_decide(actor: Actor) -> Few[Paper]:
    """Give the forms that wait for a decision of the person, the oldest first."""
    return _papers(
        _of(Form.REQUISITION, Requisition, Requisition.target_id).where(
            waits_for(actor, Requisition)
        ),
        _of(Form.WRITE_OFF, WriteOff, WriteOff.location_id).where(waits_for(actor, WriteOff)),
        _of(Form.STOCK_TAKE, StockTake, StockTake.location_id).where(waits_for(actor, StockTake)),
    )


def papers_to_carry_out(actor: Actor) -> Few[Paper]:
    """Give requisitions to issue from what the person keeps, and places they are counting."""
    kept = select(StockLocation.id).where(is_visible(actor, Permission.INVENTORY_KEEP))
    counted = select(StockLocation.id).where(is_visible(actor, Permission.INVENTORY_COUNT))
    return _papers(
        _of(Form.REQUISITION, Requisition, Requisition.target_id).where(
            Requisition.state == RequisitionState.APPROVED, Requisition.warehouse_id.in_(kept)
        ),
        _of(Form.STOCK_TAKE, StockTake, StockTake.location_id).where(
            StockTake.state == StockTakeState.COUNTING, StockTake.location_id.in_(counted)
        ),
    )


def low_stock(actor: Actor) -> Few[SupplyRow]:
    """Give what has fallen below its minimum where the person sees it, by place and item."""
    statement = levels_below_minimum(actor).order_by(
        StockLocation.name, StockThreshold.location_id, StockThreshold.item_id
    )
    found = first_of(statement, MOST)
    return Few(supply_rows(found.rows), found.total)


def expiring_stock(actor: Actor) -> Few[ExpiryRow]:
    """Give what is past its date, or will be within a month, where the person keeps stock."""
    kept = select(StockLocation.id).where(is_visible(actor, Permission.INVENTORY_KEEP))
    found = first_of(expiring(kept, within_days=EXPIRING_DAYS).order_by(*EXPIRY.order), MOST)
    return Few(expiry_rows(found.rows), found.total)


def _of(form: Form, table: Any, place_id: Any) -> Select[Any]:  # noqa: ANN401 - three tables alike
    return select(
        literal(form.value).label("form"),
        table.id.label("id"),
        table.dated_on.label("dated_on"),
        StockLocation.name.label("place"),
    ).join(StockLocation, StockLocation.id == place_id)


def _papers(*statements: Select[Any]) -> Few[Paper]:
    together = union_all(*statements).subquery()
    found = first_of(select(together).order_by(together.c.dated_on, together.c.id), MOST)
    rows = [Paper(Form(form), *rest) for form, *rest in found.rows]
    return Few(rows, found.total)
