"""Show one sealed value to somebody with a reason, and seal them all anew with another key."""

from sqlalchemy import or_, select
from sqlalchemy.orm import undefer_group
from sqlalchemy.orm.attributes import flag_modified

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.beneficiaries.contacts import SealedField
from carecampaign.beneficiaries.models import SEALED, Person
from carecampaign.core.db import db
from carecampaign.core.errors import DomainError
from carecampaign.core.i18n import _l
from carecampaign.core.sealed import is_of_an_old_key

RESEALED_AT_ONCE = 500


class NothingKept(DomainError):
    """The person has no such number here."""

    field = "field"

    def __init__(self) -> None:
        super().__init__(_l("This number is not kept of the person."))


def reveal(person: Person, field: SealedField, *, reason: str, by: Actor) -> str:
    """Give one sealed value of a person; the log says who saw which one, and why.

    Raises NothingKept.
    """
    value: str | None = getattr(person, field.value)
    if not value:
        raise NothingKept
    audit.record(
        "beneficiaries.reveal",
        person,
        by=by,
        name=f"№ {person.id}",
        path=person.organization.path,
        changes={"field": str(field.value), "reason": reason},
    )
    return value


def reseal_batch(after_id: int) -> tuple[int, int | None]:
    """Seal the next persons anew that another key than the one used was taken for.

    Gives how many they were, and the id after which to go on: None when none is left. What
    people change meanwhile is not lost: the rows are held until the transaction ends.
    """
    columns = [getattr(Person, field.value) for field in SealedField]
    persons = db.session.scalars(
        select(Person)
        .where(Person.id > after_id, or_(*(is_of_an_old_key(column) for column in columns)))
        .options(undefer_group(SEALED))
        .order_by(Person.id)
        .limit(RESEALED_AT_ONCE)
        .with_for_update(of=Person)
        .execution_options(populate_existing=True)
    ).all()
    for person in persons:
        for field in SealedField:
            value = getattr(person, field.value)
            if value is not None:
                setattr(person, field.value, value)  # makes what it is found by anew, too
                flag_modified(person, field.value)
    db.session.flush()
    return len(persons), persons[-1].id if len(persons) == RESEALED_AT_ONCE else None
