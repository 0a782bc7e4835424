"""Who a person is kept as by now: an entry that was merged means the one it went into."""

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased

from carecampaign.beneficiaries.models import Person
from carecampaign.core.db import db

Named = aliased(Person)
"""The entry that was asked for, beside ``Person``, which holds what is known."""


def entries_of(person_id: Any) -> Select[int]:  # noqa: ANN401 - an id, or a column of ids
    """Select the ids of all entries of a person: the one that is kept, and those merged into it.

    What was logged for any of them was logged for that person.
    """
    entry = aliased(Person)
    return select(entry.id).where(or_(entry.id == person_id, entry.merged_into_id == person_id))


def holding(person_id: int, *columns: Any) -> Select[Any]:  # noqa: ANN401 - of the statement
    """Select ``columns`` of the ``Person`` who holds what is known of somebody, to be held.

    Nothing is found while the entry is being merged: ask again. Held, it cannot be merged
    until the transaction ends.
    """
    return (
        select(*columns)
        .select_from(Person)
        .join(Named, Person.id == func.coalesce(Named.merged_into_id, Named.id))
        .where(Named.id == person_id, Person.merged_into_id.is_(None))
        .with_for_update(of=Person, key_share=True)
    )


def first_of(statement: Select[Any]) -> Any:  # noqa: ANN401 - a row, or None
    """Read the first row of what ``holding`` selects, once more if it was merged meanwhile."""
    return db.session.execute(statement).first() or db.session.execute(statement).first()


def lock_holding_id(person_id: int) -> int:
    """Give the id under which somebody is kept, and hold it until the transaction ends."""
    row = first_of(holding(person_id, Person.id))
    return int(row.id)
