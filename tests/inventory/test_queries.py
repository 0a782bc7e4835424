"""Who sees which places, papers and movements."""

import uuid
from datetime import date

import pytest

from carecampaign.access.actor import SYSTEM, Actor, Grant
from carecampaign.access.permissions import Permission, Role
from carecampaign.campaigns.models import CampaignUnit
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, DocumentState, LocationKind, Movement
from carecampaign.inventory.queries import (
    documents_for,
    find_reversal_of,
    get_document_for,
    get_location_for,
    item_history,
    lots_at,
    movements_for,
    movements_of,
    reaches,
    stock_at,
)
from carecampaign.stations.models import StationMember
from tests.factories import (
    CampaignFactory,
    ItemFactory,
    OrganizationFactory,
    StationFactory,
    StockLocationFactory,
    UserFactory,
)
from tests.inventory.stock import hand_out, receive

pytestmark = pytest.mark.usefixtures("app")


def staff(role, organization):
    return Actor(id=None, name="Somebody", grants=(Grant(role, organization.path),))


@pytest.fixture
def keeper(union):
    return staff(Role.STOREKEEPER, union)


@pytest.fixture
def elsewhere(app):
    return StockLocationFactory(kind=LocationKind.WAREHOUSE)


def sees(actor, location, permission=Permission.INVENTORY_VIEW):
    return reaches(actor, location, permission)


class TestPlaces:
    def test_ones_own_and_those_below_are_seen_and_no_others(
        self, keeper, union, warehouse, elsewhere
    ):
        below = StockLocationFactory(organization=OrganizationFactory(parent=union))

        assert sees(keeper, warehouse)
        assert sees(keeper, below)
        assert not sees(keeper, elsewhere)
        assert not sees(staff(Role.STOREKEEPER, below.organization), warehouse)

    def test_a_strangers_place_does_not_exist(self, keeper, warehouse, elsewhere):
        assert get_location_for(keeper, warehouse.id) is warehouse
        with pytest.raises(NotFound):
            get_location_for(keeper, elsewhere.id)

    def test_virtual_places_are_nobodys(self):
        loss = inventory.virtual_location(LocationKind.LOSS)

        with pytest.raises(NotFound):
            get_location_for(SYSTEM, loss.id)

    def test_a_station_lead_sees_the_station_they_belong_to(self):
        user = UserFactory()
        own, other = (inventory.ensure_station_location(StationFactory()) for _station in range(2))
        db.session.add(StationMember(station_id=own.station_id, user_id=user.id))
        db.session.flush()
        lead = Actor(id=user.id, name="Lead", grants=(Grant(Role.STATION_LEAD, "9/"),))

        assert sees(lead, own)
        assert sees(lead, own, Permission.INVENTORY_ACCEPT)
        assert not sees(lead, own, Permission.INVENTORY_KEEP)
        assert not sees(lead, other)

    def test_a_partner_may_look_at_a_station_but_not_keep_its_stock(self, keeper, union):
        station = StationFactory()
        station.partners.append(union)
        db.session.flush()
        location = inventory.ensure_station_location(station)

        assert sees(keeper, location)
        assert not sees(keeper, location, Permission.INVENTORY_KEEP)

    def test_an_organiser_may_look_at_the_units_of_its_campaigns(self, keeper, union):
        unit, stranger = OrganizationFactory(), OrganizationFactory()
        campaign = CampaignFactory(organizer=union)
        db.session.add(CampaignUnit(campaign_id=campaign.id, organization_id=unit.id))
        db.session.flush()
        its_warehouse = StockLocationFactory(organization=unit)

        assert sees(keeper, inventory.ensure_unit_location(unit))
        assert not sees(keeper, inventory.ensure_unit_location(unit), Permission.INVENTORY_KEEP)
        assert not sees(keeper, inventory.ensure_unit_location(stranger))
        assert not sees(keeper, its_warehouse)

    def test_who_holds_the_permission_nowhere_sees_nothing(self, union, warehouse):
        volunteer = staff(Role.VOLUNTEER, union)

        assert not sees(volunteer, warehouse)


