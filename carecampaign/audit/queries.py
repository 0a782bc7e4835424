"""Read the log, within what the reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.audit.models import ENTRY, AuditEntry, AuditPending, AuditSeal
from carecampaign.core import clock
from carecampaign.core.db import Model, db


@dataclass(frozen=True)
class EntryFilter:
    """What to look for; empty and None mean anything. Dates are local, both included."""

    who: str = ""
    action: str = ""
    kind: str = ""
    first: date | None = None
    last: date | None = None


def entries_for(actor: Actor, wanted: EntryFilter) -> Select[AuditEntry]:
    """Select the entries the actor may see."""
    return select(AuditEntry).where(_visible_to(actor), *_conditions(wanted))


@dataclass(frozen=True)
class EntryRow:
    """An entry, and whether it is sealed yet."""

    entry: AuditEntry
    is_sealed: bool


def with_seals(entries: Sequence[AuditEntry]) -> list[EntryRow]:
    """Give entries as rows of the log."""
    refs = [str(entry.id) for entry in entries]
    sealed = set(
        db.session.scalars(
            select(AuditSeal.ref).where(AuditSeal.kind == ENTRY, AuditSeal.ref.in_(refs))
        )
    )
    return [EntryRow(entry, str(entry.id) in sealed) for entry in entries]


def entries_about(record: Model, *, first: int, size: int) -> tuple[list[AuditEntry], int]:
    """Give entries about a record, the newest first, from ``first`` (0) on, and how many it has.

    Who may read them is a matter of who may see the record. Past the end the number is 0.
    """
    rows = db.session.execute(
        select(AuditEntry, func.count().over())
        .where(
            AuditEntry.subject_kind == record.__tablename__,
            AuditEntry.subject_id == str(record.id),
        )
        .order_by(AuditEntry.id.desc())
        .offset(first)
        .limit(size)
    ).all()
    return [entry for entry, _total in rows], rows[0][1] if rows else 0


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
