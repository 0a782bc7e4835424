"""Carry out what a roster was found to do, with few statements however many rows."""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy.sql.schema import ScalarElementColumnDefault

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.audit.services import Happening
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.queries.occupations import list_occupations
from carecampaign.beneficiaries.roster import Entry
from carecampaign.beneficiaries.services.persons import told
from carecampaign.beneficiaries.services.roster.planning import Change, Plan
from carecampaign.core import clock
from carecampaign.core.bulk import as_kept, insert_many, take_ids
from carecampaign.core.db import Base, db
from carecampaign.organizations.models import Organization

_PERSON = Base.metadata.tables[Person.__tablename__]
_NOTHING: dict[str, Any] = {
    column.name: column.default.arg
    if isinstance(column.default, ScalarElementColumnDefault)
    else None
    for column in _PERSON.c
} | {"employer": ""}
_ORDER = itemgetter(*_NOTHING)


def apply_plan(plan: Plan, organization: Organization, *, by: Actor) -> list[int]:
    """Keep the new persons of a plan and change the others; give the ids of all.

    Those who are new come first, then those who were changed. ``organization`` keeps the new
    ones. The log gets an entry about each person who changed.
    """
    ids = _insert(plan.added, organization)
    audit.record_all(list(_change(plan.changed)), by=by)
    return [*ids, *(one.person.id for one in (*plan.changed, *plan.unchanged))]


def _insert(added: Sequence[Entry], organization: Organization) -> Sequence[int]:
    if not added:
        return ()
    ids = take_ids(Person, len(added))
    fixed = _NOTHING | {"created_at": as_kept(_PERSON.c.created_at, clock.now())}
    insert_many(
        _PERSON,
        list(_NOTHING),
        [
            _ORDER({**fixed, **entry.values, **entry.made, "id": new, "organization_id": keeper})
            for new, entry in zip(ids, added, strict=True)
            for keeper in (entry.values.get("organization_id") or organization.id,)
        ],
    )
    return ids


def _change(changed: Sequence[Change]) -> Iterator[Happening]:
    occupations = {one.id: one.name for one in list_occupations()} if changed else {}
    for one in changed:
        before = {key: getattr(one.person, key) for key in one.values}
        for key, value in one.values.items():
            setattr(one.person, key, value)
        yield Happening(
            "beneficiaries.edit_person",
            Person.__tablename__,
            str(one.person.id),
            f"№ {one.person.id}",
            one.person.organization.path,
            _differences(before, one.values, occupations),
        )
    db.session.flush()


def _differences(
    before: dict[str, Any], after: dict[str, Any], occupations: dict[int, str]
) -> dict[str, Any]:
    personal = after.keys() - {"occupation_id"}
    was, is_now = (told({key: values[key] for key in personal}) for values in (before, after))
    differences: dict[str, Any] = {key: [was[key], is_now[key]] for key in sorted(personal)}
    if "occupation_id" in after:
        differences["occupation"] = [
            occupations[values["occupation_id"]] for values in (before, after)
        ]
    return differences
