"""Whatever happened in whichever month, each sheet adds up and the next one goes on from it."""

import os
import uuid
from datetime import UTC, datetime, timedelta

import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carecampaign.access.actor import SYSTEM
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import LocationKind
from carecampaign.inventory.queries.books import (
    Period,
    Side,
    month_sheet,
    period_of,
    places_of,
)
from carecampaign.inventory.queries.stock import stock_at
from tests.factories import ItemFactory, OrganizationFactory, StockLocationFactory
from tests.inventory.stock import receive

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "12"))
BEGINNING = datetime(2026, 8, 28, tzinfo=UTC)
MONTHS = [(2026, month) for month in range(8, 13)]

ACTS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "hand_out", "take_back", "move", "reverse"]),
        st.integers(0, 60 * 24),  # hours until then
        st.integers(1, 9),  # pieces
        st.integers(0, 500),  # fen apiece
    ),
    max_size=14,
)


def act(name, pieces, value, places, item, done):
    """Do one thing, as far as it can be done."""
    warehouse, event = places
    if name == "receive":
        done["papers"].append(receive(warehouse, item, pieces, unit_value=value))
    elif name == "move":
        inventory.dispatch(warehouse, event, [inventory.Line(item, pieces)], by=SYSTEM)
    elif name == "hand_out":
        handout_id = uuid.uuid4()
        inventory.hand_out(
            event,
            item,
            quantity=pieces,
            handout_id=handout_id,
            recorded_at=clock.now(),
            shortage_allowed=True,
        )
        done["handouts"].append(handout_id)
    elif name == "take_back" and done["handouts"]:
        inventory.take_back(done["handouts"].pop(), recorded_at=clock.now())
    elif name == "reverse" and done["papers"]:
        inventory.reverse(done["papers"].pop(), reason="Wrong", by=SYSTEM)


def history(acts):
    """Let it all happen in the order of time; give the organisation, its places and the item."""
    union = OrganizationFactory()
    places = (
        StockLocationFactory(organization=union),
        StockLocationFactory(organization=union, kind=LocationKind.EVENT),
    )
    item, done = ItemFactory(reference_value=70), {"papers": [], "handouts": []}
    for name, hours, pieces, value in sorted(acts, key=lambda one: one[1]):
        with time_machine.travel(BEGINNING + timedelta(hours=hours), tick=False):
            try:
                with db.session.begin_nested():
                    act(name, pieces, value, places, item, done)
            except (inventory.NotEnoughStock, inventory.NotReversible):
                continue
    return union, places


def chain(places, closes_on):
    """Check the sheets of all months, each against the one before; give the last closing."""
    left = Side()
    for year, month in MONTHS:
        sheet = month_sheet(places, period_of(year, month, closes_on=closes_on))
        assert sheet.adds_up
        assert sheet.total("opening") == left
        left = sheet.total("closing")
    return left


def test_each_month_adds_up_and_goes_on_from_the_last(app):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(ACTS, st.sampled_from([None, 20, 25]))
    def check(acts, closes_on):
        try:
            union, locations = history(acts)
            everywhere = places_of(SYSTEM, path=union.path)
            chain(everywhere, closes_on)
            for location in locations:
                left = chain(places_of(SYSTEM, location_id=location.id), closes_on)
                held = sum(row.on_hand + row.unexplained for row in stock_at(location))
                whole = month_sheet(
                    places_of(SYSTEM, location_id=location.id),
                    Period(BEGINNING.date(), BEGINNING.date() + timedelta(days=365)),
                )
                assert whole.total("closing").quantity == held
                assert closes_on is not None or left.quantity == held
        finally:
            db.session.rollback()

    check()
