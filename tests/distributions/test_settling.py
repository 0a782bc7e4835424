"""All that is to be settled at an event: accepted, taken back, moved, or seen to."""

from uuid import UUID

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import (
    EventState,
    Handout,
    HandoutException,
    HandoutVoid,
    Quarantined,
)
from tests.api.phones import Sender
from tests.distributions.scene import command

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def exceptions(scene) -> list[HandoutException]:
    """Three entries beyond the books."""
    for _time in range(3):
        scene.log(quantity=12, head_count=12, already_given=True)
    db.session.commit()
    return list(queries.open_exceptions(scene.event))


def to_settle(scene) -> str:
    return f"/events/{scene.event.id}/to-settle"


def left(scene) -> int:
    db.session.rollback()
    return len(queries.open_exceptions(scene.event))


def test_many_are_accepted_with_one_note(scene, lead, exceptions):
    assert "Choose" in lead.get(to_settle(scene)).text
    chosen = [exceptions[0].id, exceptions[2].id]

    answer = lead.post(
        to_settle(scene),
        data={"exception_id": chosen, "reason": "Counted"},
        follow_redirects=True,
    )

    assert "2 exceptions settled." in answer.text
    assert left(scene) == 1


@pytest.mark.parametrize("chosen", [[], ["x"], ["999999"]])
def test_choosing_nothing_settles_nothing(scene, lead, exceptions, chosen):
    answer = lead.post(to_settle(scene), data={"exception_id": chosen, "reason": "Counted"})

    assert (answer.status_code, left(scene)) == (422, 3)


def test_without_a_note_nothing_is_settled(scene, lead, exceptions):
    data = {"exception_id": [exceptions[0].id], "reason": ""}

    assert lead.post(to_settle(scene), data=data).status_code == 422
    assert left(scene) == 3


def test_an_entry_is_moved_to_the_event_it_belongs_to(scene, lead, exceptions):
    other = scene.another_event(state=EventState.OPEN, held_on=scene.event.held_on)
    other.volunteers.append(scene.lead)
    db.session.commit()
    url = f"/events/{scene.event.id}/exceptions/{exceptions[0].id}"
    moved = exceptions[0].handout

    nowhere = {"command_id": command(), "decision": "move", "target_id": "", "reason": "There"}
    assert "Choose the event" in lead.post(url, data=nowhere).text
    assert lead.post(url, data={**nowhere, "target_id": other.id}).status_code == 302

    db.session.rollback()
    there = db.session.scalars(select(Handout).where(Handout.event_id == other.id)).one()
    assert (there.head_count, there.happened_at) == (12, moved.happened_at)
    assert db.session.scalars(select(HandoutVoid.handout_id)).all() == [moved.id]
    assert len(queries.open_exceptions(other)) == 1


def test_what_was_taken_back_meanwhile_is_not_moved(scene, exceptions):
    handout = exceptions[0].handout
    other = scene.another_event(state=EventState.OPEN)
    ids = [command(), command()]
    services.void_handout(handout.id, void_id=UUID(ids[0]), reason="Wrong", by=SYSTEM)

    with pytest.raises(services.TakenBackBefore):
        services.move_handout(handout, other, void_id=UUID(ids[1]), reason="There", by=SYSTEM)


def test_what_was_put_aside_is_seen_to(app, scene, lead):
    scene.event.held_on = clock.today()
    db.session.commit()
    with transaction():
        issued = services.issue_pass(scene.event, by=SYSTEM)
    phone = app.test_client()
    phone.post(f"/v/j/{issued.code}", data={"volunteer": "测试志愿者"})
    sender = Sender(phone, scene)
    assert sender.codes([sender.entry(item_id=999_999)]) == ["quarantined"]

    page = lead.get(to_settle(scene)).text
    assert "测试志愿者" in page
    assert "A group or a thing that this event has not" in page
    one = db.session.scalars(select(Quarantined)).one()
    url = f"/events/{scene.event.id}/put-aside/{one.id}/settle"
    assert lead.post(url).status_code == 302
    assert lead.post(url).status_code == 302
    assert "Nothing is left to be settled" in lead.get(to_settle(scene)).text

    other = scene.another_event()
    db.session.commit()
    assert lead.post(f"/events/{other.id}/put-aside/{one.id}/settle").status_code == 404
