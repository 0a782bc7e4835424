"""Two planners, or a planner and a phone, act on one event at the same moment."""

from collections import Counter
from datetime import date

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db, transaction
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import DistributionEvent, EventState, Handout
from carecampaign.inventory.services.verification import verify_everything
from tests.distributions.scene import Scene, set_the_scene
from tests.races.crowd import all_at_once


@pytest.fixture
def scene(app) -> Scene:
    """An event with ten packages, for everybody to see."""
    return set_the_scene(packages=10)


def cancel(event_id):
    def act():
        with transaction():
            event = db.session.get_one(DistributionEvent, event_id)
            services.cancel_event(event, reason="Heavy snow", by=SYSTEM)
        return "cancelled"

    return act


def log(event_id, tap):
    def act():
        with transaction():
            return services.log_at(queries.get_occasion(event_id, tap), tap, by=SYSTEM).outcome

    return act


def move(event_id, day):
    def act():
        with transaction():
            event = db.session.get_one(DistributionEvent, event_id)
            services.move_event(
                event,
                station=event.station,
                place=event.place,
                held_on=day,
                starts_at=None,
                ends_at=None,
                reason="Heavy snow",
                revision=0,
                by=SYSTEM,
            )
        return "moved"

    return act


def what_became(results) -> Counter:
    return Counter(
        type(result).__name__ if isinstance(result, Exception) else str(result)
        for result in results
    )


def test_an_event_is_cancelled_once(scene, app):
    results = all_at_once(app, [cancel(scene.event.id)] * 4)

    assert what_became(results) == {"cancelled": 1, "WrongState": 3}
    assert scene.level() == (0, 0)


def test_of_two_who_move_an_event_one_is_told(scene, app):
    planned = scene.another_event(state=EventState.PLANNED)
    db.session.commit()

    results = all_at_once(app, [move(planned.id, date(2026, 12, day)) for day in (5, 6, 7)])

    assert what_became(results) == {"moved": 1, "ChangedMeanwhile": 2}


@pytest.mark.parametrize("_round", range(3))
def test_an_event_is_cancelled_or_hands_out_never_both(scene, app, _round):
    taps = [log(scene.event.id, scene.tap()) for _phone in range(6)]

    results = what_became(all_at_once(app, [cancel(scene.event.id), *taps]))

    db.session.rollback()
    event = db.session.get_one(DistributionEvent, scene.event.id, populate_existing=True)
    handouts = db.session.query(Handout).count()
    if event.state == EventState.CANCELLED:
        assert (results["cancelled"], results["refused"], handouts) == (1, 6, 0)
    else:
        assert results["HandedOutHere"] == 1
        assert results["created"] == handouts == 6
    assert verify_everything() == []
