"""However batches are replayed, reordered, doubled and cut: the log is the set of the taps."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import EventState, Handout, HandoutVoid
from carecampaign.inventory.services.verification import verify_everything
from tests.api.phones import Sender
from tests.distributions.scene import carry, receive, set_the_scene

TAPS = st.lists(st.integers(1, 4), min_size=1, max_size=6)
SENDS = st.lists(st.lists(st.integers(0, 11), max_size=8), max_size=6)
VOIDED = st.sets(st.integers(0, 5), max_size=3)


@pytest.fixture
def anew(app):
    """Begin again at another open event with ten packages, with a phone that was let in."""
    scene = set_the_scene()

    def begin():
        db.session.rollback()
        event = scene.another_event(state=EventState.OPEN, held_on=clock.today())
        receive(scene.warehouse, scene.package, 10)
        carry(scene.warehouse, event, scene.package, 10)
        db.session.commit()
        scene.event = event
        with transaction():
            code = services.issue_pass(scene.event, by=SYSTEM).code
        client = app.test_client()
        client.post(f"/v/j/{code}", data={"volunteer": "测试志愿者"})
        return Sender(client, scene), scene.event

    return begin


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(quantities=TAPS, sends=SENDS, voided=VOIDED)
def test_the_log_is_what_was_tapped(anew, quantities, sends, voided):
    sender, event = anew()
    entries = [sender.entry(quantity=n, head_count=n) for n in quantities]
    voids = [sender.void(entries[at]) for at in sorted(voided) if at < len(entries)]
    said = [*entries, *voids]
    for places in sends:
        sender.post([said[at % len(said)] for at in places])
    sender.post(entries)
    sender.post(voids)

    again = sender.post(said).json["results"]

    assert {it["code"] for it in again} <= {"duplicate"}
    db.session.rollback()
    here = select(Handout).where(Handout.event_id == event.id)
    logged = {str(it.id): it.quantity for it in db.session.scalars(here)}
    assert logged == {it["id"]: it["quantity"] for it in entries}
    of = select(HandoutVoid.handout_id).join(Handout).where(Handout.event_id == event.id)
    taken_back = {str(it) for it in db.session.scalars(of)}
    assert taken_back == {it["voids"] for it in voids}
    stands = sum(it["quantity"] for it in entries if it["id"] not in taken_back)
    standing = queries.standing_of(event.id, event.location_id)
    assert standing.person_times == stands
    assert verify_everything() == []
    if stands > 10:
        assert queries.open_exceptions(event)
