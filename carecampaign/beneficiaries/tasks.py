"""What the job consumer does for the register of persons."""

import uuid
from typing import Any

from carecampaign.accounts.queries import acting
from carecampaign.beneficiaries.queries.roster import get_keeper_for
from carecampaign.beneficiaries.roster import Probably
from carecampaign.beneficiaries.services import pairs, roster
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _, _l, _n
from carecampaign.core.uploads import get_upload
from carecampaign.jobs.models import Job
from carecampaign.jobs.tasks import JobContext, task

IMPORT = "beneficiaries.import"


@task(IMPORT, title=_l("Import persons"))
def import_roster(
    job: JobContext, *, upload_id: str, organization_id: int, probably: str | None
) -> dict[str, Any]:
    """Keep the persons of a roster that waits, all of them or none."""
    job.progress(5)
    asker = db.session.get_one(Job, job.job_id).requested_by
    if asker is None:
        raise NotFound(_l("Nobody asked for this import."))
    by = acting(asker)
    purpose = roster.purpose_of(organization_id)
    upload = get_upload(uuid.UUID(upload_id), purpose=purpose, owner_id=by.id)
    read = roster.read_staged(upload, to_keep=True, by=by)
    job.progress(60)
    with transaction():
        outcome = roster.import_staged(
            upload.id,
            read,
            get_keeper_for(by, organization_id),
            probably=None if probably is None else Probably(probably),
            by=by,
        )
        result = {
            "message": outcome.in_sentences(),
            "lines": [_("The report is where you sent the table in, for a day.")],
        }
        job.complete(result)
    return result


@task(pairs.FIND_PAIRS, title=_l("Look for double entries"))
def find_pairs(job: JobContext) -> dict[str, Any]:
    """Compare the persons who were noted with all others; broken off, it goes on from there."""
    total, done = pairs.count_uncompared(), 0
    while True:
        with transaction():
            compared = pairs.compare_batch()
        if not compared:
            break
        done += compared
        job.progress(99 * done // max(total, done))
    return {
        "message": _n("%(num)s person compared.", "%(num)s persons compared.", done),
        "lines": [_("What was found stands among the possible double entries.")],
    }
