"""Read fund sources: within one's part of the tree, and those that may be drawn on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import Column, Listing, by_member
from carecampaign.funds.models import Earmark, EarmarkUse, FundKind, FundSource
from carecampaign.organizations.models import Organization


@dataclass(frozen=True)
class FundFilters:
    """What a list of fund sources is narrowed to; None and "" narrow nothing."""

    text: str = ""
    kind: FundKind | None = None
    is_active: bool | None = None


FUND_SOURCES: Listing[FundSource] = Listing(
    _l("Fund sources"),
    (
        Column("name", _l("Fund source"), lambda source: source.name, FundSource.name),
        Column(
            "kind", _l("Kind"), lambda source: source.kind, by_member(FundSource.kind, FundKind)
        ),
        Column(
            "organization",
            _l("Organization"),
            lambda source: source.organization.name,
            Organization.name,
        ),
        Column(
            "state",
            _l("State"),
            lambda source: _("In use") if source.is_active else _("Retired"),
            FundSource.is_active,
        ),
    ),
    order=(Organization.path, FundSource.name, FundSource.id),
)


def fund_sources_matching(actor: Actor, filters: FundFilters) -> Select[Any]:
    """Select what the actor may draw on or looks after, by organisation and name."""
    statement = _sources().where(_usable_by(actor))
    if filters.text:
        statement = statement.where(
            or_(
                FundSource.name.icontains(filters.text, autoescape=True),
                Organization.name.icontains(filters.text, autoescape=True),
            )
        )
    if filters.kind is not None:
        statement = statement.where(FundSource.kind == filters.kind)
    if filters.is_active is not None:
        statement = statement.where(FundSource.is_active == filters.is_active)
    return statement


def list_fund_sources_for(
    who: Actor | Organization, *, also: Collection[int] = ()
) -> list[FundSource]:
    """Give the active sources to choose from: of the organisation and of those above it.

    For an actor that is: of the organisations within their paths, and of those above them.
    ``also`` names sources to give in any case, because a row carries them already.
    """
    usable = _usable_by(who) if isinstance(who, Actor) else _at_or_above(who.path)
    statement = _sources().where(or_(usable & FundSource.is_active, FundSource.id.in_(list(also))))
    return list(db.session.scalars(statement))


def get_fund_source_for(actor: Actor, source_id: int) -> FundSource:
    """Give a source the actor may draw on. Raises NotFound."""
    return _get(source_id, _usable_by(actor))


def get_fund_source_to_manage(actor: Actor, source_id: int) -> FundSource:
    """Give a source of an organisation whose sources the actor looks after. Raises NotFound."""
    return _get(source_id, within(Organization.path, actor.paths(Permission.FUNDS_MANAGE)))


def list_owners_for(actor: Actor) -> list[Organization]:
    """Give the organisations the actor may open a fund source for."""
    return list(
        db.session.scalars(
            select(Organization)
            .where(
                within(Organization.path, actor.paths(Permission.FUNDS_MANAGE)),
                Organization.is_active,
            )
            .order_by(Organization.name, Organization.id)
        )
    )


def _sources() -> Select[Any]:
    return (
        select(FundSource)
        .join(FundSource.organization)
        .options(contains_eager(FundSource.organization))
        .order_by(Organization.path, FundSource.name, FundSource.id)
    )


def _get(source_id: int, condition: ColumnElement[bool]) -> FundSource:
    source = db.session.scalar(_sources().where(FundSource.id == source_id, condition))
    if source is None:
        raise NotFound(_l("There is no such fund source."))
    found: FundSource = source
    return found


def _usable_by(actor: Actor) -> ColumnElement[bool]:
    paths = actor.paths(Permission.FUNDS_VIEW)
    return or_(within(Organization.path, paths), *(_at_or_above(path) for path in paths))


def _at_or_above(path: str) -> ColumnElement[bool]:
    return Organization.id.in_([int(part) for part in path.split("/") if part])


# Earmarks


@dataclass(frozen=True)
class EarmarkRow:
    """An earmark and how many uses it is allowed for."""

    earmark: Earmark
    uses: int


def list_earmarks_of(source: FundSource) -> list[EarmarkRow]:
    """Give the earmarks of a source by name, those out of use last."""
    uses = (
        select(func.count())
        .where(EarmarkUse.earmark_id == Earmark.id)
        .correlate(Earmark)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Earmark, uses)
        .where(Earmark.fund_source_id == source.id)
        .order_by(Earmark.is_active.desc(), Earmark.name, Earmark.id)
    )
    return [EarmarkRow(earmark, count) for earmark, count in rows]


def list_earmarks_for(who: Actor | Organization) -> Sequence[Earmark]:
    """Give the earmarks in use of the sources to choose from, source by source."""
    sources = [source.id for source in list_fund_sources_for(who)]
    return _earmarks_where(Earmark.is_active, Earmark.fund_source_id.in_(sources))


def list_earmarks_to_allow(actor: Actor, spender: Organization, use: str) -> Sequence[Earmark]:
    """Give the restricted earmarks that the actor may let an organisation spend on a use.

    One that is allowed for it already is among them, also when it is out of use.
    """
    is_allowed = exists().where(EarmarkUse.earmark_id == Earmark.id, EarmarkUse.use == use)
    return _earmarks_where(
        Earmark.is_restricted,
        or_(Earmark.is_active & _at_or_above(spender.path), is_allowed),
        within(Organization.path, actor.paths(Permission.FUNDS_MANAGE)),
    )


def list_earmarks_allowed_for(use: str) -> Sequence[Earmark]:
    """Give the restricted earmarks that are allowed for a use."""
    allowed = select(EarmarkUse.earmark_id).where(EarmarkUse.use == use)
    return _earmarks_where(Earmark.is_restricted, Earmark.id.in_(allowed))


def get_earmark_for(actor: Actor, earmark_id: int) -> Earmark:
    """Give an earmark of a source the actor may draw on. Raises NotFound."""
    return _get_earmark(earmark_id, _usable_by(actor))


def get_earmark_to_manage(actor: Actor, earmark_id: int) -> Earmark:
    """Give an earmark of a source that the actor looks after. Raises NotFound."""
    return _get_earmark(
        earmark_id, within(Organization.path, actor.paths(Permission.FUNDS_MANAGE))
    )


def _get_earmark(earmark_id: int, condition: ColumnElement[bool]) -> Earmark:
    found = _earmarks_where(Earmark.id == earmark_id, condition)
    if not found:
        raise NotFound(_l("There is no such earmark."))
    return found[0]


def _earmarks_where(
    *conditions: ColumnElement[bool] | InstrumentedAttribute[bool],
) -> Sequence[Earmark]:
    return db.session.scalars(
        select(Earmark)
        .join(Earmark.fund_source)
        .join(FundSource.organization)
        .options(contains_eager(Earmark.fund_source).contains_eager(FundSource.organization))
        .where(*conditions)
        .order_by(Organization.path, FundSource.name, FundSource.id, Earmark.name, Earmark.id)
    ).all()
