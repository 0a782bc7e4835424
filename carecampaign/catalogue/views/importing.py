"""Many items at once, from a table: sent, looked at, then added as a whole."""

import uuid
from io import BytesIO

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.catalogue import queries, services
from carecampaign.catalogue.tables import COLUMNS, facts_of, read_items
from carecampaign.catalogue.views.blueprint import blueprint
from carecampaign.core.db import transaction
from carecampaign.core.downloads import send_xlsx
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _, _n
from carecampaign.core.imports import Staged, error_sheet, template_sheets
from carecampaign.core.sheet_forms import SheetForm
from carecampaign.core.sheets import read_sheet
from carecampaign.core.views.intake import Intake

PURPOSE = "catalogue.import_items"
MOST_ROWS = 1000


@blueprint.get("/items/import/template")
@requires(Permission.CATALOGUE_MANAGE)
def items_template() -> ResponseReturnValue:
    """Send an empty table to fill in."""
    return send_xlsx(_("Items"), *template_sheets(COLUMNS))


@blueprint.route("/items/import", methods=["GET", "POST"])
@requires(Permission.CATALOGUE_MANAGE)
def import_items() -> ResponseReturnValue:
    """Take a table of goods in, and go on to what it would add."""
    form = SheetForm()
    upload_id = _intake().take(form, _read)
    if upload_id is not None:
        return redirect(url_for(".preview_items", upload_id=upload_id))
    page = render_template("catalogue/import_items.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.get("/items/import/<uuid:upload_id>")
@requires(Permission.CATALOGUE_MANAGE)
def preview_items(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Show the goods of a table that was sent, and what is wrong with it."""
    upload = _intake().get(upload_id)
    staged = _read(upload.content, upload.filename)
    return render_template("catalogue/preview_items.html", upload=upload, staged=staged)


@blueprint.get("/items/import/<uuid:upload_id>/errors")
@requires(Permission.CATALOGUE_MANAGE)
def item_errors(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Send what is wrong with a table as a table."""
    upload = _intake().get(upload_id)
    return send_xlsx(_("Errors"), error_sheet(_read(upload.content, upload.filename)))


@blueprint.post("/items/import/<uuid:upload_id>/apply")
@requires(Permission.CATALOGUE_MANAGE)
def apply_items(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Add the goods of a table, all of them or none."""
    upload = _intake().get(upload_id)
    staged = _read(upload.content, upload.filename)
    if not staged.is_clean:
        raise Conflict(_("This table has errors. Nothing has been imported."))
    with transaction():
        _intake().use(upload_id)
        for facts in facts_of(staged):
            services.create_item(**facts, by=signed_in())
    count = len(staged.rows)
    flash(_n("%(num)s item added.", "%(num)s items added.", count), "success")
    return redirect(url_for(".items"))


@blueprint.post("/items/import/<uuid:upload_id>/discard")
@requires(Permission.CATALOGUE_MANAGE)
def discard_items(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Let a table go that was sent."""
    _intake().drop(upload_id)
    return redirect(url_for(".items"))


def _intake() -> Intake:
    return Intake(PURPOSE, signed_in().id)


def _read(content: bytes, filename: str) -> Staged:
    rows = read_sheet(BytesIO(content), filename, max_rows=MOST_ROWS)
    return read_items(rows, taken=queries.list_codes())
