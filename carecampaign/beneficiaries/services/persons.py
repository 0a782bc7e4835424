"""Keep persons by name."""

from collections.abc import Mapping

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.beneficiaries.contacts import NOTHING, Contacts
from carecampaign.beneficiaries.models import Occupation, Person
from carecampaign.beneficiaries.queries.persons import find_by_id_number
from carecampaign.beneficiaries.services.pairs import compare
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _
from carecampaign.organizations.models import Organization

COMPARED = frozenset({"name", "employer", "phone", "id_number"})
"""What makes a person look like another."""


class AlreadyKept(DomainError):
    """Somebody whom the actor may see has this ID number: it is the same person."""

    field = "id_number"

    def __init__(self, person: Person) -> None:
        super().__init__(
            _(
                "A person with this ID number is already kept: %(name)s, № %(number)s.",
                name=person.name,
                number=person.id,
            )
        )


def add_person(
    name: str,
    *,
    occupation: Occupation,
    organization: Organization,
    employer: str = "",
    contacts: Contacts = NOTHING,
    is_synthetic: bool = False,
    by: Actor,
) -> Person:
    """Keep a person by name for an organisation; ``employer``: unit or platform, as worded.

    Raises AlreadyKept.
    """
    _refuse_kept(contacts.id_number, by=by)
    person = Person(
        name=name,
        occupation=occupation,
        organization=organization,
        employer=employer,
        phone=contacts.phone,
        id_number=contacts.id_number,
        union_number=contacts.union_number,
        household_key=contacts.household_key,
        is_synthetic=is_synthetic,
    )
    db.session.add(person)
    db.session.flush()
    _record_person("add_person", person, by=by, changes=_told(person))
    compare([person.id])
    return person


def edit_person(
    person: Person,
    *,
    name: str,
    occupation: Occupation,
    organization: Organization,
    employer: str,
    contacts: Contacts,
    by: Actor,
) -> None:
    """Change what is kept of a person. Raises AlreadyKept."""
    _refuse_kept(contacts.id_number, by=by, other_than=person)
    before = _told(person)
    person.name = name
    person.occupation = occupation
    person.organization = organization
    person.employer = employer
    person.phone = contacts.phone
    person.id_number = contacts.id_number
    person.union_number = contacts.union_number
    person.household_key = contacts.household_key
    db.session.flush()
    after = _told(person)
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    if changes:
        _record_person("edit_person", person, by=by, changes=changes)
    if not COMPARED.isdisjoint(changes):
        compare([person.id])


def told(values: Mapping[str, str | None]) -> dict[str, object]:
    """Give what the log may know of personal values: whether there is one, and its digest."""
    return {key: audit.keyed_digest(value) if value else "" for key, value in values.items()}


def _refuse_kept(id_number: str | None, *, by: Actor, other_than: Person | None = None) -> None:
    known = find_by_id_number(by, id_number) if id_number else None
    if known is not None and known is not other_than:
        raise AlreadyKept(known)


def _told(person: Person) -> dict[str, object]:
    return {
        **told(
            {
                "name": person.name,
                "employer": person.employer,
                "phone": person.phone,
                "id_number": person.id_number,
                "union_number": person.union_number,
                "household_key": person.household_key,
            }
        ),
        "occupation": person.occupation.name,
        "organization": person.organization.name,
    }


def _record_person(verb: str, person: Person, *, by: Actor, changes: Mapping[str, object]) -> None:
    audit.record(
        f"beneficiaries.{verb}",
        person,
        by=by,
        name=f"№ {person.id}",
        path=person.organization.path,
        changes=changes,
    )
