"""The directory as a table: sent out, taken in, looked at, then applied as a whole."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.core.db import transaction
from carecampaign.core.downloads import send_csv, send_xlsx
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.imports import Staged, error_sheet, template_sheets
from carecampaign.core.sheet_forms import SheetForm
from carecampaign.core.sheets import Sheet
from carecampaign.core.views.intake import Intake
from carecampaign.jobs.services import request_job
from carecampaign.stations.directory import cells_of, columns_for
from carecampaign.stations.queries import directory as queries
from carecampaign.stations.services.directory import (
    PURPOSE,
    count_rows,
    import_ready,
    in_a_sentence,
    make_ready,
    plan_import,
    read_directory,
)
from carecampaign.stations.tasks import IMPORT
from carecampaign.stations.views.blueprint import blueprint
from carecampaign.stations.views.lists import filter_form, filters_of

MOST_AT_ONCE = 500
"""Rows that are written while the reader waits; more are a job."""

MOST_SHOWN = 100
"""Rows of each kind in the preview; the counts are of all."""


@blueprint.get("/directory.<any(xlsx, csv):kind>")
@requires(Permission.REPORTS_EXPORT)
def directory_export(kind: str) -> ResponseReturnValue:
    """Send the stations of a list as a table that can be taken in again."""
    columns, name = columns_for({}), _("Warm stations")
    stations = queries.list_directory_for(signed_in(), filters_of(filter_form()))
    owners = queries.owners_by_id(station.values["owner_id"] for station in stations)
    rows = [cells_of(_for_reader(station), columns, owners) for station in stations]
    sheet = Sheet(name, [str(column.heading) for column in columns], rows)
    return send_xlsx(name, sheet) if kind == "xlsx" else send_csv(name, sheet)


@blueprint.get("/directory/template")
@requires(Permission.STATIONS_MANAGE)
def directory_template() -> ResponseReturnValue:
    """Send an empty table with an example, and what may stand in its columns."""
    columns = columns_for(queries.owner_ids_for(signed_in()))
    return send_xlsx(_("Warm stations"), *template_sheets(columns))


@blueprint.route("/import", methods=["GET", "POST"])
@requires(Permission.STATIONS_MANAGE)
def directory_import() -> ResponseReturnValue:
    """Take a table in, and go on to what it would change."""
    form = SheetForm()
    upload_id = _intake().take(form, _read)
    if upload_id is not None:
        return redirect(url_for(".directory_preview", upload_id=upload_id))
    page = render_template("stations/directory_import.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.get("/import/<uuid:upload_id>")
@requires(Permission.STATIONS_MANAGE)
def directory_preview(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a table that was sent would change, and what is wrong with it."""
    upload = _intake().get(upload_id)
    staged = _read(upload.content, upload.filename)
    return render_template(
        "stations/directory_preview.html",
        upload=upload,
        plan=plan_import(staged, by=signed_in()),
        staged=staged,
        headings={column.key: column.heading for column in staged.columns},
        most=MOST_SHOWN,
    )


@blueprint.get("/import/<uuid:upload_id>/errors")
@requires(Permission.STATIONS_MANAGE)
def directory_errors(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Send what is wrong with a table as a table."""
    upload = _intake().get(upload_id)
    staged = _read(upload.content, upload.filename)
    plan_import(staged, by=signed_in())
    return send_xlsx(_("Errors"), error_sheet(staged))


@blueprint.post("/import/<uuid:upload_id>/apply")
@requires(Permission.STATIONS_MANAGE)
def directory_apply(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Open and change the stations of a table, all of them or none; many are a job."""
    upload = _intake().get(upload_id)
    if count_rows(upload) > MOST_AT_ONCE:
        return _apply_as_job(upload_id)
    try:
        ready = make_ready(upload, by=signed_in())
        with transaction():
            plan = import_ready(upload_id, ready, by=signed_in())
    except DomainError as error:
        flash(str(error), "danger")
        return redirect(url_for(".directory_preview", upload_id=upload_id))
    flash(in_a_sentence(plan), "success")
    return redirect(url_for(".index"))


@blueprint.post("/import/<uuid:upload_id>/discard")
@requires(Permission.STATIONS_MANAGE)
def directory_discard(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Let a table go that was sent."""
    _intake().drop(upload_id)
    return redirect(url_for(".index"))


def _for_reader(station: queries.Known) -> dict[str, Any]:
    """Give what the reader may see: the lead's own phone only of stations they look after."""
    if covers(signed_in().paths(Permission.STATIONS_MANAGE), station.owner_path):
        return station.values
    return station.values | {"lead_phone": ""}


def _apply_as_job(upload_id: uuid.UUID) -> ResponseReturnValue:
    with transaction():
        job = request_job(
            IMPORT,
            key=f"{IMPORT}:{upload_id}",
            arguments={"upload_id": str(upload_id)},
            by=signed_in(),
        )
        job_id = job.id
    return redirect(url_for("jobs.show", job_id=job_id))


def _intake() -> Intake:
    return Intake(PURPOSE, signed_in().id)


def _read(content: bytes, filename: str) -> Staged:
    return read_directory(content, filename, by=signed_in())
