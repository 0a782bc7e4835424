"""The plan of one campaign: its groups, quotas, money, what is missing, how it came about."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns.models import (
    BudgetLine,
    Campaign,
    CampaignGroup,
    CampaignGroupOccupation,
    CampaignItem,
    CampaignUnit,
    Quota,
    RosterEntry,
)
from carecampaign.catalogue.models import PackageLine
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import Labelled, _l
from carecampaign.core.listing import PAGE_SIZE, Page, paginate
from carecampaign.funds.models import FundSource
from carecampaign.organizations.models import Organization

Cell = tuple[int, int]
"""A cell of the quota grid: the ids of a unit and of a target group."""


class Gap(Labelled):
    """What a plan still lacks before it can be submitted, in words."""

    UNITS = (
        "units",
        _l("Add the participating units; an organizer that hands out itself is one of them."),
    )
    GROUPS = "groups", _l("Add at least one target group.")
    GOODS = "goods", _l("Choose the care package or the single items to hand out.")
    PACKAGES = "packages", _l("Enter how many care packages are planned.")


def list_gaps(campaign: Campaign) -> list[Gap]:
    """Give what the plan still lacks before it can be submitted."""
    has_units = _exists(select(CampaignUnit.campaign_id).where(_of(CampaignUnit, campaign)))
    has_groups = _exists(select(CampaignGroup.id).where(_of(CampaignGroup, campaign)))
    has_items = _exists(select(CampaignItem.id).where(_of(CampaignItem, campaign)))
    has_package = campaign.package_version_id is not None
    missing = {
        Gap.UNITS: not has_units,
        Gap.GROUPS: not has_groups,
        Gap.GOODS: not has_package and not has_items,
        Gap.PACKAGES: has_package and campaign.planned_packages == 0,
    }
    return [gap for gap, is_missing in missing.items() if is_missing]


def list_groups(campaign: Campaign) -> list[CampaignGroup]:
    """Give the target groups with their occupations, in their order."""
    return list(
        db.session.scalars(
            select(CampaignGroup)
            .where(_of(CampaignGroup, campaign))
            .options(selectinload(CampaignGroup.occupations))
            .order_by(CampaignGroup.position, CampaignGroup.id)
        )
    )


def get_group(campaign: Campaign, group_id: int) -> CampaignGroup:
    """Give a target group of this campaign. Raises NotFound."""
    group = db.session.scalar(
        select(CampaignGroup)
        .where(CampaignGroup.id == group_id, _of(CampaignGroup, campaign))
        .options(selectinload(CampaignGroup.occupations))
    )
    if group is None:
        raise NotFound(_l("There is no such target group in this campaign."))
    return group


def group_of_occupation(campaign: Campaign, occupation_id: int) -> CampaignGroup | None:
    """Give the target group in which an occupation counts in this campaign, None for none."""
    return db.session.scalar(
        select(CampaignGroup)
        .join(CampaignGroupOccupation, CampaignGroupOccupation.group_id == CampaignGroup.id)
        .where(
            CampaignGroupOccupation.campaign_id == campaign.id,
            CampaignGroupOccupation.occupation_id == occupation_id,
        )
    )


def page_units(
    campaign: Campaign, *, page: int, text: str = "", size: int = PAGE_SIZE
) -> Page[Organization]:
    """Give a page of the participating units with the unions above them, by name."""
    statement = (
        select(Organization)
        .join(CampaignUnit, CampaignUnit.organization_id == Organization.id)
        .where(_of(CampaignUnit, campaign))
        .options(joinedload(Organization.parent))
        .order_by(Organization.name, Organization.id)
    )
    if text:
        statement = statement.where(Organization.name.icontains(text, autoescape=True))
    return paginate(statement, page=page, size=size)


def quotas(campaign: Campaign) -> dict[Cell, int]:
    """Give the packages planned by (unit id, group id); a cell that is not there is zero."""
    rows = db.session.execute(
        select(Quota.unit_id, Quota.group_id, Quota.planned).where(_of(Quota, campaign))
    )
    return {(unit_id, group_id): planned for unit_id, group_id, planned in rows}


def has_plans_for(campaign: Campaign, unit_ids: Collection[int]) -> bool:
    """Say whether any of these units has quotas, or persons on the roster."""
    ids = list(unit_ids)
    return _exists(select(Quota).where(_of(Quota, campaign), Quota.unit_id.in_(ids))) or _exists(
        select(RosterEntry).where(_of(RosterEntry, campaign), RosterEntry.unit_id.in_(ids))
    )


@dataclass(frozen=True)
class QuotaTotals:
    """The quotas of a campaign, summed."""

    by_unit: Mapping[int, int]
    by_group: Mapping[int, int]
    total: int


def sum_quotas(cells: Mapping[Cell, int]) -> QuotaTotals:
    """Sum the quotas by unit, by group, and in all."""
    by_unit: dict[int, int] = {}
    by_group: dict[int, int] = {}
    for (unit_id, group_id), planned in cells.items():
        by_unit[unit_id] = by_unit.get(unit_id, 0) + planned
        by_group[group_id] = by_group.get(group_id, 0) + planned
    return QuotaTotals(by_unit=by_unit, by_group=by_group, total=sum(cells.values()))


def list_contents(campaign: Campaign) -> list[PackageLine]:
    """Give what is in the campaign's care package, nothing where it has none."""
    return list(
        db.session.scalars(
            select(PackageLine)
            .where(PackageLine.version_id == campaign.package_version_id)
            .options(joinedload(PackageLine.item))
            .order_by(PackageLine.id)
        )
    )


def list_items(campaign: Campaign) -> list[CampaignItem]:
    """Give the items planned to be handed out singly."""
    return list(
        db.session.scalars(
            select(CampaignItem)
            .where(_of(CampaignItem, campaign))
            .options(joinedload(CampaignItem.item))
            .order_by(CampaignItem.id)
        )
    )


def list_budget_lines(campaign: Campaign) -> list[BudgetLine]:
    """Give the budget lines with their fund sources and whose they are."""
    return list(
        db.session.scalars(
            select(BudgetLine)
            .where(_of(BudgetLine, campaign))
            .options(joinedload(BudgetLine.fund_source).joinedload(FundSource.organization))
            .order_by(BudgetLine.id)
        )
    )


def budget_by_source(lines: list[BudgetLine]) -> list[tuple[FundSource, int]]:
    """Give the fen budgeted from each fund source, in the order they first appear."""
    amounts: dict[FundSource, int] = {}
    for line in lines:
        amounts[line.fund_source] = amounts.get(line.fund_source, 0) + line.amount
    return list(amounts.items())


STATE_ACTIONS = {
    "campaigns.create": _l("Drafted"),
    "campaigns.submit": _l("Submitted for approval"),
    "campaigns.approve": _l("Approved"),
    "campaigns.return": _l("Returned to the draft"),
    "campaigns.start": _l("Started"),
    "campaigns.close": _l("Closed"),
}


def list_state_changes(campaign: Campaign) -> list[AuditEntry]:
    """Give the entries of how the campaign came to its present state, the first one first."""
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(
                AuditEntry.subject_kind == Campaign.__tablename__,
                AuditEntry.subject_id == str(campaign.id),
                AuditEntry.action.in_(list(STATE_ACTIONS)),
            )
            .order_by(AuditEntry.id)
        )
    )


def _of(table: type[Any], campaign: Campaign) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = table.campaign_id == campaign.id
    return condition


def _exists(statement: Select[Any]) -> bool:
    return bool(db.session.scalar(select(statement.exists())))
