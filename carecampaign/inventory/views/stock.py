"""What is where: the stock, one place, one item's history."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit.history import history_of
from carecampaign.catalogue.models import ItemKind
from carecampaign.catalogue.queries import get_item
from carecampaign.core import clock
from carecampaign.core.listing import paginate, show_list
from carecampaign.core.urls import page_number
from carecampaign.inventory.forms import StockFilterForm
from carecampaign.inventory.models import LocationKind
from carecampaign.inventory.queries import (
    get_location_for,
    item_history,
    lots_at,
    reaches,
)
from carecampaign.inventory.queries.contents import substitutes_in
from carecampaign.inventory.queries.pages import (
    STOCK,
    STOCK_OF_ITEMS,
    DocumentFilters,
    MovementFilters,
    StockFilters,
    arriving_at,
    documents_matching,
    documents_of,
    history_over_all,
    movements_matching,
    place_choices,
    places_for,
    station_choices,
    stock_for,
    stock_page,
    stock_rows,
    stock_rows_of_items,
    stock_totals,
    substituted_stock,
)
from carecampaign.inventory.views.blueprint import blueprint, chosen

LATEST = 10


@blueprint.get("")
@requires(Permission.INVENTORY_VIEW)
def stock() -> ResponseReturnValue:
    """Show what is where, on its way, and unexplained."""
    actor = signed_in()
    form = StockFilterForm(
        request.args,
        locations=place_choices(actor, also=chosen("location")),
        stations=station_choices(actor, also=chosen("station")),
    )
    filters = StockFilters(**form.valid_values())
    return show_list(
        "inventory/stock.html",
        STOCK_OF_ITEMS if filters.by_items else STOCK,
        stock_for(actor, filters),
        form=form,
        complete=stock_rows_of_items if filters.by_items else stock_rows,
        totals=stock_totals(actor, filters),
    )


@blueprint.get("/locations/<id:location_id>")
@requires(Permission.INVENTORY_VIEW)
def location(location_id: int) -> ResponseReturnValue:
    """Show a place: what it holds, in which batches, and what happened there last."""
    actor = signed_in()
    place = get_location_for(actor, location_id)
    if place.kind is LocationKind.TRANSIT:
        return redirect(url_for(".location", location_id=place.destination_id))
    filters = StockFilters(location=place.id)
    documents = paginate(
        documents_matching(actor, DocumentFilters(location=place.id)), page=1, size=LATEST
    )
    movements = paginate(
        movements_matching(actor, MovementFilters(location=place.id)), page=1, size=LATEST
    )
    lots = lots_at(place)
    ends = [
        end for row in [*documents.items, *movements.items] for end in (row.source, row.target)
    ]
    return render_template(
        "inventory/location.html",
        location=place,
        levels=stock_page(actor, filters, page=page_number()),
        totals=stock_totals(actor, filters),
        lots=lots,
        substitutes=substitutes_in([row.lot_id for row in lots]),
        today=clock.today(),
        arriving=arriving_at(place),
        documents=documents,
        movements=movements,
        papers=documents_of(movements.items),
        places=places_for(actor, ends),
        may_accept=reaches(actor, place, Permission.INVENTORY_ACCEPT),
        may_keep=reaches(actor, place, Permission.INVENTORY_KEEP),
        may_count=reaches(actor, place, Permission.INVENTORY_COUNT),
        change_history=history_of(place),
    )


@blueprint.get("/items/<id:item_id>")
@requires(Permission.INVENTORY_VIEW)
def item(item_id: int) -> ResponseReturnValue:
    """Show where an item is and how it came there, with the running balance."""
    actor = signed_in()
    thing = get_item(item_id)
    place = None if (at := chosen("location")) is None else get_location_for(actor, at)
    history = (
        history_over_all(actor, thing, page=page_number())
        if place is None
        else item_history(thing, place, page=page_number())
    )
    movements = [entry.movement for entry in history.items]
    return render_template(
        "inventory/item.html",
        item=thing,
        location=place,
        history=history,
        levels=stock_page(actor, StockFilters(item=thing.id), page=1),
        totals=stock_totals(actor, StockFilters(item=thing.id)),
        substituted=substituted_stock(actor, thing) if thing.kind is ItemKind.PACKAGE else [],
        papers=documents_of(movements),
        places=places_for(actor, [end for row in movements for end in (row.source, row.target)]),
    )
