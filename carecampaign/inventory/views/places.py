"""Warehouses, stations and units as places of stock, and the check of the whole ledger."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError, NotFound
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.inventory.forms import PlaceFilterForm, WarehouseForm
from carecampaign.inventory.queries.pages import (
    STOCK_PLACES,
    PlaceFilters,
    standing_places,
    with_holdings,
)
from carecampaign.inventory.services import create_warehouse as set_up_warehouse
from carecampaign.inventory.views.blueprint import blueprint, show_form
from carecampaign.jobs.services import request_job
from carecampaign.organizations.queries import choices_for, get_organization_for


@blueprint.get("/locations")
@requires(Permission.INVENTORY_VIEW)
def locations() -> ResponseReturnValue:
    """List the places that hold stock, with what they hold."""
    form = PlaceFilterForm(request.args)
    filters = PlaceFilters(**form.valid_values())
    return show_list(
        "inventory/locations.html",
        STOCK_PLACES,
        standing_places(signed_in(), filters),
        form=form,
        complete=with_holdings,
    )


@blueprint.route("/locations/new", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def create_warehouse() -> ResponseReturnValue:
    """Set up a warehouse of an organisation that one keeps stock for."""
    form = WarehouseForm(organizations=choices_for(signed_in(), Permission.INVENTORY_KEEP))
    if form.validate_on_submit():
        try:
            warehouse_id = _set_up(form)
        except AlreadyDone:
            return redirect(url_for(".locations"))
        except NotFound:
            raise
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Warehouse set up."), "success")
            return redirect(url_for(".location", location_id=warehouse_id))
    return show_form("inventory/create_warehouse.html", form)


def _set_up(form: WarehouseForm) -> int:
    with transaction():
        command = claim(form.command_id.data, "inventory.create_warehouse")
        organization = get_organization_for(
            signed_in(), form.organization.data, Permission.INVENTORY_KEEP
        )
        warehouse = set_up_warehouse(form.name.data, organization=organization, by=signed_in())
        command.outcome = warehouse.id
    return warehouse.id


@blueprint.post("/verify")
@requires(Permission.INVENTORY_VERIFY)
def verify() -> ResponseReturnValue:
    """Ask for a check of the whole ledger; the job's page shows how it goes."""
    with transaction():
        job = request_job("inventory.verify", key="inventory.verify", arguments={}, by=signed_in())
    return redirect(url_for("jobs.show", job_id=job.id))
