"""Read persons, within one's part of the tree."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import contains_eager, joinedload, undefer_group

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers, within
from carecampaign.beneficiaries.keys import indexes_of_id
from carecampaign.beneficiaries.models import KNOWN, SEALED, Occupation, Person
from carecampaign.beneficiaries.numbers import mask_name
from carecampaign.beneficiaries.queries.search import BY_NAME, is_found_by
from carecampaign.core.babel import in_language
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing
from carecampaign.organizations.models import Organization


class MergedAway(NotFound):
    """The entry was merged into another one, whose id is ``into_id``."""

    def __init__(self, into_id: int) -> None:
        super().__init__(
            _l("This entry was merged into another one: № %(number)s.", number=into_id)
        )
        self.into_id = into_id


class Erased(NotFound):
    """What was known of the person was erased."""

    def __init__(self, person: Person) -> None:
        super().__init__(
            _l(
                "What was kept of this person (№ %(number)s) was erased. Handouts and figures"
                " stay, without the name.",
                number=person.id,
            )
        )


@dataclass(frozen=True)
class PersonFilters:
    """What a list of persons is narrowed to; "" and None narrow nothing.

    ``organization_id`` stands for an organisation and all below it.
    """

    text: str = ""
    occupation_id: int | None = None
    organization_id: int | None = None


# A file shows names and numbers masked; the page itself shows the name whole.
PERSONS: Listing[Person] = Listing(
    _l("Persons"),
    (
        Column("name", _l("Full name"), lambda person: mask_name(person.name), Person.name),
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


def persons_to_manage(actor: Actor, text: str) -> Select[Any]:
    """Select the persons the actor looks after who are found by a text, by name."""
    reach = _visible_to(actor, Permission.BENEFICIARIES_MANAGE)
    return _persons().where(reach, is_found_by(text)).order_by(None).order_by(*BY_NAME)


def get_person_for(
    actor: Actor,
    person_id: int,
    permission: Permission = Permission.BENEFICIARIES_VIEW,
    *,
    lock: bool = False,
) -> Person:
    """Give a person kept by an organisation that ``permission`` reaches.

    ``lock`` holds the entry until the transaction ends. Raises NotFound, of it MergedAway
    where there is another entry by now, and Erased.
    """
    statement = _entries().where(Person.id == person_id, _visible_to(actor, permission))
    person = db.session.scalar(statement.with_for_update(of=Person) if lock else statement)
    if person is None:
        raise NotFound(_l("There is no such person, or the entry is not yours to see."))
    found: Person = person
    if found.merged_into_id is not None:
        raise MergedAway(found.merged_into_id)
    if found.erased_at is not None:
        raise Erased(found)
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
    return _entries().where(KNOWN)


def _entries() -> Select[Any]:
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
