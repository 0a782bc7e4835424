"""A goods-received note whose lines come as a table: sent, looked at, then posted as a whole."""

import uuid
from collections.abc import Sequence
from io import BytesIO

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.actor import Actor
from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.catalogue.models import Item
from carecampaign.catalogue.queries import list_active_items
from carecampaign.core.downloads import send_xlsx
from carecampaign.core.i18n import _
from carecampaign.core.imports import Staged, error_sheet, template_sheets
from carecampaign.core.sheet_forms import SheetForm
from carecampaign.core.sheets import read_sheet
from carecampaign.core.views.intake import Intake
from carecampaign.funds.queries import get_earmark_for, get_fund_source_for, list_fund_sources_for
from carecampaign.inventory.forms.imports import ReceiptHeadForm
from carecampaign.inventory.models import LocationKind, StockDocument
from carecampaign.inventory.queries import get_location_for
from carecampaign.inventory.queries.pages import campaign_choices, place_choices
from carecampaign.inventory.services import ReceiptLine, receive_goods
from carecampaign.inventory.tables import (
    MOST_LINES,
    RECEIPT_COLUMNS,
    blame_past_dates,
    blame_unknown_items,
    read_receipt_lines,
)
from carecampaign.inventory.views.blueprint import (
    blueprint,
    campaign_of,
    post_document,
    show_form,
)
from carecampaign.inventory.views.receipts import earmark_choices

PURPOSE = "inventory.import_receipt"


@blueprint.get("/receive/template")
@requires(Permission.INVENTORY_KEEP)
def receipt_template() -> ResponseReturnValue:
    """Send an empty table to fill in."""
    return send_xlsx(_("Goods-received note"), *template_sheets(RECEIPT_COLUMNS))


@blueprint.route("/receive/import", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def import_receipt() -> ResponseReturnValue:
    """Take a table of lines in, and go on to what it says."""
    form = SheetForm()
    upload_id = _intake().take(form, _read)
    if upload_id is not None:
        return redirect(url_for(".import_lines", upload_id=upload_id))
    return show_form("inventory/import_receipt.html", form)


@blueprint.route("/receive/import/<uuid:upload_id>", methods=["GET", "POST"])
@requires(Permission.INVENTORY_KEEP)
def import_lines(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Show the lines that were sent, ask for what stands above them, and post the note."""
    upload = _intake().get(upload_id)
    staged, items = _read(upload.content, upload.filename)
    form = _head_form()
    filename = upload.filename
    if staged.is_clean and form.validate_on_submit():
        if blame_past_dates(staged, form.dated_on.data):
            form.form_errors.append(_("Something was past its date when it came in."))
        else:
            lines = _lines(staged, items)
            done = post_document(
                form, "import_receipt", lambda: _receive(form, lines, upload_id, by=signed_in())
            )
            if done is not None:
                return done
    return show_form(
        "inventory/import_lines.html",
        form,
        staged=staged,
        items=items,
        filename=filename,
        upload_id=upload_id,
    )


@blueprint.get("/receive/import/<uuid:upload_id>/errors")
@requires(Permission.INVENTORY_KEEP)
def import_errors(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Send what is wrong with a table as a table."""
    upload = _intake().get(upload_id)
    staged, _items = _read(upload.content, upload.filename)
    return send_xlsx(_("Errors"), error_sheet(staged))


@blueprint.post("/receive/import/<uuid:upload_id>/discard")
@requires(Permission.INVENTORY_KEEP)
def discard_lines(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Let a table go that was sent."""
    _intake().drop(upload_id)
    return redirect(url_for(".receive"))


def _intake() -> Intake:
    return Intake(PURPOSE, signed_in().id)


def _read(content: bytes, filename: str) -> tuple[Staged, dict[str, Item]]:
    staged = read_receipt_lines(read_sheet(BytesIO(content), filename, max_rows=MOST_LINES))
    items = {item.code: item for item in list_active_items()}
    blame_unknown_items(staged, items)
    return staged, items


def _head_form() -> ReceiptHeadForm:
    actor = signed_in()
    return ReceiptHeadForm(
        targets=place_choices(
            actor, [LocationKind.WAREHOUSE], permission=Permission.INVENTORY_KEEP
        ),
        fund_sources=[(row.id, row.name) for row in list_fund_sources_for(actor)],
        earmarks=earmark_choices(actor),
        campaigns=campaign_choices(actor),
    )


def _lines(staged: Staged, items: dict[str, Item]) -> list[ReceiptLine]:
    return [
        ReceiptLine(
            items[row.values["code"]],
            row.values["quantity"],
            row.values["unit_value"],
            row.values.get("lot_code", ""),
            row.values.get("expires_on"),
            ordered=row.values.get("ordered"),
            difference_reason=row.values.get("difference_reason", ""),
        )
        for row in staged.rows
    ]


def _receive(
    form: ReceiptHeadForm, lines: Sequence[ReceiptLine], upload_id: uuid.UUID, *, by: Actor
) -> StockDocument:
    _intake().use(upload_id)
    return receive_goods(
        get_location_for(by, form.target.data, permission=Permission.INVENTORY_KEEP),
        lines,
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
