"""Read occupations and groups, which all share, and persons, within one's part of the tree."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import covers, within
from carecampaign.beneficiaries.models import BeneficiaryGroup, Occupation, Person
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Page, paginate
from carecampaign.organizations.models import Organization

# The letter first, then as numbers: E2 before E10.
_BY_CODE = (
    func.substr(Occupation.code, 1, 1),
    func.length(Occupation.code),
    Occupation.code,
)


@dataclass(frozen=True)
class PersonFilters:
    """What a list of persons is narrowed to; "" and None narrow nothing.

    ``organization_id`` stands for an organisation and all below it.
    """

    text: str = ""
    occupation_id: int | None = None
    organization_id: int | None = None


def list_groups() -> list[BeneficiaryGroup]:
    """Give the groups of the master taxonomy, by code."""
    return list(db.session.scalars(select(BeneficiaryGroup).order_by(BeneficiaryGroup.code)))


def list_occupations() -> list[Occupation]:
    """Give all occupations with their groups, by code."""
    statement = select(Occupation).options(selectinload(Occupation.groups)).order_by(*_BY_CODE)
    return list(db.session.scalars(statement))


def list_grouped_occupations() -> list[tuple[BeneficiaryGroup, list[Occupation]]]:
    """Give each group with its occupations; one that is in two groups comes twice."""
    occupations = list_occupations()
    return [
        (group, [occupation for occupation in occupations if group in occupation.groups])
        for group in list_groups()
    ]


def list_active_occupations(*, also: Iterable[int] = ()) -> list[Occupation]:
    """Give the occupations to choose from, by code; ``also`` names ids to give in any case."""
    return list(
        db.session.scalars(
            select(Occupation)
            .where(or_(Occupation.is_active, Occupation.id.in_(list(also))))
            .options(selectinload(Occupation.groups))
            .order_by(*_BY_CODE)
        )
    )


def get_occupation(occupation_id: int, *, lock: bool = False) -> Occupation:
    """Give an occupation with its groups. Raises NotFound.

    ``lock`` holds it until the transaction ends, so that two changes come one after the other.
    """
    statement = (
        select(Occupation)
        .where(Occupation.id == occupation_id)
        .options(selectinload(Occupation.groups))
    )
    occupation = db.session.scalar(statement.with_for_update() if lock else statement)
    if occupation is None:
        raise NotFound(_l("There is no such occupation."))
    return occupation


def list_persons_for(actor: Actor, filters: PersonFilters, *, page: int) -> Page[Person]:
    """Give a page of the persons kept within the actor's part of the tree, by name."""
    statement = _persons().where(_visible_to(actor), *_conditions(filters))
    return paginate(statement, page=page)


def get_person_for(
    actor: Actor, person_id: int, permission: Permission = Permission.BENEFICIARIES_VIEW
) -> Person:
    """Give a person kept by an organisation that ``permission`` reaches. Raises NotFound."""
    person = db.session.scalar(
        _persons().where(Person.id == person_id, _visible_to(actor, permission))
    )
    if person is None:
        raise NotFound(_l("There is no such person, or the entry is not yours to see."))
    found: Person = person
    return found


def may_manage(actor: Actor, person: Person) -> bool:
    """Say whether the actor looks after a person's entry."""
    return covers(actor.paths(Permission.BENEFICIARIES_MANAGE), person.organization.path)


def find_persons(text: str, organization: Organization, *, limit: int = 20) -> list[Person]:
    """Give persons kept at or below an organisation whose name contains ``text``, by name.

    Those whose name begins with it come first, so that a short name is found among long lists.
    """
    begins = Person.name.istartswith(text, autoescape=True)
    return list(
        db.session.scalars(
            select(Person)
            .join(Person.organization)
            .where(
                within(Organization.path, [organization.path]),
                Person.name.icontains(text, autoescape=True),
            )
            .options(joinedload(Person.occupation), contains_eager(Person.organization))
            .order_by(begins.desc(), Person.name, Person.id)
            .limit(limit)
        )
    )


def _persons() -> Select[Any]:
    return (
        select(Person)
        .join(Person.organization)
        .options(contains_eager(Person.organization), joinedload(Person.occupation))
        .order_by(Person.name, Person.id)
    )


def _visible_to(
    actor: Actor, permission: Permission = Permission.BENEFICIARIES_VIEW
) -> ColumnElement[bool]:
    return within(Organization.path, actor.paths(permission))


def _conditions(filters: PersonFilters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.text:
        conditions.append(
            or_(
                Person.name.icontains(filters.text, autoescape=True),
                Person.employer.icontains(filters.text, autoescape=True),
            )
        )
    if filters.occupation_id is not None:
        conditions.append(Person.occupation_id == filters.occupation_id)
    if filters.organization_id is not None:
        path = db.session.scalar(
            select(Organization.path).where(Organization.id == filters.organization_id)
        )
        conditions.append(within(Organization.path, [] if path is None else [path]))
    return conditions
