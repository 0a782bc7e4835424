"""Stock-takes: the list, the sheet, its opening and the decision on it."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.approvals.queries import requests_about
from carecampaign.audit.history import history_of
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.inventory import services
from carecampaign.inventory.forms import RefusalForm, StockTakeFilterForm, StockTakeForm
from carecampaign.inventory.models import StockTake, StockTakeState
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.pages import place_choices
from carecampaign.inventory.queries.pages.prepared import PreparedFilters
from carecampaign.inventory.queries.pages.stock_takes import (
    COUNTED_KINDS,
    STOCK_TAKES,
    get_stock_take_for,
    get_stock_take_to_count,
    get_stock_take_to_decide,
    stock_take_steps,
    stock_takes_matching,
    unit_values,
)
from carecampaign.inventory.services import MovedOn
from carecampaign.inventory.views.blueprint import blueprint, chosen, show_form
from carecampaign.inventory.views.steps import save_new, take_step, take_step_at_once


@blueprint.get("/stock-takes")
@requires(Permission.INVENTORY_VIEW)
def stock_takes() -> ResponseReturnValue:
    """List the stock-takes, with filters."""
    actor = signed_in()
    form = StockTakeFilterForm(
        request.args, locations=place_choices(actor, also=chosen("location"))
    )
    filters = PreparedFilters(**form.valid_values())
    return show_list(
        "inventory/stock_takes.html",
        STOCK_TAKES,
        stock_takes_matching(actor, filters),
        form=form,
        may_export=actor.can(Permission.REPORTS_EXPORT),
    )


@blueprint.get("/stock-takes/<id:stock_take_id>")
@requires(Permission.INVENTORY_VIEW)
def stock_take(stock_take_id: int) -> ResponseReturnValue:
    """Show a stock-take sheet: what the books said, what was counted, what differs."""
    actor = signed_in()
    row = get_stock_take_for(actor, stock_take_id)
    return render_template(
        "inventory/stock_take.html",
        stock_take=row,
        values=unit_values(row),
        approvals=requests_about(row),
        may=stock_take_steps(actor, row),
        change_history=history_of(row),
    )


@blueprint.route("/stock-takes/new", methods=["GET", "POST"])
@requires(Permission.INVENTORY_COUNT)
def open_stock_take() -> ResponseReturnValue:
    """Begin to count a place."""
    actor, location_id = signed_in(), chosen("location")
    places = place_choices(
        actor, COUNTED_KINDS, permission=Permission.INVENTORY_COUNT, also=location_id
    )
    form = StockTakeForm(locations=places, data={"location": location_id, "is_blind": True})
    if form.validate_on_submit():
        done = save_new(form, "open_stock_take", lambda: _open(form, by=actor), _page_of)
        if done is not None:
            return done
    return show_form("inventory/open_stock_take.html", form)


@blueprint.post("/stock-takes/<id:stock_take_id>/approve")
@requires(Permission.INVENTORY_APPROVE)
def approve_stock_take(stock_take_id: int) -> ResponseReturnValue:
    """Approve gain and loss: they are posted at once."""
    actor = signed_in()
    return take_step_at_once(
        lambda: services.approve_stock_take(
            get_stock_take_to_decide(actor, stock_take_id), by=actor
        ),
        words=_("Approved and posted."),
        then=_page_of(stock_take_id),
    )


@blueprint.route("/stock-takes/<id:stock_take_id>/refuse", methods=["GET", "POST"])
@requires(Permission.INVENTORY_APPROVE)
def refuse_stock_take(stock_take_id: int) -> ResponseReturnValue:
    """Have a place counted again, with a reason."""
    actor = signed_in()
    row = get_stock_take_to_decide(actor, stock_take_id)
    if request.method == "GET" and row.state is not StockTakeState.WAITING:
        raise MovedOn(row.state)
    form = RefusalForm()
    if form.validate_on_submit():
        done = take_step(
            form,
            "refuse_stock_take",
            lambda: services.refuse_stock_take(
                get_stock_take_to_decide(actor, stock_take_id), comment=form.comment.data, by=actor
            ),
            words=_("Sent back to be counted again."),
            then=_page_of(stock_take_id),
        )
        if done is not None:
            return done
    return show_form("inventory/refuse_stock_take.html", form, stock_take=row)


@blueprint.post("/stock-takes/<id:stock_take_id>/cancel")
@requires(Permission.INVENTORY_COUNT)
def cancel_stock_take(stock_take_id: int) -> ResponseReturnValue:
    """Give a stock-take up; nothing is posted."""
    actor = signed_in()
    return take_step_at_once(
        lambda: services.cancel_stock_take(
            get_stock_take_to_count(actor, stock_take_id), by=actor
        ),
        words=_("Stock-take cancelled. Nothing was posted."),
        then=_page_of(stock_take_id),
    )


def _page_of(stock_take_id: int | None) -> str:
    if stock_take_id is None:
        return url_for(".stock_takes")
    return url_for(".stock_take", stock_take_id=stock_take_id)


def _open(form: StockTakeForm, *, by: Actor) -> StockTake:
    location = get_location_for(by, form.location.data, permission=Permission.INVENTORY_COUNT)
    return services.open_stock_take(
        location, is_blind=form.is_blind.data, witness=form.witness.data, by=by
    )
