"""Read the persons that the rows of a roster may be."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, undefer_group

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.beneficiaries.models import KNOWN, SEALED, Person
from carecampaign.core.batches import batches
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization

AT_ONCE = 2_000
"""Marks looked for in one statement: fewer statements are faster, by far."""


def keepers_for(actor: Actor) -> dict[str, int]:
    """Give the organisations the actor may name as keeping persons, by name, in tree order."""
    reach = within(Organization.path, actor.paths(Permission.BENEFICIARIES_MANAGE))
    statement = select(Organization.name, Organization.id).where(reach, Organization.is_active)
    rows = db.session.execute(statement.order_by(Organization.path, Organization.id))
    return {"".join(name.split()): organization_id for name, organization_id in rows}


def get_keeper_for(actor: Actor, organization_id: int) -> Organization:
    """Give an organisation that the actor keeps persons for. Raises NotFound."""
    reach = within(Organization.path, actor.paths(Permission.BENEFICIARIES_MANAGE))
    found = db.session.scalar(
        select(Organization).where(
            Organization.id == organization_id, reach, Organization.is_active
        )
    )
    if found is None:
        raise NotFound(_l("There is no such organization, or it is not yours to see."))
    return found


@dataclass
class Marks:
    """What persons may be known by: keyed hashes of numbers, plain names with plain units."""

    phone_indexes: list[bytes] = field(default_factory=list)
    id_indexes: list[bytes] = field(default_factory=list)
    names: set[tuple[str, str]] = field(default_factory=set)


def last_person_id() -> int:
    """Give the highest id of a person there is."""
    return db.session.scalar(select(func.max(Person.id))) or 0


def persons_like(actor: Actor, marks: Marks, *, last_id: int, lock: bool) -> dict[int, Person]:
    """Give the persons up to an id, looked after by the actor, who have one of these marks.

    ``lock`` holds them until the transaction ends.
    """
    ids = sorted(set(_ids_of(actor, marks, last_id)))
    statement = (
        select(Person)
        .join(Person.organization)
        .options(undefer_group(SEALED), contains_eager(Person.organization))
        .order_by(Person.id)
    )
    if lock:
        statement = statement.with_for_update(of=Person)
    return {
        person.id: person
        for batch in batches(ids)
        for person in db.session.scalars(statement.where(Person.id.in_(batch)))
    }


def _ids_of(actor: Actor, marks: Marks, last_id: int) -> Iterator[int]:
    looked_after = (
        select(Person.id, Person.name_key, Person.employer_key)
        .join(Person.organization)
        .where(
            KNOWN,
            Person.id <= last_id,
            within(Organization.path, actor.paths(Permission.BENEFICIARIES_MANAGE)),
        )
    )
    hashes = (
        (Person.phone_index, marks.phone_indexes),
        (Person.id_index, marks.id_indexes),
    )
    for column, values in hashes:
        for batch in batches(values, AT_ONCE):
            yield from db.session.scalars(looked_after.where(column.in_(batch)))
    names = sorted({name for name, _employer in marks.names})
    employers = sorted({employer for _name, employer in marks.names})
    # A pair as such no index serves. Of one employer there may be tens of thousands, of one
    # name hardly: the index of the employers must not be the one that is used.
    of_employer = Person.employer_key.concat("")
    for some_names in batches(names, AT_ONCE):
        for some_employers in batches(employers, AT_ONCE):
            pairs = looked_after.where(
                Person.name_key.in_(some_names), of_employer.in_(some_employers)
            )
            for person_id, name, employer in db.session.execute(pairs):
                if (name, employer) in marks.names:
                    yield person_id
