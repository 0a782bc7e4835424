"""Two entries of one person become one; whatever either was given stays given."""

from collections import Counter

import pytest
import uuid_utils.compat as uuid_utils
from sqlalchemy import select, update

from carecampaign.access.actor import SYSTEM
from carecampaign.audit.models import AuditEntry
from carecampaign.audit.services import keyed_digest
from carecampaign.beneficiaries import queries
from carecampaign.beneficiaries.models import Card, CardBatch, PairGround, Person, PersonPair
from carecampaign.beneficiaries.services import pairs
from carecampaign.beneficiaries.services.pairs import OneAndTheSame
from carecampaign.campaigns.models import (
    Consent,
    ConsentKind,
    ConsentMeans,
    Notice,
    RosterEntry,
    RosterLock,
)
from carecampaign.campaigns.services import digest_of_roster
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.i18n import in_language_of
from carecampaign.distributions import services
from carecampaign.distributions.models import Handout, Outcome, Served
from carecampaign.distributions.services import Refusal
from carecampaign.inventory.services.verification import verify_everything
from carecampaign.privacy.merging import MergeField
from carecampaign.privacy.services import merge
from carecampaign.reports.queries.progress import campaign_totals
from tests.distributions.scene import carry, set_the_scene
from tests.factories import CampaignFactory, PersonFactory

PHONE, OTHER_PHONE, ID = "13800138000", "13900139000", "11010119900307002X"


@pytest.fixture
def scene(app):
    return set_the_scene()


@pytest.fixture
def evening(scene):
    """A second event of the campaign."""
    event = scene.another_event()
    carry(scene.event.location, event, scene.package, 5)
    return event


@pytest.fixture
def person(scene):
    """Make an entry kept by the campaign's organizer."""

    def person(name="张伟", **facts):
        return PersonFactory(name=name, organization=scene.campaign.organizer, **facts)

    return person


def served() -> dict[tuple[int, int], int]:
    rows = db.session.query(Served).populate_existing()
    return {(row.event_id, row.person_id): row.times for row in rows if row.times}


def persons_of(campaign) -> int:
    return campaign_totals(campaign, []).persons


def test_each_fact_is_that_of_the_entry_chosen(person):
    kept = person("张玮", phone=PHONE, employer="韵达快递", household_key="3B12")
    gone = person("张伟", phone=OTHER_PHONE, id_number=ID, employer="中通快递")

    merge(gone, kept, taking={MergeField.NAME, MergeField.PHONE, MergeField.ID_NUMBER}, by=SYSTEM)
    db.session.commit()

    assert (kept.name, kept.phone, kept.id_number) == ("张伟", OTHER_PHONE, ID)
    assert (kept.employer, kept.household_key) == ("韵达快递", "3B12")
    assert queries.find_by_id_number(SYSTEM, ID) is kept


def test_of_the_entry_that_goes_nothing_is_left_but_where_it_went(person):
    kept, gone = person(), person(phone=PHONE, id_number=ID, union_number="12345678")
    gone.household_key = "3B12"

    merge(gone, kept, taking=(), by=SYSTEM)

    columns = Person.__table__.c
    left = db.session.execute(select(columns).where(columns.id == gone.id)).mappings().one()
    filled = {name for name, value in left.items() if value not in (None, "", False)}
    references = {"id", "occupation_id", "organization_id", "merged_into_id"}
    assert filled == {*references, "created_at", "changed_at"}
    assert left["merged_into_id"] == kept.id
    with pytest.raises(queries.MergedAway) as raised:
        queries.get_person_for(SYSTEM, gone.id)
    assert raised.value.into_id == kept.id


def test_handouts_stay_and_the_person_counts_once(scene, evening, person):
    kept, gone = person(), person()
    handouts = [
        scene.log(person_id=gone.id).id,
        scene.log(person_id=gone.id, event=evening, already_given=True).id,
        scene.log(person_id=kept.id, already_given=True).id,
    ]
    assert persons_of(scene.campaign) == 2

    merge(gone, kept, taking=(), by=SYSTEM)

    assert persons_of(scene.campaign) == 1
    assert served() == {(scene.event.id, kept.id): 2, (evening.id, kept.id): 1}
    log = dict(db.session.execute(select(Handout.id, Handout.person_id)).all())
    assert [log[handout] for handout in handouts] == [gone.id, gone.id, kept.id]
    assert verify_everything() == []


