"""Persons and households served by name: neither adds up, so each level is counted anew."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from carecampaign.campaigns.models import Campaign
from carecampaign.core.db import db
from carecampaign.distributions.models import Served, ServedHousehold
from carecampaign.organizations.models import Organization


@dataclass(frozen=True)
class NamedLine:
    """How many persons, and how many households, one unit served by name, each once."""

    label: str
    persons: int
    households: int


def named_by_unit(campaign: Campaign) -> list[NamedLine]:
    """Count the persons and households that each unit of a campaign served, by its name."""
    both = union_all(
        _by_unit(campaign, Served, func.count(Served.person_id.distinct()), literal(0)),
        _by_unit(
            campaign,
            ServedHousehold,
            literal(0),
            func.count(ServedHousehold.household.distinct()),
        ),
    ).subquery()
    rows = db.session.execute(
        select(Organization.short_name, func.sum(both.c.persons), func.sum(both.c.households))
        .join(both, both.c.unit_id == Organization.id)
        .group_by(Organization.id, Organization.short_name)
        .order_by(Organization.short_name, Organization.id)
    )
    return [NamedLine(name, int(persons), int(households)) for name, persons, households in rows]


def _by_unit(campaign: Campaign, table: Any, persons: Any, households: Any) -> Select[Any]:  # noqa: ANN401
    return (
        select(table.unit_id, persons.label("persons"), households.label("households"))
        .where(table.campaign_id == campaign.id, table.times > 0)
        .group_by(table.unit_id)
    )
