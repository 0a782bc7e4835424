"""Make one of two entries of a person; what was given to either stays given (law 4)."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.services.pairs import OneAndTheSame, compare, lead_pairs_on
from carecampaign.beneficiaries.services.persons import told
from carecampaign.core.db import db
from carecampaign.distributions.services import fold_served
from carecampaign.privacy.merging import MergeField
from carecampaign.privacy.services.following import lead_rows_on

SPOKEN_OF = frozenset({MergeField.OCCUPATION, MergeField.ORGANIZATION})
"""Facts whose name the log may keep; the others are a person's own."""


def merge(gone: Person, kept: Person, *, taking: Collection[MergeField], by: Actor) -> None:
    """Merge ``gone`` into ``kept``, which gets the facts ``taking`` names from it.

    Handouts stay as they were logged, and count from now on for ``kept``; so does whatever
    else belongs to the person. Of ``gone`` nothing is left but where it went. Both have to be
    held, and neither merged already. Raises OneAndTheSame.
    """
    if gone is kept:
        raise OneAndTheSame
    before = _told(kept)
    for field in taking:
        setattr(kept, field.value, getattr(gone, field.value))
    after = _told(kept)
    _empty(gone, kept)
    fold_served(gone.id, kept.id)
    lead_rows_on(gone.id, kept.id)
    lead_pairs_on(gone, kept)
    compare([kept.id])
    changes = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    _record(kept, {"merged_from": gone.id, **changes}, by=by)
    _record(gone, {"merged_into": kept.id}, by=by)


def _empty(gone: Person, kept: Person) -> None:
    gone.name = gone.employer = gone.household_key = ""
    gone.phone = gone.id_number = gone.union_number = None
    # Nobody has to follow more than one step.
    led = db.session.scalars(select(Person).where(Person.merged_into_id == gone.id)).all()
    for one in (gone, *led):
        one.merged_into_id = kept.id
    db.session.flush()
    for one in (gone, *led):
        db.session.expire(one, ["merged_into"])


def _told(person: Person) -> dict[str, object]:
    own = {
        field.value: getattr(person, field.value) for field in MergeField if field not in SPOKEN_OF
    }
    return told(own) | {field.value: getattr(person, field.value).name for field in SPOKEN_OF}


def _record(person: Person, changes: Mapping[str, object], *, by: Actor) -> None:
    audit.record(
        "privacy.merge",
        person,
        by=by,
        name=f"№ {person.id}",
        path=person.organization.path,
        changes=changes,
    )
