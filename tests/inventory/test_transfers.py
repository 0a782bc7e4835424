"""Stock goes from place to place, and what does not arrive is accounted for."""

from datetime import date

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.audit.models import AuditPending
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, DocumentState, LocationKind
from carecampaign.inventory.queries import movements_of, stock_at
from carecampaign.inventory.services import sealing
from tests.factories import CampaignFactory, StockLocationFactory
from tests.inventory.stock import hand_out, level, lots, receive

pytestmark = pytest.mark.usefixtures("adds_up")


def dispatch(source, target, *pairs):
    return inventory.dispatch(
        source, target, [inventory.Line(item, pieces) for item, pieces in pairs], by=SYSTEM
    )


def arrive(document, received=None, reason=""):
    counts = {}
    if received is not None:
        counts = {line.id: inventory.Arrival(received, reason) for line in document.lines}
    return inventory.receive_transfer(document, counts, by=SYSTEM)


class TestMovingAtOnce:
    def test_lots_keep_what_they_are(self, warehouse, event, gloves):
        receive(warehouse, gloves, 5, unit_value=600, expires_on=date(2127, 1, 1))
        receive(warehouse, gloves, 5, unit_value=650)
        campaign = CampaignFactory()

        note = inventory.move_stock(
            DocumentKind.OPENING,
            warehouse,
            event,
            [inventory.Line(gloves, 7)],
            by=SYSTEM,
            campaign=campaign,
            note="Morning",
            dated_on=date(2023, 12, 20),
        )

        assert lots(event, gloves) == [(600, 5), (650, 2)]
        assert lots(warehouse, gloves) == [(650, 3)]
        assert (note.kind, note.state) == (DocumentKind.OPENING, DocumentState.POSTED)
        assert (note.campaign, note.note, note.year) == (campaign, "Morning", 2023)

    def test_the_same_item_on_two_lines_is_added_up(self, warehouse, event, gloves):
        receive(warehouse, gloves, 5)
        lines = [inventory.Line(gloves, 2), inventory.Line(gloves, 3)]

        inventory.move_stock(DocumentKind.RETURN, warehouse, event, lines, by=SYSTEM)

        assert level(warehouse, gloves) == (0, 0)
        assert level(event, gloves) == (5, 0)

    def test_one_short_line_stops_the_whole_document(self, warehouse, event, gloves, cups):
        receive(warehouse, gloves, 5)
        db.session.commit()

        with pytest.raises(inventory.NotEnoughStock):
            dispatch(warehouse, event, (gloves, 5), (cups, 1))
        db.session.rollback()

        assert level(warehouse, gloves) == (5, 0)
        assert stock_at(event) == []

    def test_a_place_cannot_send_to_itself(self, warehouse, gloves):
        receive(warehouse, gloves, 5)

        with pytest.raises(inventory.SamePlace):
            dispatch(warehouse, warehouse, (gloves, 1))
        with pytest.raises(inventory.SamePlace):
            inventory.move_stock(
                DocumentKind.RETURN, warehouse, warehouse, [inventory.Line(gloves, 1)], by=SYSTEM
            )

    def test_bringing_more_settles_what_was_handed_out_early(self, warehouse, event, gloves):
        receive(warehouse, gloves, 5)
        hand_out(event, gloves, 2, shortage_allowed=True)

        inventory.move_stock(
            DocumentKind.OPENING, warehouse, event, [inventory.Line(gloves, 5)], by=SYSTEM
        )

        assert level(event, gloves) == (3, 0)


