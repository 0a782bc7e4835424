"""Goods: listed, shown, added, changed, retired."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit.history import history_of
from carecampaign.catalogue import queries, services
from carecampaign.catalogue.forms import ItemFilterForm, ItemForm, NewItemForm
from carecampaign.catalogue.models import ItemKind
from carecampaign.catalogue.views.blueprint import ACTIVE, blueprint
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.core.undo import flash_with_undo


@blueprint.get("/items")
@requires(Permission.CATALOGUE_VIEW)
def items() -> ResponseReturnValue:
    """List goods and packages, with filters."""
    form = ItemFilterForm(request.args)
    wanted = form.valid_values()
    filters = queries.ItemFilters(
        text=wanted.get("text", ""),
        kind=ItemKind(wanted["kind"]) if "kind" in wanted else None,
        is_active=ACTIVE.get(wanted.get("state", "")),
    )
    matching = queries.items_matching(filters)
    return show_list("catalogue/items.html", queries.ITEMS, matching, form=form)


@blueprint.get("/items/<id:item_id>")
@requires(Permission.CATALOGUE_VIEW)
def item(item_id: int) -> ResponseReturnValue:
    """Show an item and the care packages it is in, or the package it is."""
    item = queries.get_item(item_id)
    return render_template(
        "catalogue/item.html",
        item=item,
        version=queries.find_version_of(item),
        packages=queries.list_versions_with(item),
        change_history=history_of(item),
    )


@blueprint.route("/items/new", methods=["GET", "POST"])
@requires(Permission.CATALOGUE_MANAGE)
def create_item() -> ResponseReturnValue:
    """Add goods to the catalogue."""
    form = NewItemForm()
    if form.validate_on_submit():
        try:
            with transaction():
                command = claim(form.command_id.data, "catalogue.create_item")
                item = services.create_item(**_item_facts(form), by=signed_in())
                command.outcome = item.id
        except AlreadyDone as done:
            return redirect(url_for(".item", item_id=done.outcome))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Item added."), "success")
            return redirect(url_for(".item", item_id=item.id))
    page = render_template("catalogue/create_item.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.route("/items/<id:item_id>/edit", methods=["GET", "POST"])
@requires(Permission.CATALOGUE_MANAGE)
def edit_item(item_id: int) -> ResponseReturnValue:
    """Change the facts of goods."""
    item = queries.get_goods(item_id)
    form = ItemForm(obj=item)
    if form.validate_on_submit():
        try:
            with transaction():
                item = queries.get_goods(item_id)
                services.edit_item(item, **_item_facts(form), by=signed_in())
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Item saved."), "success")
            return redirect(url_for(".item", item_id=item_id))
    page = render_template("catalogue/edit_item.html", form=form, item=item)
    return page, 422 if form.errors else 200


@blueprint.post("/items/<id:item_id>/deactivate")
@requires(Permission.CATALOGUE_MANAGE)
def deactivate_item(item_id: int) -> ResponseReturnValue:
    """Offer an item for nothing new any more."""
    with transaction():
        services.deactivate_item(queries.get_goods(item_id), by=signed_in())
    flash_with_undo(
        _("Item retired. What is in stock can still be handed out."),
        ".reactivate_item",
        item_id=item_id,
    )
    return redirect(url_for(".item", item_id=item_id))


@blueprint.post("/items/<id:item_id>/reactivate")
@requires(Permission.CATALOGUE_MANAGE)
def reactivate_item(item_id: int) -> ResponseReturnValue:
    """Offer an item again."""
    with transaction():
        services.reactivate_item(queries.get_goods(item_id), by=signed_in())
    flash_with_undo(_("Item back in use."), ".deactivate_item", item_id=item_id)
    return redirect(url_for(".item", item_id=item_id))


def _item_facts(form: ItemForm) -> dict[str, Any]:
    names = ("code", "name", "spec", "unit", "reference_value")
    return {name: form[name].data for name in names}
