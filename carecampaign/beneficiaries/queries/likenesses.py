"""Find entries that may be of one person: by what they are found by, nothing is opened."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select

from carecampaign.beneficiaries.models import KNOWN, PairGround, Person
from carecampaign.beneficiaries.spelling import alike
from carecampaign.core.batches import batches
from carecampaign.core.db import db

MOST_ALIKE = 10
"""What more others than these have in common with somebody tells nobody apart."""

Pair = tuple[int, int]
"""The ids of two persons, the smaller one first."""


class _Columns(NamedTuple):
    id: int
    name: str
    name_key: str
    pinyin: str
    employer_key: str
    phone_index: bytes | None
    id_index: bytes | None
    id_tail: bytes | None


_KEYS = select(*(getattr(Person, name) for name in _Columns._fields)).where(KNOWN)


class _Entry(_Columns):
    """An entry as far as two of them are compared."""

    @cached_property
    def spellings(self) -> frozenset[str]:
        return alike(self.name)


def find_likenesses(person_ids: Sequence[int]) -> dict[Pair, PairGround]:
    """Give the pairs of these persons with others in the register, and what speaks for each.

    Numbers are compared by their keyed hashes: two that are sealed with different keys count
    as different until the rotation is through.
    """
    own = {
        entry.id: entry
        for some in batches(sorted(person_ids))
        for entry in _entries(Person.id.in_(some))
    }
    others = {entry.id: entry for entry in _others_like(list(own.values()))} | own
    found: dict[Pair, PairGround] = {}
    for entry, other, ground in _alike(own.values(), others.values()):
        found[min(entry.id, other.id), max(entry.id, other.id)] = ground
    return found


def _entries(*conditions: ColumnElement[bool]) -> Iterator[_Entry]:
    return (_Entry(*row) for row in db.session.execute(_KEYS.where(*conditions)))


def _others_like(entries: Sequence[_Entry]) -> Iterator[_Entry]:
    for column, values in (
        (Person.phone_index, {entry.phone_index for entry in entries}),
        (Person.id_index, {entry.id_index for entry in entries}),
    ):
        for some in batches(sorted(value for value in values if value)):
            yield from _entries(column.in_(some))
    spellings: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        if entry.employer_key:
            spellings[entry.employer_key] |= entry.spellings
    for employer_key, wanted in sorted(spellings.items()):
        is_there = Person.employer_key == employer_key
        for some_spellings in batches(sorted(wanted)):
            yield from _entries(is_there, Person.pinyin.in_(some_spellings))


def _alike(
    entries: Iterable[_Entry], others: Iterable[_Entry]
) -> Iterator[tuple[_Entry, _Entry, PairGround]]:
    near = _by_what_they_share(others)
    for entry in entries:
        grounds: dict[PairGround, list[_Entry]] = defaultdict(list)
        for other in _near(entry, near):
            ground = _ground(entry, other)
            if ground is not None:
                grounds[ground].append(other)
        for ground, alike_ones in grounds.items():
            if len(alike_ones) <= MOST_ALIKE:
                yield from ((entry, other, ground) for other in alike_ones)


_Shared = Mapping[Any, Sequence[_Entry]]


def _by_what_they_share(entries: Iterable[_Entry]) -> _Shared:
    shared: dict[Any, list[_Entry]] = defaultdict(list)
    for entry in entries:
        for key in (entry.phone_index, entry.id_index):
            if key:
                shared[key].append(entry)
        shared[entry.employer_key, entry.pinyin].append(entry)
    return shared


def _near(entry: _Entry, shared: _Shared) -> Iterable[_Entry]:
    keys: list[Any] = [key for key in (entry.phone_index, entry.id_index) if key]
    if entry.employer_key:
        keys += [(entry.employer_key, spelling) for spelling in entry.spellings]
    near = {other.id: other for key in keys for other in shared.get(key, ())}
    near.pop(entry.id, None)
    return near.values()


def _ground(one: _Entry, other: _Entry) -> PairGround | None:
    if one.id_index and one.id_index == other.id_index:
        return PairGround.SAME_ID
    if _contradict(one, other):
        return None
    if one.phone_index and one.phone_index == other.phone_index:
        return PairGround.SAME_PHONE
    # What remains is near by its name and unit.
    return PairGround.SAME_NAME if one.name_key == other.name_key else PairGround.ALIKE


def _contradict(one: _Entry, other: _Entry) -> bool:
    """Say whether the numbers tell two persons apart; one ID number may be its last four only.

    Somebody may have a new phone, so a phone says nothing against the end of an ID number.
    """
    if _differ(one.id_index, other.id_index) or _differ(one.id_tail, other.id_tail):
        return True
    is_one_tail = one.id_tail is not None and one.id_tail == other.id_tail
    return not is_one_tail and _differ(one.phone_index, other.phone_index)


def _differ(one: bytes | None, other: bytes | None) -> bool:
    return one is not None and other is not None and one != other
