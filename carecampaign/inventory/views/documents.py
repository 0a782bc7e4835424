"""The stock documents: the list, each as a paper to print, and its reversal."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit.history import history_of
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.inventory.forms import DocumentFilterForm, ReversalForm
from carecampaign.inventory.models import StockDocument
from carecampaign.inventory.queries import find_reversal_of, get_document_for, movements_of
from carecampaign.inventory.queries.attachments import attachments_of, may_attach
from carecampaign.inventory.queries.pages import (
    DOCUMENTS,
    DocumentFilters,
    campaigns_with_documents,
    document_rows,
    documents_matching,
    fund_names_of,
    get_document_to_reverse,
    get_document_with_people,
    may_accept,
    may_reverse,
    organizations_with_documents,
    paper_lines,
    place_choices,
    places_for,
    substitutes_on,
)
from carecampaign.inventory.queries.pages.stock_takes import find_stock_take_of
from carecampaign.inventory.services import reverse as reverse_document
from carecampaign.inventory.views.blueprint import blueprint, chosen, post_document, show_form


@blueprint.get("/documents")
@requires(Permission.INVENTORY_VIEW)
def documents() -> ResponseReturnValue:
    """List the documents, with filters."""
    actor = signed_in()
    form = DocumentFilterForm(
        request.args,
        organizations=organizations_with_documents(actor),
        campaigns=campaigns_with_documents(actor),
        locations=place_choices(actor, also=chosen("location")),
    )
    matching = documents_matching(actor, DocumentFilters(**form.valid_values()))
    return show_list(
        "inventory/documents.html",
        DOCUMENTS,
        matching,
        form=form,
        complete=partial(document_rows, actor),
    )


@blueprint.get("/documents/<id:document_id>")
@requires(Permission.INVENTORY_VIEW)
def document(document_id: int) -> ResponseReturnValue:
    """Show a document: what it moved, what it is worth, who signed for it."""
    actor = signed_in()
    paper = get_document_with_people(actor, document_id)
    movements = movements_of(paper)
    ends = [end for row in movements for end in (row.source, row.target)]
    return render_template(
        "inventory/document.html",
        document=paper,
        lines=paper_lines(paper, movements),
        movements=movements,
        funds=fund_names_of(movements),
        places=places_for(actor, [paper.source, paper.target, *ends]),
        reversal=find_reversal_of(paper),
        reversed_one=_reversed_by(paper),
        stock_take=find_stock_take_of(paper),
        substitutes=substitutes_on(movements),
        may_accept=may_accept(actor, paper),
        may_reverse=may_reverse(actor, paper),
        attachments=attachments_of(paper),
        may_attach=may_attach(actor, paper),
        change_history=history_of(paper),
    )


@blueprint.route("/documents/<id:document_id>/reverse", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def reverse(document_id: int) -> ResponseReturnValue:
    """Take a document back by another one, with a reason."""
    actor = signed_in()
    paper = get_document_to_reverse(actor, document_id)
    form = ReversalForm()
    if form.validate_on_submit():
        done = post_document(
            form,
            "reverse",
            lambda: reverse_document(
                get_document_to_reverse(actor, document_id), reason=form.reason.data, by=actor
            ),
        )
        if done is not None:
            return done
    elif not form.is_submitted() and not may_reverse(actor, paper):
        flash(_("This document cannot be reversed as it stands."), "warning")
        return redirect(url_for(".document", document_id=document_id))
    return show_form("inventory/reverse.html", form, document=paper)


def _reversed_by(paper: StockDocument) -> StockDocument | None:
    if paper.reverses_id is None:
        return None
    return get_document_for(signed_in(), paper.reverses_id)
