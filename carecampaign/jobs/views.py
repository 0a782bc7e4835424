"""Jobs people asked for, how far they are, and whether the server is ready to work."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import public, requires, signed_in, signed_in_only
from carecampaign.access.permissions import Permission
from carecampaign.core import health
from carecampaign.core.db import transaction
from carecampaign.core.i18n import _, _l
from carecampaign.core.listing import Column, Figure, Listing, Moment, by_member, show_list
from carecampaign.jobs import queries
from carecampaign.jobs.models import Job, JobState
from carecampaign.jobs.services import find_kind, request_job

blueprint = Blueprint("jobs", __name__)


def _title(job: Job) -> str:
    kind = find_kind(job.kind)
    return str(kind.title) if kind else job.kind


def _asked_by(job: Job) -> str:
    return job.requested_by.name if job.requested_by else _("The system")


JOBS: Listing[Job] = Listing(
    _l("Jobs"),
    (
        Column("job", _l("Job"), _title, Job.kind),
        Column("state", _l("State"), lambda job: job.state, by_member(Job.state, JobState)),
        Figure("progress", _l("Progress in percent"), lambda job: job.progress, Job.progress),
        Column("requested_by", _l("Asked for by"), _asked_by),
        Moment("asked_at", _l("Asked for at"), lambda job: job.created_at, Job.created_at),
        Moment("finished_at", _l("Finished at"), lambda job: job.finished_at, Job.finished_at),
    ),
    order=(Job.id.desc(),),
)


@blueprint.get("/jobs")
@signed_in_only
def index() -> ResponseReturnValue:
    """List one's own jobs, for an auditor all in reach."""
    return show_list("jobs/index.html", JOBS, queries.jobs_for(signed_in()))


@blueprint.get("/jobs/<id:job_id>")
@signed_in_only
def show(job_id: int) -> ResponseReturnValue:
    """Show how far a job is, and what came of it."""
    job = queries.get_job_for(signed_in(), job_id)
    return render_template("jobs/show.html", job=job, find_kind=find_kind)


@blueprint.post("/jobs/verify-audit")
@requires(Permission.AUDIT_VIEW)
def verify_audit() -> ResponseReturnValue:
    """Ask for the seals of the audit log to be proved."""
    with transaction():
        job = request_job("audit.verify", key="audit.verify", arguments={}, by=signed_in())
        job_id = job.id
    return redirect(url_for("jobs.show", job_id=job_id))


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether the database, its migrations and a job consumer are there (else 503)."""
    is_up = health.is_database_up()
    is_migrated = is_up and health.is_migrated()
    checks = {
        "database": is_up,
        "migrations": is_migrated,
        "consumer": is_migrated and queries.is_a_consumer_alive(),
    }
    return checks, 200 if all(checks.values()) else 503
