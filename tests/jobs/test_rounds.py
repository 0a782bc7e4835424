"""Beside the jobs the consumer makes its rounds; a round that fails is tried again."""

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.audit.queries import is_anything_pending
from carecampaign.core.db import db, transaction
from carecampaign.jobs import commands, queries
from carecampaign.jobs.commands import Rounds
from carecampaign.jobs.services import request_job
from tests.jobs.conftest import wait_until


@pytest.fixture
def rounds(app, monkeypatch):
    monkeypatch.setattr(commands, "SEALING_EVERY", 0.05)
    monkeypatch.setattr(commands, "SWEEPING_EVERY", 0.1)
    return Rounds(app, "here:1")


def anything_pending():
    db.session.rollback()
    return is_anything_pending()


def alive():
    db.session.rollback()
    return queries.is_a_consumer_alive()


def test_a_round_seals_sweeps_and_gives_a_sign_of_life(rounds):
    with transaction():
        request_job("audit.verify", key="k", arguments={}, by=SYSTEM)
    assert anything_pending()

    rounds.start()
    wait_until(lambda: alive() and not anything_pending())
    rounds.stop()

    assert not alive()


def test_a_round_that_fails_is_logged_and_the_next_comes(rounds, monkeypatch, caplog):
    failures = iter([ValueError("the database is away")])
    monkeypatch.setattr(
        commands, "seal_pending", lambda: (_ for _ in ()).throw(next(failures, StopIteration()))
    )

    rounds.start()
    wait_until(lambda: caplog.text.count("a round of the consumer failed") >= 2)
    rounds.stop()

    assert "the database is away" in caplog.text
