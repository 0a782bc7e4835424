"""What the job consumer does for the directory of stations."""

import uuid
from typing import Any

from carecampaign.accounts.queries import acting
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.core.uploads import get_upload
from carecampaign.jobs.models import Job
from carecampaign.jobs.tasks import JobContext, task
from carecampaign.stations.services.directory import (
    PURPOSE,
    import_ready,
    in_a_sentence,
    make_ready,
)

IMPORT = "stations.import"


@task(IMPORT, title=_l("Import stations"))
def import_directory(job: JobContext, *, upload_id: str) -> dict[str, Any]:
    """Open and change the stations of a table that waits, all of them or none.

    All but the writing is done before, so that nobody waits for the import for long.
    """
    job.progress(5)
    asker = db.session.get_one(Job, job.job_id).requested_by
    if asker is None:
        raise NotFound(_l("Nobody asked for this import."))
    by = acting(asker)
    upload = get_upload(uuid.UUID(upload_id), purpose=PURPOSE, owner_id=by.id)
    ready = make_ready(upload, by=by)
    job.progress(60)
    with transaction():
        plan = import_ready(upload.id, ready, by=by)
        result = {"message": in_a_sentence(plan)}
        job.complete(result)
    return result
