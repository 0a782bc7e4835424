"""Stock that goes out, arrives, and comes back."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.i18n import _
from carecampaign.inventory.forms import (
    ArrivalForm,
    DispatchForm,
    DispatchStepForm,
    ReturnForm,
    ReturnStepForm,
    posted_items,
)
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentState,
    LocationKind,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.pages import (
    STANDING,
    campaign_choices,
    get_document_to_accept,
    get_target_station,
    get_target_unit,
    get_target_warehouse,
    holdings_at,
    items_by_id,
    list_targets,
    place_choices,
)
from carecampaign.inventory.services import (
    Arrival,
    Line,
    ensure_station_location,
    ensure_unit_location,
    move_stock,
    receive_transfer,
)
from carecampaign.inventory.services import dispatch as send_on_its_way
from carecampaign.inventory.views.blueprint import (
    blueprint,
    campaign_of,
    chosen,
    post_document,
    show_form,
)


@blueprint.route("/dispatch", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def dispatch() -> ResponseReturnValue:
    """Send stock from a place to a warehouse, a warm station or a unit."""
    actor, source_id = signed_in(), chosen("source")
    sources = place_choices(actor, STANDING, permission=Permission.INVENTORY_KEEP, also=source_id)
    step = DispatchStepForm(request.args, sources=sources, campaigns=campaign_choices(actor))
    if source_id is None:
        return show_form("inventory/dispatch.html", None, step=step, source=None)
    campaign_id, source = chosen("campaign"), _source(source_id)
    step.validate()
    targets = list_targets(
        actor, source=source, campaign_id=campaign_id, text=step.text.data or ""
    )
    form = DispatchForm(targets=targets, holdings=holdings_at(source, also=posted_items()))
    if form.validate_on_submit():
        done = post_document(
            form, "dispatch", lambda: _dispatch(form, source_id, campaign_id, by=actor)
        )
        if done is not None:
            return done
    return show_form(
        "inventory/dispatch.html",
        form,
        step=step,
        source=source,
        targets=targets,
        campaign=campaign_of(campaign_id),
    )


@blueprint.route("/return", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def give_back() -> ResponseReturnValue:
    """Bring stock back from a warm station or a unit into a warehouse."""
    actor, source_id = signed_in(), chosen("source")
    kinds = [LocationKind.STATION, LocationKind.UNIT]
    sources = place_choices(actor, kinds, permission=Permission.INVENTORY_KEEP, also=source_id)
    step = ReturnStepForm(request.args, sources=sources)
    if source_id is None:
        return show_form("inventory/give_back.html", None, step=step, source=None)
    source = _source(source_id)
    form = ReturnForm(
        targets=place_choices(
            actor, [LocationKind.WAREHOUSE], permission=Permission.INVENTORY_KEEP
        ),
        holdings=holdings_at(source, also=posted_items()),
    )
    if form.validate_on_submit():
        done = post_document(form, "give_back", lambda: _give_back(form, source_id, by=actor))
        if done is not None:
            return done
    return show_form("inventory/give_back.html", form, step=step, source=source)


@blueprint.route("/documents/<id:document_id>/accept", methods=["GET", "POST"])
@requires(Permission.INVENTORY_ACCEPT)
def accept(document_id: int) -> ResponseReturnValue:
    """Say what arrived of a transfer; what is missing needs a reason."""
    actor = signed_in()
    document = get_document_to_accept(actor, document_id)
    form = ArrivalForm(lines=document.lines)
    if form.validate_on_submit():
        done = post_document(form, "accept", lambda: _accept(form, document_id, by=actor))
        if done is not None:
            return done
    elif not form.is_submitted() and document.state is not DocumentState.IN_TRANSIT:
        flash(_("This transfer is not in transit any more."), "info")
        return redirect(url_for(".document", document_id=document_id))
    return show_form("inventory/accept.html", form, document=document)


def _source(source_id: int) -> StockLocation:
    return get_location_for(signed_in(), source_id, permission=Permission.INVENTORY_KEEP)


def _lines(form: DispatchForm | ReturnForm) -> list[Line]:
    wanted = form.lines()
    items = items_by_id(item_id for item_id, _quantity in wanted)
    return [Line(items[item_id], quantity) for item_id, quantity in wanted]


def _dispatch(
    form: DispatchForm, source_id: int, campaign_id: int | None, *, by: Actor
) -> StockDocument:
    return send_on_its_way(
        _source(source_id),
        _target(form, campaign_id, by),
        _lines(form),
        campaign=campaign_of(campaign_id),
        note=form.note.data,
        by=by,
    )


def _target(form: DispatchForm, campaign_id: int | None, by: Actor) -> StockLocation:
    kind, row_id = form.chosen_target()
    if kind == "station":
        return ensure_station_location(get_target_station(by, row_id))
    if kind == "unit":
        return ensure_unit_location(get_target_unit(by, row_id, campaign_id))
    return get_target_warehouse(by, row_id)


def _give_back(form: ReturnForm, source_id: int, *, by: Actor) -> StockDocument:
    target = get_location_for(by, form.target.data, permission=Permission.INVENTORY_KEEP)
    return move_stock(
        DocumentKind.RETURN,
        _source(source_id),
        target,
        _lines(form),
        note=form.note.data,
        by=by,
    )


def _accept(form: ArrivalForm, document_id: int, *, by: Actor) -> StockDocument:
    counts = {row.line_id: Arrival(row.received.data, row.reason.data) for row in form.rows}
    return receive_transfer(get_document_to_accept(by, document_id), counts, by=by)
