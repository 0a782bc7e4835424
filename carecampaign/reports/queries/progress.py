"""How a campaign stands: quota against handed out, from the counters kept with each handout."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.campaigns.models import Campaign, CampaignGroup, Quota
from carecampaign.catalogue.models import Item, ItemKind
from carecampaign.core.db import db
from carecampaign.distributions.models import (
    CampaignDay,
    DistributionEvent,
    EventPlan,
    EventState,
    Served,
    Tally,
)
from carecampaign.organizations.models import Organization


@dataclass(frozen=True)
class Figures:
    """Four different counters, never derived from one another. ``value`` is fen."""

    person_times: int = 0
    packages: int = 0
    pieces: int = 0
    value: int = 0


@dataclass(frozen=True)
class Totals:
    """A campaign's figures so far. ``persons`` counts named persons only, each once."""

    figures: Figures
    persons: int
    planned: int


@dataclass(frozen=True)
class Line:
    """One row of a breakdown; ``planned`` packages, None where nothing is planned at its level."""

    label: str
    planned: int | None
    figures: Figures


# Packages and single pieces are counted apart: a package is an item of its own kind.
_PACKAGES = func.sum(case((Item.kind == ItemKind.PACKAGE, Tally.quantity), else_=0))
_PIECES = func.sum(case((Item.kind == ItemKind.GOODS, Tally.quantity), else_=0))


def campaign_totals(campaign: Campaign) -> Totals:
    """Add up the campaign's days; count its named persons."""
    row = db.session.execute(
        select(
            func.coalesce(func.sum(CampaignDay.person_times), 0),
            func.coalesce(func.sum(CampaignDay.packages), 0),
            func.coalesce(func.sum(CampaignDay.pieces), 0),
            func.coalesce(func.sum(CampaignDay.value), 0),
        ).where(CampaignDay.campaign_id == campaign.id)
    ).one()
    persons = db.session.scalar(
        select(func.count(Served.person_id.distinct())).where(
            Served.campaign_id == campaign.id, Served.times > 0
        )
    )
    return Totals(
        figures=Figures(*(int(figure) for figure in row)),
        persons=persons or 0,
        planned=campaign.planned_packages,
    )


def by_unit(campaign: Campaign) -> list[Line]:
    """Quota and handouts of each unit, by name; the participating units are all listed."""
    planned = _quotas(campaign, Quota.unit_id)
    done = _tallied(campaign, Tally.unit_id)
    keys = {*planned, *done, *(unit.id for unit in campaign.units)}
    names = _labels(Organization.id, Organization.short_name, keys)
    lines = [Line(names[key], planned.get(key, 0), done.get(key, Figures())) for key in keys]
    return sorted(lines, key=lambda line: line.label)


def by_group(campaign: Campaign, name_of: Callable[[CampaignGroup], str]) -> list[Line]:
    """Quota and handouts of each target group, in the campaign's own order."""
    planned = _quotas(campaign, Quota.group_id)
    done = _tallied(campaign, Tally.group_id)
    return [
        Line(name_of(group), planned.get(group.id, 0), done.get(group.id, Figures()))
        for group in campaign.groups
    ]


def by_place(campaign: Campaign) -> list[Line]:
    """Plans and handouts of each place events were held at or are planned for, by name."""
    is_on = DistributionEvent.state != EventState.CANCELLED
    planned = _pairs(
        select(DistributionEvent.place, func.sum(EventPlan.planned))
        .join(EventPlan, EventPlan.event_id == DistributionEvent.id)
        .where(DistributionEvent.campaign_id == campaign.id, is_on)
        .group_by(DistributionEvent.place)
    )
    done = _tallied(campaign, DistributionEvent.place)
    return [
        Line(place, planned.get(place), done.get(place, Figures()))
        for place in sorted({*planned, *done})
    ]


def by_day(campaign: Campaign) -> list[tuple[date, Figures]]:
    """Handouts of each day there were any, in order."""
    rows = db.session.execute(
        select(
            CampaignDay.day,
            func.sum(CampaignDay.person_times),
            func.sum(CampaignDay.packages),
            func.sum(CampaignDay.pieces),
            func.sum(CampaignDay.value),
        )
        .where(CampaignDay.campaign_id == campaign.id)
        .group_by(CampaignDay.day)
        .order_by(CampaignDay.day)
    )
    return [(day, Figures(*(int(figure) for figure in figures))) for day, *figures in rows]


def total_of(lines: Iterable[Line]) -> Line:
    """Add up the rows of a breakdown: what the foot of its table shows."""
    total = Line("", None, Figures())
    for line in lines:
        planned = total.planned
        if line.planned is not None:
            planned = (planned or 0) + line.planned
        total = replace(total, planned=planned, figures=_add(total.figures, line.figures))
    return total


def _add(one: Figures, other: Figures) -> Figures:
    return Figures(
        person_times=one.person_times + other.person_times,
        packages=one.packages + other.packages,
        pieces=one.pieces + other.pieces,
        value=one.value + other.value,
    )


def _tallied(campaign: Campaign, key: InstrumentedAttribute[Any]) -> dict[Any, Figures]:
    rows = db.session.execute(
        select(key, func.sum(Tally.person_times), _PACKAGES, _PIECES, func.sum(Tally.value))
        .select_from(Tally)
        .join(Item, Item.id == Tally.item_id)
        .join(DistributionEvent, DistributionEvent.id == Tally.event_id)
        .where(Tally.campaign_id == campaign.id)
        .group_by(key)
    )
    return {value: Figures(*(int(figure) for figure in figures)) for value, *figures in rows}


def _quotas(campaign: Campaign, key: InstrumentedAttribute[int]) -> dict[int, int]:
    return _pairs(
        select(key, func.sum(Quota.planned)).where(Quota.campaign_id == campaign.id).group_by(key)
    )


def _labels(
    key: InstrumentedAttribute[int], label: InstrumentedAttribute[str], keys: Iterable[int]
) -> Mapping[int, str]:
    condition: ColumnElement[bool] = key.in_(tuple(keys))
    rows = db.session.execute(select(key, label).where(condition))
    return {number: name for number, name in rows}  # noqa: C416 - a Row is no tuple to mypy


def _pairs(statement: Select[Any, int]) -> dict[Any, int]:
    return {key: int(total) for key, total in db.session.execute(statement)}
