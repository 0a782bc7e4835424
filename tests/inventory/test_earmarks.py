"""What was given for one purpose leaves for no other, and what is past its date for nobody."""

from datetime import date, timedelta

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.campaigns.queries import use_of
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.funds.services import allow_use, forbid_use
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, LocationKind, StockLot
from carecampaign.inventory.services import Line
from tests.factories import CampaignFactory, EarmarkFactory, FundSourceFactory
from tests.inventory.stock import hand_out, level, package_of, receive

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def yesterday():
    return clock.today() - timedelta(days=1)


@pytest.fixture
def earmark(app):
    return EarmarkFactory()


@pytest.fixture
def meant_for(app, earmark):
    """The campaign that the earmark is for."""
    campaign = CampaignFactory()
    allow_use(earmark, use_of(campaign), name=campaign.name, ground="As given", by=SYSTEM)
    return campaign


def dispatch(source, target, item, quantity, campaign=None):
    return inventory.dispatch(source, target, [Line(item, quantity)], campaign=campaign, by=SYSTEM)


class TestEarmarks:
    @pytest.fixture(autouse=True)
    def _stock(self, warehouse, gloves, earmark):
        """Six earmarked pairs of gloves that came first, four for anything."""
        receive(warehouse, gloves, 6, earmark=earmark)
        receive(warehouse, gloves, 4)

    def test_what_is_meant_for_a_campaign_leaves_for_it(
        self, warehouse, station, gloves, meant_for
    ):
        dispatch(warehouse, station, gloves, 10, meant_for)

        assert level(warehouse, gloves) == (0, 0)

    def test_for_another_campaign_only_what_is_free_of_restrictions(
        self, warehouse, event, gloves, earmark
    ):
        other = CampaignFactory()
        with pytest.raises(inventory.EarmarkBreach) as breach, db.session.begin_nested():
            inventory.move_stock(
                DocumentKind.OPENING,
                warehouse,
                event,
                [Line(gloves, 5)],
                campaign=other,
                by=SYSTEM,
            )
        assert (breach.value.allowed, breach.value.item) == (4, gloves)
        assert earmark.name in str(breach.value)

        dispatch(warehouse, event, gloves, 4, other)
        assert [row.on_hand for row in at(warehouse)] == [6, 0]

    def test_what_stays_in_stock_may_be_anything(self, warehouse, station, gloves):
        dispatch(warehouse, station, gloves, 10)

    def test_what_leaves_stock_for_no_campaign_is_free_of_restrictions(self, warehouse, gloves):
        outside = inventory.virtual_location(LocationKind.ISSUED)
        with pytest.raises(inventory.EarmarkBreach), db.session.begin_nested():
            inventory.move_stock(
                DocumentKind.ISSUE, warehouse, outside, [Line(gloves, 5)], by=SYSTEM
            )

    def test_an_allowance_that_is_taken_back_allows_nothing_more(
        self, warehouse, station, gloves, meant_for, earmark
    ):
        forbid_use(earmark, use_of(meant_for), name=meant_for.name, by=SYSTEM)

        with pytest.raises(inventory.EarmarkBreach), db.session.begin_nested():
            dispatch(warehouse, station, gloves, 5, meant_for)

    def test_a_wish_restricts_nothing(self, warehouse, station, gloves, earmark):
        earmark.is_restricted = False

        dispatch(warehouse, station, gloves, 10, CampaignFactory())

    def test_packages_are_bound_by_the_earmarks_of_their_contents(
        self, warehouse, station, gloves, cups, meant_for
    ):
        receive(warehouse, cups, 5)
        version = package_of((gloves, 2), (cups, 1))
        inventory.assemble(warehouse, version, quantity=5, campaign=meant_for, by=SYSTEM)

        with pytest.raises(inventory.EarmarkBreach), db.session.begin_nested():
            dispatch(warehouse, station, version.item, 3, CampaignFactory())
        dispatch(warehouse, station, version.item, 5, meant_for)

    def test_packages_for_a_campaign_take_only_what_is_meant_for_it(self, warehouse, gloves):
        version = package_of((gloves, 1))

        with pytest.raises(inventory.EarmarkBreach), db.session.begin_nested():
            inventory.assemble(
                warehouse, version, quantity=5, campaign=CampaignFactory(), by=SYSTEM
            )

    def test_what_comes_back_comes_back(self, warehouse, event, gloves, meant_for, earmark):
        dispatch_all = [Line(gloves, 10)]
        inventory.move_stock(
            DocumentKind.OPENING, warehouse, event, dispatch_all, campaign=meant_for, by=SYSTEM
        )
        forbid_use(earmark, use_of(meant_for), name=meant_for.name, by=SYSTEM)

        inventory.move_stock(
            DocumentKind.CLOSING, event, warehouse, dispatch_all, campaign=meant_for, by=SYSTEM
        )

        assert level(warehouse, gloves) == (10, 0)

    def test_the_earmark_is_one_of_the_source(self, warehouse, gloves, earmark):
        with pytest.raises(inventory.EarmarkOfAnotherSource):
            receive(warehouse, gloves, 1, earmark=earmark, fund=FundSourceFactory())


class TestExpiry:
    @pytest.fixture(autouse=True)
    def _stock(self, warehouse, event, gloves, yesterday):
        """Three pairs past their date and five good ones, at the warehouse and at the event."""
        for place in (warehouse, event):
            receive(place, gloves, 3, expires_on=yesterday)
            receive(place, gloves, 5, expires_on=date(2127, 1, 1))

    def test_only_good_ones_are_handed_out(self, event, gloves):
        hand_out(event, gloves, 4)

        assert [row.on_hand for row in at(event)] == [3, 1]

    def test_a_refusal_says_how_many_good_ones_there_are_and_changes_nothing(self, event, gloves):
        with pytest.raises(inventory.NotEnoughStock) as refusal:
            hand_out(event, gloves, 6)

        assert refusal.value.on_hand == 5
        assert level(event, gloves) == (8, 0)

    def test_what_is_good_until_today_is_good_today(self, event, cups):
        receive(event, cups, 1, expires_on=clock.today())

        hand_out(event, cups, 1)

    def test_after_the_fact_good_ones_went_first(self, event, gloves):
        hand_out(event, gloves, 6, shortage_allowed=True)

        assert [row.on_hand for row in at(event)] == [2, 0]

    def test_none_is_sent_to_a_station(self, warehouse, station, gloves):
        with pytest.raises(inventory.NotEnoughStock), db.session.begin_nested():
            dispatch(warehouse, station, gloves, 6)
        dispatch(warehouse, station, gloves, 5)

        assert [row.on_hand for row in at(warehouse)] == [3, 0]

    def test_all_may_go_back_and_be_written_off(self, warehouse, event, gloves):
        lines = [Line(gloves, 8)]
        inventory.move_stock(DocumentKind.RETURN, event, warehouse, lines, by=SYSTEM)

        inventory.post_difference(warehouse, gloves, -16, reason="Spoilt", by=SYSTEM)


def at(place):
    """The lots of a place, in the order they came."""
    return (
        db.session.query(StockLot)
        .filter_by(location_id=place.id)
        .order_by(StockLot.lot_id)
        .populate_existing()
        .all()
    )
