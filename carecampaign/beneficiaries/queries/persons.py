"""Read persons, within one's part of the tree."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload, undefer_group

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers, within
from carecampaign.beneficiaries.keys import indexes_of_id
from carecampaign.beneficiaries.models import SEALED, Occupation, Person
from carecampaign.beneficiaries.queries.search import BY_NAME, is_found_by
from carecampaign.core.babel import in_language
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing
from carecampaign.organizations.models import Organization


@dataclass(frozen=True)
class PersonFilters:
    """What a list of persons is narrowed to; "" and None narrow nothing.

    ``organization_id`` stands for an organisation and all below it.
    """

    text: str = ""
    occupation_id: int | None = None
    organization_id: int | None = None


PERSONS: Listing[Person] = Listing(
    _l("Persons"),
    (
        Column("name", _l("Full name"), lambda person: person.name, Person.name),
        Column(
            "occupation",
            _l("Occupation"),
            lambda person: in_language(person.occupation),
            select(Occupation.name)
            .where(Occupation.id == Person.occupation_id)
            .correlate(Person)
            .scalar_subquery(),
        ),
        Column(
            "employer", _l("Unit or platform"), lambda person: person.employer, Person.employer
        ),
        Column("phone", _l("Phone"), lambda person: person.masked_phone),
        Column("id_number", _l("ID number"), lambda person: person.masked_id_number),
        Column(
            "organization",
            _l("Kept by"),
            lambda person: person.organization.short_name,
            Organization.short_name,
        ),
    ),
    order=(Person.name, Person.id),
)

FOUND_PERSONS = replace(PERSONS, order=BY_NAME)
"""The list while a text narrows it."""


def persons_for(actor: Actor, filters: PersonFilters) -> Select[Any]:
    """Select the persons kept within the actor's part of the tree (to paginate), by name."""
    return _persons().where(_visible_to(actor), *_conditions(filters))


def get_person_for(
    actor: Actor,
    person_id: int,
    permission: Permission = Permission.BENEFICIARIES_VIEW,
    *,
    lock: bool = False,
) -> Person:
    """Give a person kept by an organisation that ``permission`` reaches. Raises NotFound.

    ``lock`` holds the entry until the transaction ends.
    """
    statement = _persons().where(Person.id == person_id, _visible_to(actor, permission))
    person = db.session.scalar(statement.with_for_update(of=Person) if lock else statement)
    if person is None:
        raise NotFound(_l("There is no such person, or the entry is not yours to see."))
    found: Person = person
    return found


def may(actor: Actor, permission: Permission, person: Person) -> bool:
    """Say whether a permission of the actor reaches a person's entry."""
    return covers(actor.paths(permission), person.organization.path)


def find_by_id_number(actor: Actor, number: str) -> Person | None:
    """Find a person the actor may see by their whole ID number."""
    statement = _persons().where(Person.id_index.in_(indexes_of_id(number)), _visible_to(actor))
    found: Person | None = db.session.scalars(statement).first()
    return found


def _persons() -> Select[Any]:
    return (
        select(Person)
        .join(Person.organization)
        .options(
            contains_eager(Person.organization),
            joinedload(Person.occupation),
            undefer_group(SEALED),
        )
        .order_by(Person.name, Person.id)
    )


def _visible_to(
    actor: Actor, permission: Permission = Permission.BENEFICIARIES_VIEW
) -> ColumnElement[bool]:
    return within(Organization.path, actor.paths(permission))


def _conditions(filters: PersonFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.text:
        conditions.append(is_found_by(filters.text))
    if filters.occupation_id is not None:
        conditions.append(Person.occupation_id == filters.occupation_id)
    if filters.organization_id is not None:
        path = db.session.scalar(
            select(Organization.path).where(Organization.id == filters.organization_id)
        )
        conditions.append(within(Organization.path, [] if path is None else [path]))
    return conditions
