"""Builders of test data, named as the domain names things. They flush; ``client_for`` commits."""

from datetime import date

import factory
from factory.alchemy import SQLAlchemyModelFactory

from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.beneficiaries.models import Occupation, Person
from carecampaign.campaigns.models import Campaign, CampaignGroup, CampaignState, Season
from carecampaign.catalogue.models import (
    CarePackage,
    Item,
    ItemKind,
    PackageLine,
    PackageVersion,
)
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, EventState
from carecampaign.funds.models import Earmark, FundKind, FundSource
from carecampaign.inventory.models import LocationKind, StockLocation
from carecampaign.organizations.models import Organization, OrganizationKind
from carecampaign.stations.models import HostKind, Station, StationStatus


class Factory(SQLAlchemyModelFactory):
    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731
        sqlalchemy_session_persistence = "flush"


class OrganizationFactory(Factory):
    class Meta:
        model = Organization

    name = factory.Sequence("Union {}".format)
    short_name = factory.SelfAttribute("name")
    kind = OrganizationKind.DISTRICT
    parent = None
    path = "unset/"

    @factory.post_generation
    def place_in_tree(self, _create, _extracted, **_kwargs):
        self.path = f"{self.parent.path if self.parent else ''}{self.id}/"
        db.session.flush()


class UserFactory(Factory):
    """A user with one role at one organisation: ``UserFactory(role=..., organization=...)``."""

    class Meta:
        model = User

    class Params:
        role = Role.PLANNER
        organization = factory.SubFactory(OrganizationFactory)

    username = factory.Sequence("user{}".format)
    name = factory.Sequence("User {}".format)
    phone = None
    email = factory.Sequence("user{}@union.example".format)
    password_hash = None
    session_key = factory.Sequence("key{}".format)
    grants = factory.LazyAttribute(
        lambda user: [RoleGrant(role=user.role, organization=user.organization)]
    )


class FundSourceFactory(Factory):
    class Meta:
        model = FundSource

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence("Fund {}".format)
    kind = FundKind.OWN_BUDGET


class EarmarkFactory(Factory):
    class Meta:
        model = Earmark

    fund_source = factory.SubFactory(FundSourceFactory)
    name = factory.Sequence("Earmark {}".format)
    purpose = "For one campaign only"
    is_restricted = True


class OccupationFactory(Factory):
    class Meta:
        model = Occupation

    code = factory.Sequence("T{}".format)
    name = factory.Sequence("工种{}".format)
    name_en = factory.Sequence("Occupation {}".format)


class PersonFactory(Factory):
    class Meta:
        model = Person

    name = factory.Sequence("测试{}".format)
    occupation = factory.SubFactory(OccupationFactory)
    organization = factory.SubFactory(OrganizationFactory)
    employer = "Some platform"


class StationFactory(Factory):
    class Meta:
        model = Station

    code = factory.Sequence("S{:04d}".format)
    name = factory.Sequence("Station {}".format)
    host_unit = "Some bank"
    host_kind = HostKind.BANK
    owner = factory.SubFactory(OrganizationFactory)
    district = ""
    address = "1 Some Street"
    opening_note = ""
    lead_name = ""
    public_phone = ""
    status = StationStatus.OPEN
    status_reason = ""


class ItemFactory(Factory):
    class Meta:
        model = Item

    code = factory.Sequence("I{:04d}".format)
    name = factory.Sequence("Item {}".format)
    kind = ItemKind.GOODS
    spec = ""
    unit = "件"


class CarePackageFactory(Factory):
    class Meta:
        model = CarePackage

    name = factory.Sequence("Package {}".format)


class PackageVersionFactory(Factory):
    """A version with one piece of each of ``contents`` (items; two fresh ones by default)."""

    class Meta:
        model = PackageVersion

    package = factory.SubFactory(CarePackageFactory)
    number = 1
    item = factory.SubFactory(
        ItemFactory, kind=ItemKind.PACKAGE, name=factory.SelfAttribute("..package.name")
    )
    note = ""

    @factory.post_generation
    def contents(self, _create, extracted, **_kwargs):
        for item in extracted or (ItemFactory(), ItemFactory()):
            self.lines.append(PackageLine(item_id=item.id, quantity=1))
        db.session.flush()


class CampaignFactory(Factory):
    class Meta:
        model = Campaign

    name = factory.Sequence("Campaign {}".format)
    season = Season.WINTER
    year = 2027
    starts_on = date(2026, 11, 1)
    ends_on = date(2027, 2, 28)
    organizer = factory.SubFactory(OrganizationFactory)
    background = ""
    target_as_worded = ""
    package_version = None
    planned_packages = 100
    state = CampaignState.ACTIVE


class CampaignGroupFactory(Factory):
    class Meta:
        model = CampaignGroup

    campaign = factory.SubFactory(CampaignFactory)
    name = factory.Sequence("对象{}".format)
    name_en = factory.Sequence("Group {}".format)


class StockLocationFactory(Factory):
    class Meta:
        model = StockLocation

    kind = LocationKind.WAREHOUSE
    name = factory.Sequence("Location {}".format)
    organization = factory.SubFactory(OrganizationFactory)


class EventFactory(Factory):
    class Meta:
        model = DistributionEvent

    campaign = factory.SubFactory(CampaignFactory)
    unit = factory.SelfAttribute("campaign.organizer")
    station = factory.SubFactory(
        StationFactory, owner=factory.SelfAttribute("..campaign.organizer")
    )
    place = factory.SelfAttribute("station.name")
    held_on = date(2026, 12, 1)
    state = EventState.OPEN
    note = ""
    location = factory.SubFactory(
        StockLocationFactory,
        kind=LocationKind.EVENT,
        organization=factory.SelfAttribute("..campaign.organizer"),
    )
