"""Files with whole numbers: who may ask, decide and fetch, and the persons they hold."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, undefer_group

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers, within
from carecampaign.approvals.queries import find_open_request, may_decide, prepared_by_another
from carecampaign.beneficiaries.models import KNOWN, SEALED, Person
from carecampaign.campaigns.models import Campaign, RosterEntry
from carecampaign.campaigns.queries import visible_to
from carecampaign.core import clock
from carecampaign.core.babel import in_language
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import MOST_EXPORTED, Column, Figure, Listing, Moment, by_member
from carecampaign.core.sheets import Cell
from carecampaign.organizations.models import Organization
from carecampaign.privacy.models import ExportColumn, ExportState, UnmaskedExport

ASK = Permission.BENEFICIARIES_REVEAL
"""Whoever may see one number with a reason may ask for many."""


@dataclass(frozen=True)
class Scope:
    """Whose persons a file is about; None narrows nothing."""

    organization_id: int
    campaign_id: int | None = None
    occupation_id: int | None = None


def scope_of(export: UnmaskedExport) -> Scope:
    """Give the scope that was asked for."""
    return Scope(export.organization_id, export.campaign_id, export.occupation_id)


def count_persons(actor: Actor, scope: Scope) -> int:
    """Count the persons of a scope within the actor's reach."""
    persons = _persons(actor, scope).with_only_columns(Person.id).order_by(None)
    return db.session.scalar(select(func.count()).select_from(persons.subquery())) or 0


def rows_of(
    actor: Actor, scope: Scope, columns: Sequence[ExportColumn]
) -> Iterator[Sequence[Cell]]:
    """Give the rows of a file, by name: the whole name, and what was asked for."""
    statement = (
        _persons(actor, scope)
        .options(
            contains_eager(Person.organization),
            joinedload(Person.occupation),
            undefer_group(SEALED),
        )
        .order_by(Person.name, Person.id)
        .limit(MOST_EXPORTED)
        .execution_options(yield_per=1_000)
    )
    for person in db.session.scalars(statement):
        yield [person.name, *(_cell(person, column) for column in columns)]


def _cell(person: Person, column: ExportColumn) -> Cell:
    if column is ExportColumn.OCCUPATION:
        return in_language(person.occupation)
    if column is ExportColumn.ORGANIZATION:
        return person.organization.name
    value: str | None = getattr(person, column.value)
    return value


def _persons(actor: Actor, scope: Scope) -> Select[Any]:
    top = select(Organization.path).where(Organization.id == scope.organization_id)
    path = db.session.scalars(top).one()
    statement = (
        select(Person)
        .join(Person.organization)
        .where(KNOWN, within(Organization.path, actor.paths(ASK)))
    )
    if scope.campaign_id is None:
        statement = statement.where(within(Organization.path, [path]))
    else:
        units = select(Organization.id).where(within(Organization.path, [path]))
        on_roster = select(RosterEntry.person_id).where(
            RosterEntry.campaign_id == scope.campaign_id, RosterEntry.unit_id.in_(units)
        )
        statement = statement.where(Person.id.in_(on_roster))
    if scope.occupation_id is not None:
        statement = statement.where(Person.occupation_id == scope.occupation_id)
    return statement


def list_roster_campaigns_to_export(actor: Actor) -> Sequence[Campaign]:
    """List the campaigns with a roster that the actor sees, the latest first."""
    with_roster = select(RosterEntry.campaign_id)
    return db.session.scalars(
        select(Campaign)
        .where(Campaign.id.in_(with_roster), visible_to(actor))
        .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    ).all()


def state_of(export: UnmaskedExport) -> ExportState:
    """Give how a file stands: one whose time is over counts as deleted at once."""
    is_over = export.expires_at is not None and export.expires_at <= clock.now()
    if export.state is ExportState.READY and is_over:
        return ExportState.DELETED
    return export.state


