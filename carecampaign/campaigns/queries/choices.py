"""What a planner chooses from: organisations, occupations, packages and items."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.beneficiaries.models import Occupation
from carecampaign.campaigns.models import (
    Campaign,
    CampaignCoOrganizer,
    CampaignGroup,
    CampaignGroupOccupation,
    CampaignUnit,
)
from carecampaign.catalogue.models import CarePackage, Item, ItemKind, PackageVersion
from carecampaign.core.db import db
from carecampaign.organizations.models import BESIDE_THE_TREE, Organization, OrganizationKind


@dataclass(frozen=True)
class OrganizationFilters:
    """What organisations to choose from are narrowed to; None and "" narrow nothing."""

    text: str = ""
    parent_id: int | None = None


def list_organizers_to_be(actor: Actor) -> list[Organization]:
    """Give the organisations the actor may plan a campaign for, top down."""
    return list(
        db.session.scalars(
            select(Organization)
            .where(
                within(Organization.path, actor.paths(Permission.CAMPAIGNS_PLAN)),
                Organization.is_active,
                Organization.kind != OrganizationKind.PARTNER,
            )
            .order_by(func.length(Organization.path), Organization.name, Organization.id)
        )
    )


def possible_units(campaign: Campaign, filters: OrganizationFilters) -> Select[Any]:
    """Select who may still join as a unit: the organiser itself and the unions below it."""
    taking_part = select(CampaignUnit.organization_id).where(
        CampaignUnit.campaign_id == campaign.id
    )
    return _narrowed(
        _active_organizations().where(
            within(Organization.path, [campaign.organizer.path]),
            Organization.kind.not_in(BESIDE_THE_TREE),
            Organization.id.not_in(taking_part),
        ),
        filters,
    )


def possible_co_organizers(campaign: Campaign, filters: OrganizationFilters) -> Select[Any]:
    """Select who may still be named as co-organiser.

    That is any organisation but the organiser, those beside the tree first: whom a union works
    together with (a publicity department, an industry union, a foundation) often stands outside
    its own part of the tree.
    """
    named = select(CampaignCoOrganizer.organization_id).where(
        CampaignCoOrganizer.campaign_id == campaign.id
    )
    return _narrowed(
        _active_organizations()
        .where(Organization.id != campaign.organizer_id, Organization.id.not_in(named))
        .order_by(None)
        .order_by(Organization.kind.not_in(BESIDE_THE_TREE), Organization.name, Organization.id),
        filters,
    )


def list_parents(campaign: Campaign) -> list[Organization]:
    """Give the organisations at or below the organiser that have others below them."""
    child = aliased(Organization)
    return list(
        db.session.scalars(
            select(Organization)
            .where(
                within(Organization.path, [campaign.organizer.path]),
                select(child.id).where(child.parent_id == Organization.id).exists(),
            )
            .order_by(func.length(Organization.path), Organization.name, Organization.id)
        )
    )


def list_organizations(
    statement: Select[Any], *, ids: Collection[int] | None = None
) -> list[Organization]:
    """Give what the selection holds, or those of ``ids`` that it holds."""
    if ids is not None:
        statement = statement.where(Organization.id.in_(list(ids)))
    return list(db.session.scalars(statement))


def list_co_organizers(campaign: Campaign) -> list[Organization]:
    """Give the co-organisers by name."""
    return list(
        db.session.scalars(
            select(Organization)
            .join(CampaignCoOrganizer, CampaignCoOrganizer.organization_id == Organization.id)
            .where(CampaignCoOrganizer.campaign_id == campaign.id)
            .order_by(Organization.name, Organization.id)
        )
    )


def list_occupations(*, also: Collection[int] = ()) -> list[Occupation]:
    """Give the occupations in use, and those of ``also`` in any case."""
    return list(
        db.session.scalars(
            select(Occupation)
            .where(or_(Occupation.is_active, Occupation.id.in_(list(also))))
            .order_by(Occupation.code)
        )
    )


def groups_of_occupations(campaign: Campaign) -> dict[int, CampaignGroup]:
    """Give the target group of every occupation that counts in this campaign."""
    rows = db.session.execute(
        select(CampaignGroupOccupation.occupation_id, CampaignGroup)
        .join(CampaignGroup, CampaignGroup.id == CampaignGroupOccupation.group_id)
        .where(CampaignGroupOccupation.campaign_id == campaign.id)
    )
    return dict(iter(rows))


def list_package_versions(*, also: int | None = None) -> list[PackageVersion]:
    """Give the newest version of each care package in use, and that of ``also`` in any case."""
    later = aliased(PackageVersion)
    newest = (
        select(func.max(later.number))
        .where(later.package_id == PackageVersion.package_id)
        .scalar_subquery()
    )
    return list(
        db.session.scalars(
            select(PackageVersion)
            .join(PackageVersion.package)
            .options(joinedload(PackageVersion.package))
            .where(
                or_(
                    CarePackage.is_active & (PackageVersion.number == newest),
                    PackageVersion.id == also,
                )
            )
            .order_by(CarePackage.name, PackageVersion.number)
        )
    )


def list_goods(*, also: Collection[int] = ()) -> list[Item]:
    """Give the items in use that are no packages, and those of ``also`` in any case."""
    return list(
        db.session.scalars(
            select(Item)
            .where(
                or_(
                    Item.is_active & (Item.kind == ItemKind.GOODS),
                    Item.id.in_(list(also)),
                )
            )
            .order_by(Item.name, Item.id)
        )
    )


def _active_organizations() -> Select[Any]:
    return (
        select(Organization)
        .options(joinedload(Organization.parent))
        .where(Organization.is_active)
        .order_by(Organization.name, Organization.id)
    )


def _narrowed(statement: Select[Any], filters: OrganizationFilters) -> Select[Any]:
    if filters.text:
        statement = statement.where(
            or_(
                Organization.name.icontains(filters.text, autoescape=True),
                Organization.short_name.icontains(filters.text, autoescape=True),
            )
        )
    if filters.parent_id is not None:
        below = select(Organization.path).where(Organization.id == filters.parent_id)
        statement = statement.where(Organization.path.startswith(below.scalar_subquery()))
    return statement
