"""Whoever is entered, served, merged, erased and imported anew, in any order, counts right."""

import os
from collections import Counter

import uuid_utils.compat as uuid_utils
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from carecampaign.access.actor import SYSTEM
from carecampaign.beneficiaries.contacts import Contacts
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.roster import Probably
from carecampaign.beneficiaries.services import AlreadyKept, add_person, roster
from carecampaign.beneficiaries.services.roster import TableIsWrong
from carecampaign.core.db import db
from carecampaign.distributions import services
from carecampaign.distributions.models import Outcome, Served, Tally
from carecampaign.inventory.services.verification import verify_everything
from carecampaign.privacy.erasing import ErasureReason
from carecampaign.privacy.merging import MergeField
from carecampaign.privacy.services import merge
from carecampaign.privacy.services.erasure import NOBODY, erase_person
from tests.distributions.scene import carry, receive, set_the_scene
from tests.factories import OccupationFactory, OrganizationFactory

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "60"))
"""How many histories are tried; raise it for a long search."""

STEPS = 20
NAMES = st.sampled_from(["张伟", "章玮", "李娜"])
PHONES = st.sampled_from([None, "13800138000", "13900139000"])
IDS = st.sampled_from([None, None, "11010119900307002X", "002X"])
EVENTS = st.sampled_from(["here", "there"])
HEADINGS = "姓名,职业,单位/平台,手机号,身份证号"
EMPLOYER = "韵达快递"


class Register(RuleBasedStateMachine):
    """The register and the log on one side; on the other who is who, and what each was given.

    Nothing is committed, so that each history starts from nothing.
    """

    entries = Bundle("entries")
    handouts = Bundle("handouts")

    @initialize(target=entries)
    def set_up(self):
        scene = self.scene = set_the_scene(packages=0)
        self.occupation = OccupationFactory(name="快递员", name_en="Courier")
        unit = OrganizationFactory(parent=scene.event.unit)
        self.events = {"here": scene.event, "there": scene.another_event(unit=unit)}
        receive(scene.warehouse, scene.package, 2 * STEPS)
        for event in self.events.values():
            carry(scene.warehouse, event, scene.package, STEPS)
        self.became: dict[int, int] = {}
        self.erased: set[int] = set()
        self.given: dict[object, tuple[str, int]] = {}
        # Most of what can happen needs somebody to happen to.
        return multiple(*(self.enter(name, None, None) for name in ("张伟", "章玮", "李娜")))

    def teardown(self):
        try:
            differences = verify_everything()
        finally:
            db.session.rollback()
        assert differences == []

    def kept(self, entry):
        """Follow an entry to the one it is kept as."""
        while entry in self.became:
            entry = self.became[entry]
        return entry

    # The register

    @rule(target=entries, name=NAMES, phone=PHONES, id_number=IDS)
    def enter(self, name, phone, id_number):
        try:
            person = add_person(
                name,
                occupation=self.occupation,
                organization=self.scene.event.unit,
                employer=EMPLOYER,
                contacts=Contacts(phone=phone, id_number=id_number),
                by=SYSTEM,
            )
        except AlreadyKept:
            return multiple()
        return person.id

    @rule(
        target=entries, name=NAMES, phone=PHONES, id_number=IDS, probably=st.sampled_from(Probably)
    )
    def import_somebody(self, name, phone, id_number, probably):
        before = set(db.session.scalars(select(Person.id)))
        row = ",".join([name, "快递员", EMPLOYER, phone or "", id_number or ""])
        read = roster.read_roster(
            f"{HEADINGS}\n{row}".encode(), "x.csv", max_rows=1, to_keep=True, by=SYSTEM
        )
        try:
            with db.session.begin_nested():
                kept = roster.keep_roster(
                    read, self.scene.event.unit, probably=probably, by=SYSTEM
                )
        except TableIsWrong:
            return multiple()
        [person_id] = kept.person_ids
        is_new = person_id not in before
        # Nobody is found who was erased, or whose entry went into another.
        assert is_new or (person_id not in self.erased and person_id not in self.became)
        return person_id if is_new else multiple()

    @rule(gone=entries, kept=entries, taking=st.sets(st.sampled_from(MergeField)))
    def merge(self, gone, kept, taking):
        gone, kept = self.kept(gone), self.kept(kept)
        if gone == kept or {gone, kept} & self.erased:
            return
        db.session.expire_all()
        persons = [db.session.get_one(Person, key) for key in (gone, kept)]
        merge(*persons, taking=taking, by=SYSTEM)
        self.became[gone] = kept

    @rule(entry=entries)
    def erase(self, entry):
        entry = self.kept(entry)
        if entry in self.erased:
            return
        person = db.session.get_one(Person, entry, populate_existing=True)
        erase_person(person, next(iter(ErasureReason)), by=SYSTEM)
        self.erased.add(entry)

    # The log

    @rule(target=handouts, entry=entries, event=EVENTS, already_given=st.booleans())
    def hand_out(self, entry, event, already_given):
        kept = self.kept(entry)
        if kept in self.erased:
            return multiple()
        db.session.expire_all()
        person = db.session.get_one(Person, kept)
        was_served = any(
            is_same(person, db.session.get_one(Person, self.kept(other)))
            for _event, other in self.given.values()
        )
        logged = self.scene.log(
            event=self.events[event], person_id=entry, already_given=already_given
        )
        is_refused = was_served and not already_given
        assert (logged.outcome is Outcome.REFUSED) == is_refused
        if is_refused:
            return multiple()
        self.given[logged.id] = (event, kept)
        return logged.id

    @rule(handout=consumes(handouts))
    def take_back(self, handout):
        services.void_handout(handout, void_id=uuid_utils.uuid7(), reason="Wrong", by=SYSTEM)
        del self.given[handout]

    # What must be so after every step

    @invariant()
    def everybody_counts_once(self):
        if not hasattr(self, "scene"):
            return
        db.session.flush()
        expected = Counter(
            (self.events[event].id, self.kept(person)) for event, person in self.given.values()
        )
        rows = db.session.query(Served).populate_existing()
        assert +Counter({(row.event_id, row.person_id): row.times for row in rows}) == expected
        times = db.session.scalar(select(func.sum(Tally.person_times))) or 0
        assert times == len(self.given)

    @invariant()
    def nothing_erased_comes_back(self):
        if not hasattr(self, "scene"):
            return
        for person in db.session.query(Person).populate_existing():
            if person.id in self.became:
                assert person.merged_into_id == self.kept(person.id)
            if person.id in self.erased or person.id in self.became:
                assert person.name in {"", NOBODY}
                assert (person.employer, person.household_key, person.name_key) == ("",) * 3
                assert (person.phone_index, person.id_index, person.id_tail) == (None,) * 3
                assert (person.phone, person.id_number, person.union_number) == (None,) * 3


def is_same(one, other) -> bool:
    """Say whether the log takes two entries for one person: by their numbers."""
    ids = [person.id_number for person in (one, other) if person.id_number]
    shortest = min(map(len, ids), default=0)
    do_differ = len({number[-shortest:] for number in ids}) > 1
    has_same_id = len(ids) == 2 and not do_differ and shortest > 4
    has_same_phone = one.phone is not None and one.phone == other.phone
    return one is other or has_same_id or (has_same_phone and not do_differ)


def test_every_history_of_a_register_counts_right(app):
    run_state_machine_as_test(
        Register,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
