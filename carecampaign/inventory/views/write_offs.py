"""Write-offs: prepared by one person, decided by another."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.approvals.queries import requests_about
from carecampaign.audit.history import history_of
from carecampaign.core import clock
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.inventory import services
from carecampaign.inventory.forms import (
    PlaceStepForm,
    RefusalForm,
    WriteOffFilterForm,
    WriteOffForm,
)
from carecampaign.inventory.models import WriteOff, WriteOffState
from carecampaign.inventory.queries import get_location_for, lots_at
from carecampaign.inventory.queries.pages import STANDING, place_choices
from carecampaign.inventory.queries.pages.prepared import PreparedFilters
from carecampaign.inventory.queries.pages.write_offs import (
    WRITE_OFFS,
    get_write_off_for,
    get_write_off_to_cancel,
    get_write_off_to_decide,
    value_of,
    write_off_steps,
    write_offs_matching,
)
from carecampaign.inventory.services import MovedOn, Spoiled
from carecampaign.inventory.views.blueprint import blueprint, chosen, show_form
from carecampaign.inventory.views.steps import save_new, take_step, take_step_at_once


@blueprint.get("/write-offs")
@requires(Permission.INVENTORY_VIEW)
def write_offs() -> ResponseReturnValue:
    """List the write-offs, with filters."""
    actor = signed_in()
    form = WriteOffFilterForm(
        request.args, locations=place_choices(actor, also=chosen("location"))
    )
    filters = PreparedFilters(**form.valid_values())
    return show_list(
        "inventory/write_offs.html",
        WRITE_OFFS,
        write_offs_matching(actor, filters),
        form=form,
        may_export=actor.can(Permission.REPORTS_EXPORT),
    )


@blueprint.get("/write-offs/<id:write_off_id>")
@requires(Permission.INVENTORY_VIEW)
def write_off(write_off_id: int) -> ResponseReturnValue:
    """Show a write-off: what goes, why, and who decided."""
    actor = signed_in()
    row = get_write_off_for(actor, write_off_id)
    return render_template(
        "inventory/write_off.html",
        write_off=row,
        value=value_of(row),
        approvals=requests_about(row),
        may=write_off_steps(actor, row),
        change_history=history_of(row),
    )


@blueprint.route("/write-offs/new", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def prepare_write_off() -> ResponseReturnValue:
    """Propose to write off what is damaged, lost or past its date."""
    actor, location_id = signed_in(), chosen("location")
    places = place_choices(actor, STANDING, permission=Permission.INVENTORY_KEEP, also=location_id)
    step = PlaceStepForm(request.args, locations=places)
    if location_id is None:
        return show_form("inventory/prepare_write_off.html", None, step=step, location=None)
    location = get_location_for(actor, location_id, permission=Permission.INVENTORY_KEEP)
    lots = lots_at(location)
    form = WriteOffForm(lots=lots)
    if form.validate_on_submit():
        done = save_new(
            form, "prepare_write_off", lambda: _prepare(form, location_id, by=actor), _page_of
        )
        if done is not None:
            return done
    return show_form(
        "inventory/prepare_write_off.html",
        form,
        step=step,
        location=location,
        lots={row.lot_id: row.lot for row in lots},
        today=clock.today(),
    )


@blueprint.post("/write-offs/<id:write_off_id>/approve")
@requires(Permission.INVENTORY_APPROVE)
def approve_write_off(write_off_id: int) -> ResponseReturnValue:
    """Approve a write-off: it is posted at once."""
    actor = signed_in()
    return take_step_at_once(
        lambda: services.approve_write_off(get_write_off_to_decide(actor, write_off_id), by=actor),
        words=_("Approved and posted."),
        then=_page_of(write_off_id),
    )


@blueprint.route("/write-offs/<id:write_off_id>/refuse", methods=["GET", "POST"])
@requires(Permission.INVENTORY_APPROVE)
def refuse_write_off(write_off_id: int) -> ResponseReturnValue:
    """Refuse a write-off, with a reason."""
    actor = signed_in()
    row = get_write_off_to_decide(actor, write_off_id)
    if request.method == "GET" and row.state is not WriteOffState.WAITING:
        raise MovedOn(row.state)
    form = RefusalForm()
    if form.validate_on_submit():
        done = take_step(
            form,
            "refuse_write_off",
            lambda: services.refuse_write_off(
                get_write_off_to_decide(actor, write_off_id), comment=form.comment.data, by=actor
            ),
            words=_("Refused. Whoever prepared it reads your reason."),
            then=_page_of(write_off_id),
        )
        if done is not None:
            return done
    return show_form("inventory/refuse_write_off.html", form, write_off=row)


@blueprint.post("/write-offs/<id:write_off_id>/cancel")
@requires(Permission.INVENTORY_KEEP)
def cancel_write_off(write_off_id: int) -> ResponseReturnValue:
    """Take a write-off back before anybody decides on it."""
    actor = signed_in()
    return take_step_at_once(
        lambda: services.cancel_write_off(get_write_off_to_cancel(actor, write_off_id), by=actor),
        words=_("Write-off cancelled."),
        then=_page_of(write_off_id),
    )


def _page_of(write_off_id: int | None) -> str:
    if write_off_id is None:
        return url_for(".write_offs")
    return url_for(".write_off", write_off_id=write_off_id)


def _prepare(form: WriteOffForm, location_id: int, *, by: Actor) -> WriteOff:
    location = get_location_for(by, location_id, permission=Permission.INVENTORY_KEEP)
    lots = {row.lot_id: row.lot for row in lots_at(location)}
    return services.prepare_write_off(
        location,
        [Spoiled(lots[lot_id], pieces) for lot_id, pieces in form.spoiled() if lot_id in lots],
        cause=form.cause.data,
        reason=form.reason.data,
        by=by,
    )
