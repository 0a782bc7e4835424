"""Whatever is tapped, repeated, taken back and closed, every figure is the sum of the log."""

import os
from collections import Counter
from datetime import timedelta

import pytest
import uuid_utils.compat as uuid_utils
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from carecampaign.access.actor import SYSTEM
from carecampaign.campaigns.models import CampaignGroupOccupation
from carecampaign.catalogue.models import ItemKind
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions import services
from carecampaign.distributions.models import (
    SLOTS,
    CampaignDay,
    EventState,
    Handout,
    Outcome,
    Served,
    Tally,
)
from carecampaign.distributions.services import Count, OtherContent, counted_on
from carecampaign.inventory.services.verification import verify_everything
from tests.distributions.scene import carry, receive, set_the_scene
from tests.factories import ItemFactory, PersonFactory

EXAMPLES = int(os.environ.get("LEDGER_EXAMPLES", "12"))
"""How many histories are tried; raise it for a long search."""

PIECES = st.integers(1, 4)
EVENTS = st.sampled_from(["morning", "evening"])
GAPS = st.sampled_from(["lost", "later", "not_logged"])
DAYS_AGO = st.integers(-2, 2)


class Log(RuleBasedStateMachine):
    """The services on one side; on the other the log itself, added up in plain Python.

    Nothing is committed, so that each history starts from nothing.
    """

    taps = Bundle("taps")

    @initialize()
    def set_up(self):
        scene = self.scene = set_the_scene(packages=0)
        self.gloves = ItemFactory()
        receive(scene.warehouse, scene.package, 500)
        receive(scene.warehouse, self.gloves, 500, unit_value=37)
        self.events = {"morning": scene.event, "evening": scene.another_event()}
        for event in self.events.values():
            event.held_on = clock.today() - timedelta(days=1)
            carry(scene.warehouse, event, scene.package, 5)
        self.persons = [PersonFactory(organization=scene.event.unit) for _person in range(2)]
        db.session.add(
            CampaignGroupOccupation(
                group_id=scene.riders.id,
                occupation_id=self.persons[0].occupation_id,
                campaign_id=scene.campaign.id,
            )
        )
        db.session.flush()

    def teardown(self):
        try:
            differences = verify_everything()
        finally:
            db.session.rollback()
        assert differences == []

    def item(self, name):
        return self.gloves if name == "gloves" else self.scene.package

    @rule(
        target=taps,
        event=EVENTS,
        item=st.sampled_from(["package", "package", "gloves"]),
        pieces=PIECES,
        is_further=st.booleans(),
        already_given=st.booleans(),
        days_ago=DAYS_AGO,
    )
    def tap_for_a_group(self, event, item, pieces, is_further, already_given, days_ago):
        return self.log(
            event,
            item_id=self.item(item).id,
            quantity=pieces,
            head_count=0 if is_further else pieces,
            already_given=already_given,
            happened_at=clock.now() - timedelta(days=days_ago),
        )

    @rule(target=taps, event=EVENTS, person=st.integers(0, 1), already_given=st.booleans())
    def tap_for_a_person(self, event, person, already_given):
        return self.log(event, person_id=self.persons[person].id, already_given=already_given)

    def log(self, event, **facts):
        facts.setdefault("item_id", self.scene.package.id)
        is_known = facts["item_id"] == self.scene.package.id or self.scene.level(
            self.events[event], self.gloves
        ) != (0, 0)
        if not is_known:
            carry(self.scene.warehouse, self.events[event], self.gloves, 3)
        tap = self.scene.tap(**facts)
        return (event, tap, services.log_handout(self.events[event], tap, by=SYSTEM))

    @rule(tap=taps)
    def repeat(self, tap):
        event, message, before = tap
        again = services.log_handout(self.events[event], message, by=SYSTEM)
        assert again.is_repeat
        assert (again.outcome, again.reasons) == (before.outcome, before.reasons)

    @rule(tap=taps)
    def repeat_with_other_content(self, tap):
        event, message, _before = tap
        with pytest.raises(OtherContent):
            self.scene.log(
                event=self.events[event], id=message.id, note="something else altogether"
            )

    @rule(tap=taps)
    def take_back(self, tap):
        _event, message, logged = tap
        if logged.outcome != Outcome.REFUSED:
            services.void_handout(
                message.id, void_id=uuid_utils.uuid7(), reason="Wrong", by=SYSTEM
            )

    @rule(event=EVENTS, pieces=PIECES)
    def bring_more(self, event, pieces):
        carry(self.scene.warehouse, self.events[event], self.scene.package, pieces)

    @rule(event=EVENTS, missing=st.integers(-2, 2), gap=GAPS)
    def close(self, event, missing, gap):
        held = self.events[event]
        if held.state != EventState.OPEN:
            return
        on_hand, _unexplained = self.scene.level(held)
        count = Count(max(0, on_hand - missing), gap, self.scene.couriers.id)
        services.close_event(
            held,
            counts={self.scene.package.id: count} if on_hand else {},
            target=self.scene.warehouse,
            by=SYSTEM,
        )

    @invariant()
    def every_figure_is_the_sum_of_the_log(self):
        if not hasattr(self, "scene"):
            return
        db.session.flush()
        tally, days, served = Counter(), Counter(), Counter()
        for handout in db.session.query(Handout).filter(~Handout.void.has()):
            event = handout.event
            day = counted_on(handout.happened_at, handout.recorded_at, held_on=event.held_on)
            figures = {"person_times": handout.head_count, "value": handout.value}
            key = (event.id, day, handout.group_id, handout.item_id)
            is_package = handout.item.kind == ItemKind.PACKAGE
            for name, number in (figures | {"quantity": handout.quantity}).items():
                tally[*key, name] += number
            figures["packages" if is_package else "pieces"] = handout.quantity
            for name, number in figures.items():
                days[day, event.id % SLOTS, name] += number
            if handout.person_id and handout.head_count:
                served[event.id, handout.person_id] += 1
        assert +tally == +Counter(
            {
                (row.event_id, row.day, row.group_id, row.item_id, name): getattr(row, name)
                for row in db.session.query(Tally).populate_existing()
                for name in ("person_times", "quantity", "value")
            }
        )
        assert +days == +Counter(
            {
                (row.day, row.slot, name): getattr(row, name)
                for row in db.session.query(CampaignDay).populate_existing()
                for name in ("person_times", "packages", "pieces", "value")
            }
        )
        assert +served == +Counter(
            {
                (row.event_id, row.person_id): row.times
                for row in db.session.query(Served).populate_existing()
            }
        )


def test_every_history_of_a_log_adds_up(app):
    run_state_machine_as_test(
        Log,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
