"""The figures beside the log, kept in the transaction of the handout itself.

Every writer adds in one order: tally, roll-up of the day, served (DESIGN.md, law 4).
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Executable

from carecampaign.catalogue.models import ItemKind
from carecampaign.core import clock
from carecampaign.core.hot import run, run_many, run_together
from carecampaign.distributions.models import SLOTS
from carecampaign.distributions.queries import STANDING, Standing, read_standing
from carecampaign.distributions.services import statements as sql


class Facts(NamedTuple):
    """A handout as it is stored: what, how many, for whom, when. ``value`` is fen."""

    id: UUID
    event_id: int
    campaign_id: int
    unit_id: int
    group_id: int
    item_id: int
    person_id: int | None
    quantity: int
    head_count: int
    value: int
    note: str
    logged_by_id: int | None
    happened_at: datetime
    recorded_at: datetime
    is_synthetic: bool


class Seal(NamedTuple):
    """What is noted for sealing together with a change."""

    kind: str
    ref: str
    digest: str


def counted_on(happened_at: datetime, recorded_at: datetime, *, held_on: date) -> date:
    """Give the local date under which a handout counts.

    It is the day it happened by the device's clock, which may be wrong: never before the
    event's day, never after the server heard of it.
    """
    heard_on = clock.local_date(recorded_at)
    return min(max(clock.local_date(happened_at), held_on), heard_on)


def add(facts: Facts, *, held_on: date, kind: ItemKind, location_id: int, seal: Seal) -> Standing:
    """Store a handout, count it, and note it for sealing; give how the event stands then."""
    steps, values = adding(facts, held_on=held_on, kind=kind, seal=seal)
    values |= {"at_event": facts.event_id, "at_location": location_id}
    # Asked in the same round trip, and so without this handout; its stock has left by then.
    standing = read_standing(run_together(steps, values, question=STANDING))
    standing.count(facts.group_id, person_times=facts.head_count, quantity=facts.quantity)
    return standing


def adding(
    facts: Facts, *, held_on: date, kind: ItemKind, seal: Seal
) -> tuple[list[Executable], dict[str, Any]]:
    """Give the statements that store a handout, count it and note it, and their values."""
    steps = [sql.INSERT_HANDOUT, *_counters(facts), sql.NOTE_FOR_SEALING]
    values = _row_of(facts)
    values |= _figures(facts, held_on=held_on, kind=kind, sign=1)
    values |= _sealing(facts.recorded_at, seal)
    return steps, values


def add_many(handouts: Sequence[tuple[Facts, Seal]], *, held_on: date, kind: ItemKind) -> None:
    """Store many handouts of one thing, none to a named person, and do for them as ``add``."""
    run_many(sql.INSERT_HANDOUT, [_row_of(facts) for facts, _seal in handouts])
    figures: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for facts, _seal in handouts:
        values = _figures(facts, held_on=held_on, kind=kind, sign=1)
        keys = tuple((name, value) for name, value in values.items() if name.startswith("its_"))
        figures[keys].update({k: v for k, v in values.items() if k.startswith("more_")})
    sums = [dict(keys) | more for keys, more in sorted(figures.items(), key=_by_row)]
    for counter in (sql.ADD_TO_TALLY, sql.ADD_TO_DAY):
        for values in sums:
            run(sql.here(counter), values)
    run_many(sql.NOTE_FOR_SEALING, [_sealing(it.recorded_at, seal) for it, seal in handouts])


def _by_row(row: tuple[tuple[Any, ...], Any]) -> tuple[str, ...]:
    return tuple(str(value) for _name, value in row[0])


def _row_of(facts: Facts) -> dict[str, Any]:
    return {f"its_{name}": value for name, value in zip(Facts._fields, facts, strict=True)}


def take_back(
    facts: Facts, *, held_on: date, kind: ItemKind, seal: Seal, recorded_at: datetime
) -> None:
    """Take a voided handout out of the figures, and note the void for sealing."""
    steps = [*_counters(facts), sql.NOTE_FOR_SEALING]
    values = _figures(facts, held_on=held_on, kind=kind, sign=-1) | _sealing(recorded_at, seal)
    run_together(steps, values)


def _counters(facts: Facts) -> list[Any]:
    counters = [sql.here(sql.ADD_TO_TALLY), sql.here(sql.ADD_TO_DAY)]
    if _is_serving(facts):
        counters.append(sql.here(sql.ADD_TO_SERVED))
    return counters


def _is_serving(facts: Facts) -> bool:
    # A further item to the same person is not another service.
    return facts.person_id is not None and facts.head_count > 0


def _figures(facts: Facts, *, held_on: date, kind: ItemKind, sign: int) -> dict[str, Any]:
    is_package = kind == ItemKind.PACKAGE
    values = {
        "its_event_id": facts.event_id,
        "its_campaign_id": facts.campaign_id,
        "its_unit_id": facts.unit_id,
        "its_group_id": facts.group_id,
        "its_item_id": facts.item_id,
        "its_day": counted_on(facts.happened_at, facts.recorded_at, held_on=held_on),
        "its_slot": facts.event_id % SLOTS,
        "more_person_times": sign * facts.head_count,
        "more_quantity": sign * facts.quantity,
        "more_packages": sign * facts.quantity if is_package else 0,
        "more_pieces": 0 if is_package else sign * facts.quantity,
        "more_value": sign * facts.value,
    }
    if _is_serving(facts):
        values["its_person_id"] = facts.person_id
    return values


def _sealing(noted_at: datetime, seal: Seal) -> dict[str, Any]:
    return {
        "seal_kind": seal.kind,
        "seal_ref": seal.ref,
        "seal_digest": seal.digest,
        "seal_noted_at": noted_at,
    }
