"""Requisitions: asked, granted whole or in part, reserved, issued, taken back."""

from datetime import date

import pytest

from carecampaign.access.permissions import Role
from carecampaign.approvals.services import AlreadyDecided, PreparerMayNotDecide
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import (
    DocumentKind,
    DocumentState,
    LocationKind,
    RequisitionState,
)
from carecampaign.inventory.services.balances import level_at
from tests.factories import CampaignFactory
from tests.inventory.people import somebody
from tests.inventory.stock import receive

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def lead(union):
    return somebody(union, Role.PLANNER)


@pytest.fixture
def approver(union):
    return somebody(union, Role.APPROVER)


@pytest.fixture
def keeper(union):
    return somebody(union)


@pytest.fixture
def stocked(warehouse, gloves, cups):
    receive(warehouse, gloves, 100)
    receive(warehouse, cups, 10)
    return warehouse


@pytest.fixture
def asked(station, gloves, cups, lead):
    """The station asks for 40 pairs of gloves and 5 cups."""
    return inventory.request_goods(
        station,
        [inventory.Line(gloves, 40), inventory.Line(cups, 5)],
        purpose="New Year",
        needed_by=date(2026, 12, 20),
        by=lead,
    )


def grant(requisition, warehouse, *pieces, by):
    granted = dict(zip([line.id for line in requisition.lines], pieces, strict=True))
    inventory.approve_requisition(requisition, warehouse, granted, by=by)


def send(requisition, *pieces, by):
    quantities = dict(zip([line.id for line in requisition.lines], pieces, strict=True))
    return inventory.send_requisition(requisition, quantities, by=by)


def reserved(place, item) -> int:
    return level_at((place.id, item.id)).reserved


class TestAsking:
    def test_a_request_has_a_number_and_waits(self, asked, station):
        assert (asked.number, asked.state) == (1, RequisitionState.WAITING)
        assert asked.organization == station.organization
        assert [(line.asked, line.granted, line.issued) for line in asked.lines] == [
            (40, None, None),
            (5, None, None),
        ]

    def test_numbers_have_no_gaps(self, asked, station, gloves, lead):
        assert asked.number == 1
        other = inventory.request_goods(
            station, [inventory.Line(gloves, 1)], purpose="More", by=lead
        )

        assert other.number == 2

    def test_something_has_to_be_asked_for(self, station, lead):
        with pytest.raises(inventory.NothingToMove):
            inventory.request_goods(station, [], purpose="Nothing", by=lead)


class TestApproving:
    def test_what_is_granted_is_reserved(self, asked, stocked, gloves, cups, approver):
        grant(asked, stocked, 40, 5, by=approver)

        assert asked.state is RequisitionState.APPROVED
        assert asked.warehouse == stocked
        assert (reserved(stocked, gloves), reserved(stocked, cups)) == (40, 5)

    def test_a_part_can_be_granted(self, asked, stocked, gloves, cups, approver):
        grant(asked, stocked, 30, 0, by=approver)

        assert [line.granted for line in asked.lines] == [30, 0]
        assert (reserved(stocked, gloves), reserved(stocked, cups)) == (30, 0)

    @pytest.mark.parametrize("pieces", [41, -1])
    def test_not_more_than_was_asked_for(self, asked, stocked, approver, pieces):
        with pytest.raises(inventory.MoreThanAsked):
            grant(asked, stocked, pieces, 5, by=approver)

    def test_granting_nothing_is_a_refusal(self, asked, stocked, approver):
        with pytest.raises(inventory.NothingGranted):
            grant(asked, stocked, 0, 0, by=approver)

    def test_not_more_than_is_free(self, asked, stocked, cups, approver, lead, station):
        other = inventory.request_goods(
            station, [inventory.Line(cups, 8)], purpose="Others", by=lead
        )
        grant(other, stocked, 8, by=approver)

        with pytest.raises(inventory.NotEnoughStock):
            grant(asked, stocked, 40, 5, by=approver)

    def test_not_by_whoever_asked(self, asked, stocked, lead):
        with pytest.raises(PreparerMayNotDecide):
            grant(asked, stocked, 40, 5, by=lead)

    def test_a_second_decision_is_told(self, asked, stocked, approver):
        grant(asked, stocked, 40, 5, by=approver)

        with pytest.raises(AlreadyDecided):
            inventory.refuse_requisition(asked, comment="Too late", by=approver)

    def test_not_from_the_place_that_asks(self, asked, station, approver):
        with pytest.raises(inventory.SamePlace):
            grant(asked, station, 40, 5, by=approver)

    def test_a_refusal_reserves_nothing(self, asked, stocked, gloves, approver):
        inventory.refuse_requisition(asked, comment="None left", by=approver)

        assert asked.state is RequisitionState.REFUSED
        assert reserved(stocked, gloves) == 0


