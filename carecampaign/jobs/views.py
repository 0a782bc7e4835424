"""Jobs people asked for, how far they are, and whether the server is ready to work."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from carecampaign.access.gate import public, requires, signed_in, signed_in_only
from carecampaign.access.permissions import Permission
from carecampaign.core import health
from carecampaign.core.db import transaction
from carecampaign.core.urls import page_number
from carecampaign.jobs import queries
from carecampaign.jobs.services import find_kind, request_job

blueprint = Blueprint("jobs", __name__)


@blueprint.get("/jobs")
@signed_in_only
def index() -> ResponseReturnValue:
    """List one's own jobs, for an auditor all in reach."""
    page = queries.list_jobs_for(signed_in(), page=page_number())
    return render_template("jobs/index.html", page=page, find_kind=find_kind)


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
