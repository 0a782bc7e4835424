"""The verbs of the ledger as rules of a state machine, each beside the plain model.

Forms with a life of their own (``forms``, ``counting``) add theirs.
"""

import uuid
from collections import Counter
from contextlib import contextmanager
from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
)
from sqlalchemy import func, select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.approvals.services import AlreadyDecided, PreparerMayNotDecide
from carecampaign.audit.models import AuditEntry
from carecampaign.campaigns.queries import use_of
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.funds.services import allow_use
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import (
    DocumentKind,
    LocationKind,
    Lot,
    Movement,
    Requisition,
    StockDocument,
    StockLevel,
    StockLot,
    StockTake,
    WriteOff,
)
from carecampaign.inventory.services import Holder
from carecampaign.inventory.services.locations import RECIPIENTS
from carecampaign.inventory.services.verification import verify
from tests.factories import (
    CampaignFactory,
    EarmarkFactory,
    FundSourceFactory,
    ItemFactory,
    StockLocationFactory,
)
from tests.inventory.people import somebody
from tests.inventory.stock import package_of
from tests.properties.model import Model

PIECES = st.integers(1, 6)
PLACES = st.sampled_from(["warehouse", "event"])
ITEMS = st.sampled_from(["gloves", "package"])
HOLDERS = st.sampled_from([Holder("event", 1), Holder("event", 2)])
WHO = st.sampled_from(["approver", "approver", "keeper"])
"""Who decides: the keeper prepared it, and may not."""
EXPIRY = st.sampled_from([None, date.max, date.max - timedelta(days=1), date(2000, 1, 1)])
CAMPAIGNS = st.sampled_from([None, "ours", "other"])

# Built once: they are asked after every step.
LEVELS = select(StockLevel.__table__)
_SIDES = (
    select(Movement.target_id.label("place"), Movement.item_id, Movement.quantity)
    .union_all(select(Movement.source_id, Movement.item_id, -Movement.quantity))
    .subquery()
)
NUMBERED = [
    # A write-off is posted under the number it had: those that were refused have no document.
    select(func.count(), func.max(StockDocument.number))
    .where(StockDocument.kind != DocumentKind.WRITE_OFF)
    .group_by(StockDocument.organization_id, StockDocument.year, StockDocument.kind),
    *(
        select(func.count(), func.max(form.number)).group_by(form.organization_id, form.year)
        for form in (Requisition, WriteOff, StockTake)
    ),
]
RELEASES = select(AuditEntry.changes).where(AuditEntry.action == "inventory.release_reservations")
FLOWS = select(_SIDES.c.place, _SIDES.c.item_id, func.sum(_SIDES.c.quantity)).group_by(
    _SIDES.c.place, _SIDES.c.item_id
)


