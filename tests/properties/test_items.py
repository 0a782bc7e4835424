"""Counted as packages or as the items in them: nothing is worth more, and no piece is lost."""

import os
import uuid
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.listing import count_and_sum
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, LocationKind, LotContent, StockLot
from carecampaign.inventory.queries import pages
from carecampaign.inventory.queries.books import Period, day_rows, month_sheet, places_of, stock_on
from carecampaign.inventory.services.verification import verify
from tests.factories import (
    FundSourceFactory,
    ItemFactory,
    OrganizationFactory,
    StockLocationFactory,
)
from tests.inventory.stock import package_of, receive

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "8"))

ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["assemble", "substitute", "take_apart", "send", "hand_out", "take_back", "reverse"]
        ),
        st.integers(1, 7),  # packages
        st.integers(1, 3),  # pieces of a substitute, or packages with it
    ),
    max_size=12,
)


class World:
    """A warehouse, an event, and a package of two gloves, a cup and a leaflet worth nothing."""

    def __init__(self, values):
        union = OrganizationFactory()
        self.warehouse = StockLocationFactory(organization=union)
        self.event = StockLocationFactory(organization=union, kind=LocationKind.EVENT)
        gloves, cups, self.scarves = (ItemFactory(reference_value=fen) for fen in values)
        leaflet = ItemFactory()
        self.version = package_of((gloves, 2), (cups, 1), (leaflet, 1))
        funds = [FundSourceFactory(), FundSourceFactory()]
        for number, item in enumerate((gloves, cups, self.scarves, leaflet, gloves, cups)):
            # Two lots of different prices and sources, so that packages do not come out even.
            value = 0 if item is leaflet else values[number % 3] + 7 * number
            receive(self.warehouse, item, 11 + number, unit_value=value, fund=funds[number % 2])
        receive(self.warehouse, self.version.item, 3, unit_value=1999, fund=funds[0])
        self.papers, self.handouts = [], []

    def act(self, name, packages, pieces):
        """Do one thing, as far as it can be done."""
        warehouse, event, version = self.warehouse, self.event, self.version
        if name in {"assemble", "substitute"}:
            substitution = inventory.Substitution(
                version.lines[0], self.scarves, pieces, "Ran out", min(pieces, packages)
            )
            note = inventory.assemble(
                warehouse,
                version,
                quantity=packages,
                substitution=substitution if name == "substitute" else None,
                by=SYSTEM,
            )
            self.papers.append(note)
        elif name == "take_apart":
            inventory.take_apart(warehouse, version, quantity=pieces, by=SYSTEM)
        elif name == "send":
            line = inventory.Line(version.item, packages)
            inventory.dispatch(warehouse, event, [line], by=SYSTEM)
            inventory.move_stock(DocumentKind.OPENING, warehouse, event, [line], by=SYSTEM)
        elif name == "hand_out":
            handout_id = uuid.uuid4()
            inventory.hand_out(
                event,
                version.item,
                quantity=pieces,
                handout_id=handout_id,
                recorded_at=clock.now(),
                shortage_allowed=True,
            )
            self.handouts.append(handout_id)
        elif name == "take_back" and self.handouts:
            inventory.take_back(self.handouts.pop(), recorded_at=clock.now())
        elif name == "reverse" and self.papers:
            inventory.reverse(self.papers.pop(), reason="Wrong", by=SYSTEM)

    def pieces(self, place):
        """What is at a place, taken to pieces lot by lot."""
        found = Counter()
        for row in db.session.scalars(
            select(StockLot).where(StockLot.location_id == place.id, StockLot.on_hand > 0)
        ):
            noted = db.session.scalars(select(LotContent).where(LotContent.lot_id == row.lot_id))
            contents = [(one.item_id, one.quantity) for one in noted] or [(row.item_id, 1)]
            for item_id, quantity in contents:
                found[item_id] += quantity * row.on_hand
        return found


def both_ways(world):
    """The reports of the stock without the switch and with it."""
    places, today = places_of(SYSTEM), clock.today()
    for place in (world.warehouse, world.event):
        totals = [
            pages.stock_totals(SYSTEM, pages.StockFilters(location=place.id, by_items=by_items))
            for by_items in (False, True)
        ]
        assert totals[0].value == totals[1].value
        assert totals[1].packages == 0
        filters = pages.StockFilters(location=place.id, by_items=True)
        rows = db.session.execute(pages.stock_for(SYSTEM, filters)).all()
        shown = pages.stock_rows_of_items(rows)
        assert {row.item.id: row.on_hand for row in shown if row.on_hand} == world.pieces(place)
        assert sum(row.value for row in shown) == totals[0].value
    values = []
    for by_items in (False, True):
        listed = day_rows(db.session.execute(stock_on(places, today, by_items=by_items)).all())
        sheet = month_sheet(places, Period(today, today), by_items=by_items)
        listing = pages.MOVEMENTS_OF_ITEMS if by_items else pages.MOVEMENTS
        movements = pages.movements_matching(SYSTEM, pages.MovementFilters(by_items=by_items))
        _count, sums = count_and_sum(movements, listing.columns)
        assert sheet.adds_up
        closing = sheet.total("closing").value
        assert closing == sum(row.value for row in listed)
        values.append((closing, sums["value"]))
    assert values[0] == values[1]


def test_the_switch_changes_no_value_and_loses_no_piece(app):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(ACTS, st.tuples(*(st.integers(0, 999) for _item in range(3))))
    def check(acts, values):
        try:
            world = World(values)
            for act in acts:
                try:
                    with db.session.begin_nested():
                        world.act(*act)
                except (inventory.NotEnoughStock, inventory.NotReversible):
                    continue
            both_ways(world)
            assert verify() == []
        finally:
            db.session.rollback()

    check()
