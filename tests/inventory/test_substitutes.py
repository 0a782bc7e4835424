"""Something else goes into packages where an item ran out; their lots know what is in them."""

from datetime import date

import pytest
from sqlalchemy import delete, select, update

from carecampaign.access.actor import SYSTEM
from carecampaign.catalogue.models import ItemKind
from carecampaign.core.db import db
from carecampaign.core.i18n import in_language_of
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import Lot, LotContent, LotShare, Movement
from carecampaign.inventory.services.locations import ASSEMBLY
from carecampaign.inventory.services.verification import verify
from tests.factories import EarmarkFactory, FundSourceFactory, ItemFactory
from tests.inventory.stock import level, lots, package_of, receive


@pytest.fixture
def scarves(app):
    return ItemFactory(name="Scarves", reference_value=1500)


@pytest.fixture
def package(gloves, cups):
    """Two gloves and one cup."""
    return package_of((gloves, 2), (cups, 1))


@pytest.fixture
def stocked(warehouse, gloves, cups, scarves):
    """Gloves for three packages, cups for ten, and scarves."""
    receive(warehouse, gloves, 6, unit_value=300)
    receive(warehouse, cups, 10, unit_value=1000)
    receive(warehouse, scarves, 9, unit_value=550, expires_on=date(2127, 5, 1))
    return warehouse


def put_in(package, item, quantity=1, *, packages=None, note="Gloves ran out"):
    """A substitution of the first line of a package."""
    return inventory.Substitution(package.lines[0], item, quantity, note, packages)


def assemble(place, version, quantity, substitution=None):
    return inventory.assemble(
        place, version, quantity=quantity, substitution=substitution, by=SYSTEM
    )


def contents(lot_id):
    rows = db.session.scalars(
        select(LotContent).where(LotContent.lot_id == lot_id).order_by(LotContent.line_id)
    )
    return [(row.item.name, row.quantity, row.value, row.note) for row in rows]


def package_lots(version):
    return db.session.scalars(
        select(Lot).where(Lot.item_id == version.item_id).order_by(Lot.id)
    ).all()


@pytest.mark.usefixtures("adds_up")
class TestPuttingSomethingElseIn:
    def test_all_packages_can_hold_it(self, stocked, scarves, package):
        note = assemble(stocked, package, 5, put_in(package, scarves))

        [lot] = package_lots(package)
        assert contents(lot.id) == [
            ("Scarves", 1, 550, "Gloves ran out"),
            ("Cups", 1, 1000, ""),
        ]
        assert (lot.unit_value, lot.expires_on) == (1550, date(2127, 5, 1))
        assert lot.code.endswith("-S")
        assert note.note == "Gloves ran out"

    def test_a_part_of_them_becomes_a_lot_of_its_own(self, stocked, scarves, package):
        note = assemble(stocked, package, 5, put_in(package, scarves, packages=2))

        assert lots(stocked, package.item) == [(1600, 3), (1550, 2)]
        as_listed, other = package_lots(package)
        assert contents(as_listed.id) == [("Gloves", 2, 600, ""), ("Cups", 1, 1000, "")]
        assert [name for name, *_rest in contents(other.id)] == ["Scarves", "Cups"]
        assert as_listed.expires_on is None
        assert [(line.item.name, line.quantity) for line in note.lines] == [
            ("Gloves", 6),
            ("Cups", 3),
            (package.item.name, 3),
            ("Scarves", 2),
            ("Cups", 2),
            (package.item.name, 2),
        ]

    def test_more_of_what_is_in_the_package_anyway_is_a_substitute_too(
        self, stocked, cups, package
    ):
        assemble(stocked, package, 3, put_in(package, cups, 2))

        [lot] = package_lots(package)
        assert contents(lot.id) == [
            ("Cups", 2, 2000, "Gloves ran out"),
            ("Cups", 1, 1000, ""),
        ]
        assert level(stocked, cups) == (1, 0)

    def test_whose_money_it_is_follows_what_is_in_it(self, warehouse, gloves, cups, scarves):
        package = package_of((gloves, 1), (cups, 1))
        bought, earmark = FundSourceFactory(), EarmarkFactory()
        receive(warehouse, gloves, 1, unit_value=100, fund=bought)
        receive(warehouse, cups, 2, unit_value=50, fund=bought)
        receive(warehouse, scarves, 1, unit_value=70, earmark=earmark)

        assemble(warehouse, package, 2, put_in(package, scarves, packages=1))

        as_listed, other = package_lots(package)
        assert (as_listed.fund_source_id, as_listed.earmark_id) == (bought.id, None)
        shares = db.session.scalars(select(LotShare).where(LotShare.lot_id == other.id)).all()
        assert {(row.fund_source_id, row.earmark_id): row.value for row in shares} == {
            (bought.id, None): 50,
            (earmark.fund_source_id, earmark.id): 70,
        }

    def test_where_it_is_short_too_nothing_is_put_together(self, stocked, scarves, package):
        with pytest.raises(inventory.NotEnoughStock) as refusal:
            assemble(stocked, package, 5, put_in(package, scarves, 2))

        assert refusal.value.item == scarves
        db.session.rollback()

    @pytest.mark.parametrize(
        ("wrong", "error"),
        [
            ({"quantity": 0}, inventory.NotASubstitute),
            ({"note": " "}, inventory.SubstituteUnexplained),
            ({"packages": 0}, inventory.MoreThanPutTogether),
            ({"packages": 6}, inventory.MoreThanPutTogether),
        ],
    )
    def test_half_a_substitution_is_refused(self, stocked, scarves, package, wrong, error):
        with pytest.raises(error):
            assemble(stocked, package, 5, put_in(package, scarves, **wrong))

    def test_only_other_goods_can_stand_for_a_line_of_the_package(
        self, stocked, gloves, scarves, package
    ):
        whole = ItemFactory(kind=ItemKind.PACKAGE)
        for substitution in (put_in(package, gloves), put_in(package, whole)):
            with pytest.raises(inventory.NotASubstitute):
                assemble(stocked, package, 1, substitution)
        strange = inventory.Substitution(package_of((gloves, 1)).lines[0], scarves, 1, "Why not")
        with pytest.raises(inventory.NotASubstitute):
            assemble(stocked, package, 1, strange)


