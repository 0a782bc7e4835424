"""The audit log, for those who may read it."""

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit import queries, words
from carecampaign.audit.forms import EntryFilterForm
from carecampaign.audit.models import AuditEntry
from carecampaign.core.urls import page_number

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

SUBJECT_PAGES = {
    "campaign": ("campaigns.show", "campaign_id"),
    "distribution_event": ("distributions.show", "event_id"),
    "stock_document": ("inventory.document", "document_id"),
    "station": ("stations.show", "station_id"),
    "item": ("catalogue.item", "item_id"),
    "care_package": ("catalogue.package", "package_id"),
    "organization": ("organizations.show", "organization_id"),
    "user": ("accounts.show", "user_id"),
    "job": ("jobs.show", "job_id"),
}
"""The page of a subject, and what its id is called there. Each checks who may see it."""


@blueprint.get("")
@requires(Permission.AUDIT_VIEW)
def index() -> ResponseReturnValue:
    """List who did what, the latest first."""
    form = EntryFilterForm(request.args)
    wanted = queries.EntryFilter(**form.valid_values())
    page = queries.list_entries_for(signed_in(), wanted, page=page_number())
    return render_template(
        "audit/index.html",
        form=form,
        page=page,
        sealed=queries.sealed_among(page.items),
        sentence=words.sentence,
        changes=words.changes,
        subject_page=_subject_page,
    )


def _subject_page(entry: AuditEntry) -> str | None:
    endpoint, argument = SUBJECT_PAGES.get(entry.subject_kind, ("", ""))
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **{argument: int(entry.subject_id)})  # type: ignore[arg-type]
