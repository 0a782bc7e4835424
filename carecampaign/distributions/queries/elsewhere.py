"""Whether somebody was served in a campaign under another entry, whoever keeps that.

A person may be kept by several units, none of which sees the others' entries. What is the same
in all of them is a phone or ID number, by its keyed hash; and the answer is a day, nothing else.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, or_, select

from carecampaign.beneficiaries.contacts import Numbers
from carecampaign.beneficiaries.keys import indexes_of_id, indexes_of_phone, indexes_of_tail
from carecampaign.beneficiaries.models import Person, PersonPair
from carecampaign.beneficiaries.numbers import LAST_FOUR
from carecampaign.beneficiaries.roster import use_days_served
from carecampaign.core.batches import batches
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, Served


class _Hashes(NamedTuple):
    """What numbers may be kept as."""

    phones: frozenset[bytes]
    ids: frozenset[bytes]
    tails: frozenset[bytes]


class _Entry(NamedTuple):
    """An entry that was served, and the day of the last event that served it."""

    id: int
    phone_index: bytes | None
    id_index: bytes | None
    id_tail: bytes | None
    day: date


def served_elsewhere(campaign_id: int, person_ids: Collection[int]) -> dict[int, date]:
    """Give those of some persons whom a campaign served under another entry, and when last.

    Whom somebody said to be a different person is one.
    """
    rows = select(Person.id, Person.phone, Person.id_number).where(Person.id.in_(list(person_ids)))
    people = {row.id: _hashes(row.phone, row.id_number) for row in db.session.execute(rows)}
    served = _served(campaign_id, people.values())
    different = _found_different(person_ids) if served else frozenset()
    days = {
        person_id: [
            entry.day
            for entry in _like(hashes, served)
            if entry.id != person_id and frozenset((entry.id, person_id)) not in different
        ]
        for person_id, hashes in people.items()
    }
    return {person_id: max(some) for person_id, some in days.items() if some}


def served_with(campaign_id: int, people: Sequence[Numbers]) -> list[date | None]:
    """Say when a campaign last served somebody with the numbers of each; None: it did not.

    It is for people who are not kept yet.
    """
    hashes = [_hashes(*numbers) for numbers in people]
    served = _served(campaign_id, hashes)
    return [max((entry.day for entry in _like(each, served)), default=None) for each in hashes]


def _hashes(phone: str | None, id_number: str | None) -> _Hashes:
    is_whole = id_number is not None and len(id_number) > LAST_FOUR
    return _Hashes(
        frozenset(indexes_of_phone(phone) if phone else ()),
        frozenset(indexes_of_id(id_number) if id_number and is_whole else ()),
        frozenset(indexes_of_tail(id_number[-LAST_FOUR:])[1] if id_number else ()),
    )


def _served(campaign_id: int, people: Collection[_Hashes]) -> Mapping[bytes, list[_Entry]]:
    """Give the entries a campaign served that have one of these numbers, by its hash."""
    found: dict[bytes, list[_Entry]] = defaultdict(list)
    columns = Person.id, Person.phone_index, Person.id_index, Person.id_tail
    statement = (
        select(*columns, func.max(DistributionEvent.held_on))
        .join(Served, Served.person_id == Person.id)
        .join(DistributionEvent, DistributionEvent.id == Served.event_id)
        .where(Served.campaign_id == campaign_id, Served.times > 0)
        .group_by(*columns)
    )
    for column, wanted in (
        (Person.phone_index, {each for one in people for each in one.phones}),
        (Person.id_index, {each for one in people for each in one.ids}),
    ):
        for some in batches(sorted(wanted)):
            for row in db.session.execute(statement.where(column.in_(some))):
                entry = _Entry(*row)
                found[getattr(entry, column.key)].append(entry)
    return found


def _like(one: _Hashes, served: Mapping[bytes, list[_Entry]]) -> Iterator[_Entry]:
    """Give the entries that are of the same person.

    Who has the phone number, but another ID number, is somebody else: it is a family's.
    """
    for key in one.ids:
        yield from served.get(key, ())
    for key in one.phones:
        for entry in served.get(key, ()):
            if not _differs(entry.id_index, one.ids) and not _differs(entry.id_tail, one.tails):
                yield entry


def _differs(kept: bytes | None, wanted: frozenset[bytes]) -> bool:
    return kept is not None and bool(wanted) and kept not in wanted


def _found_different(person_ids: Iterable[int]) -> frozenset[frozenset[int]]:
    ids = list(person_ids)
    pairs = select(PersonPair.first_id, PersonPair.second_id).where(
        or_(PersonPair.first_id.in_(ids), PersonPair.second_id.in_(ids)),
        PersonPair.judged_at.is_not(None),
    )
    return frozenset(frozenset(pair) for pair in db.session.execute(pairs))


# Whoever takes a roster in learns of it before handing out.
use_days_served(served_with)
