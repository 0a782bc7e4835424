"""What is kept longer than the rules allow: by class, in few statements however much there is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, union_all
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import InstrumentedAttribute

from carecampaign.accounts.models import SignInFailure
from carecampaign.accounts.services.throttling import REMEMBERED
from carecampaign.beneficiaries.models import KNOWN, Person
from carecampaign.beneficiaries.numbers import mask_name
from carecampaign.campaigns.models import Campaign, Consent, RosterEntry
from carecampaign.core import clock
from carecampaign.core.babel import in_language
from carecampaign.core.db import db
from carecampaign.core.i18n import _l
from carecampaign.core.listing import Column, Listing, Moment
from carecampaign.core.uploads import StagedUpload, has_expired
from carecampaign.distributions.models import Phone, Served
from carecampaign.jobs.models import Job
from carecampaign.privacy.models import ExportState, RetentionRule, UnmaskedExport
from carecampaign.privacy.retention import FIXED, TERMS, RecordClass, months_before

MOST_COUNTED = 10_000
"""Above that a count says no more to anybody than that there are very many."""

_TAKING_PART = (RosterEntry, Consent, Served)
"""What ties a person to a campaign; a handout is in ``served`` under whom it counts for."""


def list_rules() -> dict[RecordClass, int | None]:
    """Give for how many months each class with a rule of its own is kept; None: no end."""
    rows = db.session.execute(select(RetentionRule.record_class, RetentionRule.months))
    set_by_hand = dict(iter(rows))
    return {kind: set_by_hand.get(kind, terms.months) for kind, terms in TERMS.items()}


def select_due(record_class: RecordClass, rules: Mapping[RecordClass, int | None]) -> Select[Any]:
    """Select the keys of the records of a class that are due, the oldest key first."""
    if record_class in FIXED:
        key, *conditions = _FIXED[record_class]()
        return select(key).where(*conditions).order_by(key)
    months = rules[record_class]
    key, due = _BY_RULE[record_class]
    if months is None:
        return select(key).where(false()).order_by(key)
    return select(key).where(*due(months_before(clock.today(), months))).order_by(key)


def count_due(rules: Mapping[RecordClass, int | None]) -> dict[RecordClass, int]:
    """Count the records that are due, by class, up to MOST_COUNTED and one more."""
    return {
        kind: db.session.scalar(
            select(func.count()).select_from(
                select_due(kind, rules).limit(MOST_COUNTED + 1).subquery()
            )
        )
        or 0
        for kind in RecordClass
    }


@dataclass(frozen=True)
class DuePerson:
    """Somebody whose data are due: the name masked, and until when they took part in anything."""

    person: Person
    last_on: date | None

    @property
    def masked_name(self) -> str:
        return mask_name(self.person.name)


DUE_PERSONS: Listing[DuePerson] = Listing(
    _l("Persons whose data are due"),
    (
        Column("name", _l("Full name"), lambda row: row.masked_name),
        Column("number", _l("Number"), lambda row: row.person.id, Person.id),
        Column("occupation", _l("Occupation"), lambda row: in_language(row.person.occupation)),
        Column("organization", _l("Kept by"), lambda row: row.person.organization.short_name),
        Moment("last", _l("Last took part until"), lambda row: row.last_on),
        Moment("entered", _l("Entered on"), lambda row: row.person.created_at, Person.created_at),
    ),
    order=(Person.id,),
    countable=MOST_COUNTED,
)


def select_due_persons(
    record_class: RecordClass, rules: Mapping[RecordClass, int | None]
) -> Select[Any]:
    """Select the persons of a class that are due (to paginate)."""
    due = select_due(record_class, rules).order_by(None)
    return (
        select(Person)
        .where(Person.id.in_(due))
        .options(joinedload(Person.occupation), joinedload(Person.organization))
    )


def as_due_persons(persons: Sequence[Person]) -> list[DuePerson]:
    """Give persons with the end of the last campaign each took part in."""
    ids = [person.id for person in persons]
    ends = union_all(
        *(
            select(tie.person_id, Campaign.ends_on)
            .join(Campaign, Campaign.id == tie.campaign_id)
            .where(tie.person_id.in_(ids))
            for tie in _TAKING_PART
        )
    ).subquery()
    rows = db.session.execute(
        select(ends.c.person_id, func.max(ends.c.ends_on)).group_by(ends.c.person_id)
    )
    last = dict(iter(rows))
    return [DuePerson(person, last.get(person.id)) for person in persons]


def _people_at_rest(since: date) -> list[ColumnElement[bool]]:
    """Give the conditions that a known person took part in nothing that ended since a day."""
    recent = select(Campaign.id).where(Campaign.ends_on >= since).scalar_subquery()
    changed_at = func.coalesce(Person.changed_at, Person.created_at)
    return [
        KNOWN,
        changed_at < clock.start_of(since),
        *(
            ~exists().where(tie.campaign_id.in_(recent), tie.person_id == Person.id)
            for tie in _TAKING_PART
        ),
    ]


def _with_numbers(since: date) -> list[ColumnElement[bool]]:
    has_any = or_(
        Person.phone.is_not(None),
        Person.id_number.is_not(None),
        Person.union_number.is_not(None),
        Person.household_key != "",
    )
    return [has_any, *_people_at_rest(since)]


def _silent_phones(since: date) -> list[ColumnElement[bool]]:
    # Only who was let in by a pass gave a name; without the secret it was deleted already.
    return [Phone.secret_digest.is_not(None), Phone.heard_at < clock.start_of(since)]


def _old_jobs(since: date) -> list[ColumnElement[bool]]:
    return [Job.finished_at < clock.start_of(since)]


Conditions = Callable[[date], list[ColumnElement[bool]]]

_BY_RULE: dict[RecordClass, tuple[InstrumentedAttribute[Any], Conditions]] = {
    RecordClass.NUMBERS: (Person.id, _with_numbers),
    RecordClass.PERSONS: (Person.id, _people_at_rest),
    RecordClass.VOLUNTEERS: (Phone.id, _silent_phones),
    RecordClass.JOBS: (Job.id, _old_jobs),
}

_FIXED: dict[RecordClass, Callable[[], tuple[Any, ...]]] = {
    RecordClass.EXPORTS: lambda: (
        UnmaskedExport.id,
        UnmaskedExport.state == ExportState.READY,
        UnmaskedExport.expires_at <= clock.now(),
    ),
    RecordClass.UPLOADS: lambda: (StagedUpload.id, has_expired()),
    RecordClass.ATTEMPTS: lambda: (
        SignInFailure.id,
        SignInFailure.created_at < clock.now() - REMEMBERED,
    ),
}
