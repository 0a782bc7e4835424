"""A roster taken in: looked at, then kept as a whole, or as a job where it is a long one."""

import uuid
from io import BytesIO

from flask import flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.beneficiaries.forms import JudgementForm, RosterForm
from carecampaign.beneficiaries.queries.roster import get_keeper_for
from carecampaign.beneficiaries.roster import Probably
from carecampaign.beneficiaries.services import roster
from carecampaign.beneficiaries.services.roster import Plan
from carecampaign.beneficiaries.tasks import IMPORT
from carecampaign.beneficiaries.views.blueprint import blueprint
from carecampaign.core.db import transaction
from carecampaign.core.downloads import send_xlsx
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.core.imports import Staged, error_sheet, template_sheets
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
    form = RosterForm(organizations=choices_for(actor, Permission.BENEFICIARIES_MANAGE))
    organization_id = form.organization_id.data
    upload_id = _intake(organization_id).take(form, _read)
    if upload_id is not None:
        return redirect(
            url_for(".roster_preview", organization_id=organization_id, upload_id=upload_id)
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


@blueprint.get("/persons/import/<id:organization_id>/<uuid:upload_id>/errors")
@requires(Permission.BENEFICIARIES_MANAGE)
def roster_errors(organization_id: int, upload_id: uuid.UUID) -> ResponseReturnValue:
    """Send what is wrong with a roster as a table."""
    organization = get_keeper_for(signed_in(), organization_id)
    staged, _plan = _planned(organization, _intake(organization.id).get(upload_id))
    return send_xlsx(_("Errors"), error_sheet(staged))


@blueprint.post("/persons/import/<id:organization_id>/<uuid:upload_id>/apply")
@requires(Permission.BENEFICIARIES_MANAGE)
def roster_apply(organization_id: int, upload_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the persons of a roster, all of them or none."""
    organization = get_keeper_for(signed_in(), organization_id)
    upload = _intake(organization.id).get(upload_id)
    staged, plan = _planned(organization, upload)
    form = JudgementForm()
    if plan.probable and not form.validate():
        return _preview(organization, upload_id, form), 422
    probably = Probably(form.probably.data) if plan.probable else None
    if len(staged.rows) > MOST_AT_ONCE:
        return _apply_as_job(organization, upload_id, probably)
    try:
        with transaction():
            done = roster.import_staged(
                upload_id, staged, organization, probably=probably, by=signed_in()
            )
    except DomainError as error:
        flash(str(error), "danger")
        return redirect(
            url_for(".roster_preview", organization_id=organization_id, upload_id=upload_id)
        )
    flash(roster.in_a_sentence(done), "success")
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


def _preview(organization: Organization, upload_id: uuid.UUID, form: JudgementForm) -> str:
    upload = _intake(organization.id).get(upload_id)
    staged, plan = _planned(organization, upload)
    return render_template(
        "beneficiaries/roster_preview.html",
        organization=organization,
        upload=upload,
        staged=staged,
        plan=plan,
        form=form,
        headings={column.key: column.heading for column in staged.columns},
        most=MOST_SHOWN,
    )


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


def _planned(organization: Organization, upload: StagedUpload) -> tuple[Staged, Plan]:
    staged = roster.read_staged(upload, by=signed_in())
    return staged, roster.plan_import(staged, organization, by=signed_in())


def _intake(organization_id: int) -> Intake:
    return Intake(roster.purpose_of(organization_id), signed_in().id)


def _read(content: bytes, filename: str) -> Staged:
    return roster.read_roster(content, filename, max_rows=roster.MOST_ROWS, by=signed_in())
