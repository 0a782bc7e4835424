"""Where the database stands, for whoever asks whether the server is ready."""

from sqlalchemy.exc import OperationalError

from carecampaign.core import health
from carecampaign.core.db import db


def test_a_migrated_database_is_up_and_at_the_newest(app):
    assert health.is_database_up()
    assert health.is_migrated()


def test_a_database_that_does_not_answer_is_down(app, monkeypatch):
    def refuse(*_arguments, **_options):
        raise OperationalError("connect", None, Exception("gone"))

    monkeypatch.setattr(db.session, "connection", refuse)

    assert not health.is_database_up()
