"""Whatever happens to stock, in whatever order, the ledger agrees with a plain dictionary."""

import os
import uuid
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, LocationKind, Movement
from carecampaign.inventory.services.locations import RECIPIENTS
from carecampaign.inventory.services.verification import verify
from tests.factories import FundSourceFactory, ItemFactory, StockLocationFactory
from tests.inventory.stock import level, package_of

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "12"))
"""How many histories are tried; raise it for a long search."""

PIECES = st.integers(1, 6)
PLACES = st.sampled_from(["warehouse", "event"])
ITEMS = st.sampled_from(["gloves", "package"])


class Ledger(RuleBasedStateMachine):
    """The services on one side; on the other, what is on the books per place and item.

    ``books`` counts pieces (on hand + unexplained), ``given`` what recipients have. Nothing
    is committed, so that each history starts from nothing.
    """

    handouts = Bundle("handouts")
    documents = Bundle("documents")
    transfers = Bundle("transfers")

    def __init__(self):
        super().__init__()
        self.places = {
            "warehouse": StockLocationFactory(),
            "event": StockLocationFactory(kind=LocationKind.EVENT),
        }
        gloves = ItemFactory(reference_value=7)
        self.version = package_of((gloves, 2))
        self.items = {"gloves": gloves, "package": self.version.item}
        self.fund = FundSourceFactory()
        self.books = Counter()
        self.given = Counter()

    def teardown(self):
        differences = verify()
        db.session.rollback()
        assert differences == []

    @contextmanager
    def attempt(self, changes):
        """Do something and note its changes to the books; a refusal changes nothing."""
        with self.refused_at_most(inventory.NotEnoughStock), db.session.begin_nested():
            yield
            self.books.update(changes)

    @contextmanager
    def refused_at_most(self, *errors):
        self.was_refused = True
        try:
            yield
            self.was_refused = False
        except errors:
            pass

    def enough(self, place, item, quantity):
        return level(self.places[place], self.items[item])[0] >= quantity

    # What comes in

    @rule(
        target=documents,
        place=PLACES,
        item=ITEMS,
        quantity=PIECES,
        unit_value=st.integers(0, 5),
        days=st.none() | st.integers(1, 3),
    )
    def receive(self, place, item, quantity, unit_value, days):
        expires_on = days and date(2027, 1, 1) + timedelta(days=days)
        note = inventory.receive_goods(
            self.places[place],
            [inventory.ReceiptLine(self.items[item], quantity, unit_value, expires_on=expires_on)],
            fund_source=self.fund,
            is_donated=False,
            counterpart="",
            dated_on=date(2026, 11, 24),
            by=SYSTEM,
        )
        self.books[place, item] += quantity
        return note, {(place, item): quantity}

    # What goes to people

    @rule(target=handouts, place=PLACES, item=ITEMS, quantity=PIECES, happened=st.booleans())
    def hand_out(self, place, item, quantity, happened):
        is_enough = self.enough(place, item, quantity)
        handout_id = uuid.uuid4()
        with self.attempt({(place, item): -quantity}):
            inventory.hand_out(
                self.places[place],
                self.items[item],
                quantity=quantity,
                handout_id=handout_id,
                recorded_at=clock.now(),
                shortage_allowed=happened,
            )
        assert self.was_refused == (not happened and not is_enough)
        if self.was_refused:
            return multiple()
        self.given[item] += quantity
        return handout_id, place, item, quantity

    @rule(handout=consumes(handouts))
    def take_back(self, handout):
        handout_id, place, item, quantity = handout
        inventory.take_back(handout_id, recorded_at=clock.now())
        self.books[place, item] += quantity
        self.given[item] -= quantity
        with self.refused_at_most(inventory.AlreadyReversed):
            inventory.take_back(handout_id, recorded_at=clock.now())
        assert self.was_refused

    # What moves between places

    @rule(target=documents, item=ITEMS, quantity=PIECES, is_opening=st.booleans())
    def move(self, item, quantity, is_opening):
        source, target = ("warehouse", "event") if is_opening else ("event", "warehouse")
        changes = {(source, item): -quantity, (target, item): quantity}
        is_enough = self.enough(source, item, quantity)
        note = None
        with self.attempt(changes):
            note = inventory.move_stock(
                DocumentKind.OPENING if is_opening else DocumentKind.CLOSING,
                self.places[source],
                self.places[target],
                [inventory.Line(self.items[item], quantity)],
                by=SYSTEM,
            )
        assert self.was_refused != is_enough
        return (note, changes) if note else multiple()

    @rule(target=transfers, item=ITEMS, quantity=PIECES)
    def dispatch(self, item, quantity):
        note = None
        with self.attempt({("warehouse", item): -quantity}):
            note = inventory.dispatch(
                self.places["warehouse"],
                self.places["event"],
                [inventory.Line(self.items[item], quantity)],
                by=SYSTEM,
            )
        return (note, item, quantity) if note else multiple()

    @rule(transfer=consumes(transfers), missing=st.integers(0, 2))
    def arrive(self, transfer, missing):
        note, item, quantity = transfer
        arrived = max(0, quantity - missing)
        counts = {line.id: inventory.Arrival(arrived, "Lost") for line in note.lines}
        inventory.receive_transfer(note, counts, by=SYSTEM)
        self.books["event", item] += arrived

    @rule(transfer=consumes(transfers))
    def call_back(self, transfer):
        note, item, quantity = transfer
        inventory.reverse(note, reason="", by=SYSTEM)
        self.books["warehouse", item] += quantity

    # What becomes of it in a place

    @rule(target=documents, place=PLACES, quantity=PIECES)
    def assemble(self, place, quantity):
        changes = {(place, "gloves"): -2 * quantity, (place, "package"): quantity}
        note = None
        with self.attempt(changes):
            note = inventory.assemble(
                self.places[place], self.version, quantity=quantity, by=SYSTEM
            )
        return (note, changes) if note else multiple()

    @rule(target=documents, place=PLACES, quantity=PIECES)
    def take_apart(self, place, quantity):
        changes = {(place, "gloves"): 2 * quantity, (place, "package"): -quantity}
        note = None
        with self.attempt(changes):
            note = inventory.take_apart(
                self.places[place], self.version, quantity=quantity, by=SYSTEM
            )
        return (note, changes) if note else multiple()

    @rule(
        target=documents,
        place=PLACES,
        item=ITEMS,
        difference=st.integers(-4, 4).filter(bool),
    )
    def count(self, place, item, difference):
        note = None
        with (
            self.refused_at_most(inventory.NotAllocatable),
            self.attempt({(place, item): difference}),
        ):
            note = inventory.post_difference(
                self.places[place], self.items[item], difference, reason="", by=SYSTEM
            )
        return (note, {(place, item): difference}) if note else multiple()

    @rule(place=PLACES, item=ITEMS, quantity=PIECES)
    def set_aside(self, place, item, quantity):
        with self.attempt({}):
            inventory.set_aside_unexplained(
                self.places[place], self.items[item], quantity, reason="", by=SYSTEM
            )

    @rule(target=documents, place=PLACES, item=ITEMS)
    def settle(self, place, item):
        _on_hand, unexplained = level(self.places[place], self.items[item])
        note = None
        with self.refused_at_most(inventory.NothingToMove):
            note = inventory.settle_unexplained(
                self.places[place], self.items[item], reason="", by=SYSTEM
            )
        self.books[place, item] -= unexplained
        return (note, {(place, item): -unexplained}) if note else multiple()

    @rule(document=consumes(documents))
    def reverse(self, document):
        note, changes = document
        with self.attempt({key: -change for key, change in changes.items()}):
            inventory.reverse(note, reason="", by=SYSTEM)

    # What holds at any moment

    @invariant()
    def the_books_agree(self):
        for place_name, place in self.places.items():
            for item_name, item in self.items.items():
                on_hand, unexplained = level(place, item)
                assert on_hand + unexplained == self.books[place_name, item_name]
                # Nothing is missing where there is something to settle it with.
                assert on_hand == 0 or unexplained >= 0

    @invariant()
    def recipients_have_what_was_given(self):
        received = Counter()
        for movement in db.session.scalars(select(Movement)):
            if RECIPIENTS in {movement.source_id, movement.target_id}:
                sign = 1 if movement.target_id == RECIPIENTS else -1
                received[movement.item_id] += sign * movement.quantity
        for name, item in self.items.items():
            assert received[item.id] == self.given[name]


@pytest.mark.usefixtures("app")
def test_any_history_leaves_the_ledger_in_agreement():
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
