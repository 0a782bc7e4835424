"""Set how long what is kept, and delete what is kept longer: in batches, broken off or not."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from carecampaign.access.actor import Actor
from carecampaign.accounts.models import SignInFailure
from carecampaign.audit import services as audit
from carecampaign.audit.services import Happening
from carecampaign.beneficiaries.models import Person
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.uploads import StagedUpload
from carecampaign.distributions.models import Phone
from carecampaign.jobs.models import Job
from carecampaign.jobs.services import request_job
from carecampaign.organizations.models import Organization
from carecampaign.privacy.models import RetentionRule, RetentionRun
from carecampaign.privacy.queries.due import list_rules, select_due
from carecampaign.privacy.retention import OF_PEOPLE, RecordClass
from carecampaign.privacy.services.erasure import anonymize, forget_numbers
from carecampaign.privacy.services.exports import delete_files

RETAIN = "privacy.retain"
"""The kind of job that goes through all that is due, each day and when somebody asks."""

AT_ONCE = 200


def set_rule(record_class: RecordClass, months: int | None, *, by: Actor) -> None:
    """Set for how many months records of a class are kept; None: without an end."""
    before = list_rules()[record_class]
    if before == months:
        return
    rule = db.session.scalar(
        select(RetentionRule).where(RetentionRule.record_class == record_class)
    )
    if rule is None:
        rule = RetentionRule(record_class=record_class)
        db.session.add(rule)
    rule.months = months
    audit.record(
        "privacy.set_rule",
        rule,
        by=by,
        name=str(record_class.label),
        changes={"months": [before, months]},
    )


def retain_later(*, by: Actor) -> Job:
    """Ask for a job that deletes what is due."""
    return request_job(RETAIN, key=RETAIN, arguments={}, by=by)


def begin_run(*, by: Actor) -> RetentionRun:
    """Begin to go through all that is due, or go on where it was broken off."""
    run = db.session.scalars(
        select(RetentionRun)
        .where(RetentionRun.finished_at.is_(None))
        .order_by(RetentionRun.id)
        .limit(1)
    ).first()
    if run is None:
        run = RetentionRun(started_by_id=by.id)
        db.session.add(run)
        db.session.flush()
    return run


def retain_batch(run_id: int, record_class: RecordClass, *, by: Actor) -> int:
    """Delete the next records of a class that are due; give how many there were.

    What somebody else holds is left for the next run.
    """
    run = _hold(run_id)
    due = select_due(record_class, list_rules()).limit(AT_ONCE)
    keys = db.session.scalars(due.with_for_update(skip_locked=True, key_share=True)).all()
    if not keys:
        return 0
    _CLEAR[record_class](keys)
    if record_class in OF_PEOPLE:
        _record_persons(record_class, keys, by=by)
    before = run.counts.get(record_class, 0)
    run.counts = run.counts | {record_class.value: before + len(keys)}
    db.session.flush()
    return len(keys)


def finish_run(run_id: int, *, by: Actor) -> RetentionRun:
    """Note that nothing is due any more; of one that somebody else finished it changes nothing."""
    run = _hold(run_id)
    if run.finished_at is None:
        run.finished_at = clock.now()
        audit.record("privacy.retain", run, by=by, name=f"№ {run.id}", changes=run.counts)
    return run


def _hold(run_id: int) -> RetentionRun:
    """Hold a run: two that go through it at once take turns, batch by batch."""
    return db.session.get_one(
        RetentionRun, run_id, with_for_update={"key_share": True}, populate_existing=True
    )


def _delete_names(keys: Sequence[Any]) -> None:
    gone = update(Phone).where(Phone.id.in_(keys)).values(volunteer="", secret_digest=None)
    db.session.execute(gone.execution_options(synchronize_session=False))


def _delete_rows(model: Any) -> Callable[[Sequence[Any]], None]:  # noqa: ANN401 - of any table
    def clear(keys: Sequence[Any]) -> None:
        gone = delete(model).where(model.id.in_(keys))
        db.session.execute(gone.execution_options(synchronize_session=False))

    return clear


_CLEAR: dict[RecordClass, Callable[[Sequence[Any]], None]] = {
    RecordClass.NUMBERS: forget_numbers,
    RecordClass.PERSONS: anonymize,
    RecordClass.VOLUNTEERS: _delete_names,
    RecordClass.JOBS: _delete_rows(Job),
    RecordClass.EXPORTS: delete_files,
    RecordClass.UPLOADS: _delete_rows(StagedUpload),
    RecordClass.ATTEMPTS: _delete_rows(SignInFailure),
}


def _record_persons(record_class: RecordClass, keys: Sequence[int], *, by: Actor) -> None:
    verbs = {
        RecordClass.NUMBERS: "privacy.forget_numbers",
        RecordClass.PERSONS: "privacy.anonymize",
    }
    rows = db.session.execute(
        select(Person.id, Organization.path)
        .join(Person.organization)
        .where(Person.id.in_(keys))
        .order_by(Person.id)
    )
    happenings = [
        Happening(
            verbs[record_class], Person.__tablename__, str(person_id), f"№ {person_id}", path, {}
        )
        for person_id, path in rows
    ]
    audit.record_all(happenings, by=by)
