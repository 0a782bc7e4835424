"""Goods that leave the stock for good: on a requisition, or without one."""

from flask import request
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.i18n import _
from carecampaign.inventory import services
from carecampaign.inventory.forms import (
    IssueForm,
    IssueRequisitionForm,
    PlaceStepForm,
    pieces_rows,
    posted_items,
)
from carecampaign.inventory.models import (
    Requisition,
    RequisitionState,
    StockDocument,
    StockLocation,
)
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.pages import (
    STANDING,
    campaign_choices,
    holdings_at,
    items_by_id,
    place_choices,
)
from carecampaign.inventory.queries.pages.requisitions import get_requisition_to_issue
from carecampaign.inventory.services import Line, MovedOn
from carecampaign.inventory.views.blueprint import (
    blueprint,
    campaign_of,
    chosen,
    post_document,
    show_form,
)


@blueprint.route("/requisitions/<id:requisition_id>/issue", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def issue_requisition(requisition_id: int) -> ResponseReturnValue:
    """Let go what was granted: into transit, or out of the stock for good."""
    actor = signed_in()
    row = get_requisition_to_issue(actor, requisition_id)
    if request.method == "GET" and row.state is not RequisitionState.APPROVED:
        raise MovedOn(row.state)
    granted = {line.id: line.granted or 0 for line in row.lines}
    rows = pieces_rows(row.lines, most=granted, proposed=granted, label=_("Issued"))
    form = IssueRequisitionForm(rows=rows)
    if form.validate_on_submit():
        done = post_document(
            form, "issue_requisition", lambda: _let_go(form, requisition_id, by=actor)
        )
        if done is not None:
            return done
    return show_form("inventory/issue_requisition.html", form, requisition=row, granted=granted)


@blueprint.route("/issue", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def issue() -> ResponseReturnValue:
    """Issue goods to a unit or person that keeps no stock."""
    actor, source_id = signed_in(), chosen("location")
    sources = place_choices(actor, STANDING, permission=Permission.INVENTORY_KEEP, also=source_id)
    step = PlaceStepForm(request.args, locations=sources)
    if source_id is None:
        return show_form("inventory/issue.html", None, step=step, source=None)
    source = _source(actor, source_id)
    form = IssueForm(
        campaigns=campaign_choices(actor), holdings=holdings_at(source, also=posted_items())
    )
    if form.validate_on_submit():
        done = post_document(form, "issue_goods", lambda: _issue(form, source_id, by=actor))
        if done is not None:
            return done
    return show_form("inventory/issue.html", form, step=step, source=source)


def _let_go(form: IssueRequisitionForm, requisition_id: int, *, by: Actor) -> StockDocument:
    row: Requisition = get_requisition_to_issue(by, requisition_id)
    if form.way.data == "issue":
        return services.issue_requisition(
            row, form.quantities(), receiver=form.receiver.data, note=form.note.data, by=by
        )
    return services.send_requisition(row, form.quantities(), note=form.note.data, by=by)


def _source(actor: Actor, source_id: int) -> StockLocation:
    return get_location_for(actor, source_id, permission=Permission.INVENTORY_KEEP)


def _issue(form: IssueForm, source_id: int, *, by: Actor) -> StockDocument:
    wanted = form.lines()
    items = items_by_id(item_id for item_id, _quantity in wanted)
    return services.issue_goods(
        _source(by, source_id),
        [Line(items[item_id], quantity) for item_id, quantity in wanted],
        counterpart=form.counterpart.data,
        receiver=form.receiver.data,
        purpose=form.purpose.data,
        campaign=campaign_of(form.campaign.data),
        note=form.note.data,
        by=by,
    )
