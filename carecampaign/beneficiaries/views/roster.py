"""A roster taken in: looked at, then kept as a whole, or as a job where it is a long one."""

import uuid
from datetime import date
from io import BytesIO
from itertools import zip_longest

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.contacts import Numbers
from carecampaign.beneficiaries.forms import ColumnsForm, JudgementForm, RosterForm
from carecampaign.beneficiaries.numbers import mask_numbers
from carecampaign.beneficiaries.queries.roster import get_keeper_for
from carecampaign.beneficiaries.roster import Probably, days_served, person_lists
from carecampaign.beneficiaries.services import roster
from carecampaign.beneficiaries.services.roster import Plan, Roster
from carecampaign.beneficiaries.tasks import IMPORT
from carecampaign.beneficiaries.views.blueprint import blueprint
from carecampaign.core.db import transaction
from carecampaign.core.downloads import send_xlsx
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.imports import error_sheet, template_sheets
from carecampaign.core.sheets import XLSX
from carecampaign.core.uploads import StagedUpload, get_upload, list_uploads
from carecampaign.core.views.intake import Intake
from carecampaign.jobs.services import request_job
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import choices_for

MOST_AT_ONCE = 2_000
"""Rows that are kept while the reader waits; more are a job."""

MOST_SHOWN = 100
"""Rows of each kind in the preview; the counts are of all."""


@blueprint.get("/persons/import/template")
@requires(Permission.BENEFICIARIES_MANAGE)
def roster_template() -> ResponseReturnValue:
    """Send an empty roster with an example, and what may stand in its columns."""
    return send_xlsx(_("Roster"), *template_sheets(roster.columns_of(signed_in())))


@blueprint.route("/persons/import", methods=["GET", "POST"])
@requires(Permission.BENEFICIARIES_MANAGE)
def roster_import() -> ResponseReturnValue:
    """Take a roster in, and go on to what it would change; offer the reports of the last ones."""
    actor = signed_in()
    form = RosterForm(
        organizations=choices_for(actor, Permission.BENEFICIARIES_MANAGE),
        lists=person_lists().choices_for(actor),
        data={
            "organization_id": request.args.get("organization_id", type=int),
            "list_id": request.args.get("list_id", type=int),
        },
    )
    upload_id = _take(form)
    if upload_id is not None:
        return redirect(
            url_for(
                ".roster_preview",
                organization_id=form.organization_id.data,
                upload_id=upload_id,
            )
        )
    page = render_template(
        "beneficiaries/roster_import.html",
        form=form,
        reports=list_uploads(purpose=roster.REPORT, owner_id=actor.id),
    )
    return page, 422 if form.errors else 200


@blueprint.get("/persons/import/<id:organization_id>/<uuid:upload_id>")
@requires(Permission.BENEFICIARIES_MANAGE)
def roster_preview(organization_id: int, upload_id: uuid.UUID) -> ResponseReturnValue:
    """Show what a roster would change, and what is wrong with it."""
    organization = get_keeper_for(signed_in(), organization_id)
    return _preview(organization, upload_id, JudgementForm())


@blueprint.post("/persons/import/<id:organization_id>/<uuid:upload_id>/columns")
@requires(Permission.BENEFICIARIES_MANAGE)
def roster_columns(organization_id: int, upload_id: uuid.UUID) -> ResponseReturnValue:
    """Read a roster anew, its columns as somebody says."""
    organization = get_keeper_for(signed_in(), organization_id)
    intake = _intake(organization.id)
    upload = intake.get(upload_id)
    form = _columns_form(upload, roster.read_staged(upload, by=signed_in()))
    if not form.validate():
        flash(_("Choose for every column what it is, or leave it out."), "danger")
    else:
        with transaction():
            upload = intake.get(upload_id)
            upload.options = upload.options | {"mapped": form.mapped()}
    return redirect(
        url_for(".roster_preview", organization_id=organization_id, upload_id=upload_id)
    )


@blueprint.get("/persons/import/<id:organization_id>/<uuid:upload_id>/errors")
@requires(Permission.BENEFICIARIES_MANAGE)
def roster_errors(organization_id: int, upload_id: uuid.UUID) -> ResponseReturnValue:
    """Send what is wrong with a roster as a table."""
    organization = get_keeper_for(signed_in(), organization_id)
    read = roster.read_staged(_intake(organization.id).get(upload_id), by=signed_in())
    roster.plan_import(read, by=signed_in())
    return send_xlsx(_("Errors"), error_sheet(read.staged))


