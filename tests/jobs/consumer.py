"""The application with tasks to be killed in; started as a process of its own by the tests."""

import time

from carecampaign.app import create_app
from carecampaign.core import settings
from carecampaign.core.db import transaction
from carecampaign.core.i18n import _l
from carecampaign.jobs import commands
from carecampaign.jobs.tasks import JobContext, task
from tests.factories import OccupationFactory

commands.SWEEPING_EVERY = 0.5

app = create_app({**settings.from_environment(), "JOB_LEASE_SECONDS": 1.5})


@task("test.slow", title=_l("Jobs"))
def slow(job: JobContext, *, seconds: float) -> dict:
    """Change something only at the end, after a while in which the process may be killed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        job.progress(50)
        time.sleep(0.1)
    with transaction():
        OccupationFactory(code=f"effect-{job.job_id}", name="x")
        job.complete({"message": "done"})
    return {}
