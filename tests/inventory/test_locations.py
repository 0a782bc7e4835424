"""Each place that holds stock has a location, and the ledger's ends have one each."""

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import (
    DocumentKind,
    LocationKind,
    StockLocation,
)
from carecampaign.inventory.services import locations
from carecampaign.inventory.services.documents import new_document, post
from tests.factories import (
    OrganizationFactory,
    StationFactory,
)

pytestmark = pytest.mark.usefixtures("adds_up")


class TestLocations:
    def test_a_station_has_one_location_that_is_its_owners(self):
        station = StationFactory()

        location = inventory.ensure_station_location(station)

        assert inventory.ensure_station_location(station) is location
        assert location.organization_id == station.owner_id
        assert (location.name, location.kind) == (station.name, LocationKind.STATION)

    def test_stations_of_the_same_name_are_told_apart_by_code(self):
        first = StationFactory()
        second = StationFactory(name=first.name, owner=first.owner)
        inventory.ensure_station_location(first)

        location = inventory.ensure_station_location(second)

        assert location.name == f"{first.name} ({second.code})"

    def test_the_location_of_a_station_follows_its_name_and_its_owner(self):
        station, new_owner = StationFactory(), OrganizationFactory()
        location = inventory.ensure_station_location(station)
        transit = locations.ensure_transit_to(location)

        station.name, station.owner = "New name", new_owner
        db.session.flush()
        for one in (location, transit):
            db.session.refresh(one)

        assert (location.name, location.organization_id) == ("New name", new_owner.id)
        assert transit.name == f"→ New name ({location.id})"
        assert transit.organization_id == new_owner.id

    def test_a_station_that_takes_the_name_of_another_is_told_apart_by_code(self):
        first = StationFactory()
        second = StationFactory(owner=first.owner)
        inventory.ensure_station_location(first)
        location = inventory.ensure_station_location(second)

        second.name = first.name
        db.session.flush()
        db.session.refresh(location)

        assert location.name == f"{first.name} ({second.code})"

    def test_a_station_that_holds_no_stock_changes_without_one(self):
        station = StationFactory()

        station.name = "New name"
        db.session.flush()

        assert db.session.query(StockLocation).count() == 0

    def test_a_unit_has_one_location(self, union):
        location = inventory.ensure_unit_location(union)

        assert inventory.ensure_unit_location(union) is location
        assert location.kind == LocationKind.UNIT

    def test_a_union_has_one_warehouse_of_a_name(self, union):
        inventory.create_warehouse("Main", organization=union, by=SYSTEM)

        with pytest.raises(inventory.NameTaken):
            inventory.create_warehouse("Main", organization=union, by=SYSTEM)

    def test_events_at_the_same_place_have_locations_of_their_own(self, union):
        names = [
            inventory.create_event_location("Bus stop", organization=union).name
            for _event in range(3)
        ]

        assert names == ["Bus stop", "Bus stop (2)", "Bus stop (3)"]

    def test_a_numbered_name_that_is_taken_is_passed_over(self, union):
        inventory.create_event_location("Bus stop (2)", organization=union)

        names = [
            inventory.create_event_location("Bus stop", organization=union).name
            for _event in range(2)
        ]

        assert len({*names, "Bus stop (2)"}) == 3

    def test_an_events_location_follows_the_event(self, event):
        host = OrganizationFactory()
        inventory.create_event_location("Bus stop", organization=host)

        inventory.rename_event_location(event, "Bus stop", organization=host)

        assert (event.name, event.organization_id) == ("Bus stop (2)", host.id)

    def test_a_name_that_is_taken_at_this_moment_is_passed_over(self, event, monkeypatch):
        inventory.create_event_location("Bus stop", organization=event.organization)
        monkeypatch.setattr(locations, "_event_names", lambda *_: iter(["Bus stop", "Corner"]))

        inventory.rename_event_location(event, "Bus stop", organization=event.organization)

        assert event.name == "Corner"

    def test_there_is_one_virtual_location_of_each_kind(self):
        for kind in inventory.VIRTUAL_IDS:
            assert inventory.virtual_location(kind).kind == kind

        assert db.session.query(StockLocation).count() == len(inventory.VIRTUAL_IDS)

    def test_a_document_needs_a_place_of_an_organisation(self):
        loss, donor = map(inventory.virtual_location, (LocationKind.LOSS, LocationKind.DONOR))

        with pytest.raises(ValueError, match="place of an organisation"):
            post(new_document(DocumentKind.RETURN, donor, loss), [], {}, action="", by=SYSTEM)
