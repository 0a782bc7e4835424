"""The movements of the ledger."""

from functools import partial

from flask import request
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.queries import list_active_items
from carecampaign.core.i18n import _, choices
from carecampaign.core.listing import show_list
from carecampaign.inventory.forms import MovementFilterForm
from carecampaign.inventory.models import DocumentKind
from carecampaign.inventory.queries.pages import (
    HANDOUT,
    MOVEMENTS,
    MOVEMENTS_OF_ITEMS,
    MovementFilters,
    movement_rows,
    movement_rows_of_items,
    movements_matching,
    place_choices,
)
from carecampaign.inventory.views.blueprint import blueprint, chosen


@blueprint.get("/movements")
@requires(Permission.INVENTORY_VIEW)
def movements() -> ResponseReturnValue:
    """List the movements between places, with filters; staff take them away as a file."""
    actor = signed_in()
    form = _filter_form(actor)
    filters = MovementFilters(**form.valid_values())
    complete = movement_rows_of_items if filters.by_items else movement_rows
    return show_list(
        "inventory/movements.html",
        MOVEMENTS_OF_ITEMS if filters.by_items else MOVEMENTS,
        movements_matching(actor, filters),
        form=form,
        complete=partial(complete, actor),
        may_export=actor.can(Permission.REPORTS_EXPORT),
    )


def _filter_form(actor: Actor) -> MovementFilterForm:
    item_id = chosen("item")
    items = list_active_items(also=[] if item_id is None else [item_id])
    return MovementFilterForm(
        request.args,
        items=[(item.id, item.name) for item in items],
        locations=place_choices(actor, also=chosen("location")),
        kinds=[*choices(DocumentKind), (HANDOUT, _("Handout"))],
    )