@pytest.mark.usefixtures("adds_up")
class TestTakingApart:
    def test_what_is_really_in_them_comes_back(self, stocked, gloves, cups, scarves, package):
        assemble(stocked, package, 5, put_in(package, scarves, packages=2))

        # The scarves expire, so these packages go first.
        inventory.take_apart(stocked, package, quantity=3, by=SYSTEM)

        assert lots(stocked, scarves) == [(550, 9)]
        assert lots(stocked, gloves) == [(300, 2)]
        assert lots(stocked, cups) == [(1000, 8)]

    def test_of_the_batch_that_is_named(self, stocked, gloves, scarves, package):
        assemble(stocked, package, 5, put_in(package, scarves, packages=2))
        as_listed, other = package_lots(package)

        inventory.take_apart(stocked, package, quantity=2, lot=as_listed, by=SYSTEM)
        assert (lots(stocked, gloves), lots(stocked, scarves)) == ([(300, 4)], [(550, 7)])

        with pytest.raises(inventory.NotEnoughStock):
            inventory.take_apart(stocked, package, quantity=3, lot=other, by=SYSTEM)
        db.session.rollback()

    def test_no_piece_comes_back_twice(self, stocked, gloves, scarves, package):
        assemble(stocked, package, 5, put_in(package, scarves, packages=2))
        for _package in range(5):
            inventory.take_apart(stocked, package, quantity=1, by=SYSTEM)

        assert lots(stocked, scarves) == [(550, 9)]
        assert lots(stocked, gloves) == [(300, 6)]

    def test_an_assembly_with_a_substitute_can_be_reversed(self, stocked, scarves, package):
        note = assemble(stocked, package, 5, put_in(package, scarves, packages=2))
        inventory.reverse(note, reason="Wrong", by=SYSTEM)
        assert lots(stocked, scarves) == [(550, 9)]


@pytest.mark.usefixtures("noise")
class TestVerifying:
    @pytest.fixture
    def noise(self, stocked, scarves, package):
        """Assemblies with and without a substitute, and some taken apart."""
        assemble(stocked, package, 1)
        assemble(stocked, package, 4, put_in(package, scarves, packages=2))
        inventory.take_apart(stocked, package, quantity=3, by=SYSTEM)
        assert verify() == []

    def named(self, *words):
        differences = verify()
        assert any(all(word in text for word in words) for text in differences), differences

    def test_a_substitute_that_nobody_noted_is_named(self):
        db.session.execute(update(LotContent).where(LotContent.note != "").values(note=""))
        self.named("Gloves", "-S")

    def test_a_note_without_a_substitute_is_named(self, gloves):
        changed = LotContent.note != ""
        db.session.execute(update(LotContent).where(changed).values(item_id=gloves.id))
        self.named("Gloves", "-S")

    def test_contents_that_nobody_noted_are_named(self, cups):
        db.session.execute(delete(LotContent).where(LotContent.item_id == cups.id))
        self.named("Cups", "-S")

    def test_more_than_was_put_in_is_named(self):
        changed = LotContent.note != ""
        db.session.execute(update(LotContent).where(changed).values(quantity=3))
        self.named("Scarves", "6", "2")

    def test_contents_worth_something_else_than_the_package_are_named(self, package):
        db.session.execute(
            update(LotContent).where(LotContent.note != "").values(value=LotContent.value + 1)
        )
        self.named(package.item.name, "1551")

    def test_a_piece_that_did_not_go_in_is_named(self, scarves):
        db.session.execute(
            update(Movement)
            .where(Movement.item_id == scarves.id, Movement.target_id == ASSEMBLY)
            .values(quantity=Movement.quantity + 1)
        )
        self.named("2026-0002", "Scarves", "3")


def test_the_words_name_both_items(app):
    with in_language_of("en"):
        assert "Say why" in str(inventory.SubstituteUnexplained())
        assert "1 to 5" in str(inventory.MoreThanPutTogether(5))
