"""What the log is sealed by: digests of handouts and voids, computed once and ever again."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from carecampaign.audit.services import digest_of, keyed_digest, register_kind
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
    content: Mapping[str, Any] = {
        **facts._asdict(),
        # Words about a person must stay erasable.
        "note": keyed_digest(facts.note) if facts.note else "",
        "moved": moved,
    }
    return Seal(HANDOUT, str(facts.id), digest_of(content))


def seal_of_void(void: HandoutVoid) -> Seal:
    """Give the seal of a void."""
    content = {
        "id": void.id,
        "handout_id": void.handout_id,
        "reason": keyed_digest(void.reason),
        "voided_by_id": void.voided_by_id,
        "recorded_at": void.recorded_at,
    }
    return Seal(VOID, str(void.id), digest_of(content))


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


def _ids(refs: Sequence[str]) -> Iterable[UUID]:
    for ref in refs:
        try:
            yield UUID(ref)
        except ValueError:  # a key that was tampered with belongs to no row
            continue


register_kind(HANDOUT, _handout_digests)
register_kind(VOID, _void_digests)
