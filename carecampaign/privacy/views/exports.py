"""Files with whole numbers: asked for, decided on by somebody else, fetched within a day."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in, signed_in_only
from carecampaign.access.permissions import Permission
from carecampaign.approvals.queries import requests_about
from carecampaign.audit.history import history_of
from carecampaign.beneficiaries.queries import get_occupation, list_active_occupations
from carecampaign.campaigns.queries import get_campaign_for
from carecampaign.core.commands import AlreadyDone, claim
from carecampaign.core.db import transaction
from carecampaign.core.downloads import send_locked_xlsx
from carecampaign.core.errors import Conflict, DomainError, NotFound
from carecampaign.core.forms import bounded_id
from carecampaign.core.i18n import _
from carecampaign.core.listing import show_list
from carecampaign.organizations.queries import choices_for, get_organization_for
from carecampaign.privacy.forms.exports import ExportForm, RefuseExportForm
from carecampaign.privacy.models import UnmaskedExport
from carecampaign.privacy.queries.exports import (
    ASK,
    EXPORTS,
    export_steps,
    exports_for,
    get_export_for,
    get_export_to_decide,
    get_own_export,
    list_roster_campaigns_to_export,
    state_of,
)
from carecampaign.privacy.services import exports as services
from carecampaign.privacy.views.blueprint import blueprint

APPROVE = Permission.PRIVACY_APPROVE


@blueprint.get("/persons/exports")
@signed_in_only
def exports() -> ResponseReturnValue:
    """List the files with whole numbers one asked for, decides on or audits."""
    return show_list("privacy/exports.html", EXPORTS, exports_for(signed_in()), state_of=state_of)


@blueprint.get("/persons/exports/<id:export_id>")
@signed_in_only
def export(export_id: int) -> ResponseReturnValue:
    """Show what was asked for, what was decided, and the way to the file."""
    return _page(get_export_for(signed_in(), export_id))


@blueprint.route("/persons/exports/new", methods=["GET", "POST"])
@requires(ASK)
def request_export() -> ResponseReturnValue:
    """Ask for a file with whole numbers; ``?organization_id=`` and the like fill the form."""
    form = ExportForm(
        organizations=choices_for(signed_in(), ASK),
        campaigns=[(one.id, one.name) for one in list_roster_campaigns_to_export(signed_in())],
        occupations=list_active_occupations(),
        **_chosen("organization_id", "campaign_id", "occupation_id"),
    )
    if form.validate_on_submit():
        try:
            with transaction():
                command = claim(form.command_id.data, "privacy.request_export")
                made = _request(form)
                command.outcome = made.id
        except AlreadyDone as done:
            return redirect(url_for(".export", export_id=done.outcome))
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Asked for. Somebody else decides on it."), "success")
            return redirect(url_for(".export", export_id=made.id))
    page = render_template("privacy/request_export.html", form=form)
    return page, 422 if form.errors else 200


@blueprint.post("/persons/exports/<id:export_id>/approve")
@requires(APPROVE)
def approve_export(export_id: int) -> ResponseReturnValue:
    """Approve a file: it is made at once."""
    try:
        with transaction():
            services.approve_export(get_export_to_decide(signed_in(), export_id), by=signed_in())
    except (Conflict, NotFound):
        raise
    except DomainError as error:
        flash(str(error), "danger")
    else:
        flash(_("Approved. The file is being made."), "success")
    return redirect(url_for(".export", export_id=export_id))


@blueprint.route("/persons/exports/<id:export_id>/refuse", methods=["GET", "POST"])
@requires(APPROVE)
def refuse_export(export_id: int) -> ResponseReturnValue:
    """Refuse a file, with a reason."""
    form, asked = RefuseExportForm(), get_export_to_decide(signed_in(), export_id)
    if form.validate_on_submit():
        try:
            with transaction():
                services.refuse_export(
                    get_export_to_decide(signed_in(), export_id),
                    comment=form.comment.data,
                    by=signed_in(),
                )
        except (Conflict, NotFound):
            raise
        except DomainError as error:
            form.reject(error)
        else:
            flash(_("Refused. Whoever asked for it reads your reason."), "success")
            return redirect(url_for(".export", export_id=export_id))
    page = render_template("privacy/refuse_export.html", form=form, export=asked)
    return page, 422 if form.errors else 200


@blueprint.post("/persons/exports/<id:export_id>/cancel")
@requires(ASK)
def cancel_export(export_id: int) -> ResponseReturnValue:
    """Take the question back."""
    with transaction():
        services.cancel_export(get_own_export(signed_in(), export_id), by=signed_in())
    flash(_("Cancelled."), "success")
    return redirect(url_for(".export", export_id=export_id))


@blueprint.post("/persons/exports/<id:export_id>/password")
@requires(ASK)
def export_password(export_id: int) -> ResponseReturnValue:
    """Show the password of a file, once, to whoever asked for the file."""
    with transaction():
        password = services.show_password(get_own_export(signed_in(), export_id), by=signed_in())
    return _page(get_own_export(signed_in(), export_id), password)


@blueprint.post("/persons/exports/<id:export_id>/fetch")
@requires(ASK)
def fetch_export(export_id: int) -> ResponseReturnValue:
    """Give the locked file to whoever asked for it."""
    with transaction():
        content = services.fetch_file(get_own_export(signed_in(), export_id), by=signed_in())
    return send_locked_xlsx(_("Persons") + f" {export_id}", content)


@blueprint.post("/persons/exports/<id:export_id>/delete")
@requires(ASK)
def delete_export(export_id: int) -> ResponseReturnValue:
    """Delete a file that was fetched, or is not needed."""
    with transaction():
        services.delete_export(get_own_export(signed_in(), export_id), by=signed_in())
    flash(_("The file is deleted."), "success")
    return redirect(url_for(".export", export_id=export_id))


def _page(shown: UnmaskedExport, password: str | None = None) -> ResponseReturnValue:
    page = render_template(
        "privacy/export.html",
        export=shown,
        state=state_of(shown),
        approvals=requests_about(shown),
        may=export_steps(signed_in(), shown),
        password=password,
        change_history=history_of(shown),
    )
    return page, 200, {"Cache-Control": "no-store"}


def _chosen(*names: str) -> dict[str, Any]:
    values = {name: request.args.get(name, type=bounded_id) for name in names}
    return {name: value for name, value in values.items() if value is not None}


def _request(form: ExportForm) -> UnmaskedExport:
    actor = signed_in()
    return services.request_export(
        get_organization_for(actor, form.organization_id.data),
        form.chosen_columns(),
        reason=form.reason.data,
        campaign=get_campaign_for(actor, form.campaign_id.data) if form.campaign_id.data else None,
        occupation=get_occupation(form.occupation_id.data) if form.occupation_id.data else None,
        by=actor,
    )
