"""Fifty phones tap at once, through the server's own endpoint: what is written at once is guarded.

All look before the first of them writes, so that nothing but the guards of the one write stands
between them. Each race has a negative control: the same with the guards off goes wrong.
"""

import threading
from collections import Counter

import pytest
from sqlalchemy import func, select, update

from carecampaign.accounts.sessions import beginning
from carecampaign.core import hot
from carecampaign.core.db import db
from carecampaign.distributions.models import (
    DistributionEvent,
    EventState,
    Handout,
    Outcome,
    Received,
    Tally,
)
from carecampaign.distributions.views import logging
from carecampaign.inventory.services.verification import verify_everything
from tests.distributions.scene import Scene, set_the_scene
from tests.races.crowd import all_at_once

PHONES = 50
PACKAGES = 10
TWINS = 20
FAILED = 500


@pytest.fixture
def scene(app) -> Scene:
    return set_the_scene(packages=PACKAGES)


@pytest.fixture
def tap(app, scene):
    """Give what sends a tap as the volunteer does, and gives the outcome or the failing status."""
    url = f"/events/{scene.event.id}/tap"
    user = f"{scene.volunteer.id}.{scene.volunteer.session_key}"

    def sending(message):
        body = {name: getattr(message, name) for name in ("item_id", "group_id", "quantity")}
        body["id"] = str(message.id)

        def act():
            client = app.test_client()
            with client.session_transaction() as session:
                session.update(beginning(), _user_id=user)
            answer = client.post(url, json=body)
            return FAILED if answer.status_code == FAILED else answer.json["outcome"]

        return act

    return sending


@pytest.fixture
def between(monkeypatch):
    """Let something happen when a tap has looked and before it is written."""
    write = hot.write_alone

    def put(happening):
        def late(steps, values, *, question):
            happening()
            return write(steps, values, question=question)

        monkeypatch.setattr(logging, "write_alone", late)

    return put


@pytest.fixture
def unguarded(monkeypatch):
    """Take the guards off: a step that finds nothing is passed over."""
    hot._as_whole.cache_clear()  # noqa: SLF001 - the statement with its guards
    monkeypatch.setattr(hot, "_is_guard", lambda _step: False)
    yield
    hot._as_whole.cache_clear()  # noqa: SLF001 - the statement with its guards


def logged() -> set[int]:
    """Give the handouts by the log and by the tally: one number if they agree."""
    db.session.rollback()
    by_log = db.session.scalar(select(func.count()).select_from(Handout))
    return {by_log, sum(db.session.scalars(select(Tally.person_times)))}


def test_fifty_phones_get_exactly_the_last_ten(app, scene, tap, between):
    between(threading.Barrier(PHONES).wait)
    results = all_at_once(app, [tap(scene.tap()) for _phone in range(PHONES)])

    assert Counter(results) == {Outcome.CREATED: PACKAGES, Outcome.REFUSED: PHONES - PACKAGES}
    assert logged() == {PACKAGES}
    assert scene.level() == (0, 0)
    assert db.session.query(Received).count() == PHONES
    assert verify_everything() == []


@pytest.mark.usefixtures("unguarded")
def test_control_without_the_guards_all_fifty_are_handed_out(app, scene, tap, between):
    between(threading.Barrier(PHONES).wait)
    results = all_at_once(app, [tap(scene.tap()) for _phone in range(PHONES)])

    assert Counter(results) == {Outcome.CREATED: PHONES}
    assert verify_everything() != []


def test_the_same_tap_twenty_times_at_once_is_stored_once(app, scene, tap, between):
    between(threading.Barrier(TWINS).wait)
    results = all_at_once(app, [tap(scene.tap())] * TWINS)

    assert Counter(results) == {Outcome.CREATED: TWINS}
    assert logged() == {1}
    assert scene.level() == (PACKAGES - 1, 0)
    assert verify_everything() == []


@pytest.mark.usefixtures("unguarded")
def test_control_without_the_memory_nineteen_of_twenty_fail(app, scene, tap, between):
    between(threading.Barrier(TWINS).wait)
    results = all_at_once(app, [tap(scene.tap())] * TWINS)

    # The handout's own key is the last line: nothing is counted twice, but nobody is told.
    assert Counter(results) == {Outcome.CREATED: 1, FAILED: TWINS - 1}


def test_an_event_that_closes_meanwhile_refuses(app, scene, tap, between):
    def close():
        db.session.execute(update(DistributionEvent).values(state=EventState.CLOSED))
        db.session.commit()

    between(close)
    assert tap(scene.tap())() == Outcome.REFUSED
    assert logged() == {0}
