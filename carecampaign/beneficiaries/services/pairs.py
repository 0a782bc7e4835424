"""Entries that may be of one person: found, named by somebody, and judged to be different."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import Select, and_, delete, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.beneficiaries.models import KNOWN, PairGround, Person, PersonPair, Uncompared
from carecampaign.beneficiaries.queries.likenesses import Pair, find_likenesses
from carecampaign.core import clock
from carecampaign.core.batches import batches
from carecampaign.core.db import Base, db
from carecampaign.core.errors import Conflict, DomainError
from carecampaign.core.i18n import _l
from carecampaign.jobs.models import Job
from carecampaign.jobs.services import request_job

FIND_PAIRS = "beneficiaries.find-pairs"
"""The kind of job that compares those who were noted."""

COMPARED_AT_ONCE = 100
NOTED_AT_ONCE = 10_000


class OneAndTheSame(DomainError):
    """An entry cannot be paired with itself."""

    field = "other_id"

    def __init__(self) -> None:
        super().__init__(_l("This is the number of this very entry."))


class AlreadyJudged(Conflict):
    """Somebody else said so before."""

    def __init__(self) -> None:
        super().__init__(_l("Somebody has already decided about these two."))


def compare(person_ids: Iterable[int]) -> int:
    """Pair these persons with others who may be they; give how many pairs speak for it.

    Pairs that nothing speaks for any more are let go, but for those that people named or
    judged. It may be done as often as one likes.
    """
    ids = sorted(set(person_ids))
    db.session.flush()
    found = find_likenesses(ids)
    _keep(found)
    _let_go(ids, found)
    return len(found)


def compare_later(person_ids: Iterable[int] | None = None, *, by: Actor) -> Job:
    """Ask for a job that compares these persons (None: everybody) with all others."""
    db.session.flush()
    persons = select(Person.id).where(KNOWN, Person.id.not_in(select(Uncompared.person_id)))
    if person_ids is None:
        _note(persons)
        return request_job(FIND_PAIRS, key=FIND_PAIRS, arguments={}, by=by)
    for some in batches(sorted(set(person_ids)), NOTED_AT_ONCE):
        _note(persons.where(Person.id.in_(some)))
    # One of its own: another that runs may have looked already what is left.
    return request_job(FIND_PAIRS, key=f"{FIND_PAIRS}:{uuid4()}", arguments={}, by=by)


def count_uncompared() -> int:
    """Count the persons who are noted to be compared."""
    return db.session.scalar(select(func.count()).select_from(Uncompared)) or 0


def compare_batch() -> int:
    """Compare the next persons that were noted; give how many there were."""
    ids = db.session.scalars(
        select(Uncompared.person_id)
        .order_by(Uncompared.person_id)
        .limit(COMPARED_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    compare(ids)
    db.session.execute(delete(Uncompared).where(Uncompared.person_id.in_(ids)))
    return len(ids)


def name_pair(one: Person, other: Person, *, by: Actor) -> PersonPair:
    """Give the pair of two entries that somebody takes for one person, judged before or not.

    Raises OneAndTheSame.
    """
    if one is other:
        raise OneAndTheSame
    first, second = sorted((one, other), key=lambda person: person.id)
    is_this = and_(PersonPair.first_id == first.id, PersonPair.second_id == second.id)
    pair = db.session.scalar(select(PersonPair).where(is_this))
    if pair is None:
        _keep({(first.id, second.id): PairGround.REPORTED})
        pair = db.session.scalars(select(PersonPair).where(is_this)).one()
        _record("name_pair", pair, by=by)
    return pair


def judge_different(pair: PersonPair, *, by: Actor) -> None:
    """Say that two entries are of two persons; they are never paired again.

    Raises AlreadyJudged.
    """
    if pair.judged_at is not None:
        raise AlreadyJudged
    pair.judged_at = clock.now()
    pair.judged_by_id = by.id
    _record("judge_different", pair, by=by)


def reopen(pair: PersonPair, *, by: Actor) -> None:
    """Take back that two entries are of two persons; of an open pair it changes nothing."""
    if pair.judged_at is None:
        return
    pair.judged_at = pair.judged_by_id = None
    _record("reopen_pair", pair, by=by)


def lead_pairs_on(gone: Person, kept: Person) -> None:
    """Let the pairs of a merged entry be those of the one that stays, with their judgements."""
    theirs = {_other(pair, kept.id): pair for pair in _pairs_of([kept.id])}
    for pair in _pairs_of([gone.id]):
        other_id = _other(pair, gone.id)
        known = theirs.get(other_id)
        if known is not None and known.judged_at is None:
            known.judged_at, known.judged_by_id = pair.judged_at, pair.judged_by_id
        if known is None and other_id != kept.id:
            pair.first_id, pair.second_id = sorted((kept.id, other_id))
        else:
            db.session.delete(pair)
    db.session.execute(delete(Uncompared).where(Uncompared.person_id == gone.id))
    db.session.flush()


def forget_pairs(person_ids: Sequence[int]) -> None:
    """Let go of every pair of persons about whom nothing is known any more."""
    for some in batches(person_ids):
        ends = or_(PersonPair.first_id.in_(some), PersonPair.second_id.in_(some))
        db.session.execute(delete(PersonPair).where(ends))
        db.session.execute(delete(Uncompared).where(Uncompared.person_id.in_(some)))


def _note(persons: Select[int]) -> None:
    db.session.execute(insert(Uncompared).from_select(["person_id"], persons))


def _keep(found: Mapping[Pair, PairGround]) -> None:
    """Write pairs down; of one still to be judged, what speaks for it is what was found now."""
    is_open = and_(PersonPair.judged_at.is_(None), PersonPair.ground != PairGround.REPORTED)
    statement = _insert()
    statement = statement.on_conflict_do_update(
        index_elements=["first_id", "second_id"],
        set_={"ground": statement.excluded.ground},
        where=is_open,
    )
    for some in batches(sorted(found)):
        rows = [
            {"first_id": one, "second_id": other, "ground": found[one, other]}
            for one, other in some
        ]
        db.session.execute(statement, rows)


def _insert() -> Any:  # noqa: ANN401 - each dialect has its own insert
    make = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    return make(Base.metadata.tables[PersonPair.__tablename__])


def _let_go(person_ids: Sequence[int], found: Mapping[Pair, PairGround]) -> None:
    stale = [
        pair.id
        for pair in _pairs_of(person_ids)
        if pair.judged_at is None
        and pair.ground is not PairGround.REPORTED
        and (pair.first_id, pair.second_id) not in found
    ]
    for some in batches(stale):
        db.session.execute(delete(PersonPair).where(PersonPair.id.in_(some)))


def _pairs_of(person_ids: Sequence[int]) -> list[PersonPair]:
    return [
        pair
        for some in batches(person_ids)
        for column in (PersonPair.first_id, PersonPair.second_id)
        for pair in db.session.scalars(
            select(PersonPair).where(column.in_(some)).order_by(PersonPair.id)
        )
    ]


def _other(pair: PersonPair, person_id: int) -> int:
    return pair.second_id if pair.first_id == person_id else pair.first_id


def _record(verb: str, pair: PersonPair, *, by: Actor) -> None:
    audit.record(
        f"beneficiaries.{verb}",
        pair,
        by=by,
        name=f"№ {pair.first_id}, № {pair.second_id}",
        path=pair.first.organization.path,
    )
