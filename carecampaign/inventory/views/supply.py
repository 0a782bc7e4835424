"""Keeping enough everywhere: thresholds, and what is low."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.queries import list_active_items
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.inventory.forms.supply import ThresholdsForm
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.pages import items_by_id
from carecampaign.inventory.queries.supply import (
    LOW_STOCK,
    levels_below_minimum,
    list_thresholds,
    supply_rows,
)
from carecampaign.inventory.services.thresholds import Threshold, set_thresholds
from carecampaign.inventory.views.blueprint import blueprint, show_form


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
