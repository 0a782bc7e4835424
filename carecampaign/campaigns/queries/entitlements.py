"""Entitlement rules: those of a campaign, and those in force on a day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers
from carecampaign.campaigns.models import (
    Campaign,
    CampaignItem,
    CampaignUnit,
    EntitlementRule,
    RuleKind,
)
from carecampaign.catalogue.models import Item, ItemKind, PackageVersion
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization


def rules_of(campaign: Campaign) -> Sequence[EntitlementRule]:
    """List all rules that were ever made for a campaign: its own, then those from above."""
    return db.session.scalars(
        _rules(campaign.id)
        .options(selectinload(EntitlementRule.groups), selectinload(EntitlementRule.units))
        .order_by(EntitlementRule.campaign_id.is_(None), EntitlementRule.kind, EntitlementRule.id)
    ).all()


def rules_in_force(campaign_id: int, day: date) -> Sequence[EntitlementRule]:
    """List the rules that a campaign goes by on a day, in the order they were made.

    Whom they let in is read when asked for: most say how often, or how much.
    """
    return db.session.scalars(
        _rules(campaign_id)
        .where(
            EntitlementRule.is_on,
            EntitlementRule.starts_on <= day,
            or_(EntitlementRule.ends_on.is_(None), EntitlementRule.ends_on >= day),
        )
        .order_by(EntitlementRule.id)
    ).all()


def get_rule_to_plan(
    actor: Actor, campaign: Campaign, rule_id: int, *, lock: bool = False
) -> EntitlementRule:
    """Give a rule of a campaign that the actor may change. Raises NotFound for any other.

    ``lock`` holds it until the transaction ends.
    """
    statement = _rules(campaign.id).where(EntitlementRule.id == rule_id)
    if lock:
        statement = statement.with_for_update(of=EntitlementRule)
    rule = db.session.scalar(statement.execution_options(populate_existing=True))
    if rule is None or not may_change(actor, rule):
        raise NotFound(_l("There is no such rule, or it is not yours to change."))
    found: EntitlementRule = rule
    return found


def may_change(actor: Actor, rule: EntitlementRule) -> bool:
    """Say whether the actor plans for the organisation whose rule it is."""
    return covers(actor.paths(Permission.CAMPAIGNS_PLAN), rule.organization.path)


def has_caps(campaign: Campaign) -> bool:
    """Say whether there is any rule on amounts for a campaign, switched on or not."""
    statement = _rules(campaign.id).where(EntitlementRule.kind == RuleKind.AMOUNT)
    return db.session.scalars(statement.limit(1)).first() is not None


def list_things(campaign: Campaign) -> Sequence[Item]:
    """List what a campaign plans to hand out: the package first, then by name."""
    package = select(PackageVersion.item_id).where(
        PackageVersion.id == campaign.package_version_id
    )
    singles = select(CampaignItem.item_id).where(CampaignItem.campaign_id == campaign.id)
    return db.session.scalars(
        select(Item)
        .where(or_(Item.id.in_(package), Item.id.in_(singles)))
        .order_by((Item.kind == ItemKind.PACKAGE).desc(), Item.name, Item.id)
    ).all()


def list_eligible_units(campaign: Campaign) -> Sequence[Organization]:
    """List whose people a rule of a campaign can let in: the organiser's and the units'."""
    units = select(CampaignUnit.organization_id).where(CampaignUnit.campaign_id == campaign.id)
    return db.session.scalars(
        select(Organization)
        .where(or_(Organization.id == campaign.organizer_id, Organization.id.in_(units)))
        .order_by(Organization.path, Organization.id)
    ).all()


def _rules(campaign_id: int) -> Select[Any]:
    return (
        select(EntitlementRule)
        .where(_is_for(campaign_id))
        .options(
            joinedload(EntitlementRule.organization),
            joinedload(EntitlementRule.item),
            joinedload(EntitlementRule.fund_source),
        )
    )


def _is_for(campaign_id: int) -> ColumnElement[bool]:
    """Give the condition that a rule is one of a campaign, or of all below its own union."""
    owner, organizer = aliased(Organization), aliased(Organization)
    is_above = (
        select(Campaign.id)
        .join(organizer, organizer.id == Campaign.organizer_id)
        .join(owner, owner.id == EntitlementRule.organization_id)
        .where(Campaign.id == campaign_id, organizer.path.startswith(owner.path))
        .correlate(EntitlementRule)
        .exists()
    )
    return or_(
        EntitlementRule.campaign_id == campaign_id,
        and_(EntitlementRule.campaign_id.is_(None), is_above),
    )
