"""Read the log, within what the reader may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, exists, or_, select

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.audit.models import ENTRY, AuditEntry, AuditPending, AuditSeal
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.listing import Page, paginate


@dataclass(frozen=True)
class EntryFilter:
    """What to look for; empty and None mean anything. Dates are local, both included."""

    who: str = ""
    action: str = ""
    kind: str = ""
    first: date | None = None
    last: date | None = None


def list_entries_for(actor: Actor, wanted: EntryFilter, *, page: int) -> Page[AuditEntry]:
    """Give a page of the entries the actor may see, the latest first."""
    statement = (
        select(AuditEntry)
        .where(_visible_to(actor), *_conditions(wanted))
        .order_by(AuditEntry.id.desc())
    )
    return paginate(statement, page=page)


def sealed_among(entries: Iterable[AuditEntry]) -> set[int]:
    """Give the ids of those entries that are sealed."""
    refs = [str(entry.id) for entry in entries]
    sealed = select(AuditSeal.ref).where(AuditSeal.kind == ENTRY, AuditSeal.ref.in_(refs))
    return {int(ref) for ref in db.session.scalars(sealed)}


def is_anything_pending() -> bool:
    """Say whether anything waits for its seal."""
    return bool(db.session.scalar(select(exists().where(AuditPending.id.is_not(None)))))


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    paths = actor.paths(Permission.AUDIT_VIEW)
    visible = within(AuditEntry.organization_path, paths)
    # What belongs to no organisation (items, occupations) is used by all of them: whoever
    # audits from a root of the tree answers for it.
    is_at_a_root = any(path.count("/") == 1 for path in paths)
    return or_(visible, AuditEntry.organization_path == "") if is_at_a_root else visible


def _conditions(wanted: EntryFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.who:
        conditions.append(AuditEntry.actor_name.icontains(wanted.who, autoescape=True))
    if wanted.action:
        conditions.append(AuditEntry.action == wanted.action)
    if wanted.kind:
        conditions.append(AuditEntry.subject_kind == wanted.kind)
    if wanted.first:
        conditions.append(AuditEntry.created_at >= clock.start_of(wanted.first))
    if wanted.last:
        day_after = clock.start_of(wanted.last + timedelta(days=1))
        conditions.append(AuditEntry.created_at < day_after)
    return conditions
