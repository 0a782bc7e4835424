"""Goods that come in from outside."""

from collections import defaultdict

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.queries import list_active_items
from carecampaign.core.i18n import _
from carecampaign.funds.queries import (
    get_earmark_for,
    get_fund_source_for,
    list_earmarks_for,
    list_fund_sources_for,
)
from carecampaign.inventory.forms import ReceiptForm
from carecampaign.inventory.models import LocationKind, StockDocument
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.pages import (
    campaign_choices,
    items_by_id,
    place_choices,
)
from carecampaign.inventory.services import ReceiptLine, receive_goods
from carecampaign.inventory.views.blueprint import (
    blueprint,
    campaign_of,
    chosen,
    post_document,
    show_form,
)


@blueprint.route("/receive", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def receive() -> ResponseReturnValue:
    """Take goods into a warehouse, bought or donated."""
    actor = signed_in()
    warehouses = place_choices(
        actor,
        [LocationKind.WAREHOUSE],
        permission=Permission.INVENTORY_KEEP,
        also=chosen("location"),
    )
    if not warehouses:
        flash(_("Goods come into a warehouse: set one up first."), "info")
        return redirect(url_for(".create_warehouse"))
    form = ReceiptForm(
        targets=warehouses,
        fund_sources=[(row.id, row.name) for row in list_fund_sources_for(actor)],
        earmarks=earmark_choices(actor),
        campaigns=campaign_choices(actor),
        items=[
            (item.id, _item_name(item.name, item.spec, item.unit)) for item in list_active_items()
        ],
        data={"target": chosen("location")},
    )
    if form.validate_on_submit():
        done = post_document(form, "receive", lambda: _receive(form, by=actor))
        if done is not None:
            return done
    return show_form("inventory/receive.html", form)


def _item_name(name: str, spec: str, unit: str) -> str:
    return f"{name} {spec} ({unit})" if spec else f"{name} ({unit})"


def earmark_choices(actor: Actor) -> dict[str, list[tuple[int, str]]]:
    """Give the earmarks by the name of their source."""
    choices: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for earmark in list_earmarks_for(actor):
        choices[earmark.fund_source.name].append((earmark.id, earmark.name))
    return choices


def _receive(form: ReceiptForm, *, by: Actor) -> StockDocument:
    rows = form.filled_rows()
    items = items_by_id(row.item.data for row in rows)
    return receive_goods(
        get_location_for(by, form.target.data, permission=Permission.INVENTORY_KEEP),
        [
            ReceiptLine(
                items[row.item.data],
                row.quantity.data,
                row.unit_value.data or 0,
                row.lot_code.data,
                row.expires_on.data,
                ordered=row.ordered.data,
                difference_reason=row.difference_reason.data if row.differs else "",
            )
            for row in rows
        ],
        fund_source=get_fund_source_for(by, form.fund_source.data),
        is_donated=form.origin.data == "donated",
        counterpart=form.counterpart.data,
        dated_on=form.dated_on.data,
        invoice_number=form.invoice_number.data,
        inspection=form.inspection.data,
        delivered_by=form.delivered_by.data,
        inspected_by=form.inspected_by.data,
        campaign=campaign_of(form.campaign.data),
        note=form.note.data,
        earmark=None if form.earmark.data is None else get_earmark_for(by, form.earmark.data),
        by=by,
    )