class Ledger(RuleBasedStateMachine):
    """Nothing is committed, so that each history starts from nothing."""

    handouts = Bundle("handouts")
    documents = Bundle("documents")
    transfers = Bundle("transfers")

    def __init__(self):
        super().__init__()
        self.model = Model()
        self.places = {
            "warehouse": StockLocationFactory(),
            "event": StockLocationFactory(kind=LocationKind.EVENT),
        }
        gloves = ItemFactory(reference_value=7)
        self.version = package_of((gloves, 2))
        self.items = {"gloves": gloves, "package": self.version.item}
        self.funds = [FundSourceFactory(), FundSourceFactory()]
        self.earmark = EarmarkFactory(fund_source=self.funds[0])
        self.campaigns = {None: None, "ours": CampaignFactory(), "other": CampaignFactory()}
        ours = self.campaigns["ours"]
        allow_use(self.earmark, use_of(ours), name=ours.name, ground="Asked for", by=SYSTEM)
        union = self.places["warehouse"].organization
        self.people = {
            "keeper": somebody(union),
            "approver": somebody(union, Role.APPROVER),
        }
        # Most of what can happen needs something to happen to.
        for source in ("bought", "earmarked"):
            self.receive("warehouse", "gloves", 6, 3, None, source)

    def teardown(self):
        differences = verify()
        numbers = [row for paper in NUMBERED for row in db.session.execute(paper)]
        told = self.told()
        db.session.rollback()
        assert differences == []
        assert all(papers == last for papers, last in numbers)
        assert told == self.model.told

    def told(self):
        """Add up what the audit log says that holders lost."""
        told = Counter()
        for changes in db.session.scalars(RELEASES):
            for kind, holder_id, pieces in changes["released"]:
                told[Holder(kind, holder_id)] += pieces
        return told

    def refusal_of(self, act):
        """Do something; give what refused it, if anything did: then nothing is changed."""
        try:
            with db.session.begin_nested():
                act()
        except DomainError as error:
            # What a savepoint takes back, the session may have read already.
            db.session.expire_all()
            return type(error)
        return None

    def refused_decision(self, paper, who):
        """Say what keeps somebody from deciding on a paper, whatever the decision is."""
        if paper.state != "waiting":
            return AlreadyDecided
        return PreparerMayNotDecide if who == "keeper" else None

    @contextmanager
    def attempt(self, changes=None):
        """Do something and note its changes to the books; a refusal changes nothing."""
        self.was_refused = True
        try:
            with db.session.begin_nested():
                yield
            self.was_refused = False
            self.model.books.update(changes or {})
        except (inventory.NotEnoughStock, inventory.EarmarkBreach, inventory.NotAllocatable):
            pass

    def on_hand(self, key):
        place, item = self.places[key[0]], self.items[key[1]]
        level = db.session.get(StockLevel, (place.id, item.id), populate_existing=True)
        return level.on_hand if level else 0

    def free(self, key, *, holder=None, is_good=True, campaign=None):
        """Count, piece by piece, what somebody can have here."""
        place, item = self.places[key[0]], self.items[key[1]]
        lots = db.session.execute(
            select(Lot, StockLot.on_hand)
            .join(StockLot, StockLot.lot_id == Lot.id)
            .where(StockLot.location_id == place.id, StockLot.item_id == item.id)
        ).all()
        good = [
            (lot, pieces)
            for lot, pieces in lots
            if not is_good or lot.expires_on is None or lot.expires_on >= clock.today()
        ]
        kept = self.model.reserved(key, but_for=holder)
        allowed = sum(
            pieces
            for lot, pieces in good
            if campaign != "other" or all(share.earmark_id is None for share in lot.shares)
        )
        return min(sum(pieces for _lot, pieces in good) - kept, allowed)

    # What comes in

    @rule(
        target=documents,
        place=PLACES,
        item=ITEMS,
        quantity=PIECES,
        unit_value=st.integers(0, 5),
        expires_on=EXPIRY,
        source=st.sampled_from(["bought", "given", "earmarked"]),
    )
    def come_in(self, place, item, quantity, unit_value, expires_on, source):
        note = self.receive(place, item, quantity, unit_value, expires_on, source)
        return note, {(place, item): quantity}

    def receive(self, place, item, quantity, unit_value, expires_on, source):
        line = inventory.ReceiptLine(self.items[item], quantity, unit_value, expires_on=expires_on)
        note = inventory.receive_goods(
            self.places[place],
            [line],
            fund_source=self.funds[source == "bought"],
            earmark=self.earmark if source == "earmarked" else None,
            is_donated=source != "bought",
            counterpart="",
            dated_on=date(2026, 11, 24),
            by=SYSTEM,
        )
        self.model.books[place, item] += quantity
        return note

    # What goes to people

    @rule(target=handouts, place=PLACES, item=ITEMS, quantity=PIECES, happened=st.booleans())
    def hand_out(self, place, item, quantity, happened):
        key = (place, item)
        # At an event nothing is reserved; elsewhere pieces past their date hold no place free.
        is_enough = min(self.free(key, is_good=False), self.good(key)) >= quantity
        handout_id = uuid.uuid4()
        with self.attempt({key: -quantity}):
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
        self.model.shrink(key, self.on_hand(key))
        self.model.given[item] += quantity
        return handout_id, place, item, quantity

    def good(self, key):
        return self.free(key) + self.model.reserved(key)

    @rule(handout=consumes(handouts))
    def take_back(self, handout):
        handout_id, place, item, quantity = handout
        inventory.take_back(handout_id, recorded_at=clock.now())
        self.model.books[place, item] += quantity
        self.model.given[item] -= quantity
        try:
            inventory.take_back(handout_id, recorded_at=clock.now())
        except inventory.AlreadyReversed:
            return
        raise AssertionError("a handout was taken back twice")

    # What is kept for somebody

    @rule(item=ITEMS, quantity=PIECES, holder=HOLDERS)
    def reserve(self, item, quantity, holder):
        key = ("warehouse", item)
        is_enough = self.free(key) >= quantity
        with self.attempt():
            inventory.reserve(self.places["warehouse"], self.items[item], quantity, holder=holder)
            self.model.reserve(key, holder, quantity)
        assert self.was_refused != is_enough

    @rule(item=ITEMS, holder=HOLDERS, quantity=st.none() | PIECES)
    def release(self, item, holder, quantity):
        inventory.release(holder, item=self.items[item], quantity=quantity)
        key = ("warehouse", item)
        self.model.let_go(key, holder, quantity or self.model.kept[key].get(holder, 0))

    # What moves between places

    @rule(
        target=documents,
        item=ITEMS,
        quantity=PIECES,
        holder=st.none() | HOLDERS,
        campaign=CAMPAIGNS,
    )
    def open(self, item, quantity, holder, campaign):
        key = ("warehouse", item)
        is_enough = self.free(key, holder=holder, campaign=campaign) >= quantity
        changes = {key: -quantity, ("event", item): quantity}
        note = None
        with self.attempt(changes):
            note = inventory.move_stock(
                DocumentKind.OPENING,
                self.places["warehouse"],
                self.places["event"],
                [inventory.Line(self.items[item], quantity)],
                campaign=self.campaigns[campaign],
                holder=holder,
                by=SYSTEM,
            )
        assert self.was_refused != is_enough
        if note is None:
            return multiple()
        self.model.let_go(key, holder, quantity)
        return note, changes

    @rule(target=documents, item=ITEMS, quantity=PIECES)
    def close(self, item, quantity):
        key = ("event", item)
        is_enough = self.free(key, is_good=False) >= quantity
        changes = {key: -quantity, ("warehouse", item): quantity}
        note = None
        with self.attempt(changes):
            note = inventory.move_stock(
                DocumentKind.CLOSING,
                self.places["event"],
                self.places["warehouse"],
                [inventory.Line(self.items[item], quantity)],
                by=SYSTEM,
            )
        assert self.was_refused != is_enough
        return (note, changes) if note else multiple()

    @rule(target=transfers, item=ITEMS, quantity=PIECES, holder=st.none() | HOLDERS)
    def dispatch(self, item, quantity, holder):
        key = ("warehouse", item)
        is_enough = self.free(key, holder=holder) >= quantity
        note = None
        with self.attempt({key: -quantity}):
            note = inventory.dispatch(
                self.places["warehouse"],
                self.places["event"],
                [inventory.Line(self.items[item], quantity)],
                holder=holder,
                by=SYSTEM,
            )
        assert self.was_refused != is_enough
        if note is None:
            return multiple()
        self.model.let_go(key, holder, quantity)
        return note, item, quantity

    @rule(transfer=consumes(transfers), missing=st.integers(0, 2))
    def arrive(self, transfer, missing):
        note, item, quantity = transfer
        arrived = max(0, quantity - missing)
        counts = {line.id: inventory.Arrival(arrived, "Lost") for line in note.lines}
        inventory.receive_transfer(note, counts, by=SYSTEM)
        self.model.books["event", item] += arrived

    @rule(transfer=consumes(transfers))
    def call_back(self, transfer):
        note, item, quantity = transfer
        inventory.reverse(note, reason="", by=SYSTEM)
        self.model.books["warehouse", item] += quantity

    @rule(target=documents, place=PLACES, item=ITEMS, quantity=PIECES, campaign=CAMPAIGNS)
    def issue(self, place, item, quantity, campaign):
        key = (place, item)
        free = self.free(key, campaign="ours" if campaign == "ours" else "other")
        note = None
        with self.attempt({key: -quantity}):
            note = inventory.move_stock(
                DocumentKind.ISSUE,
                self.places[place],
                inventory.virtual_location(LocationKind.ISSUED),
                [inventory.Line(self.items[item], quantity)],
                campaign=self.campaigns[campaign],
                by=SYSTEM,
            )
        assert self.was_refused != (free >= quantity)
        return (note, {key: -quantity}) if note else multiple()

    # What becomes of it in a place

    @rule(target=documents, place=PLACES, quantity=PIECES, campaign=CAMPAIGNS)
    def assemble(self, place, quantity, campaign):
        key = (place, "gloves")
        is_enough = self.free(key, campaign=campaign) >= 2 * quantity
        changes = {key: -2 * quantity, (place, "package"): quantity}
        note = None
        with self.attempt(changes):
            note = inventory.assemble(
                self.places[place],
                self.version,
                quantity=quantity,
                campaign=self.campaigns[campaign],
                by=SYSTEM,
            )
        assert self.was_refused != is_enough
        return (note, changes) if note else multiple()

    @rule(target=documents, place=PLACES, quantity=PIECES)
    def take_apart(self, place, quantity):
        key = (place, "package")
        is_enough = self.free(key, is_good=False) >= quantity
        changes = {(place, "gloves"): 2 * quantity, key: -quantity}
        note = None
        with self.attempt(changes):
            note = inventory.take_apart(
                self.places[place], self.version, quantity=quantity, by=SYSTEM
            )
        assert self.was_refused != is_enough
        return (note, changes) if note else multiple()

    @rule(target=documents, place=PLACES, item=ITEMS, difference=st.integers(-4, 4).filter(bool))
    def count(self, place, item, difference):
        key = (place, item)
        note = None
        with self.attempt({key: difference}):
            note = inventory.post_difference(
                self.places[place], self.items[item], difference, reason="", by=SYSTEM
            )
        self.model.shrink(key, self.on_hand(key))
        return (note, {key: difference}) if note else multiple()

    @rule(place=PLACES, item=ITEMS, quantity=PIECES)
    def set_aside(self, place, item, quantity):
        with self.attempt():
            inventory.set_aside_unexplained(
                self.places[place], self.items[item], quantity, reason="", by=SYSTEM
            )
        self.model.shrink((place, item), self.on_hand((place, item)))

    @rule(target=documents, place=PLACES, item=ITEMS)
    def settle(self, place, item):
        place_row, item_row = self.places[place], self.items[item]
        unexplained = self.model.books[place, item] - self.on_hand((place, item))
        try:
            note = inventory.settle_unexplained(place_row, item_row, reason="", by=SYSTEM)
        except inventory.NothingToMove:
            assert unexplained == 0
            return multiple()
        self.model.books[place, item] -= unexplained
        return note, {(place, item): -unexplained}

    @precondition(lambda self: self.model.books)
    @rule(document=consumes(documents))
    def reverse(self, document):
        note, changes = document
        with self.attempt({key: -change for key, change in changes.items()}):
            inventory.reverse(note, reason="", by=SYSTEM)

    # What holds at any moment

    @invariant()
    def balances_agree_with_the_model_and_with_the_ledger(self):
        levels = {(row.location_id, row.item_id): row for row in db.session.execute(LEVELS)}
        flows = {(place, item): int(pieces) for place, item, pieces in db.session.execute(FLOWS)}
        for place_name, place in self.places.items():
            for item_name, item in self.items.items():
                key = (place_name, item_name)
                assert flows.get((place.id, item.id), 0) == self.model.books[key]
                level = levels.get((place.id, item.id))
                if level is None:
                    assert self.model.books[key] == 0
                    continue
                assert level.on_hand + level.unexplained == self.model.books[key]
                assert level.reserved == self.model.reserved(key)
                assert 0 <= level.reserved <= level.on_hand
                # Nothing is missing where there is something to settle it with.
                assert level.on_hand == 0 or level.unexplained >= 0
        for item_name, item in self.items.items():
            assert flows.get((RECIPIENTS, item.id), 0) == self.model.given[item_name]
            assert sum(pieces for (_place, one), pieces in flows.items() if one == item.id) == 0
