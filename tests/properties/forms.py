"""Requisitions and write-offs: asked for, decided on by another person, carried out once."""

from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, multiple, rule
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.approvals.services import AlreadyDecided
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import Lot, StockLot, WriteOffCause
from carecampaign.inventory.services import Holder, MovedOn, Spoiled
from carecampaign.inventory.services.requisitions import (
    MoreThanAsked,
    MoreThanGranted,
    NothingGranted,
)
from tests.properties.ledger import ITEMS, PIECES, PLACES, WHO, Ledger

HOW_MANY = st.sampled_from(["all", "all", "fewer", "more", "none"])


class Requisitions(Ledger):
    """Whoever runs the event asks the warehouse."""

    requisitions = Bundle("requisitions")

    @initialize(target=requisitions)
    def ask_for_gloves(self):
        return self.ask("gloves", 4)

    @rule(target=requisitions, item=ITEMS, quantity=PIECES)
    def ask(self, item, quantity):
        row = inventory.request_goods(
            self.places["event"],
            [inventory.Line(self.items[item], quantity)],
            purpose="",
            by=self.people["keeper"],
        )
        return row, item

    @rule(
        requisition=requisitions,
        verb=st.sampled_from(["grant", "grant", "refuse", "cancel"]),
        how_many=HOW_MANY,
        who=WHO,
    )
    def decide(self, requisition, verb, how_many, who):
        row, item = requisition
        if verb == "grant":
            self.grant(requisition, how_many, who)
        elif verb == "refuse":
            expected = self.refused_decision(row, who)
            assert expected is self.refusal_of(
                lambda: inventory.refuse_requisition(row, comment="No", by=self.people[who])
            )
        else:
            expected = None if row.state in {"waiting", "approved"} else MovedOn
            refusal = self.refusal_of(lambda: inventory.cancel_requisition(row, by=SYSTEM))
            assert refusal is expected
            if refusal is None:
                self.all_is_free_again(row, item)

    def grant(self, requisition, how_many, who):
        row, item = requisition
        (line,) = row.lines
        pieces = so_many(how_many, line.asked)
        expected = self.refused_decision(row, who)
        if expected is None and pieces > line.asked:
            expected = MoreThanAsked
        elif expected is None and pieces == 0:
            expected = NothingGranted
        elif expected is None and pieces > self.free(("warehouse", item)):
            expected = inventory.NotEnoughStock
        refusal = self.refusal_of(
            lambda: inventory.approve_requisition(
                row, self.places["warehouse"], {line.id: pieces}, by=self.people[who]
            )
        )
        assert refusal is expected
        if refusal is None:
            self.model.reserve(("warehouse", item), holder_of(row), pieces)

    @rule(
        target=Ledger.transfers,
        requisition=requisitions,
        granted=st.none() | HOW_MANY,
        how_many=HOW_MANY,
    )
    def send(self, requisition, granted, how_many):
        self.grant_if_it_waits(requisition, granted)
        note, pieces = self.let_go_of(requisition, how_many, inventory.send_requisition)
        return (note, requisition[1], pieces) if note else multiple()

    @rule(
        target=Ledger.documents,
        requisition=requisitions,
        granted=st.none() | HOW_MANY,
        how_many=HOW_MANY,
    )
    def issue_for_use(self, requisition, granted, how_many):
        self.grant_if_it_waits(requisition, granted)
        issue = partial(inventory.issue_requisition, receiver="")
        note, pieces = self.let_go_of(requisition, how_many, issue, campaign="other")
        return (note, {("warehouse", requisition[1]): -pieces}) if note else multiple()

    def grant_if_it_waits(self, requisition, how_many):
        if how_many is not None and requisition[0].state == "waiting":
            self.grant(requisition, how_many, "approver")

    def let_go_of(self, requisition, how_many, verb, *, campaign=None):
        """Let what was granted go; give the document, if that was not refused, and how many."""
        row, item = requisition
        (line,) = row.lines
        pieces = so_many(how_many, line.granted or 0)
        key = ("warehouse", item)
        if row.state != "approved":
            expected = {MovedOn}
        elif pieces > line.granted:
            expected = {MoreThanGranted}
        elif pieces == 0:
            expected = {inventory.NothingToMove}
        elif pieces > self.free(key, holder=holder_of(row), campaign=campaign):
            expected = {inventory.NotEnoughStock, inventory.EarmarkBreach}
        else:
            expected = {None}
        refusal = self.refusal_of(lambda: verb(row, {line.id: pieces}, by=SYSTEM))
        assert refusal in expected
        if refusal is not None:
            return None, pieces
        self.model.books[key] -= pieces
        self.all_is_free_again(row, item)
        return row.document, pieces

    def all_is_free_again(self, row, item):
        key, holder = ("warehouse", item), holder_of(row)
        self.model.let_go(key, holder, self.model.kept[key].get(holder, 0))


