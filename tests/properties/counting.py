"""Stock-takes: begun, counted by batch in rounds, decided on by another person, posted once."""

from collections import Counter
from dataclasses import dataclass, field
from itertools import cycle

from hypothesis import strategies as st
from hypothesis.stateful import initialize, multiple, rule
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import Batch, Lot, StockLot, StockTake
from carecampaign.inventory.services import MovedOn
from tests.properties.ledger import EXPIRY, ITEMS, PLACES, WHO, Ledger

DIFFERENCE = st.integers(-2, 3)
STEP = st.sampled_from([*["next"] * 8, "begin", "finish", "post", "recount", "give up"])
CODES = st.sampled_from(["", "20261124", "A"])


@dataclass
class Sheet:
    """A stock-take as people have it on paper: per line, what the books had and what was there."""

    row: StockTake
    counts: dict[int, tuple[int, int]] = field(default_factory=dict)
    rounds: Counter = field(default_factory=Counter)

    def difference(self, line):
        book, counted = self.counts.get(line.id, (0, 0))
        return counted - book


class StockTakes(Ledger):
    """Each place has one sheet under way at most."""

    @initialize()
    def nothing_is_counted_yet(self):
        self.sheets = {}

    @rule(
        target=Ledger.documents,
        place=PLACES,
        steps=st.lists(STEP, min_size=1, max_size=5),
        differences=st.lists(DIFFERENCE, min_size=1, max_size=4),
        who=WHO,
    )
    def take_stock(self, place, steps, differences, who):
        """Take the next steps of a stock-take, and some that may be out of turn."""
        notes = [self.take_step(place, step, differences, who) for step in steps]
        return multiple(*(note for note in notes if note is not None))

    def take_step(self, place, step, differences, who):
        sheet = self.sheets.get(place)
        if step == "next":
            step = self.next_step(sheet)
        if sheet is None or step == "begin":
            self.begin(place)
        elif step == "count":
            self.count_the_rest(place, differences)
        elif step == "finish":
            self.finish(sheet)
        elif step == "post":
            return self.post_it(place, who)
        elif step == "recount":
            self.have_it_counted_again(sheet.row, who)
        else:
            self.give_it_up(sheet.row)
        return None

    def next_step(self, sheet):
        if sheet is None or sheet.row.state in {"posted", "cancelled"}:
            return "begin"
        if sheet.row.state == "waiting":
            return "post"
        is_counted = all(line.id in sheet.counts for line in sheet.row.lines)
        return "finish" if is_counted else "count"

    def begin(self, place):
        is_under_way = place in self.sheets and self.sheets[place].row.state in {
            "counting",
            "waiting",
        }
        begun = []
        refusal = self.refusal_of(
            lambda: begun.append(
                inventory.open_stock_take(
                    self.places[place], is_blind=True, by=self.people["keeper"]
                )
            )
        )
        assert refusal is (inventory.StockTakeUnderWay if is_under_way else None)
        if begun:
            self.sheets[place] = Sheet(begun[0])
            self.every_batch_has_a_line(place)

    def every_batch_has_a_line(self, place):
        expected = set()
        for name, item in self.items.items():
            batches = +self.batches((place, name))
            expected |= {(item.id, batch) for batch in batches}
            if not batches and self.model.books[place, name]:
                expected.add((item.id, None))
        lines = self.sheets[place].row.lines
        assert len(lines) == len(expected)
        assert {(line.item_id, line.batch) for line in lines} == expected

    @rule(place=PLACES, item=ITEMS, code=CODES, expires_on=EXPIRY)
    def come_upon(self, place, item, code, expires_on):
        if place not in self.sheets:
            return
        row = self.sheets[place].row
        expected = None if row.state == "counting" else MovedOn
        refusal = self.refusal_of(
            lambda: inventory.add_item(row, self.items[item], lot_code=code, expires_on=expires_on)
        )
        assert refusal is expected
        lines = [(line.item_id, line.batch) for line in row.lines]
        assert len(lines) == len(set(lines))

    @rule(place=PLACES, which=st.integers(0, 7), difference=DIFFERENCE, is_late=st.booleans())
    def count_a_line(self, place, which, difference, is_late):
        lines = self.sheets[place].row.lines if place in self.sheets else ()
        if lines:
            self.put_down(place, lines[which % len(lines)], difference, is_late=is_late)

    def count_the_rest(self, place, differences):
        sheet, differing = self.sheets[place], cycle(differences)
        for line in list(sheet.row.lines):
            if line.id not in sheet.counts:
                self.put_down(place, line, next(differing), is_late=False)

    def put_down(self, place, line, difference, *, is_late):
        """Count a line; whoever is late takes a round for the next that somebody had before."""
        sheet = self.sheets[place]
        book = self.book_of(place, line)
        counted = max(0, book + difference)
        is_late = is_late and sheet.rounds[line.id] > 0
        expected = None
        if sheet.row.state != "counting":
            expected = MovedOn
        elif is_late:
            expected = inventory.CountedMeanwhile
        refusal = self.refusal_of(
            lambda: inventory.record_count(
                line,
                counted,
                round_number=sheet.rounds[line.id] + (not is_late),
                by=self.people["keeper"],
            )
        )
        assert refusal is expected
        if refusal is None:
            sheet.rounds[line.id] += 1
            sheet.counts[line.id] = (book, counted)
            assert (line.last.book, line.last.counted) == (book, counted)

    def book_of(self, place, line):
        """Count, lot by lot, the pieces a line is about."""
        (name,) = [name for name, item in self.items.items() if item.id == line.item_id]
        batches = self.batches((place, name))
        if line.batch is not None:
            return batches[line.batch]
        lines = self.sheets[place].row.lines
        own = {each.batch for each in lines if each.item_id == line.item_id}
        return sum(pieces for batch, pieces in batches.items() if batch not in own)

    def finish(self, sheet):
        expected = None
        if sheet.row.state != "counting":
            expected = MovedOn
        elif any(line.id not in sheet.counts for line in sheet.row.lines):
            expected = inventory.NotAllCounted
        differs = any(map(sheet.difference, sheet.row.lines))
        reasons = {line.id: "Looked twice" for line in sheet.row.lines}
        refusal = self.refusal_of(
            lambda: inventory.finish_stock_take(sheet.row, reasons, by=self.people["keeper"])
        )
        assert refusal is expected
        if refusal is None:
            assert sheet.row.state == ("waiting" if differs else "posted")

    def post_it(self, place, who):
        sheet = self.sheets[place]
        changes = self.changes_of(place)
        before = {name: self.batches((place, name)) for name in self.items}
        is_short = {key for key in changes if self.model.books[key] < self.on_hand(key)}
        expected = self.refused_decision(sheet.row, who) or self.refused_posting(place, changes)
        refusal = self.refusal_of(
            lambda: inventory.approve_stock_take(sheet.row, by=self.people[who])
        )
        assert refusal is expected
        if refusal is not None:
            return None
        self.model.books.update(changes)
        for key in changes:
            self.model.shrink(key, self.on_hand(key))
            if key not in is_short:
                self.each_batch_changed_by_its_own(key, before[key[1]])
        return sheet.row.document, changes

    def changes_of(self, place):
        """Give by how much each item that differs does so in all, also by nothing at all."""
        changes = Counter()
        for line in self.sheets[place].row.lines:
            for name, item in self.items.items():
                if item.id == line.item_id and self.sheets[place].difference(line):
                    changes[place, name] += self.sheets[place].difference(line)
        return changes

    def refused_posting(self, place, changes):
        if any(-change > self.on_hand(key) for key, change in changes.items()):
            return inventory.NotEnoughStock
        for line in self.sheets[place].row.lines:
            is_known = db.session.scalar(
                select(Lot.id).where(Lot.item_id == line.item_id).limit(1)
            )
            if self.sheets[place].difference(line) > 0 and is_known is None:
                return inventory.NotAllocatable
        return None

    def each_batch_changed_by_its_own(self, key, before):
        """Unless a batch had fewer left than were missing of it, or pieces had none."""
        lines = [
            line for line in self.sheets[key[0]].row.lines if line.item_id == self.items[key[1]].id
        ]
        differences = {line.batch: self.sheets[key[0]].difference(line) for line in lines}
        expected = Counter(before)
        for batch, difference in differences.items():
            expected[batch] += difference
        if None not in differences and all(pieces >= 0 for pieces in expected.values()):
            assert +self.batches(key) == +expected

    def have_it_counted_again(self, row, who):
        expected = self.refused_decision(row, who)
        refusal = self.refusal_of(
            lambda: inventory.refuse_stock_take(row, comment="Again", by=self.people[who])
        )
        assert refusal is expected
        if refusal is None:
            assert row.state == "counting"

    def give_it_up(self, row):
        expected = None if row.state in {"counting", "waiting"} else MovedOn
        assert expected is self.refusal_of(lambda: inventory.cancel_stock_take(row, by=SYSTEM))

    def batches(self, key):
        """Count, lot by lot, what a place has of each batch."""
        pieces = Counter()
        rows = db.session.execute(
            select(Lot.code, Lot.expires_on, StockLot.on_hand)
            .join(StockLot, StockLot.lot_id == Lot.id)
            .where(
                StockLot.location_id == self.places[key[0]].id,
                StockLot.item_id == self.items[key[1]].id,
            )
        )
        for code, expires_on, on_hand in rows:
            pieces[Batch(code, expires_on)] += on_hand
        return pieces
