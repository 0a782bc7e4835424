"""Runs migrations inside the application's context, on its own engine."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db
configure_args = current_app.extensions["migrate"].configure_args


def run_migrations() -> None:
    """Run them on a live connection, in one transaction."""
    with database.engine.connect() as connection:
        context.configure(
            connection=connection, target_metadata=database.metadata, **configure_args
        )
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