class TestTransfers:
    def test_what_was_sent_is_in_transit_to_the_target(self, warehouse, station, gloves):
        receive(warehouse, gloves, 10)

        note = dispatch(warehouse, station, (gloves, 6))

        transit = inventory.ensure_transit_to(station)
        assert transit.kind == LocationKind.TRANSIT
        assert note.state == DocumentState.IN_TRANSIT
        assert level(warehouse, gloves) == (4, 0)
        assert level(transit, gloves) == (6, 0)
        assert level(station, gloves) == (0, 0)

    def test_places_of_the_same_name_have_transits_of_their_own(self, union):
        places = [
            StockLocationFactory(kind=kind, name="Centre", organization=union)
            for kind in (LocationKind.WAREHOUSE, LocationKind.UNIT)
        ]

        assert len({inventory.ensure_transit_to(place).id for place in places}) == 2

    def test_it_arrives_in_full_unless_somebody_says_otherwise(self, warehouse, station, gloves):
        receive(warehouse, gloves, 10)
        note = dispatch(warehouse, station, (gloves, 6))

        arrive(note)

        assert note.state == DocumentState.RECEIVED
        assert note.received_at is not None
        assert [line.received for line in note.lines] == [6]
        assert level(station, gloves) == (6, 0)
        assert level(inventory.ensure_transit_to(station), gloves) == (0, 0)

    def test_what_is_missing_is_lost_with_a_reason(self, warehouse, station, gloves):
        receive(warehouse, gloves, 2, unit_value=600)
        receive(warehouse, gloves, 2, unit_value=650)
        note = dispatch(warehouse, station, (gloves, 4))

        arrive(note, received=3, reason=" Wet ")

        assert lots(station, gloves) == [(600, 2), (650, 1)]
        [lost] = [
            movement
            for movement in movements_of(note)
            if movement.target.kind == LocationKind.LOSS
        ]
        assert (lost.quantity, lost.value) == (1, 650)
        assert note.lines[0].difference_reason == "Wet"

    def test_everything_can_be_lost(self, warehouse, station, gloves):
        receive(warehouse, gloves, 2)
        note = dispatch(warehouse, station, (gloves, 2))

        arrive(note, received=0, reason="Stolen")

        assert level(station, gloves) == (0, 0)

    def test_a_loss_needs_a_reason(self, warehouse, station, gloves):
        receive(warehouse, gloves, 2)
        note = dispatch(warehouse, station, (gloves, 2))
        db.session.commit()

        with pytest.raises(inventory.ReasonNeeded):
            arrive(note, received=1, reason=" ")
        db.session.rollback()

        assert note.state == DocumentState.IN_TRANSIT

    @pytest.mark.parametrize("received", [-1, 3])
    def test_not_more_than_was_sent_and_not_less_than_nothing(
        self, warehouse, station, gloves, received
    ):
        receive(warehouse, gloves, 2)
        note = dispatch(warehouse, station, (gloves, 2))
        db.session.commit()

        with pytest.raises(inventory.MoreThanSent):
            arrive(note, received=received, reason="?")
        db.session.rollback()

    def test_it_arrives_once(self, warehouse, station, gloves):
        receive(warehouse, gloves, 2)
        note = dispatch(warehouse, station, (gloves, 2))
        arrive(note)

        with pytest.raises(inventory.NotInTransit):
            arrive(note)

    def test_an_arrival_settles_what_was_handed_out_early(self, warehouse, event, gloves):
        receive(warehouse, gloves, 5, unit_value=650)
        note = dispatch(warehouse, event, (gloves, 5))
        hand_out(event, gloves, 2, shortage_allowed=True)

        arrive(note)

        assert level(event, gloves) == (3, 0)

    def test_departure_and_arrival_are_each_noted_for_sealing(self, warehouse, event, gloves):
        receive(warehouse, gloves, 5)
        note = dispatch(warehouse, event, (gloves, 5))
        hand_out(event, gloves, 2, shortage_allowed=True)
        arrive(note)
        ref = str(note.id)

        noted = {
            row.kind: row.digest
            for row in db.session.scalars(select(AuditPending).where(AuditPending.ref == ref))
            if row.kind in {sealing.DOCUMENT, sealing.ARRIVAL}
        }
        assert noted == {
            sealing.DOCUMENT: sealing.document_digests([ref])[ref],
            sealing.ARRIVAL: sealing.arrival_digests([ref])[ref],
        }

    def test_a_document_that_was_tampered_with_has_another_digest(self, warehouse, gloves):
        note = receive(warehouse, gloves, 5)
        ref = str(note.id)
        before = sealing.document_digests([ref])[ref]

        note.counterpart = "Another shop"
        db.session.flush()

        assert sealing.document_digests([ref])[ref] != before

    def test_papers_are_dated_today_unless_told(self, warehouse, station, gloves):
        receive(warehouse, gloves, 2)

        assert dispatch(warehouse, station, (gloves, 1)).dated_on == clock.today()
