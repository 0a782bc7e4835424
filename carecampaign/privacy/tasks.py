"""What the job consumer does for privacy: delete what is due, make a file with whole numbers."""

from collections.abc import Callable
from datetime import time
from typing import Any

from carecampaign.access.actor import SYSTEM, Actor
from carecampaign.accounts.queries import acting
from carecampaign.core import clock
from carecampaign.core.babel import show_datetime
from carecampaign.core.db import db, transaction
from carecampaign.core.i18n import _, _l, _n
from carecampaign.core.sheets import Sheet, draw_password, lock_xlsx, to_xlsx
from carecampaign.jobs.models import Job
from carecampaign.jobs.tasks import JobContext, task
from carecampaign.privacy.models import RetentionRun, UnmaskedExport
from carecampaign.privacy.queries.exports import rows_of, scope_of
from carecampaign.privacy.retention import RecordClass
from carecampaign.privacy.services import exports, retention

AT_NIGHT = time(3)


def retain(*, by: Actor, tell: Callable[[], None] = lambda: None) -> RetentionRun:
    """Delete all that is due, batch by batch; ``tell`` is called between two of them."""
    with transaction():
        run_id = retention.begin_run(by=by).id
    for record_class in RecordClass:
        while True:
            with transaction():
                count = retention.retain_batch(run_id, record_class, by=by)
            if not count:
                break
            tell()
    with transaction():
        return retention.finish_run(run_id, by=by)


@task(retention.RETAIN, title=_l("Delete what is kept no longer"), daily_at=AT_NIGHT)
def retain_daily(job: JobContext) -> dict[str, Any]:
    """Delete what is due; broken off, it goes on from there."""
    asker = db.session.get_one(Job, job.job_id).requested_by
    by = SYSTEM if asker is None else acting(asker)
    run = retain(by=by, tell=lambda: job.progress(50))
    total = sum(run.counts.values())
    return {
        "message": _n("%(num)s record deleted.", "%(num)s records deleted.", total),
        "lines": in_lines(run),
    }


def in_lines(run: RetentionRun) -> list[str]:
    """Say how many records of each class a run deleted."""
    return [
        _("%(what)s: %(count)s", what=kind.label, count=run.counts[kind])
        for kind in RecordClass
        if kind in run.counts
    ]


@task(exports.MAKE_EXPORT, title=_l("Make a file with whole numbers"))
def make_export(job: JobContext, *, export_id: int) -> dict[str, Any]:
    """Make the file that was approved, as far as whoever asked for it still reaches."""
    export = db.session.get_one(UnmaskedExport, export_id)
    by = acting(export.requested_by)
    rows = list(rows_of(by, scope_of(export), export.chosen))
    job.progress(50)
    password = draw_password()
    content = lock_xlsx(to_xlsx(_sheet(export, rows)), password)
    with transaction():
        exports.keep_file(
            db.session.get_one(UnmaskedExport, export_id),
            content,
            password=password,
            persons=len(rows),
            by=by,
        )
        result = {
            "message": _n(
                "The file with %(num)s person is ready.",
                "The file with %(num)s persons is ready.",
                len(rows),
            ),
            "lines": [_("Whoever asked for it can fetch it for 24 hours.")],
        }
        job.complete(result)
    return result


def _sheet(export: UnmaskedExport, rows: list[Any]) -> Sheet:
    name, when = export.requested_by.name, show_datetime(clock.now())
    return Sheet(
        _("Persons"),
        [_("Full name"), *(str(column.label) for column in export.chosen)],
        rows,
        remark=_(
            "Confidential. For %(name)s, made on %(when)s, № %(number)s: %(reason)s. Do not pass"
            " it on, and delete it when it is not needed any more.",
            name=name,
            when=when,
            number=export.id,
            reason=export.reason,
        ),
    )
