"""The audit log, for those who may read it."""

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import requires, signed_in
from carecampaign.access.permissions import Permission
from carecampaign.audit import queries, words
from carecampaign.audit.forms import EntryFilterForm
from carecampaign.audit.models import AuditEntry
from carecampaign.audit.queries import EntryRow
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import Column, Listing, Moment, show_list

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

ENTRIES: Listing[EntryRow] = Listing(
    _l("Audit log"),
    (
        Moment("when", _l("When"), lambda row: row.entry.created_at, AuditEntry.created_at),
        Column("who", _l("Who"), lambda row: _who(row.entry), AuditEntry.actor_name),
        Column("what", _l("What happened"), lambda row: words.sentence(row.entry)),
        Column("changes", _l("Changes"), lambda row: "\n".join(words.changes(row.entry))),
        Column(
            "seal",
            _l("Seal"),
            lambda row: _("Sealed") if row.is_sealed else _("Waiting for its seal"),
        ),
    ),
    order=(AuditEntry.id.desc(),),
)


def _who(entry: AuditEntry) -> str:
    return entry.actor_name if entry.actor_id else _("The system")


@blueprint.get("")
@requires(Permission.AUDIT_VIEW)
def index() -> ResponseReturnValue:
    """List who did what, the latest first."""
    form = EntryFilterForm(request.args)
    wanted = queries.EntryFilter(**form.valid_values())
    return show_list(
        "audit/index.html",
        ENTRIES,
        queries.entries_for(signed_in(), wanted),
        form=form,
        complete=queries.with_seals,
        changes=words.changes,
        subject_page=_subject_page,
    )


def _subject_page(entry: AuditEntry) -> str | None:
    endpoint, argument = SUBJECT_PAGES.get(entry.subject_kind, ("", ""))
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **{argument: int(entry.subject_id)})  # type: ignore[arg-type]
