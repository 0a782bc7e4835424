"""Nothing in the log is deleted: a void stands beside the handout and takes its counts off."""

import pytest
import time_machine
import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import SYSTEM
from carecampaign.audit import services as audit
from carecampaign.audit.models import AuditEntry, AuditSeal
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.core.i18n import in_language_of
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import Handout, HandoutException, HandoutVoid, Served
from tests.distributions.scene import actor
from tests.factories import PersonFactory

pytestmark = pytest.mark.usefixtures("adds_up")


def void(handout_id, *, void_id=None, reason="Tapped twice", by=SYSTEM):
    return services.void_handout(
        handout_id, void_id=void_id or uuid_utils.uuid7(), reason=reason, by=by
    )


def test_a_void_gives_the_pieces_back_and_counts_nobody(scene):
    logged = scene.log(quantity=3, head_count=3)

    assert void(logged.id)

    assert scene.level() == (10, 0)
    assert queries.event_totals(scene.event) == (0, 0, 0, 0, 0)
    assert db.session.get(Handout, logged.id).void.reason == "Tapped twice"
    assert not queries.last_handouts(scene.event)


def test_a_void_of_a_named_person_lets_them_be_served_again(scene):
    person = PersonFactory(organization=scene.event.unit)
    logged = scene.log(person_id=person.id)

    void(logged.id)

    assert db.session.get(Served, (scene.event.id, person.id)).times == 0
    assert scene.log(person_id=person.id).handout is not None


def test_a_second_void_is_a_duplicate(scene):
    logged = scene.log()
    void_id = uuid_utils.uuid7()

    assert void(logged.id, void_id=void_id)
    assert not void(logged.id, void_id=void_id)
    assert not void(logged.id, reason="Once more")

    assert scene.level() == (10, 0)
    assert db.session.query(HandoutVoid).count() == 1


def test_the_id_of_a_void_cannot_be_used_for_something_else(scene):
    first, second = scene.log(), scene.log()
    void_id = uuid_utils.uuid7()
    void(first.id, void_id=void_id)

    with pytest.raises(services.OtherContent):
        void(second.id, void_id=void_id)
    with pytest.raises(services.OtherContent):
        scene.log(id=void_id)


def test_a_void_needs_a_reason(scene):
    logged = scene.log()

    with pytest.raises(services.ReasonNeeded):
        void(logged.id, reason="")


def test_voiding_a_shortage_gives_the_unexplained_back(scene):
    logged = scene.log(quantity=12, head_count=12, already_given=True)

    void(logged.id)

    assert scene.level() == (10, 0)


def test_rejecting_an_exception_is_a_void_and_settles_it(scene):
    logged = scene.log(quantity=12, head_count=12, already_given=True)

    void(logged.id, reason="A slip of the finger", by=actor(scene.lead))

    assert not queries.open_exceptions(scene.event)
    exception = db.session.query(HandoutException).populate_existing().one()
    assert exception.settlement == "A slip of the finger"
    assert exception.settled_by_id == scene.lead.id


def test_accepting_an_exception_keeps_the_entry_and_is_audited_without_the_words(scene):
    scene.log(quantity=12, head_count=12, already_given=True)
    (exception,) = queries.open_exceptions(scene.event)

    services.settle_exception(exception, settlement="Counted, all right", by=actor(scene.lead))

    assert not queries.open_exceptions(scene.event)
    assert scene.level() == (0, -2)
    entry = db.session.query(AuditEntry).filter_by(action="distributions.settle").one()
    assert "all right" not in str(entry.changes)


def test_an_exception_is_settled_once_and_with_a_note(scene):
    scene.log(quantity=12, head_count=12, already_given=True)
    (exception,) = queries.open_exceptions(scene.event)

    with pytest.raises(services.ReasonNeeded):
        services.settle_exception(exception, settlement="", by=SYSTEM)
    services.settle_exception(exception, settlement="Right", by=SYSTEM)
    with pytest.raises(services.AlreadySettled):
        services.settle_exception(exception, settlement="Wrong", by=SYSTEM)


def undo(handout, *, by):
    return services.undo_handout(
        handout, void_id=uuid_utils.uuid7(), reason="Undone", by=actor(by)
    )


def test_a_volunteer_undoes_their_own_fresh_entry(scene):
    logged = scene.log(by=actor(scene.volunteer))

    assert undo(logged.handout, by=scene.volunteer)


def test_a_volunteer_does_not_undo_anothers_entry(scene):
    logged = scene.log(by=actor(scene.lead))

    with pytest.raises(services.NotYours):
        undo(logged.handout, by=scene.volunteer)


def test_after_a_quarter_of_an_hour_only_the_lead_takes_back(scene):
    logged = scene.log(by=actor(scene.volunteer))

    with time_machine.travel(clock.seconds_from_now(15 * 60 + 1)):
        with pytest.raises(services.NotYours):
            undo(logged.handout, by=scene.volunteer)
        assert void(logged.id, by=actor(scene.lead))


def test_a_void_is_sealed_and_its_seal_can_be_proved(scene):
    logged = scene.log()
    void(logged.id)
    while audit.seal_batch():
        pass
    assert audit.verify().problems == []

    db.session.query(HandoutVoid).update({"reason": "Another reason"})
    problems = audit.verify().problems
    db.session.rollback()

    assert len(problems) == 1


def test_a_seal_whose_key_was_tampered_with_is_found(scene):
    scene.log()
    while audit.seal_batch():
        pass
    db.session.query(AuditSeal).filter_by(kind="handout").update({"ref": "not an id"})

    with in_language_of("en"):
        problems = [str(problem) for problem in audit.verify().problems]
    db.session.rollback()

    assert any("missing" in problem for problem in problems)
