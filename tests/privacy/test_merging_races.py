"""Two people merge, serve and take back at once; each race has a control without its guard."""

import threading

import pytest
import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import SYSTEM
from carecampaign.beneficiaries.models import Person
from carecampaign.beneficiaries.queries import MergedAway
from carecampaign.core.db import db, transaction
from carecampaign.core.i18n import in_language_of
from carecampaign.distributions import services
from carecampaign.distributions.models import Served
from carecampaign.distributions.services import voids
from carecampaign.inventory.services.verification import verify_everything
from carecampaign.privacy.queries.merging import lock_both_for
from carecampaign.privacy.services import merge
from tests.distributions.scene import set_the_scene
from tests.factories import PersonFactory
from tests.races.crowd import all_at_once


@pytest.fixture
def scene(app):
    return set_the_scene()


@pytest.fixture
def two(scene):
    """Two entries of one person, by their ids."""
    ids = [PersonFactory(name="张伟", organization=scene.event.unit).id for _entry in range(2)]
    db.session.commit()
    return ids


def merging(gone_id, kept_id):
    """Merge as a view does: read inside the transaction, held."""

    def act():
        with transaction():
            both = lock_both_for(SYSTEM, gone_id, kept_id)
            merge(both[gone_id], both[kept_id], taking=(), by=SYSTEM)

    return act


def led_to() -> dict[int, int | None]:
    db.session.rollback()
    return {one.id: one.merged_into_id for one in db.session.query(Person).populate_existing()}


def test_of_two_merges_in_both_directions_one_wins(app, two):
    one, other = two

    results = all_at_once(app, [merging(one, other), merging(other, one)])

    assert sorted(map(type, results), key=str) == sorted([MergedAway, type(None)], key=str)
    led = led_to()
    kept = one if led[one] is None else other
    assert set(led.values()) == {None, kept}
    [loser] = [result for result in results if result is not None]
    with in_language_of("en"):
        assert str(loser) == f"This entry was merged into another one: № {kept}."


def test_control_looking_first_and_merging_then_leaves_nobody(app, two):
    one, other = two
    both_have_looked = threading.Barrier(2)

    def looking_first(gone_id, kept_id):
        def act():
            gone, kept = (db.session.get_one(Person, key) for key in (gone_id, kept_id))
            assert gone.merged_into_id is kept.merged_into_id is None
            db.session.rollback()
            both_have_looked.wait()
            with transaction():
                # PostgreSQL would not let two write the same rows in opposite order.
                db.session.get_one(Person, min(two), with_for_update=True)
                merge(gone, kept, taking=(), by=SYSTEM)

        return act

    all_at_once(app, [looking_first(one, other), looking_first(other, one)])

    assert None not in led_to().values()


def serving(scene, person_id):
    tap = scene.tap(person_id=person_id, already_given=True)
    event_id = scene.event.id

    def act():
        with transaction():
            event = db.session.get_one(type(scene.event), event_id)
            return services.log_handout(event, tap, by=SYSTEM).outcome

    return act


def taking_back(handout_id):
    def act():
        with transaction():
            return services.void_handout(
                handout_id, void_id=uuid_utils.uuid7(), reason="Wrong", by=SYSTEM
            )

    return act


@pytest.fixture
def history(scene, two):
    """Four handouts to the entry that goes, two to the one that stays."""
    ids = [
        scene.log(person_id=person_id, already_given=True).id
        for person_id in (two[1],) * 4 + (two[0],) * 2
    ]
    db.session.commit()
    return ids


def times_of(person_id) -> dict[int, int]:
    db.session.rollback()
    return {row.person_id: row.times for row in db.session.query(Served)}.get(person_id)


def test_while_people_are_served_and_handouts_taken_back_the_figures_stay_right(
    app, scene, two, history
):
    kept, gone = two
    acts = [
        *(taking_back(handout_id) for handout_id in history[:3]),
        *(serving(scene, person_id) for person_id in (gone, kept, gone)),
        merging(gone, kept),
    ]

    results = all_at_once(app, acts)

    assert not [result for result in results if isinstance(result, Exception)]
    assert times_of(kept) == len(history) - 3 + 3
    assert times_of(gone) is None
    assert verify_everything() == []


def test_control_taking_back_from_whoever_was_named_takes_it_from_nobody(
    app, scene, two, history, monkeypatch
):
    kept, gone = two
    monkeypatch.setattr(voids, "lock_holding_id", lambda person_id: person_id)

    all_at_once(app, [merging(gone, kept)])
    all_at_once(app, [taking_back(history[0])])

    assert times_of(gone) == -1
    assert verify_everything() != []
