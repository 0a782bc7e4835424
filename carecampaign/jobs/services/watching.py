"""Signs of life of the job consumers."""

from sqlalchemy import delete

from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.jobs.models import JobConsumer

_FORGOTTEN_AFTER = 24 * 3600


def note_consumer(name: str) -> None:
    """Note that a consumer is alive; one silent for a day is forgotten."""
    db.session.execute(
        delete(JobConsumer).where(JobConsumer.seen_at < clock.seconds_from_now(-_FORGOTTEN_AFTER))
    )
    db.session.merge(JobConsumer(name=name, seen_at=clock.now()))


def forget_consumer(name: str) -> None:
    """Note that a consumer stopped."""
    db.session.execute(delete(JobConsumer).where(JobConsumer.name == name))
