"""Read who is on the roster of a campaign: everybody sees the units within their reach only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, distinct, func, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, undefer_group

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.beneficiaries.models import SEALED, Occupation, Person
from carecampaign.beneficiaries.numbers import mask_name
from carecampaign.beneficiaries.queries import is_found_by
from carecampaign.campaigns.models import (
    Campaign,
    CampaignGroupOccupation,
    CampaignState,
    CampaignUnit,
    Quota,
    RosterEntry,
    RosterLock,
)
from carecampaign.campaigns.queries.scope import visible_to
from carecampaign.core.babel import in_language
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing, Moment, Sum
from carecampaign.organizations.models import Organization
from carecampaign.organizations.queries import in_tree_order

_Keeper = aliased(Organization)


@dataclass(frozen=True)
class RosterFilters:
    """What a roster is narrowed to; "" and None narrow nothing."""

    text: str = ""
    unit_id: int | None = None
    occupation_id: int | None = None


ROSTER: Listing[RosterEntry] = Listing(
    _l("Roster"),
    (
        Column("name", _l("Full name"), lambda entry: mask_name(entry.person.name), Person.name),
        Column(
            "unit",
            _l("Participating unit"),
            lambda entry: entry.unit.short_name,
            Organization.short_name,
        ),
        Column(
            "occupation",
            _l("Occupation"),
            lambda entry: in_language(entry.person.occupation),
            Occupation.name,
        ),
        Column(
            "employer",
            _l("Unit or platform"),
            lambda entry: entry.person.employer,
            Person.employer,
        ),
        Column("phone", _l("Phone"), lambda entry: entry.person.masked_phone),
        Column("id_number", _l("ID number"), lambda entry: entry.person.masked_id_number),
        Column(
            "keeper",
            _l("Kept by"),
            lambda entry: entry.person.organization.short_name,
            _Keeper.short_name,
            optional=True,
        ),
        Moment(
            "added",
            _l("Put on the roster at"),
            lambda entry: entry.created_at,
            RosterEntry.created_at,
            optional=True,
        ),
    ),
    order=(Person.name, RosterEntry.id),
)


@dataclass(frozen=True)
class UnitOnRoster:
    """A participating unit: how many packages it is to get, and how many are on its roster."""

    unit: Organization
    planned: int
    persons: int


def _of_unit(column: Any, table: Any) -> Any:  # noqa: ANN401 - of either table
    return (
        select(column)
        .where(
            table.campaign_id == CampaignUnit.campaign_id,
            table.unit_id == CampaignUnit.organization_id,
        )
        .correlate(CampaignUnit)
        .scalar_subquery()
    )


_PLANNED = _of_unit(func.coalesce(func.sum(Quota.planned), 0), Quota)
_PERSONS = _of_unit(func.count(RosterEntry.id), RosterEntry)

ROSTER_UNITS: Listing[UnitOnRoster] = Listing(
    _l("Roster by unit"),
    (
        Column("unit", _l("Participating unit"), lambda row: row.unit.name, Organization.name),
        Sum("planned", _l("Quota"), lambda row: row.planned, _PLANNED),
        Sum("persons", _l("On the roster"), lambda row: row.persons, _PERSONS),
    ),
    order=(Organization.name, Organization.id),
)


def roster_for(actor: Actor, campaign: Campaign, filters: RosterFilters) -> Select[Any]:
    """Select who is on the roster of a campaign, of units within reach (to paginate)."""
    statement = _entries(actor, campaign, Permission.BENEFICIARIES_VIEW)
    if filters.text:
        statement = statement.where(is_found_by(filters.text))
    if filters.unit_id is not None:
        statement = statement.where(RosterEntry.unit_id == filters.unit_id)
    if filters.occupation_id is not None:
        statement = statement.where(Person.occupation_id == filters.occupation_id)
    return statement


def get_entry_for(actor: Actor, campaign: Campaign, entry_id: int) -> RosterEntry:
    """Give an entry of a unit that the actor keeps persons for. Raises NotFound."""
    statement = _entries(actor, campaign, Permission.BENEFICIARIES_MANAGE)
    found: RosterEntry | None = db.session.scalar(statement.where(RosterEntry.id == entry_id))
    if found is None:
        raise NotFound(_l("There is no such person, or the entry is not yours to see."))
    return found


def roster_units_for(actor: Actor, campaign: Campaign) -> Select[Any]:
    """Select the participating units within reach with their figures (to paginate)."""
    return (
        select(Organization, _PLANNED, _PERSONS)
        .join(CampaignUnit, CampaignUnit.organization_id == Organization.id)
        .where(
            CampaignUnit.campaign_id == campaign.id,
            within(Organization.path, actor.paths(Permission.BENEFICIARIES_VIEW)),
        )
    )


def as_units_on_roster(rows: Sequence[Any]) -> list[UnitOnRoster]:
    """Give rows of the statement as rows of the list."""
    return [UnitOnRoster(*row) for row in rows]


def list_roster_units_for(
    actor: Actor, campaign: Campaign, permission: Permission = Permission.BENEFICIARIES_VIEW
) -> list[Organization]:
    """Give the participating units for which the actor holds a permission, in tree order."""
    rows = db.session.scalars(
        select(Organization)
        .join(CampaignUnit, CampaignUnit.organization_id == Organization.id)
        .where(
            CampaignUnit.campaign_id == campaign.id,
            within(Organization.path, actor.paths(permission)),
        )
    )
    return in_tree_order(rows.all())


def list_roster_campaigns_for(actor: Actor) -> list[Campaign]:
    """Give the campaigns, not closed, of which the actor keeps persons for a unit."""
    units = (
        select(CampaignUnit.campaign_id)
        .join(Organization, Organization.id == CampaignUnit.organization_id)
        .where(within(Organization.path, actor.paths(Permission.BENEFICIARIES_MANAGE)))
    )
    return list(
        db.session.scalars(
            select(Campaign)
            .where(
                Campaign.id.in_(units),
                Campaign.state != CampaignState.CLOSED,
                visible_to(actor),
            )
            .order_by(Campaign.starts_on.desc(), Campaign.id.desc())
        )
    )


def find_campaigns_named(name: str) -> list[Campaign]:
    """Give the campaigns of exactly this name, or the one of this id where it is a number."""
    is_id = name.isascii() and name.isdigit() and len(name) < len("9" * 19)
    condition = Campaign.id == int(name) if is_id else Campaign.name == name
    return list(db.session.scalars(select(Campaign).where(condition).order_by(Campaign.id)))


def persons_on_roster(campaign: Campaign, person_ids: Collection[int]) -> dict[int, int]:
    """Give the units for which persons are on the roster already: person id → unit id."""
    rows = db.session.execute(
        select(RosterEntry.person_id, RosterEntry.unit_id).where(
            RosterEntry.campaign_id == campaign.id, RosterEntry.person_id.in_(list(person_ids))
        )
    )
    return dict(iter(rows))


def not_on_roster(campaign: Campaign) -> ColumnElement[bool]:
    """Give the condition that a person is not on the roster of a campaign."""
    return Person.id.not_in(
        select(RosterEntry.person_id).where(RosterEntry.campaign_id == campaign.id)
    )


def find_lock(campaign: Campaign) -> RosterLock | None:
    """Give the lock in force, if the roster is locked."""
    statement = select(RosterLock).options(joinedload(RosterLock.locked_by))
    return db.session.scalar(
        statement.where(RosterLock.campaign_id == campaign.id, RosterLock.unlocked_at.is_(None))
    )


def list_locks(campaign: Campaign) -> list[RosterLock]:
    """Give all locks of a roster, the latest first."""
    return list(
        db.session.scalars(
            select(RosterLock)
            .options(joinedload(RosterLock.locked_by), joinedload(RosterLock.unlocked_by))
            .where(RosterLock.campaign_id == campaign.id)
            .order_by(RosterLock.id.desc())
        )
    )


@dataclass(frozen=True)
class RosterFigures:
    """How many a roster holds: in all, and by the ids of units and target groups.

    Under the group id 0 are those whose occupation counts in no group of the campaign.
    """

    persons: int
    households: int
    by_unit: dict[int, int]
    by_group: dict[int, int]


def count_roster(campaign: Campaign) -> RosterFigures:
    """Count the whole roster of a campaign."""
    group = func.coalesce(CampaignGroupOccupation.group_id, 0)
    mine = RosterEntry.campaign_id == campaign.id
    rows = db.session.execute(
        select(RosterEntry.unit_id, group, func.count())
        .join(RosterEntry.person)
        .outerjoin(
            CampaignGroupOccupation,
            (CampaignGroupOccupation.occupation_id == Person.occupation_id)
            & (CampaignGroupOccupation.campaign_id == RosterEntry.campaign_id),
        )
        .where(mine)
        .group_by(RosterEntry.unit_id, group)
        .order_by(RosterEntry.unit_id, group)
    )
    by_unit: dict[int, int] = {}
    by_group: dict[int, int] = {}
    for unit_id, group_id, count in rows:
        by_unit[unit_id] = by_unit.get(unit_id, 0) + count
        by_group[group_id] = by_group.get(group_id, 0) + count
    households = db.session.scalar(
        select(func.count(distinct(Person.household_key)))
        .select_from(RosterEntry)
        .join(RosterEntry.person)
        .where(mine, Person.household_key != "")
    )
    return RosterFigures(sum(by_unit.values()), households or 0, by_unit, by_group)


def list_roster_pairs(campaign: Campaign) -> list[tuple[int, int]]:
    """Give who is on a roster for which unit, by ids: (unit, person), in order."""
    rows = db.session.execute(
        select(RosterEntry.unit_id, RosterEntry.person_id)
        .where(RosterEntry.campaign_id == campaign.id)
        .order_by(RosterEntry.unit_id, RosterEntry.person_id)
    )
    return [(unit_id, person_id) for unit_id, person_id in rows]


def _entries(actor: Actor, campaign: Campaign, permission: Permission) -> Select[Any]:
    return (
        select(RosterEntry)
        .join(RosterEntry.unit)
        .join(RosterEntry.person)
        .join(Person.occupation)
        .join(_Keeper, Person.organization)
        .options(
            contains_eager(RosterEntry.unit),
            contains_eager(RosterEntry.person).options(
                contains_eager(Person.occupation),
                contains_eager(Person.organization.of_type(_Keeper)),
                undefer_group(SEALED),
            ),
        )
        .where(
            RosterEntry.campaign_id == campaign.id,
            within(Organization.path, actor.paths(permission)),
        )
    )
