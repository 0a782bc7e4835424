"""Keeping enough everywhere: thresholds, what is low, and what a warehouse sends."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.queries import list_active_items
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import Conflict, DomainError, NotFound
from carecampaign.core.i18n import _, _n
from carecampaign.core.listing import show_list
from carecampaign.inventory.forms.supply import (
    ReplenishForm,
    ReplenishStepForm,
    ThresholdsForm,
    posted_shipments,
)
from carecampaign.inventory.models import LocationKind, StockDocument
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.pages import (
    campaign_choices,
    items_by_id,
    place_choices,
)
from carecampaign.inventory.queries.supply import (
    LOW_STOCK,
    levels_below_minimum,
    list_thresholds,
    propose,
    supply_rows,
)
from carecampaign.inventory.services.lines import Line
from carecampaign.inventory.services.thresholds import Threshold, set_thresholds
from carecampaign.inventory.services.thresholds import replenish as send_what_is_missing
from carecampaign.inventory.views.blueprint import blueprint, campaign_of, chosen, show_form


@blueprint.get("/low-stock")
@requires(Permission.INVENTORY_VIEW)
def low_stock() -> ResponseReturnValue:
    """List what has fallen below its minimum."""
    return show_list(
        "inventory/low_stock.html",
        LOW_STOCK,
        levels_below_minimum(signed_in()),
        complete=supply_rows,
        may_export=signed_in().can(Permission.REPORTS_EXPORT),
    )


@blueprint.route("/locations/<id:location_id>/thresholds", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def thresholds(location_id: int) -> ResponseReturnValue:
    """Say how much a place should hold of each item."""
    place = get_location_for(signed_in(), location_id, permission=Permission.INVENTORY_KEEP)
    limits = list_thresholds(place)
    form = ThresholdsForm(items=list_active_items(also=limits), limits=limits)
    if form.validate_on_submit():
        try:
            _set_thresholds(form, location_id)
        except AlreadyDone:
            pass  # sent twice: it is as they wanted it
        else:
            flash(_("Thresholds saved."), "success")
        return redirect(url_for(".location", location_id=location_id))
    return show_form("inventory/thresholds.html", form, location=place)


def _set_thresholds(form: ThresholdsForm, location_id: int) -> None:
    with transaction():
        claim(form.command_id.data, "inventory.set_thresholds")
        place = get_location_for(signed_in(), location_id, permission=Permission.INVENTORY_KEEP)
        items = items_by_id(row.item_id for row in form.rows)
        wanted = {
            items[row.item_id]: None
            if row.minimum.data is None
            else Threshold(row.minimum.data, row.target.data)
            for row in form.rows
        }
        set_thresholds(place, wanted, by=signed_in())


@blueprint.route("/replenish", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def replenish() -> ResponseReturnValue:
    """Propose what a warehouse sends to whom; sent as it is, or as somebody changed it."""
    actor, source_id = signed_in(), chosen("source")
    sources = place_choices(
        actor, [LocationKind.WAREHOUSE], permission=Permission.INVENTORY_KEEP, also=source_id
    )
    step = ReplenishStepForm(request.args, sources=sources, campaigns=campaign_choices(actor))
    if source_id is None:
        return render_template("inventory/replenish.html", form=None, step=step, source=None)
    source = get_location_for(actor, source_id, permission=Permission.INVENTORY_KEEP)
    form = ReplenishForm(proposals=propose(actor, source, also=posted_shipments()))
    if form.validate_on_submit():
        try:
            return _send(form, source_id, by=actor)
        except AlreadyDone:
            return redirect(url_for(".documents", state="in_transit"))
        except (Conflict, NotFound):
            raise
        except DomainError as error:
            form.reject(error)
    return show_form("inventory/replenish.html", form, step=step, source=source)


def _send(form: ReplenishForm, source_id: int, *, by: Actor) -> ResponseReturnValue:
    with transaction():
        claim(form.command_id.data, "inventory.replenish")
        sent = _replenish(form, source_id, by=by)
        count = len(sent)
    flash(
        _n("%(num)s transfer is on its way.", "%(num)s transfers are on their way.", count),
        "success",
    )
    return redirect(url_for(".documents", state="in_transit"))


def _replenish(form: ReplenishForm, source_id: int, *, by: Actor) -> list[StockDocument]:
    shipments = form.shipments()
    items = items_by_id(item_id for lines in shipments.values() for item_id, _pieces in lines)
    return send_what_is_missing(
        get_location_for(by, source_id, permission=Permission.INVENTORY_KEEP),
        {
            get_location_for(by, place_id): [
                Line(items[item_id], pieces) for item_id, pieces in lines
            ]
            for place_id, lines in shipments.items()
        },
        campaign=campaign_of(chosen("campaign")),
        note=form.note.data,
        by=by,
    )