class TestIssuing:
    def test_it_goes_into_transit_and_uses_its_reservation_up(
        self, asked, stocked, gloves, cups, approver, keeper
    ):
        grant(asked, stocked, 40, 5, by=approver)

        document = send(asked, 40, 5, by=keeper)

        assert (document.kind, document.state) == (
            DocumentKind.TRANSFER,
            DocumentState.IN_TRANSIT,
        )
        assert asked.state is RequisitionState.ISSUED
        assert asked.document == document
        assert level_at((stocked.id, gloves.id))[:1] == (60,)
        assert (reserved(stocked, gloves), reserved(stocked, cups)) == (0, 0)

    def test_what_is_issued_short_of_the_grant_is_free_again(
        self, asked, stocked, gloves, cups, approver, keeper
    ):
        grant(asked, stocked, 40, 5, by=approver)

        send(asked, 25, 0, by=keeper)

        assert [line.issued for line in asked.lines] == [25, 0]
        assert (reserved(stocked, gloves), reserved(stocked, cups)) == (0, 0)
        assert level_at((stocked.id, cups.id)).on_hand == 10

    def test_or_it_is_issued_for_use(self, asked, stocked, gloves, approver, keeper):
        grant(asked, stocked, 40, 5, by=approver)
        quantities = {line.id: line.granted for line in asked.lines}

        note = inventory.issue_requisition(asked, quantities, receiver="Li", by=keeper)

        assert (note.kind, note.number) == (DocumentKind.ISSUE, 1)
        assert note.target.kind is LocationKind.ISSUED
        assert (note.counterpart, note.receiver) == (asked.target.name, "Li")
        assert note.purpose == "New Year"
        assert reserved(stocked, gloves) == 0

    @pytest.mark.parametrize("pieces", [41, -1])
    def test_not_more_than_was_granted(self, asked, stocked, approver, keeper, pieces):
        grant(asked, stocked, 40, 5, by=approver)

        with pytest.raises(inventory.MoreThanGranted):
            send(asked, pieces, 5, by=keeper)

    def test_something_at_least(self, asked, stocked, approver, keeper):
        grant(asked, stocked, 40, 5, by=approver)

        with pytest.raises(inventory.NothingToMove):
            send(asked, 0, 0, by=keeper)

    def test_not_before_it_is_approved(self, asked, keeper):
        with pytest.raises(inventory.MovedOn):
            send(asked, 40, 5, by=keeper)

    def test_not_twice(self, asked, stocked, approver, keeper):
        grant(asked, stocked, 40, 5, by=approver)
        send(asked, 40, 5, by=keeper)

        with pytest.raises(inventory.MovedOn):
            send(asked, 40, 5, by=keeper)

    def test_it_goes_out_for_its_campaign(
        self, station, stocked, gloves, lead, approver, keeper, union
    ):
        campaign = CampaignFactory(organizer=union)
        asked = inventory.request_goods(
            station, [inventory.Line(gloves, 1)], purpose="", campaign=campaign, by=lead
        )
        grant(asked, stocked, 1, by=approver)

        assert send(asked, 1, by=keeper).campaign == campaign


class TestTakingBack:
    def test_one_that_waits(self, asked, stocked, approver, lead):
        inventory.cancel_requisition(asked, by=lead)

        assert asked.state is RequisitionState.CANCELLED
        with pytest.raises(AlreadyDecided):
            grant(asked, stocked, 40, 5, by=approver)

    def test_one_that_was_approved_frees_what_it_reserved(
        self, asked, stocked, gloves, approver, lead
    ):
        grant(asked, stocked, 40, 5, by=approver)

        inventory.cancel_requisition(asked, by=lead)

        assert asked.state is RequisitionState.CANCELLED
        assert reserved(stocked, gloves) == 0

    def test_not_one_that_was_issued(self, asked, stocked, approver, keeper, lead):
        grant(asked, stocked, 40, 5, by=approver)
        send(asked, 40, 5, by=keeper)

        with pytest.raises(inventory.MovedOn):
            inventory.cancel_requisition(asked, by=lead)
