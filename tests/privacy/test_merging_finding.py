"""Entries that may be of one person are found: on entering, on changing, and by a job."""

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.beneficiaries.contacts import Contacts
from carecampaign.beneficiaries.models import PairGround, Person, PersonPair, Uncompared
from carecampaign.beneficiaries.queries.likenesses import MOST_ALIKE
from carecampaign.beneficiaries.services import add_person, edit_person, pairs
from carecampaign.beneficiaries.spelling import alike, spell
from carecampaign.core.db import db
from carecampaign.core.i18n import in_language_of
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.tasks import run_job
from tests.factories import OccupationFactory, OrganizationFactory, PersonFactory

ID, OTHER_ID = "11010119900307002X", "110101199003074477"
PHONE, OTHER_PHONE = "13800138000", "13900139000"
COURIER = {"employer": "韵达快递"}


@pytest.fixture
def union(app):
    return OrganizationFactory()


@pytest.fixture
def enter(union):
    """Enter a person as a form does: a name, perhaps an employer and numbers."""
    occupation = OccupationFactory()

    def enter(name="张伟", *, employer="", organization=None, **contacts):
        return add_person(
            name,
            occupation=occupation,
            organization=organization or union,
            employer=employer,
            contacts=Contacts(**contacts),
            by=SYSTEM,
        )

    return enter


def grounds() -> dict[tuple[int, int], PairGround]:
    """Give the pairs there are to judge."""
    db.session.flush()
    rows = db.session.scalars(select(PersonPair).where(PersonPair.judged_at.is_(None)))
    return {(pair.first_id, pair.second_id): pair.ground for pair in rows}


def change(person, **changed):
    facts = {
        name: getattr(person, name) for name in ("name", "occupation", "organization", "employer")
    }
    contacts = {name: getattr(person, name) for name in ("phone", "id_number", "union_number")}
    edit_person(
        person,
        **facts | {key: value for key, value in changed.items() if key in facts},
        contacts=Contacts(
            **contacts | {key: value for key, value in changed.items() if key in contacts}
        ),
        by=SYSTEM,
    )


@pytest.mark.parametrize(
    ("one", "other", "ground"),
    [
        ({"phone": PHONE}, {"name": "李娜", "phone": PHONE}, PairGround.SAME_PHONE),
        (COURIER, COURIER, PairGround.SAME_NAME),
        (COURIER, COURIER | {"name": "章玮"}, PairGround.ALIKE),
        (COURIER, COURIER | {"name": "张惟"}, PairGround.ALIKE),
        (COURIER, COURIER | {"name": "张飞"}, PairGround.ALIKE),
        (COURIER | {"name": "李敏"}, COURIER | {"name": "李明"}, PairGround.ALIKE),
        (COURIER | {"name": "王小明"}, COURIER | {"name": "王明小"}, PairGround.ALIKE),
        (COURIER | {"name": "Alim Tursun"}, COURIER | {"name": "tursun·alim"}, PairGround.ALIKE),
        (COURIER, {"employer": " 韵达 快递"}, PairGround.SAME_NAME),
        (COURIER | {"id_number": "002X"}, COURIER | {"id_number": ID}, PairGround.SAME_NAME),
        (
            COURIER | {"id_number": "002X", "phone": PHONE},
            COURIER | {"id_number": ID, "phone": OTHER_PHONE},
            PairGround.SAME_NAME,
        ),
        # What tells them apart:
        (COURIER, {"employer": "中通快递"}, None),
        ({}, {}, None),
        (COURIER, COURIER | {"name": "欧阳娜娜"}, None),
        (COURIER | {"phone": PHONE}, COURIER | {"phone": OTHER_PHONE}, None),
        (COURIER | {"id_number": ID}, COURIER | {"id_number": OTHER_ID}, None),
        ({"phone": PHONE, "id_number": ID}, {"phone": PHONE, "id_number": "4477"}, None),
    ],
)
def test_whoever_is_entered_is_compared(enter, one, other, ground):
    ids = tuple(enter(**facts).id for facts in (one, other))

    assert grounds() == ({} if ground is None else {ids: ground})


def test_the_same_id_number_with_another_union_is_the_same_person(app):
    # Of one's own part of the tree it would have been refused at once.
    ids = [PersonFactory(id_number=ID).id, PersonFactory(id_number=ID, name="张玮").id]

    assert pairs.compare(ids) == 1
    assert grounds() == {tuple(ids): PairGround.SAME_ID}


def test_what_is_changed_is_compared_again(enter):
    one, other = enter(phone=PHONE), enter(phone=OTHER_PHONE)
    assert grounds() == {}

    change(other, phone=PHONE)
    assert grounds() == {(one.id, other.id): PairGround.SAME_PHONE}
    change(other, phone=OTHER_PHONE)
    assert grounds() == {}