def test_what_was_given_before_is_taken_back_from_the_entry_that_stays(scene, person):
    kept, gone = person(), person()
    handout_id = scene.log(person_id=gone.id).id
    merge(gone, kept, taking=(), by=SYSTEM)

    services.void_handout(handout_id, void_id=uuid_utils.uuid7(), reason="Wrong", by=SYSTEM)

    assert persons_of(scene.campaign) == 0
    assert verify_everything() == []
    assert scene.log(person_id=kept.id).outcome is Outcome.CREATED


def test_whoever_taps_the_old_number_serves_the_entry_that_stays(scene, person):
    kept, gone = person(), person()
    merge(gone, kept, taking=(), by=SYSTEM)

    first = scene.log(person_id=gone.id)
    second = scene.log(person_id=kept.id)

    assert first.outcome is Outcome.CREATED
    assert second.reasons == (Refusal.SERVED_BEFORE,)
    assert served() == {(scene.event.id, kept.id): 1}
    assert verify_everything() == []


def test_a_unit_may_serve_whom_it_knew_though_another_keeps_them_now(scene, person):
    gone, kept = person(), PersonFactory(name="张伟")
    merge(gone, kept, taking=(), by=SYSTEM)

    assert scene.log(person_id=gone.id, already_given=True).outcome is Outcome.CREATED
    assert served() == {(scene.event.id, kept.id): 1}


def test_merges_one_after_the_other_lead_to_the_last(scene, person):
    first, second, third = person(), person(), person()
    handout_id = scene.log(person_id=first.id).id

    merge(first, second, taking=(), by=SYSTEM)
    merge(second, third, taking=(), by=SYSTEM)
    db.session.commit()

    assert {one.merged_into_id for one in (first, second)} == {third.id}
    assert served() == {(scene.event.id, third.id): 1}
    assert db.session.get_one(Handout, handout_id).person.as_kept is third
    assert scene.log(person_id=first.id).reasons == (Refusal.SERVED_BEFORE,)
    assert verify_everything() == []


def test_an_entry_is_not_merged_into_itself(person):
    one = person()

    with pytest.raises(OneAndTheSame):
        merge(one, one, taking=(), by=SYSTEM)


def test_other_pairs_follow_with_what_was_said_of_them(person):
    kept, gone, other, stranger, cousin = (person(name) for name in "甲乙丙丁戊")
    for one, two in ((kept, gone), (gone, other), (gone, stranger), (kept, stranger)):
        pairs.name_pair(one, two, by=SYSTEM)
    pairs.judge_different(pairs.name_pair(gone, stranger, by=SYSTEM), by=SYSTEM)
    pairs.judge_different(pairs.name_pair(kept, cousin, by=SYSTEM), by=SYSTEM)
    pairs.name_pair(gone, cousin, by=SYSTEM)

    merge(gone, kept, taking=(), by=SYSTEM)

    left = db.session.query(PersonPair).populate_existing().all()
    assert {(pair.first_id, pair.second_id): pair.judged_at is None for pair in left} == {
        (kept.id, other.id): True,
        (kept.id, stranger.id): False,
        (kept.id, cousin.id): False,
    }


def test_the_entry_that_stays_is_compared_by_what_it_has_now(person):
    kept, gone, family = person(), person(phone=PHONE), person("李娜", phone=PHONE)

    merge(gone, kept, taking={MergeField.PHONE}, by=SYSTEM)

    [pair] = db.session.scalars(select(PersonPair))
    assert (pair.first_id, pair.second_id) == (kept.id, family.id)
    assert pair.ground is PairGround.SAME_PHONE


def test_the_log_knows_that_and_by_whom_but_nobody_s_words(person):
    kept, gone = person("张玮", phone=PHONE), person("张伟", phone=OTHER_PHONE)

    merge(gone, kept, taking={MergeField.PHONE}, by=SYSTEM)

    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "privacy.merge"))
    changes = {entry.subject_id: entry.changes for entry in entries}
    assert changes == {
        str(kept.id): {
            "merged_from": gone.id,
            "phone": [keyed_digest(PHONE), keyed_digest(OTHER_PHONE)],
        },
        str(gone.id): {"merged_into": kept.id},
    }