EXPORTS: Listing[UnmaskedExport] = Listing(
    _l("Files with whole numbers"),
    (
        Column("number", _l("Number"), lambda row: f"№ {row.id}", UnmaskedExport.id),
        Moment("asked", _l("Asked for at"), lambda row: row.created_at, UnmaskedExport.created_at),
        Column("who", _l("Asked for by"), lambda row: row.requested_by.name),
        Column("organization", _l("Persons of"), lambda row: row.organization.short_name),
        Figure("persons", _l("Persons"), lambda row: row.persons, UnmaskedExport.persons),
        Column(
            "state",
            _l("State"),
            state_of,
            by_member(UnmaskedExport.state, ExportState),
        ),
    ),
    order=(UnmaskedExport.id.desc(),),
)


def exports_for(actor: Actor) -> Select[Any]:
    """Select one's own files, those one decides on, and for an auditor all in reach."""
    return (
        select(UnmaskedExport)
        .where(_is_visible(actor))
        .options(
            joinedload(UnmaskedExport.organization),
            joinedload(UnmaskedExport.campaign),
            joinedload(UnmaskedExport.occupation),
            joinedload(UnmaskedExport.requested_by),
        )
    )


def get_export_for(actor: Actor, export_id: int) -> UnmaskedExport:
    """Give a file the actor may know of. Raises NotFound."""
    return _get(exports_for(actor).where(UnmaskedExport.id == export_id))


def get_own_export(actor: Actor, export_id: int) -> UnmaskedExport:
    """Give a file the actor asked for, while they may still ask. Raises NotFound."""
    export = _get(
        exports_for(actor).where(
            UnmaskedExport.id == export_id, UnmaskedExport.requested_by_id == actor.id
        )
    )
    if not covers(actor.paths(ASK), export.organization.path):
        raise _no_such_export()
    return export


def get_export_to_decide(actor: Actor, export_id: int) -> UnmaskedExport:
    """Give a file of an organisation the actor approves for. Raises NotFound."""
    export = get_export_for(actor, export_id)
    if not covers(actor.paths(Permission.PRIVACY_APPROVE), export.organization.path):
        raise _no_such_export()
    return export


def exports_to_decide(actor: Actor) -> Select[Any]:
    """Select the questions that wait for a decision the actor may take, the oldest first."""
    return (
        exports_for(actor)
        .where(
            _is_within(actor, Permission.PRIVACY_APPROVE),
            prepared_by_another(actor, UnmaskedExport, UnmaskedExport.id),
        )
        .order_by(UnmaskedExport.id)
    )


def exports_to_fetch(actor: Actor) -> Select[Any]:
    """Select one's own files that are ready, the oldest first."""
    return (
        exports_for(actor)
        .where(
            UnmaskedExport.requested_by_id == actor.id,
            UnmaskedExport.state == ExportState.READY,
            UnmaskedExport.expires_at > clock.now(),
        )
        .order_by(UnmaskedExport.id)
    )


@dataclass(frozen=True)
class ExportSteps:
    """What somebody can do with a file now."""

    decide: bool
    cancel: bool
    fetch: bool
    asked_for_it: bool
    """They asked for it, and so do not decide, though they decide on others."""


def export_steps(actor: Actor, export: UnmaskedExport) -> ExportSteps:
    """Say what the actor can do with a file as it stands."""
    state, is_own = state_of(export), export.requested_by_id == actor.id
    decides = covers(actor.paths(Permission.PRIVACY_APPROVE), export.organization.path)
    return ExportSteps(
        decide=decides and may_decide(actor, find_open_request(export)),
        cancel=is_own and state in {ExportState.WAITING, ExportState.APPROVED},
        fetch=is_own and state is ExportState.READY,
        asked_for_it=is_own and state is ExportState.WAITING,
    )


def _is_visible(actor: Actor) -> ColumnElement[bool]:
    return or_(
        UnmaskedExport.requested_by_id == actor.id,
        _is_within(actor, Permission.PRIVACY_APPROVE),
        _is_within(actor, Permission.AUDIT_VIEW),
    )


def _is_within(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    reached = select(Organization.id).where(within(Organization.path, actor.paths(permission)))
    return UnmaskedExport.organization_id.in_(reached)


def _get(statement: Select[Any]) -> UnmaskedExport:
    export: UnmaskedExport | None = db.session.scalar(
        statement.execution_options(populate_existing=True)
    )
    if export is None:
        raise _no_such_export()
    return export


def _no_such_export() -> NotFound:
    return NotFound(_l("There is no such file."))