class TestStock:
    def test_a_place_lists_what_it_holds_or_misses_by_name(self, event, gloves, cups):
        receive(event, gloves, 3)
        hand_out(event, cups, 1, shortage_allowed=True)
        gone = ItemFactory()
        receive(event, gone, 1)
        hand_out(event, gone, 1)

        assert [(row.item.name, row.on_hand, row.unexplained) for row in stock_at(event)] == [
            ("Cups", 0, -1),
            ("Gloves", 3, 0),
        ]

    def test_lots_that_are_used_up_are_left_out(self, event, gloves, cups):
        receive(event, gloves, 1, lot_code="B1")
        receive(event, gloves, 2, lot_code="B2")
        receive(event, cups, 1, lot_code="B3")
        hand_out(event, gloves, 1)

        assert [row.lot.code for row in lots_at(event)] == ["B3", "B2"]
        assert [row.lot.code for row in lots_at(event, gloves)] == ["B2"]


class TestDocuments:
    @pytest.fixture
    def transfer(self, warehouse, station, gloves):
        receive(warehouse, gloves, 5)
        return inventory.dispatch(warehouse, station, [inventory.Line(gloves, 2)], by=SYSTEM)

    def ids(self, statement):
        return [row.id for row in db.session.scalars(statement)]

    def test_both_ends_of_a_transfer_see_it(self, keeper, warehouse, elsewhere, gloves, transfer):
        receive(warehouse, gloves, 5)
        sent = inventory.dispatch(warehouse, elsewhere, [inventory.Line(gloves, 1)], by=SYSTEM)
        theirs = staff(Role.STOREKEEPER, elsewhere.organization)

        assert get_document_for(keeper, sent.id) is sent
        assert get_document_for(theirs, sent.id) is sent
        with pytest.raises(NotFound):
            get_document_for(theirs, transfer.id)

    def test_they_are_found_by_any_of_their_facts(self, keeper, warehouse, station, transfer):
        find = lambda **facts: self.ids(documents_for(keeper, **facts))  # noqa: E731

        assert len(find()) == 2
        assert find(kind=DocumentKind.TRANSFER) == [transfer.id]
        assert find(state=DocumentState.IN_TRANSIT) == [transfer.id]
        assert find(location_id=station.id) == [transfer.id]
        assert len(find(location_id=warehouse.id)) == 2
        assert find(campaign_id=1) == []
        assert len(find(since=clock.today(), until=clock.today())) >= 1
        assert find(until=date(2001, 1, 1)) == []

    @pytest.mark.usefixtures("transfer")
    def test_strangers_find_none(self, elsewhere):
        theirs = staff(Role.STOREKEEPER, elsewhere.organization)

        assert self.ids(documents_for(theirs)) == []
        assert self.ids(movements_for(theirs)) == []

    def test_a_document_that_stands_has_no_reversal(self, transfer):
        assert find_reversal_of(transfer) is None

    def test_movements_are_found_by_place_item_and_lot(
        self, keeper, warehouse, station, gloves, transfer
    ):
        [sent] = movements_of(transfer)
        transit = inventory.ensure_transit_to(station)
        find = lambda **facts: self.ids(movements_for(keeper, **facts))  # noqa: E731

        assert find(location_id=transit.id) == [sent.id]
        assert len(find(location_id=warehouse.id, item_id=gloves.id, lot_id=sent.lot_id)) == 2
        assert find(item_id=gloves.id + 1) == []


class TestHistory:
    def test_each_movement_says_what_it_left_on_the_books(self, event, gloves, cups):
        receive(event, gloves, 5)
        receive(event, cups, 9)
        hand_out(event, gloves, 2)
        hand_out(event, gloves, 4, shortage_allowed=True)

        page = item_history(gloves, event)

        assert [(entry.change, entry.balance) for entry in page.items] == [
            (-1, -1),
            (-3, 0),
            (-2, 3),
            (5, 5),
        ]
        assert all(isinstance(entry.movement, Movement) for entry in page.items)

    def test_a_later_page_goes_on_with_the_balance(self, event, gloves):
        receive(event, gloves, 5)
        for _handout in range(3):
            inventory.hand_out(
                event, gloves, quantity=1, handout_id=uuid.uuid4(), recorded_at=clock.now()
            )

        page = item_history(gloves, event, page=2, size=2)

        assert (page.total, page.pages) == (4, 2)
        assert [entry.balance for entry in page.items] == [4, 5]
        assert item_history(gloves, event, page=9, size=2).number == 2

    def test_nothing_happened_yet(self, event, gloves):
        assert item_history(gloves, event).items == []
