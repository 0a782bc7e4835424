"""What the log is sealed by: digests of handouts and voids, computed once and ever again."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from carecampaign.audit.services import keyed_digest, register_kind
from carecampaign.core.db import db
from carecampaign.distributions.models import Handout, HandoutVoid
from carecampaign.distributions.services.counters import Facts, Seal
from carecampaign.inventory.models import LocationKind, Movement, StockLocation

HANDOUT = "handout"
VOID = "handout_void"


def seal_of_handout(facts: Facts, portions: Iterable[Any]) -> Seal:
    """Give the seal of a handout: what the log says, and the lots and values that went out.

    ``portions`` have a lot (or None), a quantity and a value in fen.
    """
    moved = [[portion.lot_id, portion.quantity, portion.value] for portion in portions]
    # Words about a person must stay erasable.
    note = keyed_digest(facts.note) if facts.note else ""
    return Seal(HANDOUT, str(facts.id), _digest([*facts._replace(note=note), moved]))


def seal_of_void(void: HandoutVoid) -> Seal:
    """Give the seal of a void."""
    facts = [
        void.id,
        void.handout_id,
        keyed_digest(void.reason),
        void.voided_by_id,
        void.recorded_at,
    ]
    return Seal(VOID, str(void.id), _digest(facts))


def facts_of(handout: Handout) -> Facts:
    """Give a handout as it was stored."""
    return Facts(**{name: getattr(handout, name) for name in Facts._fields})


def _handout_digests(refs: Sequence[str]) -> dict[str, str]:
    ids = list(_ids(refs))
    moved: dict[UUID | None, list[Movement]] = {}
    for movement in db.session.scalars(
        select(Movement)
        .join(StockLocation, StockLocation.id == Movement.target_id)
        .where(
            Movement.handout_id.in_(ids),
            Movement.reverses_id.is_(None),
            StockLocation.kind == LocationKind.RECIPIENTS,
        )
        .order_by(Movement.id)
    ):
        moved.setdefault(movement.handout_id, []).append(movement)
    handouts = db.session.scalars(select(Handout).where(Handout.id.in_(ids)))
    return {
        str(handout.id): seal_of_handout(facts_of(handout), moved.get(handout.id, ())).digest
        for handout in handouts
    }


def _void_digests(refs: Sequence[str]) -> dict[str, str]:
    voids = db.session.scalars(select(HandoutVoid).where(HandoutVoid.id.in_(list(_ids(refs)))))
    return {str(void.id): seal_of_void(void).digest for void in voids}


def _digest(facts: Sequence[object]) -> str:
    """Give the SHA-256 (hex) of facts in their order, the same on both databases."""
    return hashlib.sha256(json.dumps(facts, default=_as_text).encode()).hexdigest()


def _as_text(fact: object) -> str:
    return fact.isoformat(timespec="microseconds") if isinstance(fact, datetime) else str(fact)


def _ids(refs: Sequence[str]) -> Iterable[UUID]:
    for ref in refs:
        try:
            yield UUID(ref)
        except ValueError:  # a key that was tampered with belongs to no row
            continue


register_kind(HANDOUT, _handout_digests)
register_kind(VOID, _void_digests)
