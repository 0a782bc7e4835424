"""One person, or one household, at two stations at once: a limit of one is given once.

The negative control takes the lock away and must hand out twice.
"""

import threading
from collections import Counter

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import Basis, RuleKind
from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import Outcome
from carecampaign.distributions.services import entitlement
from carecampaign.inventory.services.verification import verify_everything
from tests.distributions.scene import Scene, actor, carry, receive, set_the_scene
from tests.factories import PersonFactory
from tests.races.crowd import all_at_once

EVENTS = 8


@pytest.fixture
def scene(app) -> Scene:
    return set_the_scene(packages=1)


@pytest.fixture
def stations(scene) -> list[int]:
    """Events of one campaign with a package each, by their ids."""
    receive(scene.warehouse, scene.package, EVENTS)
    events = [scene.another_event() for _station in range(EVENTS)]
    for event in events:
        carry(scene.warehouse, event, scene.package, 1)
    db.session.commit()
    return [event.id for event in events]


def household(scene, basis=Basis.HOUSEHOLD):
    """As many persons as there are events, all of one household, and a limit of one."""
    people = [
        PersonFactory(organization=scene.event.unit, household_key="3B12")
        for _each in range(EVENTS)
    ]
    terms = campaigns.Terms(starts_on=clock.today(), most=1, basis=basis)
    campaigns.add_rule(scene.campaign, RuleKind.TIMES, terms, by=SYSTEM)
    db.session.commit()
    return [person.id for person in people]


def give(event_id, tap, by=SYSTEM):
    """Log a tap as an entry point does."""

    def act():
        with transaction():
            return services.log_at(queries.get_occasion(event_id, tap), tap, by=by)

    return act


def outcomes(results) -> Counter:
    return Counter(getattr(result, "outcome", type(result).__name__) for result in results)


def test_a_person_with_a_limit_of_one_is_served_at_one_of_many(app, scene, stations):
    person_id = household(scene, Basis.PERSON)[0]
    acts = [give(event_id, scene.tap(person_id=person_id)) for event_id in stations]

    assert outcomes(all_at_once(app, acts)) == {Outcome.CREATED: 1, Outcome.REFUSED: EVENTS - 1}
    assert verify_everything() == []


def test_a_household_with_a_limit_of_one_is_served_at_one_of_many(app, scene, stations):
    people = household(scene)
    acts = [
        give(event_id, scene.tap(person_id=person_id))
        for event_id, person_id in zip(stations, people, strict=True)
    ]

    assert outcomes(all_at_once(app, acts)) == {Outcome.CREATED: 1, Outcome.REFUSED: EVENTS - 1}
    assert verify_everything() == []


def test_whoever_overrides_gives_besides_the_one(app, scene, stations):
    person_id = household(scene, Basis.PERSON)[0]
    lead = actor(scene.lead)
    acts = [give(event_id, scene.tap(person_id=person_id)) for event_id in stations[1:]]
    tap = scene.tap(person_id=person_id, override="Agreed with the unit")
    acts.append(give(stations[0], tap, by=lead))

    results = all_at_once(app, acts)

    assert results[-1].outcome == Outcome.CREATED
    assert outcomes(results)[Outcome.CREATED] in {1, 2}
    assert outcomes(results)[Outcome.REFUSED] >= EVENTS - 2


def test_control_judging_before_anybody_gave_serves_a_household_many_times(
    app, scene, stations, monkeypatch
):
    people = household(scene)
    everybody_has_asked = threading.Barrier(EVENTS)
    asked = threading.local()
    judge_tap = entitlement.judge_tap
    occasion = queries.get_occasion(stations[0], scene.tap())

    def asking_first(person_id, serve):
        def act():
            tap = scene.tap(person_id=person_id)
            with transaction():
                recipient = queries.lock_recipient(occasion, person_id)
                asked.answer = judge_tap(occasion, recipient, tap, at=clock.now())
            everybody_has_asked.wait()
            return serve()

        return act

    monkeypatch.setattr(entitlement, "judge_tap", lambda *_facts, **_more: asked.answer)
    acts = [
        asking_first(person_id, give(event_id, scene.tap(person_id=person_id)))
        for event_id, person_id in zip(stations, people, strict=True)
    ]

    assert outcomes(all_at_once(app, acts))[Outcome.CREATED] > 1
