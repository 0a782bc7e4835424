"""How a campaign stands: quota against handed out, from the counters kept with each handout."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from carecampaign.campaigns.models import Campaign, CampaignGroup, CampaignUnit
from carecampaign.campaigns.queries import Cell, quotas
from carecampaign.catalogue.models import Item, ItemKind
from carecampaign.core.db import db
from carecampaign.distributions.models import (
    CampaignDay,
    DistributionEvent,
    EventPlan,
    EventState,
    Served,
    ServedHousehold,
    Tally,
)
from carecampaign.organizations.models import Organization


@dataclass(frozen=True)
class Figures:
    """Four different counters, never derived from one another. ``value`` is fen.

    ``items`` are the pieces of each item (by id), singly or in packages, where a report asks
    for them.
    """

    person_times: int = 0
    packages: int = 0
    pieces: int = 0
    value: int = 0
    items: Mapping[int, int] = field(default_factory=dict, kw_only=True)

    def __add__(self, other: "Figures") -> "Figures":
        items = Counter(self.items)
        items.update(other.items)
        return Figures(
            person_times=self.person_times + other.person_times,
            packages=self.packages + other.packages,
            pieces=self.pieces + other.pieces,
            value=self.value + other.value,
            items=items,
        )


@dataclass(frozen=True)
class Totals:
    """A campaign's figures so far. ``persons`` counts named persons only, each once.

    ``households`` are those of the persons who have a household code. ``is_cut`` says that
    there are more persons than were counted.
    """

    figures: Figures
    persons: int
    households: int
    planned: int
    is_cut: bool = False


@dataclass(frozen=True)
class Line:
    """One row of a breakdown; ``planned`` packages, None where nothing is planned at its level."""

    label: str
    planned: int | None
    figures: Figures


# Packages and single pieces are counted apart: a package is an item of its own kind.
_PACKAGES = func.sum(case((Item.kind == ItemKind.PACKAGE, Tally.quantity), else_=0))
_PIECES = func.sum(case((Item.kind == ItemKind.GOODS, Tally.quantity), else_=0))


MOST_COUNTED = 5_000
"""Named persons counted for a screen: beyond them it would cost more with every handout."""


def campaign_totals(
    campaign: Campaign,
    days: Iterable[tuple[date, Figures]],
    *,
    most: int | None = MOST_COUNTED,
) -> Totals:
    """Add up a campaign's days; count its named persons, ``most`` of them (None: all)."""
    limit = None if most is None else most + 1
    persons, households = db.session.execute(
        select(
            _each_once(campaign, Served, Served.person_id, limit),
            _each_once(campaign, ServedHousehold, ServedHousehold.household, limit),
        )
    ).one()
    is_cut = most is not None and persons > most
    return Totals(
        figures=_sum(figures for _day, figures in days),
        persons=most if most is not None and is_cut else persons,
        households=households,
        planned=campaign.planned_packages,
        is_cut=is_cut,
    )


def _each_once(campaign: Campaign, table: Any, key: Any, limit: int | None) -> Any:  # noqa: ANN401
    """Count the keys of who was served in a campaign, up to a limit."""
    keys = (
        select(key)
        .where(table.campaign_id == campaign.id, table.times > 0)
        .distinct()
        .limit(limit)
        .subquery()
    )
    return select(func.count()).select_from(keys).scalar_subquery()


@dataclass(frozen=True)
class Cells:
    """Quota (packages) and figures by the ids of a unit and a group."""

    planned: Mapping[Cell, int]
    done: Mapping[Cell, Figures]

    def lines(self, axis: int, names: Iterable[tuple[int, str]]) -> list[Line]:
        """Add up along units (0) or groups (1), a line for each of these ids and names."""
        planned = Counter[int]()
        for cell, number in self.planned.items():
            planned[cell[axis]] += number
        done: dict[int, Figures] = {}
        for cell, figures in self.done.items():
            done[cell[axis]] = done.get(cell[axis], Figures()) + figures
        return [Line(name, planned[key], done.get(key, Figures())) for key, name in names]


def read_cells(campaign: Campaign) -> Cells:
    """Read quotas and handouts once, for the breakdowns by unit and by group."""
    return Cells(quotas(campaign), _tallied(campaign, Tally.unit_id, Tally.group_id))


def by_unit(campaign: Campaign, cells: Cells) -> list[Line]:
    """Quota and handouts of each unit, by name; the participating units are all listed."""
    keys = {unit_id for unit_id, _group in (*cells.planned, *cells.done)}
    units = select(CampaignUnit.organization_id).where(CampaignUnit.campaign_id == campaign.id)
    names = db.session.execute(
        select(Organization.id, Organization.short_name)
        .where(or_(Organization.id.in_(units), Organization.id.in_(list(keys))))
        .order_by(Organization.short_name, Organization.id)
    )
    return cells.lines(0, ((key, name) for key, name in names))


def by_group(
    campaign: Campaign, cells: Cells, name_of: Callable[[CampaignGroup], str]
) -> list[Line]:
    """Quota and handouts of each target group, in the campaign's own order."""
    return cells.lines(1, ((group.id, name_of(group)) for group in campaign.groups))


def by_place(campaign: Campaign, done: Mapping[str, Figures] | None = None) -> list[Line]:
    """Plans and handouts of each place events were held at or are planned for, by name.

    The handouts (``done``) are read unless they are given.
    """
    is_on = DistributionEvent.state != EventState.CANCELLED
    planned = _pairs(
        select(DistributionEvent.place, func.sum(EventPlan.planned))
        .join(EventPlan, EventPlan.event_id == DistributionEvent.id)
        .where(DistributionEvent.campaign_id == campaign.id, is_on)
        .group_by(DistributionEvent.place)
    )
    if done is None:
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
        total = replace(total, planned=planned, figures=total.figures + line.figures)
    return total


def _sum(figures: Iterable[Figures]) -> Figures:
    return sum(figures, Figures())


def _tallied(campaign: Campaign, *keys: InstrumentedAttribute[Any]) -> dict[Any, Figures]:
    """Add up the tally by a key, or by several, whose values then come as a tuple."""
    rows = db.session.execute(
        select(*keys, func.sum(Tally.person_times), _PACKAGES, _PIECES, func.sum(Tally.value))
        .select_from(Tally)
        .join(Item, Item.id == Tally.item_id)
        .join(DistributionEvent, DistributionEvent.id == Tally.event_id)
        .where(Tally.campaign_id == campaign.id)
        .group_by(*keys)
    )
    width = len(keys)
    return {
        tuple(row[:width]) if width > 1 else row[0]: Figures(*map(int, row[width:]))
        for row in rows
    }


def _pairs(statement: Select[Any, int]) -> dict[Any, int]:
    return {key: int(total) for key, total in db.session.execute(statement)}
