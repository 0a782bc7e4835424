"""The calendar from a table: sent, looked at, then applied as a whole."""

import uuid
from io import BytesIO

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.core.db import transaction
from carecampaign.core.downloads import send_xlsx
from carecampaign.core.errors import Conflict
from carecampaign.core.i18n import _, _n
from carecampaign.core.imports import Staged, error_sheet, template_sheets
from carecampaign.core.sheet_forms import SheetForm
from carecampaign.core.sheets import read_sheet
from carecampaign.core.views.intake import Intake
from carecampaign.holidays import services
from carecampaign.holidays.tables import COLUMNS, days_of, read_days
from carecampaign.holidays.views.blueprint import blueprint

PURPOSE = "holidays.import"
MOST_ROWS = 1000


@blueprint.get("/template")
@requires(Permission.HOLIDAYS_MANAGE)
def template() -> ResponseReturnValue:
    """Send an empty table to fill in."""
    return send_xlsx(_("Holidays"), *template_sheets(COLUMNS))


@blueprint.route("/import", methods=["GET", "POST"])
@requires(Permission.HOLIDAYS_MANAGE)
def import_days() -> ResponseReturnValue:
    """Take a table in, and go on to what it would change."""
    form = SheetForm()
    upload_id = _intake().take(form, _read)
    if upload_id is not None:
        return redirect(url_for(".preview", upload_id=upload_id))
    page = render_template("holidays/import_days.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.get("/import/<uuid:upload_id>")
@requires(Permission.HOLIDAYS_MANAGE)
def preview(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Show the days of a table that was sent, and what is wrong with it."""
    upload = _intake().get(upload_id)
    staged = _read(upload.content, upload.filename)
    return render_template("holidays/preview.html", upload=upload, staged=staged)


@blueprint.get("/import/<uuid:upload_id>/errors")
@requires(Permission.HOLIDAYS_MANAGE)
def import_errors(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Send what is wrong with a table as a table."""
    upload = _intake().get(upload_id)
    staged = _read(upload.content, upload.filename)
    return send_xlsx(_("Errors"), error_sheet(staged))


@blueprint.post("/import/<uuid:upload_id>/apply")
@requires(Permission.HOLIDAYS_MANAGE)
def apply_import(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Enter the days of a table, all of them or none."""
    upload = _intake().get(upload_id)
    staged = _read(upload.content, upload.filename)
    if not staged.is_clean:
        raise Conflict(_("This table has errors. Nothing has been imported."))
    days = days_of(staged)
    with transaction():
        _intake().use(upload_id)
        services.import_days(days, by=signed_in())
    flash(_n("%(num)s day imported.", "%(num)s days imported.", len(days)), "success")
    return redirect(url_for(".index", year=days[0].day.year))


@blueprint.post("/import/<uuid:upload_id>/discard")
@requires(Permission.HOLIDAYS_MANAGE)
def discard_import(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Let a table go that was sent."""
    _intake().drop(upload_id)
    return redirect(url_for(".index"))


def _intake() -> Intake:
    return Intake(PURPOSE, signed_in().id)


def _read(content: bytes, filename: str) -> Staged:
    return read_days(read_sheet(BytesIO(content), filename, max_rows=MOST_ROWS))
