"""Move what waits into the chain, in order, one sealer at a time."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Row

from carecampaign.audit.models import AuditPending, AuditSeal
from carecampaign.core import clock
from carecampaign.core.db import db

Waiting = Row[int, str, str, str]
"""Id, kind, key and digest of a row that waits."""

BATCH = 1000
"""Rows sealed in one transaction: some 20 ms of the writer lock on SQLite."""

GENESIS = "0" * 64
"""What the first link of the chain names as the hash before it."""

CONFLICT = "conflict"
"""The kind under which a second, different content for a row that is sealed goes in."""

_ADVISORY_LOCK = 0x63617265_7365616C
"""Any number of the application's own ("care", "seal")."""


def seal_batch(limit: int = BATCH) -> int:
    """Seal up to ``limit`` of the rows that wait; give how many left the queue.

    One sealer works at a time: SQLite's writer lock sees to it, and on PostgreSQL an
    advisory lock that lasts as long as the transaction.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
    waiting = db.session.execute(
        select(AuditPending.id, AuditPending.kind, AuditPending.ref, AuditPending.digest)
        .order_by(AuditPending.id)
        .limit(limit)
    ).all()
    if not waiting:
        return 0
    head = db.session.execute(
        select(AuditSeal.seq, AuditSeal.hash).order_by(AuditSeal.seq.desc()).limit(1)
    ).first()
    seq, prev = (0, GENESIS) if head is None else (head.seq, head.hash)
    now = clock.now()
    links = []
    for kind, ref, digest in _without_repeats(waiting):
        seq += 1
        link = {"seq": seq, "kind": kind, "ref": ref, "digest": digest, "prev": prev}
        prev = link_hash(seq, kind, ref, digest, prev)
        links.append({**link, "hash": prev, "sealed_at": now})
    if links:
        db.session.execute(insert(AuditSeal), links)
    # By id, not up to the highest: on PostgreSQL a lower one may be committed later.
    db.session.execute(
        delete(AuditPending).where(AuditPending.id.in_([row.id for row in waiting])),
        execution_options={"synchronize_session": False},
    )
    return len(waiting)


def link_hash(seq: int, kind: str, ref: str, digest: str, prev: str) -> str:
    """Give the hash (SHA-256, hex) of a link of the chain."""
    return hashlib.sha256(f"{seq}|{kind}|{ref}|{digest}|{prev}".encode()).hexdigest()


def _without_repeats(waiting: Sequence[Waiting]) -> list[tuple[str, str, str]]:
    """Leave out what is sealed already; a second, different content is sealed as a conflict.

    So a mistake of the program stops no sealing, and verification names it.
    """
    sealed = _sealed_digests(waiting)
    fresh = []
    for row in waiting:
        before = sealed.get((row.kind, row.ref))
        if before is None:
            sealed[row.kind, row.ref] = row.digest
            fresh.append((row.kind, row.ref, row.digest))
        elif before != row.digest:
            fresh.append((CONFLICT, f"{row.kind}:{row.ref}:{row.id}", row.digest))
    return fresh


def _sealed_digests(waiting: Sequence[Waiting]) -> dict[tuple[str, str], str]:
    refs: dict[str, list[str]] = {}
    for row in waiting:
        refs.setdefault(row.kind, []).append(row.ref)
    return {
        (kind, seal.ref): seal.digest
        for kind, wanted in refs.items()
        for seal in db.session.execute(
            select(AuditSeal.ref, AuditSeal.digest).where(
                AuditSeal.kind == kind, AuditSeal.ref.in_(wanted)
            )
        )
    }
