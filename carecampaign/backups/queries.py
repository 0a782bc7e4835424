"""Read which life of the database this is."""

from sqlalchemy import select

from carecampaign.backups.models import Epoch
from carecampaign.core.db import db

FIRST = "0"


def current_epoch() -> str:
    """Give what tells this life of the database from those before a restore."""
    return db.session.scalar(select(Epoch.token).order_by(Epoch.id.desc()).limit(1)) or FIRST