def test_a_change_that_tells_nothing_compares_nothing(enter, count_queries):
    one = enter(phone=PHONE)

    with count_queries() as sent:
        change(one, union_number="1234567890")

    assert not any("person_pair" in statement for statement in sent)


def test_what_many_have_in_common_tells_nobody_apart(enter):
    for _number in range(MOST_ALIKE + 2):
        PersonFactory(phone=PHONE)
    newest = enter(phone=PHONE)

    assert newest.id not in {end for pair in grounds() for end in pair}


def test_different_persons_are_never_paired_again(enter):
    one, other = enter(**COURIER), enter(**COURIER)
    [pair] = db.session.scalars(select(PersonPair))

    pairs.judge_different(pair, by=SYSTEM)
    change(other, phone=PHONE)
    change(one, phone=PHONE)
    assert grounds() == {}
    with pytest.raises(pairs.AlreadyJudged):
        pairs.judge_different(pair, by=SYSTEM)

    pairs.reopen(pair, by=SYSTEM)
    pairs.reopen(pair, by=SYSTEM)
    assert set(grounds()) == {(one.id, other.id)}


def test_what_somebody_reported_stays_until_it_is_judged(enter):
    one, other = enter("张伟"), enter("李娜")
    pair = pairs.name_pair(other, one, by=SYSTEM)
    assert pairs.name_pair(one, other, by=SYSTEM) is pair

    change(one, phone=PHONE)
    change(other, phone=PHONE)
    change(other, phone=None)

    assert grounds() == {(one.id, other.id): PairGround.REPORTED}
    with pytest.raises(pairs.OneAndTheSame):
        pairs.name_pair(one, one, by=SYSTEM)


@pytest.mark.usefixtures("app")
class TestTheJob:
    @pytest.fixture
    def register(self, monkeypatch):
        """Five persons twice each, whom nobody has compared yet."""
        monkeypatch.setattr(pairs, "COMPARED_AT_ONCE", 3)
        ids = [
            (PersonFactory(name=name, **COURIER).id, PersonFactory(name=name, **COURIER).id)
            for name in ("赵倩", "孙理", "周武", "郑旺", "冯晨楚")
        ]
        db.session.commit()
        return ids

    def run(self, job):
        db.session.commit()
        run_job(job.id)
        db.session.expire_all()
        return db.session.get_one(Job, job.id)

    def test_compares_everybody_in_batches(self, register):
        with in_language_of("en"):
            job = self.run(pairs.compare_later(by=SYSTEM))

        assert job.state is JobState.DONE
        assert job.result["message"] == "10 persons compared."
        assert set(grounds()) == set(register)
        assert db.session.query(Uncompared).count() == 0

    def test_finds_nothing_new_the_second_time(self, register):
        self.run(pairs.compare_later(by=SYSTEM))
        before = grounds()
        self.run(pairs.compare_later(by=SYSTEM))

        assert grounds() == before
        assert len(before) == len(register)

    def test_broken_off_it_goes_on_where_it_was(self, register, monkeypatch):
        job_id = pairs.compare_later(by=SYSTEM).id
        compare, calls = pairs.compare_batch, []

        def break_off():
            calls.append(1)
            if len(calls) == 3:
                raise OSError("the server was stopped")
            return compare()

        db.session.commit()
        monkeypatch.setattr(pairs, "compare_batch", break_off)
        run_job(job_id)
        assert db.session.query(Uncompared).count() == 4
        assert 0 < len(grounds()) < len(register)

        monkeypatch.undo()
        run_job(job_id)
        db.session.expire_all()
        assert set(grounds()) == set(register)

    def test_compares_those_who_were_imported_only(self, register):
        wanted = register[1]
        self.run(pairs.compare_later([wanted[1], wanted[1]], by=SYSTEM))

        assert set(grounds()) == {wanted}

    def test_is_asked_for_on_the_command_line(self, app, register):
        with in_language_of("en"):
            result = app.test_cli_runner().invoke(args=["beneficiaries", "find-duplicates"])

        assert result.exit_code == 0
        assert db.session.query(Uncompared).count() == 2 * len(register)
        assert db.session.query(Job).filter_by(kind=pairs.FIND_PAIRS).count() == 1


def test_names_that_are_easily_taken_for_one_another():
    assert spell("陈静").pinyin in alike("程静")
    assert spell("李娜").pinyin in alike("李拉")
    assert spell("王小明").pinyin not in alike("王大明")
    assert alike("") == {""}
    assert all(len(alike(name)) < 200 for name in ("张伟", "欧阳娜娜", "买买提·艾力"))


def test_a_merged_entry_is_compared_with_nobody(enter):
    one, other = enter(**COURIER), enter(**COURIER)
    other.merged_into_id = one.id
    db.session.flush()

    assert pairs.compare([one.id, other.id]) == 0
    assert db.session.get(Person, other.id).as_kept is one
