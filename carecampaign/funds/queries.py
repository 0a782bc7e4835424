"""Read fund sources: within one's part of the tree, and those that may be drawn on."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Page, paginate
from carecampaign.funds.models import FundKind, FundSource
from carecampaign.organizations.models import Organization


@dataclass(frozen=True)
class FundFilters:
    """What a list of fund sources is narrowed to; None and "" narrow nothing."""

    text: str = ""
    kind: FundKind | None = None
    is_active: bool | None = None


def list_fund_sources(actor: Actor, filters: FundFilters, *, page: int) -> Page[FundSource]:
    """Give a page of what the actor may draw on or looks after, by organisation and name."""
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
    return paginate(statement, page=page)


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