class WriteOffs(Ledger):
    """What is spoiled, lot by lot."""

    write_offs = Bundle("write_offs")

    @initialize(target=write_offs)
    def propose_gloves(self):
        return self.propose("warehouse", "gloves", 0, 2)

    @rule(target=write_offs, place=PLACES, item=ITEMS, which=st.integers(0, 3), quantity=PIECES)
    def propose(self, place, item, which, quantity):
        lots = db.session.scalars(
            select(Lot)
            .join(StockLot, StockLot.lot_id == Lot.id)
            .where(
                StockLot.location_id == self.places[place].id,
                Lot.item_id == self.items[item].id,
            )
            .order_by(Lot.id)
        ).all()
        if not lots:
            return multiple()
        lot = lots[which % len(lots)]
        expected = inventory.NotEnoughStock if quantity > self.pieces_of(lot, place) else None
        made = []
        refusal = self.refusal_of(
            lambda: made.append(
                inventory.prepare_write_off(
                    self.places[place],
                    [Spoiled(lot, quantity)],
                    cause=WriteOffCause.DAMAGED,
                    reason="Wet",
                    by=self.people["keeper"],
                )
            )
        )
        assert refusal is expected
        return (made[0], place, item) if made else multiple()

    @rule(
        target=Ledger.documents,
        write_off=write_offs,
        verb=st.sampled_from(["approve", "approve", "refuse", "cancel"]),
        who=WHO,
    )
    def settle_it(self, write_off, verb, who):
        row, place, item = write_off
        if verb == "approve":
            return self.write_off(row, (place, item), who)
        if verb == "refuse":
            expected = self.refused_decision(row, who)
            assert expected is self.refusal_of(
                lambda: inventory.refuse_write_off(row, comment="Dry it", by=self.people[who])
            )
        else:
            expected = None if row.state == "waiting" else AlreadyDecided
            assert expected is self.refusal_of(lambda: inventory.cancel_write_off(row, by=SYSTEM))
        return multiple()

    def write_off(self, row, key, who):
        (line,) = row.lines
        expected = self.refused_decision(row, who)
        if expected is None and line.quantity > self.pieces_of(line.lot, key[0]):
            expected = inventory.NotEnoughStock
        refusal = self.refusal_of(lambda: inventory.approve_write_off(row, by=self.people[who]))
        assert refusal is expected
        if refusal is not None:
            return multiple()
        self.model.books[key] -= line.quantity
        self.model.shrink(key, self.on_hand(key))
        return row.document, {key: -line.quantity}

    def pieces_of(self, lot, place):
        here = db.session.get(StockLot, (self.places[place].id, lot.id), populate_existing=True)
        return here.on_hand if here else 0


def so_many(how_many, pieces):
    """Give a number of pieces in relation to another one."""
    return {"all": pieces, "fewer": max(0, pieces - 2), "more": pieces + 1, "none": 0}[how_many]


def holder_of(row):
    """Name a requisition as whoever stock is kept for."""
    return Holder("requisition", row.id)
