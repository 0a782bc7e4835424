"""The least a handout needs: a union, a volunteer, a campaign, and an open event with stock."""

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask
from flask_migrate import upgrade

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.campaigns.models import Campaign, CampaignGroup, CampaignState, Season
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.distributions import services as distributions
from carecampaign.distributions.models import DistributionEvent
from carecampaign.funds.models import FundKind, FundSource
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import StockLocation
from carecampaign.inventory.services import Line, ReceiptLine
from carecampaign.organizations.models import Organization, OrganizationKind

EVENTS = 16
"""One for each volunteer who logs at the same moment."""

STOCK = 100_000
"""Packages brought to each event: more than a run hands out."""


@dataclass(frozen=True)
class Seeded:
    """Ids of what was made, and the volunteer's session user."""

    event_ids: tuple[int, ...]
    group_id: int
    item_id: int
    session_user: str


def seed(app: Flask) -> Seeded:
    """Migrate the database and fill it; everything of the ledger goes through the services."""
    with app.app_context():
        upgrade()
        with transaction():
            seeded = _seed()
        db.session.remove()
        db.engine.dispose()
    return seeded


def _seed() -> Seeded:
    union = Organization(
        name="Union", short_name="Union", kind=OrganizationKind.DISTRICT, path="", parent_id=None
    )
    db.session.add(union)
    db.session.flush()
    union.path = f"{union.id}/"
    volunteer = User(
        username="volunteer", name="Volunteer", session_key="bench", password_hash=None,
        phone=None, email=None, grants=[RoleGrant(role=Role.VOLUNTEER, organization=union)],
    )  # fmt: skip
    item = Item(code="I1", name="Package", spec="", unit="份")
    fund = FundSource(organization=union, name="Fund", kind=FundKind.OWN_BUDGET)
    campaign = _campaign(union)
    group = CampaignGroup(campaign=campaign, name="快递员", name_en="Courier")
    db.session.add_all([volunteer, item, fund, campaign, group])
    db.session.flush()
    warehouse = _filled_warehouse(union, item, fund)
    events = [
        _open_event(warehouse, campaign, group, item, volunteer) for _number in range(EVENTS)
    ]
    return Seeded(
        tuple(event.id for event in events),
        group.id,
        item.id,
        f"{volunteer.id}.{volunteer.session_key}",
    )


def _campaign(union: Organization) -> Campaign:
    return Campaign(
        name="Winter", season=Season.WINTER, year=clock.today().year, organizer=union,
        starts_on=clock.today(), ends_on=clock.today() + timedelta(days=60), background="",
        target_as_worded="", planned_packages=STOCK, state=CampaignState.ACTIVE,
    )  # fmt: skip


def _filled_warehouse(union: Organization, item: Item, fund: FundSource) -> StockLocation:
    warehouse = inventory.create_warehouse("Warehouse", organization=union, by=SYSTEM)
    inventory.receive_goods(
        warehouse,
        [ReceiptLine(item=item, quantity=STOCK * EVENTS, unit_value=5000)],
        fund_source=fund,
        is_donated=False,
        counterpart="Supplier",
        dated_on=clock.today(),
        by=SYSTEM,
    )
    return warehouse


def _open_event(
    warehouse: StockLocation, campaign: Campaign, group: CampaignGroup, item: Item, volunteer: User
) -> DistributionEvent:
    event = distributions.create_event(
        campaign,
        unit=campaign.organizer,
        station=None,
        place="Bus stop",
        held_on=clock.today(),
        starts_at=None,
        ends_at=None,
        plans={group.id: STOCK},
        volunteers=[volunteer],
        by=SYSTEM,
    )
    distributions.open_event(event, source=warehouse, lines=[Line(item, STOCK)], by=SYSTEM)
    return event
