"""Carry out what a roster was found to do, with few statements however many rows."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import insert

from carecampaign.access.actor import Actor
from carecampaign.audit import services as audit
from carecampaign.audit.services import Happening
from carecampaign.beneficiaries.keys import search_keys
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.queries.occupations import list_occupations
from carecampaign.beneficiaries.services.persons import told
from carecampaign.beneficiaries.services.roster.planning import Addition, Change, Plan
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.organizations.models import Organization


def apply_plan(plan: Plan, organization: Organization, *, digest: str, by: Actor) -> None:
    """Keep and change the persons of a plan.

    The log gets an entry about the table as a whole (``digest``: SHA-256 of the file, hex) and
    one about each person who changed.
    """
    _insert(plan.added)
    audit.record_all(list(_change(plan.changed)), by=by)
    audit.record(
        "beneficiaries.import",
        organization,
        by=by,
        name=organization.name,
        path=organization.path,
        changes={
            "added_persons": len(plan.added),
            "changed_persons": len(plan.changed),
            "sha256": digest,
        },
    )


def _insert(added: Sequence[Addition]) -> None:
    if not added:
        return
    written_at = clock.now()
    rows = [
        one.values
        | search_keys(
            **{key: one.values[key] for key in ("name", "employer", "phone", "id_number")}
        )
        | {"is_synthetic": False, "created_at": written_at}
        for one in added
    ]
    db.session.execute(insert(Person), rows)


def _change(changed: Sequence[Change]) -> Iterator[Happening]:
    occupations = {one.id: one.name for one in list_occupations()}
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
