"""Whether the database answers, and is at the newest migration."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from carecampaign.core.db import db
from carecampaign.core.settings import MIGRATIONS


def is_database_up() -> bool:
    """Say whether the database answers at all."""
    try:
        db.session.connection()
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return True


def is_migrated() -> bool:
    """Say whether the database is at the newest migration this program knows."""
    context = MigrationContext.configure(db.session.connection())
    return set(context.get_current_heads()) == newest_migrations()


@cache
def newest_migrations() -> set[str]:
    """Give the newest migrations this program knows; there is one."""
    return set(ScriptDirectory(str(MIGRATIONS)).get_heads())
