"""Stock documents as PDF, in the state that they have now."""

from collections.abc import Sequence

from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.approvals.models import ApprovalRequest
from carecampaign.approvals.queries import requests_about
from carecampaign.core.babel import show_datetime
from carecampaign.core.i18n import _
from carecampaign.core.pdf import render_form, send_pdf
from carecampaign.inventory.models import StockDocument
from carecampaign.inventory.papers import (
    Note,
    note_form,
    requisition_form,
    stock_take_form,
    write_off_form,
)
from carecampaign.inventory.queries import find_reversal_of, get_document_for, movements_of
from carecampaign.inventory.queries.pages import (
    fund_names_of,
    get_document_with_people,
    paper_lines,
    places_for,
    substitutes_on,
)
from carecampaign.inventory.queries.pages.requisitions import get_requisition_for
from carecampaign.inventory.queries.pages.stock_takes import (
    find_stock_take_of,
    get_stock_take_for,
    unit_values,
)
from carecampaign.inventory.queries.pages.write_offs import get_write_off_for
from carecampaign.inventory.views.blueprint import blueprint
from carecampaign.inventory.words import bare_number, document_number


@blueprint.get("/documents/<id:document_id>/pdf")
@requires(Permission.INVENTORY_VIEW)
def document_pdf(document_id: int) -> ResponseReturnValue:
    """Print a document to sign: its lines, its totals, its amount in capitals."""
    note = _note(signed_in(), get_document_with_people(signed_in(), document_id))
    return send_pdf(render_form(note_form(note)), document_number(note.document))


@blueprint.get("/requisitions/<id:requisition_id>/pdf")
@requires(Permission.INVENTORY_VIEW)
def requisition_pdf(requisition_id: int) -> ResponseReturnValue:
    """Print a requisition: what is asked for, granted and issued."""
    row = get_requisition_for(signed_in(), requisition_id)
    paper = requisition_form(row, decision=_decision(requests_about(row)))
    return send_pdf(render_form(paper), f"{paper.title} {bare_number(row)}")


@blueprint.get("/stock-takes/<id:stock_take_id>/pdf")
@requires(Permission.INVENTORY_VIEW)
def stock_take_pdf(stock_take_id: int) -> ResponseReturnValue:
    """Print a stock-take sheet: to count with, or with what was counted."""
    row = get_stock_take_for(signed_in(), stock_take_id)
    paper = stock_take_form(row, values=unit_values(row), decision=_decision(requests_about(row)))
    return send_pdf(render_form(paper), f"{paper.title} {bare_number(row)}")


@blueprint.get("/write-offs/<id:write_off_id>/pdf")
@requires(Permission.INVENTORY_VIEW)
def write_off_pdf(write_off_id: int) -> ResponseReturnValue:
    """Print a write-off: what goes, why, and who decided."""
    row = get_write_off_for(signed_in(), write_off_id)
    paper = write_off_form(row, decision=_decision(requests_about(row)))
    return send_pdf(render_form(paper), f"{paper.title} {bare_number(row)}")


def _decision(requests: Sequence[ApprovalRequest]) -> str:
    """Say what was decided last, by whom and when; nothing while it waits."""
    latest = next((row for row in requests if row.decided_at is not None), None)
    if latest is None:
        return ""
    name = latest.decided_by.name if latest.decided_by else _("The system")
    words = f"{latest.decision.label} · {name} · {show_datetime(latest.decided_at)}"
    return f"{words} · {latest.comment}" if latest.comment else words


def _note(actor: Actor, document: StockDocument) -> Note:
    movements = movements_of(document)
    reverses = document.reverses_id
    return Note(
        document,
        paper_lines(document, movements),
        fund_names_of(movements),
        places_for(actor, [document.source, document.target]).destinations,
        substitutes=substitutes_on(movements),
        reversal=find_reversal_of(document),
        reversed_one=None if reverses is None else get_document_for(actor, reverses),
        stock_take=find_stock_take_of(document),
    )
