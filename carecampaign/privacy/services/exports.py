"""Files with whole numbers: asked for by one, approved by another, locked, and soon deleted."""

from collections.abc import Sequence

from sqlalchemy import update

from carecampaign.access.actor import Actor
from carecampaign.approvals import services as approvals
from carecampaign.audit import services as audit
from carecampaign.beneficiaries.models import Occupation
from carecampaign.campaigns.models import Campaign
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l
from carecampaign.jobs.services import request_job
from carecampaign.organizations.models import Organization
from carecampaign.privacy.models import KEPT_FOR, ExportColumn, ExportState, UnmaskedExport
from carecampaign.privacy.queries.exports import Scope, count_persons

MAKE_EXPORT = "privacy.make_export"
"""The kind of job that makes a file somebody approved."""

State = ExportState


class NobodyToExport(DomainError):
    """There is nobody among these persons."""

    field = "organization_id"

    def __init__(self) -> None:
        super().__init__(_l("Nobody is kept here whom such a file could hold."))


class ExportMovedOn(Conflict):
    """The question or its file is not in the state this needs."""

    def __init__(self) -> None:
        super().__init__(
            _l("This was decided on, cancelled or deleted meanwhile. Nothing was changed.")
        )


class PasswordWasShown(Conflict):
    """The password was shown before, and is not kept any more."""

    def __init__(self) -> None:
        super().__init__(
            _l("The password was shown once and is not kept. Ask for a new file if it is lost.")
        )


def request_export(
    organization: Organization,
    columns: Sequence[ExportColumn],
    *,
    reason: str,
    campaign: Campaign | None = None,
    occupation: Occupation | None = None,
    by: Actor,
) -> UnmaskedExport:
    """Ask for a file of the persons within an organisation, or on a campaign's roster there.

    Nothing is made before somebody else approves. Raises NobodyToExport.
    """
    scope = Scope(
        organization_id=organization.id,
        campaign_id=campaign.id if campaign else None,
        occupation_id=occupation.id if occupation else None,
    )
    persons = count_persons(by, scope)
    if not persons:
        raise NobodyToExport
    export = UnmaskedExport(
        organization=organization,
        campaign=campaign,
        occupation=occupation,
        columns=[column.value for column in columns],
        reason=reason,
        requested_by_id=by.id,
        persons=persons,
    )
    db.session.add(export)
    db.session.flush()
    approvals.ask(export, by=by)
    _record(
        "request_export",
        export,
        by=by,
        reason=reason,
        campaign=campaign.name if campaign else "",
        occupation=occupation.name if occupation else "",
        columns=[str(column.label) for column in export.chosen],
        persons=persons,
    )
    return export


def approve_export(export: UnmaskedExport, *, by: Actor) -> None:
    """Approve a file and have it made. Raises PreparerMayNotDecide, AlreadyDecided."""
    approvals.approve(export, by=by)
    _move(export, State.WAITING, State.APPROVED)
    _record("approve_export", export, by=by)
    request_job(
        MAKE_EXPORT,
        key=f"{MAKE_EXPORT}:{export.id}",
        arguments={"export_id": export.id},
        by=by,
    )


def refuse_export(export: UnmaskedExport, *, comment: str, by: Actor) -> None:
    """Refuse a file and say why. Raises PreparerMayNotDecide, AlreadyDecided."""
    approvals.refuse(export, comment=comment, by=by)
    _move(export, State.WAITING, State.REFUSED)
    _record("refuse_export", export, by=by, comment=comment)


def cancel_export(export: UnmaskedExport, *, by: Actor) -> None:
    """Take the question back before there is a file. Raises AlreadyDecided, ExportMovedOn."""
    if export.state is not State.APPROVED:
        approvals.withdraw(export, by=by)
    _move(export, export.state, State.CANCELLED)
    _record("cancel_export", export, by=by)


def keep_file(
    export: UnmaskedExport, content: bytes, *, password: str, persons: int, by: Actor
) -> None:
    """Keep the locked file that was made, for a day; whoever asked for it may fetch it.

    Raises ExportMovedOn.
    """
    _move(
        export,
        State.APPROVED,
        State.READY,
        content=content,
        password=password,
        persons=persons,
        expires_at=clock.now() + KEPT_FOR,
    )
    _record("make_export", export, by=by, persons=persons)


def show_password(export: UnmaskedExport, *, by: Actor) -> str:
    """Give the password of a file, this once. Raises PasswordWasShown."""
    db.session.refresh(export, ["state", "password"], with_for_update=True)
    password = export.password
    if password is None:
        raise PasswordWasShown
    export.password = None
    _record("show_password", export, by=by)
    return password


def fetch_file(export: UnmaskedExport, *, by: Actor) -> bytes:
    """Give the locked file, and note that it was fetched. Raises ExportMovedOn."""
    db.session.refresh(export, ["state", "content", "expires_at"])
    content, until = export.content, export.expires_at
    if content is None or until is None or until <= clock.now():
        raise ExportMovedOn
    _record("fetch_export", export, by=by)
    return content


def delete_export(export: UnmaskedExport, *, by: Actor) -> None:
    """Delete a file that is not needed any more. Raises ExportMovedOn."""
    _move(export, State.READY, State.DELETED, content=None, password=None)
    _record("delete_export", export, by=by)


def delete_files(export_ids: Sequence[int]) -> None:
    """Delete the files whose time is over."""
    db.session.execute(
        update(UnmaskedExport)
        .where(UnmaskedExport.id.in_(export_ids), UnmaskedExport.state == State.READY)
        .values(state=State.DELETED, content=None, password=None)
        .execution_options(synchronize_session=False)
    )


def _move(
    export: UnmaskedExport, before: ExportState, after: ExportState, **values: object
) -> None:
    """Go from one state to the next by a guarded UPDATE, so that of two at once one is told."""
    moved = db.session.scalar(
        update(UnmaskedExport)
        .where(UnmaskedExport.id == export.id, UnmaskedExport.state == before)
        .values(state=after, **values)
        .returning(UnmaskedExport.id)
        .execution_options(synchronize_session=False)
    )
    if moved is None:
        raise ExportMovedOn
    db.session.refresh(export)


def _record(verb: str, export: UnmaskedExport, *, by: Actor, **changes: object) -> None:
    audit.record(
        f"privacy.{verb}",
        export,
        by=by,
        name=f"№ {export.id}",
        path=export.organization.path,
        changes=changes,
    )
