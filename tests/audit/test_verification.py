"""Tampering after the seal shows, whatever is touched, on both databases."""

import tracemalloc
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from carecampaign.audit import services as audit
from carecampaign.audit.models import AuditEntry, AuditPending, AuditSeal
from carecampaign.audit.tasks import seal_pending
from carecampaign.core import clock
from carecampaign.core.db import db, transaction


@pytest.fixture
def sealed(record_entries):
    """Five sealed entries."""
    record_entries(5)
    seal_pending()
    return db.session.scalars(select(AuditEntry.id).order_by(AuditEntry.id)).all()


def tamper(*statements):
    with transaction():
        for statement in statements:
            db.session.execute(statement, execution_options={"synchronize_session": False})
    db.session.expire_all()


def test_what_nobody_touched_is_intact(sealed):
    result = audit.verify()

    assert (result.seals, result.problems) == (5, [])


@pytest.mark.parametrize(
    "change",
    [
        {"actor_name": "somebody else"},
        {"actor_id": 99},
        {"action": "organizations.create"},
        {"subject_kind": "campaign"},
        {"subject_id": "99"},
        {"subject_name": "another name"},
        {"organization_path": "9/"},
        {"changes": {"name": ["before", "forged"]}},
        {"created_at": clock.now() - timedelta(days=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_entry_is_named(sealed, change):
    tamper(update(AuditEntry).where(AuditEntry.id == sealed[2]).values(change))

    assert audit.verify().problems == [
        f"Audit entry {sealed[2]} (seal 3) was changed after it was sealed."
    ]


def test_a_deleted_entry_is_named(sealed):
    tamper(delete(AuditEntry).where(AuditEntry.id == sealed[1]))

    assert audit.verify().problems == [f"Audit entry {sealed[1]} (seal 2) is missing."]


@pytest.mark.parametrize("column", ["kind", "ref", "digest", "prev", "hash"])
def test_a_changed_seal_is_named(sealed, column):
    tamper(update(AuditSeal).where(AuditSeal.seq == 3).values({column: "forged"}))

    assert "Seal 3 was changed." in audit.verify().problems


def test_a_key_no_database_can_hold_is_named_like_any_other(sealed):
    tamper(update(AuditSeal).where(AuditSeal.seq == 3).values(ref="9" * 30))

    problems = audit.verify().problems
    assert "Seal 3 was changed." in problems
    assert f"Audit entry {'9' * 30} (seal 3) is missing." in problems
    assert f"Audit entry {sealed[2]} is neither sealed nor waiting to be." in problems


def test_swapped_seals_are_named(sealed):
    tamper(
        update(AuditSeal).where(AuditSeal.seq == 2).values(seq=99),
        update(AuditSeal).where(AuditSeal.seq == 3).values(seq=2),
        update(AuditSeal).where(AuditSeal.seq == 99).values(seq=3),
    )

    problems = audit.verify().problems
    assert "Seal 2 was changed." in problems
    assert "Seal 3 does not continue the seal before it." in problems


def test_a_deleted_seal_is_named(sealed):
    tamper(delete(AuditSeal).where(AuditSeal.seq == 3))

    assert audit.verify().problems == [
        "Seal 4 follows seal 2: the seals between them are missing.",
        f"Audit entry {sealed[2]} is neither sealed nor waiting to be.",
    ]


def test_the_end_of_the_chain_cannot_be_cut_off(sealed):
    tamper(delete(AuditSeal).where(AuditSeal.seq == 5))

    assert audit.verify().problems == [
        f"Audit entry {sealed[4]} is neither sealed nor waiting to be."
    ]


def test_an_entry_with_its_seal_made_anew_still_breaks_the_chain(sealed):
    entry = db.session.get(AuditEntry, sealed[1])
    entry.subject_name = "forged"
    digest = audit.entry_digest(entry)
    seal = db.session.get(AuditSeal, 2)
    tamper(
        update(AuditEntry).where(AuditEntry.id == sealed[1]).values(subject_name="forged"),
        update(AuditSeal)
        .where(AuditSeal.seq == 2)
        .values(digest=digest, hash=audit.link_hash(2, seal.kind, seal.ref, digest, seal.prev)),
    )

    assert audit.verify().problems == ["Seal 3 does not continue the seal before it."]


def test_a_link_slipped_in_before_the_first_is_named(sealed):
    tamper(
        insert(AuditSeal).values(
            seq=-4, kind="entry", ref="0", digest="", prev=audit.GENESIS, hash="forged"
        )
    )

    assert "Seal -4 was changed." in audit.verify().problems


def test_sealed_rows_of_an_unknown_kind_are_named(app):
    with transaction():
        audit.note_for_sealing("nobody's", "1", "a" * 64)
    seal_pending()

    assert audit.verify().problems == ["Nobody can prove the sealed rows of the kind “nobody's”."]


def test_a_row_waiting_for_over_a_minute_is_a_problem(record_entries):
    record_entries(2)
    assert audit.verify().problems == []

    tamper(update(AuditPending).values(noted_at=clock.seconds_from_now(-61)))

    assert audit.verify().problems == [
        "2 rows have been waiting for their seal for over 60 seconds: is the job consumer running?"
    ]


def test_so_many_problems_are_named_and_no_more(record_entries):
    record_entries(audit.MOST_PROBLEMS + 20)
    seal_pending()
    tamper(update(AuditEntry).values(subject_name="forged"))

    assert len(audit.verify().problems) == audit.MOST_PROBLEMS


def test_verification_tells_how_far_it_is(sealed):
    told = []

    audit.verify(told.append)

    assert told == [99]


def test_memory_stays_flat_however_long_the_chain_is(app):
    audit.register_kind("sheet", lambda refs: dict.fromkeys(refs, "a" * 64))
    extend_chain(1, 2_000)
    short = peak_memory()
    extend_chain(2_001, 20_000)

    assert peak_memory() < short * 1.5


def extend_chain(first, last):
    with transaction():
        prev = db.session.scalar(select(AuditSeal.hash).where(AuditSeal.seq == first - 1))
        prev = prev or audit.GENESIS
        rows = []
        for seq in range(first, last + 1):
            row = {"seq": seq, "kind": "sheet", "ref": str(seq), "digest": "a" * 64, "prev": prev}
            prev = audit.link_hash(**row)
            rows.append({**row, "hash": prev})
        db.session.execute(insert(AuditSeal), rows)


def peak_memory():
    tracemalloc.start()
    result = audit.verify()
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.problems == []
    return peak