@pytest.mark.parametrize("wrong", ["one too many", "with the entry that went"])
def test_the_check_of_the_figures_knows_who_went_where(scene, person, wrong):
    kept, gone, bystander = person(), person(), person()
    scene.log(person_id=gone.id)
    scene.log(person_id=bystander.id)
    merge(gone, kept, taking=(), by=SYSTEM)
    assert verify_everything() == []

    of_the_kept = update(Served).where(Served.person_id == kept.id)
    values = {"times": 2} if wrong == "one too many" else {"person_id": gone.id}
    db.session.execute(of_the_kept.values(values))

    with in_language_of("en"):
        assert [str(one) for one in verify_everything()] == [
            f"Event {scene.event.id}: the persons served are not those of its log."
        ]


def test_a_further_item_is_taken_back_like_any_other(scene, person):
    kept, gone = person(), person()
    scene.log(person_id=gone.id)
    further = scene.log(person_id=gone.id, head_count=0).id
    merge(gone, kept, taking=(), by=SYSTEM)

    services.void_handout(further, void_id=uuid_utils.uuid7(), reason="Wrong", by=SYSTEM)

    assert persons_of(scene.campaign) == 1
    assert verify_everything() == []


class TestWhatFollows:
    @pytest.fixture
    def two(self, person):
        """The entry that stays and the one that goes."""
        return person(), person()

    def merge(self, two):
        kept, gone = two
        merge(gone, kept, taking=(), by=SYSTEM)
        db.session.commit()

    def test_a_card_is_found_with_the_entry_that_stays(self, scene, two):
        kept, gone = two
        batch = CardBatch(organization_id=scene.campaign.organizer_id, size=1)
        card = Card(
            batch=batch,
            code_index=b"1",
            short_index=b"2",
            person_id=gone.id,
            bound_at=clock.now(),
        )
        db.session.add_all([batch, card])
        db.session.flush()

        self.merge(two)

        db.session.refresh(card)
        assert card.person is kept

    def test_a_person_is_on_a_roster_once(self, scene, two):
        other = CampaignFactory(organizer=scene.campaign.organizer)
        for campaign, persons in ((scene.campaign, two), (other, two[1:])):
            for one in persons:
                entry = {"campaign_id": campaign.id, "unit_id": campaign.organizer_id}
                db.session.add(RosterEntry(**entry, person_id=one.id))
        locks = [lock_of(scene.campaign), lock_of(other)]
        locks[1].digest = "as it was before somebody tampered with it"
        db.session.flush()

        self.merge(two)

        rows = db.session.execute(select(RosterEntry.campaign_id, RosterEntry.person_id))
        assert set(rows) == {(scene.campaign.id, two[0].id), (other.id, two[0].id)}
        are_as_locked = [digest_of_roster(lock.campaign) == lock.digest for lock in locks]
        assert are_as_locked == [True, False]

    def test_a_consent_stands_once_and_what_was_withdrawn_is_remembered(self, scene, two):
        kept, gone = two
        notice = Notice(
            campaign_id=scene.campaign.id,
            number=1,
            body="…",
            **dict.fromkeys(("asks_sensitive", "asks_public_notice", "asks_photo"), True),
        )
        db.session.add(notice)
        db.session.flush()
        for person, kind, withdrawn_at in (
            (kept, ConsentKind.HANDLING, None),
            (gone, ConsentKind.HANDLING, None),
            (gone, ConsentKind.PHOTO, clock.now()),
            (gone, ConsentKind.PUBLIC_NOTICE, None),
        ):
            consent = Consent(
                campaign_id=scene.campaign.id,
                person_id=person.id,
                notice_id=notice.id,
                kind=kind,
                means=ConsentMeans.ON_PAPER,
                given_on=scene.campaign.starts_on,
                withdrawn_at=withdrawn_at,
            )
            db.session.add(consent)
        db.session.flush()

        self.merge(two)

        left = db.session.query(Consent).all()
        assert {one.person_id for one in left} == {kept.id}
        assert Counter((one.kind, one.withdrawn_at is None) for one in left) == {
            (ConsentKind.HANDLING, True): 1,
            (ConsentKind.PHOTO, False): 1,
            (ConsentKind.PUBLIC_NOTICE, True): 1,
        }


def lock_of(campaign):
    lock = RosterLock(campaign=campaign, persons=2, households=0, figures={}, digest="")
    db.session.add(lock)
    db.session.flush()
    lock.digest = digest_of_roster(campaign)
    return lock
