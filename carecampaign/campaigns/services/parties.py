"""Who takes part in a campaign: participating units and co-organisers."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, delete, insert

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign, CampaignCoOrganizer, CampaignUnit, Quota
from carecampaign.campaigns.queries import (
    OrganizationFilters,
    list_organizations,
    possible_co_organizers,
    possible_units,
)
from carecampaign.campaigns.services.drafts import change_draft, record
from carecampaign.campaigns.services.rosters import remove_units_from_roster
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization


class NotToBeChosen(DomainError):
    """One of the organisations takes part already, or cannot take part in this campaign."""

    field = "organization_ids"

    def __init__(self) -> None:
        super().__init__(
            _l("One of these organizations already takes part, or cannot. Nothing was added.")
        )


def add_units(campaign: Campaign, units: Collection[Organization], *, by: Actor) -> None:
    """Let the organiser itself, or unions below it, take part in a draft.

    Raises NotToBeChosen, NotADraft.
    """
    if not units:
        return
    change_draft(campaign)
    _check(units, possible_units(campaign, OrganizationFilters()))
    db.session.execute(insert(CampaignUnit), _rows(campaign, units))
    db.session.expire(campaign, ["units"])
    record("add_units", campaign, by=by, changes={"units": _names(units)})


def remove_units(campaign: Campaign, unit_ids: Collection[int], *, by: Actor) -> int:
    """Take units out of a draft, their quotas and rosters with them; give how many they were.

    Raises NotADraft, RosterIsLocked.
    """
    change_draft(campaign)
    leaving = {unit.id: unit for unit in campaign.units if unit.id in set(unit_ids)}
    if not leaving:
        return 0
    remove_units_from_roster(campaign, leaving)
    for table, column in ((Quota, Quota.unit_id), (CampaignUnit, CampaignUnit.organization_id)):
        db.session.execute(
            delete(table).where(table.campaign_id == campaign.id, column.in_(list(leaving)))
        )
    db.session.expire(campaign, ["units"])
    record("remove_units", campaign, by=by, changes={"units": _names(leaving.values())})
    return len(leaving)


def add_co_organizers(
    campaign: Campaign, organizations: Collection[Organization], *, by: Actor
) -> None:
    """Name organisations or partner bodies as co-organisers of a draft.

    Raises NotToBeChosen, NotADraft.
    """
    if not organizations:
        return
    change_draft(campaign)
    _check(organizations, possible_co_organizers(campaign, OrganizationFilters()))
    db.session.execute(insert(CampaignCoOrganizer), _rows(campaign, organizations))
    db.session.expire(campaign, ["co_organizers"])
    names = _names(organizations)
    record("add_co_organizers", campaign, by=by, changes={"co_organizers": names})


def remove_co_organizer(campaign: Campaign, organization_id: int, *, by: Actor) -> None:
    """Name an organisation as co-organiser of a draft no longer. Raises NotADraft."""
    change_draft(campaign)
    leaving = [one for one in campaign.co_organizers if one.id == organization_id]
    if not leaving:
        return
    db.session.execute(
        delete(CampaignCoOrganizer).where(
            CampaignCoOrganizer.campaign_id == campaign.id,
            CampaignCoOrganizer.organization_id == organization_id,
        )
    )
    db.session.expire(campaign, ["co_organizers"])
    record("remove_co_organizer", campaign, by=by, changes={"co_organizers": _names(leaving)})


def _check(organizations: Collection[Organization], allowed: Select[Any]) -> None:
    ids = {organization.id for organization in organizations}
    if len(list_organizations(allowed, ids=ids)) != len(ids):
        raise NotToBeChosen


def _rows(campaign: Campaign, organizations: Collection[Organization]) -> Sequence[dict[str, int]]:
    ids = {organization.id for organization in organizations}
    return [{"campaign_id": campaign.id, "organization_id": id_} for id_ in sorted(ids)]


def _names(organizations: Collection[Organization]) -> list[str]:
    return sorted({organization.name for organization in organizations})
