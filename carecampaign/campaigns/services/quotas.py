"""The quota grid: packages planned by unit and target group."""

from collections.abc import Mapping

from sqlalchemy import Select, delete, insert, select, update

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign, CampaignGroup, CampaignUnit, Quota
from carecampaign.campaigns.queries import Cell, quotas
from carecampaign.campaigns.services.drafts import change_draft, record
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization


class NoSuchCell(DomainError):
    """A quota is given to a unit or a target group that is not in the campaign."""

    def __init__(self) -> None:
        super().__init__(
            _l("A unit or a target group has left the campaign meanwhile. Open the page again.")
        )


def set_quotas(
    campaign: Campaign, cells: Mapping[Cell, int], *, by: Actor, revision: int | None = None
) -> None:
    """Set the quotas of the given cells of a draft; the others stay as they are.

    Zero takes a quota away. Raises NoSuchCell, NotADraft, ChangedMeanwhile.
    """
    before = quotas(campaign)
    changes = {cell: planned for cell, planned in cells.items() if planned != before.get(cell, 0)}
    if not changes:
        return
    change_draft(campaign, revision=revision)
    words = _words(campaign, before, changes)
    _store(campaign, changes)
    record("set_quotas", campaign, by=by, changes={"quotas": words})


def _words(
    campaign: Campaign, before: Mapping[Cell, int], changes: Mapping[Cell, int]
) -> list[str]:
    """Say each change by name. Raises NoSuchCell."""
    units = _names(
        select(Organization.id, Organization.name)
        .join(CampaignUnit, CampaignUnit.organization_id == Organization.id)
        .where(CampaignUnit.campaign_id == campaign.id)
    )
    groups = _names(
        select(CampaignGroup.id, CampaignGroup.name).where(
            CampaignGroup.campaign_id == campaign.id
        )
    )
    if any(unit not in units or group not in groups for unit, group in changes):
        raise NoSuchCell
    return sorted(
        f"{units[unit]} · {groups[group]}: {before.get((unit, group), 0)} → {planned}"
        for (unit, group), planned in changes.items()
    )


def _names(statement: Select[int, str]) -> dict[int, str]:
    return dict(iter(db.session.execute(statement)))


def _store(campaign: Campaign, changes: Mapping[Cell, int]) -> None:
    rows = db.session.execute(
        select(Quota.id, Quota.unit_id, Quota.group_id).where(Quota.campaign_id == campaign.id)
    )
    ids = {(row.unit_id, row.group_id): row.id for row in rows}
    gone = [ids[cell] for cell, planned in changes.items() if not planned and cell in ids]
    changed = [
        {"id": ids[cell], "planned": planned}
        for cell, planned in changes.items()
        if planned and cell in ids
    ]
    added = [
        {"campaign_id": campaign.id, "unit_id": unit, "group_id": group, "planned": planned}
        for (unit, group), planned in changes.items()
        if planned and (unit, group) not in ids
    ]
    if gone:
        db.session.execute(delete(Quota).where(Quota.id.in_(gone)))
    if changed:
        db.session.execute(update(Quota), changed)
    if added:
        db.session.execute(insert(Quota), added)
