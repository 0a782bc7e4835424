"""What is recorded gets sealed: in order, once, by one sealer at a time."""

import threading
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select

from carecampaign.access.actor import SYSTEM
from carecampaign.audit import services as audit
from carecampaign.audit.models import AuditEntry, AuditPending, AuditSeal
from carecampaign.audit.tasks import seal_pending
from carecampaign.core.db import db, transaction
from carecampaign.jobs.models import JobState
from tests.factories import OrganizationFactory


def seals():
    return db.session.scalars(select(AuditSeal).order_by(AuditSeal.seq)).all()


def note(*rows):
    with transaction():
        for row in rows:
            audit.note_for_sealing(*row)


def test_seals_are_numbered_without_gaps_and_each_names_the_one_before(record_entries):
    record_entries(3)
    seal_pending()
    record_entries(2)
    seal_pending()

    chain = seals()
    assert [seal.seq for seal in chain] == [1, 2, 3, 4, 5]
    assert [seal.prev for seal in chain] == [audit.GENESIS, *(seal.hash for seal in chain[:-1])]
    assert db.session.scalar(select(func.count()).select_from(AuditPending)) == 0


def test_an_entry_and_its_note_for_the_sealer_are_one_change(organization):
    def change_and_fail():
        with transaction():
            audit.record("organizations.edit", organization, by=SYSTEM, name="lost")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change_and_fail()

    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == 0
    assert db.session.scalar(select(func.count()).select_from(AuditPending)) == 0


def test_more_than_one_batch_is_sealed_in_one_go(app):
    note(*(("sheet", str(number), "d" * 64) for number in range(25)))

    with transaction():
        assert audit.seal_batch(limit=10) == 10
    assert seal_pending() == 15
    assert len(seals()) == 25


def test_the_same_row_noted_twice_is_sealed_once(app):
    note(("sheet", "1", "a" * 64), ("sheet", "1", "a" * 64))
    seal_pending()
    note(("sheet", "1", "a" * 64))
    seal_pending()

    assert [(seal.kind, seal.ref) for seal in seals()] == [("sheet", "1")]


def test_a_second_content_for_a_sealed_row_stops_no_sealing_and_is_named(app):
    audit.register_kind("sheet", lambda refs: dict.fromkeys(refs, "a" * 64))
    note(("sheet", "1:x", "a" * 64), ("sheet", "1:x", "b" * 64), ("sheet", "2", "a" * 64))
    seal_pending()

    assert [seal.kind for seal in seals()] == ["sheet", audit.CONFLICT, "sheet"]
    assert audit.verify().problems == [
        "sheet 1:x was noted for sealing again with another content (seal 2)."
    ]


def test_sealers_at_once_make_one_chain(app):
    note(*(("sheet", str(number), "a" * 64) for number in range(400)))
    audit.register_kind("sheet", lambda refs: dict.fromkeys(refs, "a" * 64))
    start = threading.Barrier(4)
    counts = []

    def seal():
        with app.app_context():
            start.wait()
            for _turn in range(20):
                with transaction():
                    counts.append(audit.seal_batch(limit=10))
            db.session.remove()

    sealers = [threading.Thread(target=seal) for _ in range(4)]
    for sealer in sealers:
        sealer.start()
    for sealer in sealers:
        sealer.join()

    assert sum(counts) == 400
    result = audit.verify()
    assert (result.seals, result.problems) == (400, [])


def test_a_row_committed_late_with_a_lower_number_is_sealed_too(app):
    with transaction():
        db.session.execute(insert(AuditPending).values(id=50, kind="s", ref="50", digest="a"))
    seal_pending()
    with transaction():
        db.session.execute(insert(AuditPending).values(id=7, kind="s", ref="7", digest="a"))
    seal_pending()

    assert [seal.ref for seal in seals()] == ["50", "7"]


def test_personal_values_enter_as_keyed_digests_only(app):
    digest = audit.keyed_digest("110101199003070000")

    assert len(digest) == 64
    assert digest == audit.keyed_digest("110101199003070000")
    assert digest != audit.digest_of({"value": "110101199003070000"})


def test_a_digest_depends_on_the_content_and_not_on_its_order(app):
    content = {
        "day": date(2026, 11, 24),
        "at": datetime(2026, 11, 24, 4, tzinfo=UTC),
        "state": JobState.DONE,
        "id": UUID(int=7),
        "names": {"b", "a"},
        "counts": {"x": 1, "y": [None, True]},
    }
    as_text = {
        "counts": {"y": [None, True], "x": 1},
        "names": ["a", "b"],
        "id": str(UUID(int=7)),
        "state": "done",
        "at": "2026-11-24T04:00:00.000000+00:00",
        "day": "2026-11-24",
    }

    assert audit.digest_of(content) == audit.digest_of(as_text)
    assert audit.digest_of({**content, "day": date(2026, 11, 25)}) != audit.digest_of(content)


def test_an_entry_about_a_row_just_made_knows_its_number(app):
    with transaction():
        place = OrganizationFactory.build(path="1/")
        db.session.add(place)
        audit.record("organizations.create", place, by=SYSTEM, name="A union")

    assert db.session.scalars(select(AuditEntry.subject_id)).one() == str(place.id)