@blueprint.post("/persons/import/<id:organization_id>/<uuid:upload_id>/apply")
@requires(Permission.BENEFICIARIES_MANAGE)
def roster_apply(organization_id: int, upload_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the persons of a roster, all of them or none."""
    organization = get_keeper_for(signed_in(), organization_id)
    upload = _intake(organization.id).get(upload_id)
    read = roster.read_staged(upload, to_keep=True, by=signed_in())
    plan = roster.plan_import(read, by=signed_in())
    form = JudgementForm()
    if plan.probable and not form.validate():
        return _preview(organization, upload_id, form), 422
    probably = Probably(form.probably.data) if plan.probable else None
    if read.count > MOST_AT_ONCE:
        return _apply_as_job(organization, upload_id, probably)
    try:
        with transaction():
            done = roster.import_staged(
                upload_id, read, organization, probably=probably, by=signed_in()
            )
    except DomainError as error:
        flash(str(error), "danger")
        return redirect(
            url_for(".roster_preview", organization_id=organization_id, upload_id=upload_id)
        )
    flash(done.in_sentences(), "success")
    return redirect(url_for(".roster_import"))


@blueprint.post("/persons/import/<id:organization_id>/<uuid:upload_id>/discard")
@requires(Permission.BENEFICIARIES_MANAGE)
def roster_discard(organization_id: int, upload_id: uuid.UUID) -> ResponseReturnValue:
    """Let a roster go that was sent."""
    organization = get_keeper_for(signed_in(), organization_id)
    _intake(organization.id).drop(upload_id)
    return redirect(url_for(".persons"))


@blueprint.get("/persons/import/reports/<uuid:upload_id>")
@requires(Permission.BENEFICIARIES_MANAGE)
def roster_report(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Send what became of each row of a roster one sent in."""
    report = get_upload(upload_id, purpose=roster.REPORT, owner_id=signed_in().id)
    return send_file(
        BytesIO(report.content),
        mimetype=XLSX,
        as_attachment=True,
        download_name=report.filename,
    )


def _take(form: RosterForm) -> uuid.UUID | None:
    """Keep a roster that was sent, if its persons may go where they are to."""
    unit_id, list_key = form.organization_id.data, form.list_id.data
    if list_key is not None and form.validate_on_submit():
        try:
            unit = get_keeper_for(signed_in(), unit_id)
            person_lists().check(list_key, unit, by=signed_in())
        except DomainError as error:
            form.list_id.errors = [str(error)]
            return None
    return _intake(unit_id).take(form, _read, options={"list": list_key})


def _preview(organization: Organization, upload_id: uuid.UUID, form: JudgementForm) -> str:
    upload = _intake(organization.id).get(upload_id)
    read = roster.read_staged(upload, by=signed_in())
    plan = roster.plan_import(read, by=signed_in())
    list_key = roster.list_of(upload)
    return render_template(
        "beneficiaries/roster_preview.html",
        organization=organization,
        list_name=None
        if list_key is None
        else person_lists().check(list_key, organization, by=signed_in()),
        served=[] if list_key is None else _served(list_key, plan),
        upload=upload,
        staged=read.staged,
        plan=plan,
        form=form,
        columns_form=_columns_form(upload, read),
        table_columns=_table_columns(read),
        headings={column.key: column.heading for column in read.staged.columns},
        most=MOST_SHOWN,
    )


def _served(list_key: int, plan: Plan) -> list[tuple[int, date]]:
    """Give the rows of people who were served before, and on which day, whoever keeps them."""
    entries = plan.entries()
    numbers = [
        Numbers(row.text("phone") or None, row.text("id_number") or None) for row in entries
    ]
    days = days_served(list_key, numbers)
    return [(row.number, day) for row, day in zip(entries, days, strict=True) if day is not None]


def _columns_form(upload: StagedUpload, read: Roster) -> ColumnsForm:
    known = roster.columns_of(signed_in())
    mapped = roster.mapped_in(upload)
    return ColumnsForm(
        headings=read.staged.headings,
        samples=read.samples,
        known=known,
        mapped=read.staged.places if mapped is None else mapped,
    )


def _table_columns(read: Roster) -> list[tuple[str, str]]:
    """Give each column of a table by its heading and the first text below it, both masked."""
    rows = [read.staged.headings.cells, *(row.cells for row in read.samples)]
    return [
        (mask_numbers(heading), mask_numbers(next(filter(None, texts), "")))
        for heading, *texts in zip_longest(*rows, fillvalue="")
    ]


def _apply_as_job(
    organization: Organization, upload_id: uuid.UUID, probably: Probably | None
) -> ResponseReturnValue:
    with transaction():
        job = request_job(
            IMPORT,
            key=f"{IMPORT}:{upload_id}",
            arguments={
                "upload_id": str(upload_id),
                "organization_id": organization.id,
                "probably": None if probably is None else str(probably.value),
            },
            by=signed_in(),
        )
        job_id = job.id
    return redirect(url_for("jobs.show", job_id=job_id))


def _intake(organization_id: int) -> Intake:
    return Intake(roster.purpose_of(organization_id), signed_in().id)


def _read(content: bytes, filename: str) -> None:
    roster.read_roster(content, filename, max_rows=roster.MOST_ROWS, by=signed_in())
