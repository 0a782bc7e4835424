"""Prove that what is recorded is still what was sealed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import String, cast, func, select
from sqlalchemy.engine import Row

from carecampaign.audit.models import ENTRY, AuditEntry, AuditPending, AuditSeal
from carecampaign.audit.services.recording import entry_digest
from carecampaign.audit.services.sealing import CONFLICT, GENESIS, link_hash
from carecampaign.audit.vocabulary import SEALED_KINDS
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.i18n import _
from carecampaign.core.limits import LARGEST_ID

CHUNK = 1000
MOST_PROBLEMS = 100
"""So many are named one by one; a broken chain of a million would help nobody."""

PATIENCE = 60
"""Seconds within which a row has to be sealed."""

Seal = Row[int, str, str, str, str, str]
"""Number, kind, key, digest, hash before and hash of a link."""

Digests = Callable[[Sequence[str]], Mapping[str, str]]
Progress = Callable[[int], None]

_kinds: dict[str, Digests] = {}


def register_kind(kind: str, digests: Digests) -> None:
    """Say how the digests of sealed rows of a kind are computed again.

    ``digests`` gets up to a thousand keys and gives key → digest, in a bounded number of
    queries, without the rows that are no more. Areas call this once, at set-up.
    """
    _kinds[kind] = digests


class Verification(NamedTuple):
    """How many seals were looked at, and what is wrong, in words (at most MOST_PROBLEMS)."""

    seals: int
    problems: list[str]


def verify(progress: Progress = lambda _percent: None) -> Verification:
    """Follow the chain from its start and compute every sealed digest again.

    Reads in chunks, so that memory stays flat however long the chain is. ``progress`` is
    told how far it is, in percent.
    """
    last: int = db.session.scalar(select(func.max(AuditSeal.seq))) or 0
    problems: list[str] = []
    count = 0
    for chunk, chain_problems in _follow_chain():
        count += len(chunk)
        problems += chain_problems
        problems += _changed_rows(chunk)
        del problems[MOST_PROBLEMS:]
        progress(max(0, min(99, chunk[-1].seq * 100 // max(last, 1))))
    problems += [*_unsealed_entries(), *_waiting_too_long()]
    return Verification(count, problems[:MOST_PROBLEMS])


def _follow_chain() -> Iterator[tuple[Sequence[Seal], list[str]]]:
    columns = (
        AuditSeal.seq,
        AuditSeal.kind,
        AuditSeal.ref,
        AuditSeal.digest,
        AuditSeal.prev,
        AuditSeal.hash,
    )
    seq, prev = 0, GENESIS
    # Below the first number a link may have been slipped in as well.
    seen_to = -(2**62)
    while True:
        chunk = db.session.execute(
            select(*columns).where(AuditSeal.seq > seen_to).order_by(AuditSeal.seq).limit(CHUNK)
        ).all()
        if not chunk:
            return
        problems: list[str] = []
        for seal in chunk:
            problems += _link_problems(seal, seq, prev)
            seq, prev = seal.seq, seal.hash
        seen_to = seq
        yield chunk, problems


def _link_problems(seal: Seal, seq_before: int, hash_before: str) -> Iterator[str]:
    if seal.seq != seq_before + 1:
        yield _(
            "Seal %(seq)s follows seal %(before)s: the seals between them are missing.",
            seq=seal.seq,
            before=seq_before,
        )
    elif seal.prev != hash_before:
        yield _("Seal %(seq)s does not continue the seal before it.", seq=seal.seq)
    if seal.hash != link_hash(seal.seq, seal.kind, seal.ref, seal.digest, seal.prev):
        yield _("Seal %(seq)s was changed.", seq=seal.seq)


def _changed_rows(seals: Sequence[Seal]) -> Iterator[str]:
    by_kind: dict[str, list[Seal]] = {}
    for seal in seals:
        by_kind.setdefault(seal.kind, []).append(seal)
    for kind, sealed in by_kind.items():
        digests = _kinds.get(kind)
        if kind == CONFLICT:
            yield from (_conflict(seal) for seal in sealed)
        elif digests is None:
            yield _("Nobody can prove the sealed rows of the kind “%(kind)s”.", kind=kind)
        else:
            yield from _differences(sealed, digests([seal.ref for seal in sealed]))


def _differences(sealed: Sequence[Seal], now: Mapping[str, str]) -> Iterator[str]:
    for seal in sealed:
        digest = now.get(seal.ref)
        if digest is None:
            yield _(
                "%(kind)s %(ref)s (seal %(seq)s) is missing.",
                kind=_name(seal.kind),
                ref=seal.ref,
                seq=seal.seq,
            )
        elif digest != seal.digest:
            yield _(
                "%(kind)s %(ref)s (seal %(seq)s) was changed after it was sealed.",
                kind=_name(seal.kind),
                ref=seal.ref,
                seq=seal.seq,
            )


def _name(kind: str) -> str:
    return str(SEALED_KINDS.get(kind, kind))


def _conflict(seal: Seal) -> str:
    kind, _colon, rest = seal.ref.partition(":")
    return _(
        "%(kind)s %(ref)s was noted for sealing again with another content (seal %(seq)s).",
        kind=_name(kind),
        ref=rest.rpartition(":")[0],
        seq=seal.seq,
    )


def _unsealed_entries() -> Iterator[str]:
    # One statement, so that the sealer cannot move an entry between two looks.
    key = cast(AuditEntry.id, String)
    is_sealed = select(AuditSeal.seq).where(AuditSeal.kind == ENTRY, AuditSeal.ref == key)
    is_waiting = select(AuditPending.id).where(AuditPending.kind == ENTRY, AuditPending.ref == key)
    lost = db.session.scalars(
        select(AuditEntry.id)
        .where(~is_sealed.exists(), ~is_waiting.exists())
        .order_by(AuditEntry.id)
        .limit(MOST_PROBLEMS)
    )
    for entry_id in lost:
        yield _("Audit entry %(ref)s is neither sealed nor waiting to be.", ref=entry_id)


def _waiting_too_long() -> Iterator[str]:
    since = clock.seconds_from_now(-PATIENCE)
    count = db.session.scalar(
        select(func.count()).select_from(AuditPending).where(AuditPending.noted_at < since)
    )
    if count:
        yield _(
            "%(count)s rows have been waiting for their seal for over %(seconds)s seconds:"
            " is the job consumer running?",
            count=count,
            seconds=PATIENCE,
        )


def _entry_digests(refs: Sequence[str]) -> dict[str, str]:
    # A key that was tampered with is no number, or one beyond what the database can compare.
    numbers = [int(ref) for ref in refs if ref.isascii() and ref.isdigit()]
    ids = [number for number in numbers if number <= LARGEST_ID]
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.id.in_(ids)))
    return {str(entry.id): entry_digest(entry) for entry in entries}


register_kind(ENTRY, _entry_digests)
