"""Read the persons that the rows of a roster may be."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, contains_eager, undefer_group

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.beneficiaries.keys import indexes_of_id, indexes_of_phone
from carecampaign.beneficiaries.models import SEALED, Person
from carecampaign.core.batches import batches
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.organizations.models import Organization


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


def persons_like(
    actor: Actor, *, phones: Iterable[str], ids: Iterable[str], names: Iterable[str], lock: bool
) -> dict[int, Person]:
    """Give the persons the actor looks after who have one of these numbers or plain names.

    ``lock`` holds them until the transaction ends.
    """
    phone_indexes = [index for phone in phones for index in indexes_of_phone(phone)]
    id_indexes = [index for number in ids for index in indexes_of_id(number)]
    wanted: Sequence[tuple[InstrumentedAttribute[Any], list[Any]]] = (
        (Person.phone_index, phone_indexes),
        (Person.id_index, id_indexes),
        (Person.name_key, sorted(set(names))),
    )
    return {
        person.id: person
        for column, values in wanted
        for person in _persons(actor, column, values, lock=lock)
    }


def _persons(
    actor: Actor, column: InstrumentedAttribute[Any], values: Sequence[Any], *, lock: bool
) -> Iterator[Person]:
    statement = (
        select(Person)
        .join(Person.organization)
        .where(within(Organization.path, actor.paths(Permission.BENEFICIARIES_MANAGE)))
        .options(undefer_group(SEALED), contains_eager(Person.organization))
        .order_by(Person.id)
    )
    if lock:
        statement = statement.with_for_update(of=Person)
    for batch in batches(values):
        yield from db.session.scalars(statement.where(column.in_(batch)))
