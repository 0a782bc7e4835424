"""What units and stations have yet to hand out of the campaigns under way."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all

from carecampaign.campaigns.models import Campaign, CampaignState, Quota
from carecampaign.catalogue.models import Item, ItemKind, PackageVersion
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, EventPlan, EventState, Tally
from carecampaign.inventory.models import LocationKind, StockLocation

Key = tuple[int, int]
"""The ids of a place and of the item that a care package is."""


def open_quotas(location_ids: Collection[int]) -> dict[Key, int]:
    """Give the packages still to be handed out at places of units and stations.

    A unit's are its quota, a station's what the events there plan, of the campaigns under way,
    less what was handed out; a place that has neither is left out. It reads counters only.
    """
    rows = union_all(
        _at_units(Quota, planned=Quota.planned),
        _at_units(Tally, done=Tally.quantity).where(_is_package()),
        _at_stations(EventPlan, planned=EventPlan.planned),
        _at_stations(Tally, done=Tally.quantity).where(_is_package()),
    ).subquery()
    planned, done = func.sum(rows.c.planned), func.sum(rows.c.done)
    by_campaign = db.session.execute(
        select(rows.c.location_id, rows.c.item_id, planned - done)
        .where(rows.c.location_id.in_(list(location_ids)))
        .group_by(rows.c.campaign_id, rows.c.location_id, rows.c.item_id)
        .having(planned > 0)
    )
    quotas: Counter[Key] = Counter()
    for location_id, item_id, left in by_campaign:
        quotas[location_id, item_id] += max(0, int(left))
    return dict(quotas)


def _at_units(table: Any, **figures: Any) -> Select[Any]:  # noqa: ANN401 - a table and its column
    return (
        _under_way(**figures)
        .join(table, table.campaign_id == Campaign.id)
        .join(StockLocation, StockLocation.organization_id == table.unit_id)
        .where(StockLocation.kind == LocationKind.UNIT)
    )


def _at_stations(table: Any, **figures: Any) -> Select[Any]:  # noqa: ANN401 - as above
    return (
        _under_way(**figures)
        .join(DistributionEvent, DistributionEvent.campaign_id == Campaign.id)
        .join(table, table.event_id == DistributionEvent.id)
        .join(StockLocation, StockLocation.station_id == DistributionEvent.station_id)
        .where(DistributionEvent.state != EventState.CANCELLED)
    )


def _under_way(*, planned: Any = literal(0), done: Any = literal(0)) -> Select[Any]:  # noqa: ANN401, B008 - columns
    """Select the campaigns under way that hand out a care package."""
    return (
        select(
            StockLocation.id.label("location_id"),
            PackageVersion.item_id.label("item_id"),
            Campaign.id.label("campaign_id"),
            planned.label("planned"),
            done.label("done"),
        )
        .select_from(Campaign)
        .join(PackageVersion, PackageVersion.id == Campaign.package_version_id)
        .where(Campaign.state == CampaignState.ACTIVE)
    )


def _is_package() -> ColumnElement[bool]:
    packages = select(Item.id).where(Item.kind == ItemKind.PACKAGE)
    return Tally.item_id.in_(packages)
