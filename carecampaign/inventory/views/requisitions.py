"""Requisitions: asked for, granted or refused, and taken back."""

from functools import partial

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.approvals.queries import requests_about
from carecampaign.audit.history import history_of
from carecampaign.catalogue.queries import list_active_items
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.inventory import services
from carecampaign.inventory.forms import (
    GrantForm,
    GrantStepForm,
    RefusalForm,
    RequisitionFilterForm,
    RequisitionForm,
    pieces_rows,
)
from carecampaign.inventory.models import Requisition, RequisitionState, StockLocation
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.pages import campaign_choices, items_by_id, place_choices
from carecampaign.inventory.queries.pages.prepared import PreparedFilters
from carecampaign.inventory.queries.pages.requisitions import (
    REQUISITIONS,
    free_at,
    get_requisition_for,
    get_requisition_to_cancel,
    get_requisition_to_decide,
    get_station_that_asks,
    get_unit_that_asks,
    requisition_steps,
    requisitions_matching,
    stations_that_ask,
    units_that_ask,
    warehouses_to_grant_from,
)
from carecampaign.inventory.services import (
    Line,
    MovedOn,
    ensure_station_location,
    ensure_unit_location,
)
from carecampaign.inventory.views.blueprint import blueprint, campaign_of, chosen, show_form
from carecampaign.inventory.views.steps import save_new, take_step, take_step_at_once


@blueprint.get("/requisitions")
@requires(Permission.INVENTORY_VIEW)
def requisitions() -> ResponseReturnValue:
    """List the requisitions, with filters."""
    actor = signed_in()
    form = RequisitionFilterForm(
        request.args, locations=place_choices(actor, also=chosen("location"))
    )
    filters = PreparedFilters(**form.valid_values())
    return show_list(
        "inventory/requisitions.html",
        REQUISITIONS,
        requisitions_matching(actor, filters),
        form=form,
        may_export=actor.can(Permission.REPORTS_EXPORT),
    )


@blueprint.get("/requisitions/<id:requisition_id>")
@requires(Permission.INVENTORY_VIEW)
def requisition(requisition_id: int) -> ResponseReturnValue:
    """Show a requisition: what is asked for, what was granted, what went out."""
    actor = signed_in()
    row = get_requisition_for(actor, requisition_id)
    return render_template(
        "inventory/requisition.html",
        requisition=row,
        approvals=requests_about(row),
        may=requisition_steps(actor, row),
        change_history=history_of(row),
    )


@blueprint.route("/requisitions/new", methods=["GET", "POST"])
@requires(Permission.INVENTORY_REQUEST)
def create_requisition() -> ResponseReturnValue:
    """Ask for goods for a station or a unit."""
    actor = signed_in()
    form = RequisitionForm(
        stations=stations_that_ask(actor),
        units=units_that_ask(actor),
        campaigns=campaign_choices(actor),
        items=[(item.id, f"{item.name} ({item.unit})") for item in list_active_items()],
        data={"target": request.args.get("target", "")},
    )
    if form.validate_on_submit():
        done = save_new(form, "request_goods", lambda: _ask(form, by=actor), _page_of)
        if done is not None:
            return done
    return show_form("inventory/create_requisition.html", form)


@blueprint.route("/requisitions/<id:requisition_id>/approve", methods=["GET", "POST"])
@requires(Permission.INVENTORY_APPROVE)
def approve_requisition(requisition_id: int) -> ResponseReturnValue:
    """Grant a requisition, whole or in part, from a warehouse."""
    actor, row = signed_in(), _waiting(requisition_id)
    warehouses = warehouses_to_grant_from(actor)
    warehouse_id = chosen("warehouse") or (warehouses[0][0] if len(warehouses) == 1 else None)
    step = GrantStepForm(request.args, warehouses=warehouses)
    if warehouse_id is None:
        return show_form(
            "inventory/approve_requisition.html", None, step=step, requisition=row, warehouse=None
        )
    warehouse = _warehouse(actor, warehouse_id)
    free = free_at(warehouse, row.lines)
    form = _grant_form(row, free)
    if form.validate_on_submit():
        done = take_step(
            form,
            "approve_requisition",
            lambda: _grant(form, requisition_id, warehouse_id, by=actor),
            words=_("Approved. What is granted is reserved at the warehouse."),
            then=_page_of(requisition_id),
        )
        if done is not None:
            return done
    return show_form(
        "inventory/approve_requisition.html",
        form,
        step=step,
        requisition=row,
        warehouse=warehouse,
        free=free,
    )


@blueprint.route("/requisitions/<id:requisition_id>/refuse", methods=["GET", "POST"])
@requires(Permission.INVENTORY_APPROVE)
def refuse_requisition(requisition_id: int) -> ResponseReturnValue:
    """Refuse a requisition, with a reason."""
    actor, row = signed_in(), _waiting(requisition_id)
    form = RefusalForm()
    if form.validate_on_submit():
        done = take_step(
            form,
            "refuse_requisition",
            lambda: services.refuse_requisition(
                get_requisition_to_decide(actor, requisition_id),
                comment=form.comment.data,
                by=actor,
            ),
            words=_("Refused. Whoever asked reads your reason."),
            then=_page_of(requisition_id),
        )
        if done is not None:
            return done
    return show_form("inventory/refuse_requisition.html", form, requisition=row)


@blueprint.post("/requisitions/<id:requisition_id>/cancel")
@requires(Permission.INVENTORY_REQUEST)
def cancel_requisition(requisition_id: int) -> ResponseReturnValue:
    """Take a requisition back; what it reserved is free again."""
    actor = signed_in()
    return take_step_at_once(
        lambda: services.cancel_requisition(
            get_requisition_to_cancel(actor, requisition_id), by=actor
        ),
        words=_("Requisition cancelled."),
        then=_page_of(requisition_id),
    )


def _page_of(requisition_id: int | None) -> str:
    if requisition_id is None:
        return url_for(".requisitions")
    return url_for(".requisition", requisition_id=requisition_id)


def _waiting(requisition_id: int) -> Requisition:
    row = get_requisition_to_decide(signed_in(), requisition_id)
    if request.method == "GET" and row.state is not RequisitionState.WAITING:
        raise MovedOn(row.state)
    return row


def _ask(form: RequisitionForm, *, by: Actor) -> Requisition:
    kind, row_id = form.chosen_target()
    target = (
        ensure_station_location(get_station_that_asks(by, row_id))
        if kind == "station"
        else ensure_unit_location(get_unit_that_asks(by, row_id))
    )
    rows = form.filled_rows()
    items = items_by_id(row.item.data for row in rows)
    return services.request_goods(
        target,
        [Line(items[row.item.data], row.quantity.data) for row in rows],
        purpose=form.purpose.data,
        needed_by=form.needed_by.data,
        campaign=campaign_of(form.campaign.data),
        by=by,
    )


_warehouse = partial(get_location_for, permission=Permission.INVENTORY_APPROVE)


def _grant_form(row: Requisition, free: dict[int, int]) -> GrantForm:
    asked = {line.id: line.asked for line in row.lines}
    proposed = {line.id: min(line.asked, free[line.id]) for line in row.lines}
    rows = pieces_rows(row.lines, most=asked, proposed=proposed, label=_("Granted"))
    return GrantForm(rows=rows)


def _grant(form: GrantForm, requisition_id: int, warehouse_id: int, *, by: Actor) -> None:
    warehouse: StockLocation = _warehouse(by, warehouse_id)
    services.approve_requisition(
        get_requisition_to_decide(by, requisition_id),
        warehouse,
        form.quantities(),
        comment=form.comment.data,
        by=by,
    )
