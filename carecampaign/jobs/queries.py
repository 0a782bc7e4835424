"""Read jobs, within what the reader may see."""

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import joinedload

from carecampaign.access.actor import EVERYWHERE, Actor
from carecampaign.access.permissions import Permission
from carecampaign.access.scope import within
from carecampaign.accounts.models import RoleGrant
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.core.i18n import _l
from carecampaign.jobs.models import Job, JobConsumer
from carecampaign.organizations.models import Organization

ALIVE_FOR = 30
"""Seconds after its last sign of life during which a consumer counts as running."""


def jobs_for(actor: Actor) -> Select[Job]:
    """Select one's own jobs, for an auditor all in reach."""
    return select(Job).options(joinedload(Job.requested_by)).where(_visible_to(actor))


def get_job_for(actor: Actor, job_id: int) -> Job:
    """Give a job. Raises NotFound for one that is not for the actor to see."""
    statement = (
        select(Job)
        .options(joinedload(Job.requested_by))
        .where(Job.id == job_id, _visible_to(actor))
    )
    job: Job | None = db.session.scalar(statement)
    if job is None:
        raise NotFound(_l("There is no such job."))
    return job


def is_a_consumer_alive() -> bool:
    """Say whether some job consumer gave a sign of life of late."""
    since = clock.seconds_from_now(-ALIVE_FOR)
    return bool(db.session.scalar(select(exists().where(JobConsumer.seen_at > since))))


def _visible_to(actor: Actor) -> ColumnElement[bool]:
    own = Job.requested_by_id == actor.id
    paths = actor.paths(Permission.AUDIT_VIEW)
    if not paths:
        return own
    # What the system asked for by itself is seen by those who reach the whole installation.
    if EVERYWHERE in paths:
        return or_(own, Job.id.is_not(None))
    people = (
        select(RoleGrant.user_id)
        .join(Organization, Organization.id == RoleGrant.organization_id)
        .where(within(Organization.path, paths))
    )
    return or_(own, Job.requested_by_id.in_(people))
