"""The volunteer's page works without JavaScript: a tap is a form, its answer a page."""

import re

import pytest
import time_machine
import uuid_utils.compat as uuid_utils

from carecampaign.access.permissions import Role
from carecampaign.beneficiaries.models import Person
from carecampaign.campaigns.models import CampaignGroupOccupation
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions import queries
from carecampaign.distributions.models import EventState, Handout, Outcome, Received
from tests.distributions.scene import actor, carry, receive, staff
from tests.factories import ItemFactory, OccupationFactory, OrganizationFactory, PersonFactory

pytestmark = pytest.mark.usefixtures("adds_up")


def in_one_line(page):
    """The page as a browser reads it: how a tag is broken into lines means nothing."""
    return " ".join(page.split())


@pytest.fixture
def phone(scene, client_for):
    return client_for(scene.volunteer)


def url(scene, page="log"):
    return f"/events/{scene.event.id}/{page}"


def form(scene, **fields):
    return {
        "id": str(uuid_utils.uuid7()),
        "item_id": scene.package.id,
        "group_id": scene.couriers.id,
        "quantity": "1",
        **fields,
    }


def handouts():
    return db.session.query(Handout).order_by(Handout.recorded_at).all()


def test_the_page_has_a_button_for_every_group_and_says_what_is_left(scene, phone):
    scene.log(quantity=3, head_count=3)

    page = phone.get(url(scene)).text

    assert re.search(r'data-stock="\d+"[^>]*>\s*<span class="tap-counter__figure">7<', page)
    for group in (scene.couriers, scene.riders):
        assert f'name="group_id" value="{group.id}"' in in_one_line(page)
    assert "Couriers" in page
    assert 'name="item_id" value=' in page
    assert "Further item" not in page


def test_a_tap_by_form_is_saved_and_shown(scene, phone):
    answer = phone.post(url(scene), data=form(scene), follow_redirects=True)

    assert "Saved: Couriers +1" in answer.text
    assert [handout.head_count for handout in handouts()] == [1]


def test_a_typed_number_goes_before_the_chips(scene, phone):
    phone.post(url(scene), data=form(scene, quantity="1", other_quantity="4"))

    assert [(row.quantity, row.head_count) for row in handouts()] == [(4, 4)]


def test_with_more_than_one_item_the_item_is_chosen_the_package_first(scene, phone):
    gloves = ItemFactory(name="A gloves")
    receive(scene.warehouse, gloves, 5)
    carry(scene.warehouse, scene.event, gloves, 5)
    db.session.commit()

    page = phone.get(url(scene)).text
    assert f'value="{scene.package.id}" checked' in in_one_line(page)
    chosen = phone.get(url(scene) + f"?item={gloves.id}").text
    assert f'value="{gloves.id}" checked' in in_one_line(chosen)
    phone.post(url(scene), data=form(scene, item_id=gloves.id, is_further="1"))

    assert [(row.item_id, row.head_count) for row in handouts()] == [(gloves.id, 0)]


def test_a_form_sent_twice_counts_once(scene, phone):
    twice = form(scene)

    phone.post(url(scene), data=twice)
    answer = phone.post(url(scene), data=twice, follow_redirects=True)

    assert "counted once" in answer.text
    assert len(handouts()) == 1


def test_a_page_from_before_does_not_change_what_was_saved(scene, phone):
    before = form(scene)
    phone.post(url(scene), data=before)

    answer = phone.post(
        url(scene), data=before | {"group_id": scene.riders.id}, follow_redirects=True
    )

    assert "Nothing was saved" in answer.text
    assert len(handouts()) == 1


@pytest.mark.parametrize(
    "fields", [{"id": "x"}, {"quantity": "x"}, {"group_id": ""}, {"item_id": ""}]
)
def test_a_form_that_makes_no_sense_says_so_and_saves_nothing(scene, phone, fields):
    answer = phone.post(url(scene), data=form(scene, **fields), follow_redirects=True)

    assert answer.status_code == 200
    assert "notice--danger" in answer.text
    assert not handouts()


def test_a_refusal_offers_already_handed_over_under_a_new_id(scene, phone):
    asked = form(scene, quantity="11", note="two cartons")
    answer = phone.post(url(scene), data=asked)

    assert answer.status_code == 409
    assert "Only 10 of Winter package left here" in answer.text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))
    assert fields["id"] != asked["id"]
    saved = phone.post(url(scene), data=fields, follow_redirects=True)
    assert "for the lead to settle" in saved.text
    assert [(row.quantity, row.note) for row in handouts()] == [(11, "two cartons")]


def test_a_planned_event_asks_for_the_lead(scene, phone):
    scene.event.state = EventState.PLANNED

    page = phone.get(url(scene)).text

    assert "not open yet" in page
    assert "tap-button" not in page


def test_an_event_without_anything_asks_for_stock(scene, client_for):
    scene.campaign.package_version = None
    empty = scene.another_event()
    client = client_for(scene.volunteer)

    assert "nothing to hand out yet" in client.get(f"/events/{empty.id}/log").text
    assert "nothing to hand out yet" in client.get(f"/events/{empty.id}/persons").text


def test_a_closed_event_takes_late_entries_for_the_lead_to_settle(scene, phone):
    scene.event.state = EventState.CLOSED
    db.session.commit()

    page = phone.get(url(scene)).text
    assert "Late entry" in page
    assert 'name="already_given" value="1"' in page
    phone.post(url(scene), data=form(scene, already_given="1"))

    assert len(queries.open_exceptions(scene.event)) == 1


def test_another_stations_log_is_not_found(scene, client_for):
    stranger = client_for(staff(OrganizationFactory(), Role.VOLUNTEER))

    assert stranger.get(url(scene)).status_code == 404
    assert stranger.post(url(scene), data=form(scene)).status_code == 404
    assert stranger.get(url(scene, "persons")).status_code == 404


def undo(client, scene, handout_id, **headers):
    return client.post(
        url(scene, "undo"),
        data={"handout_id": str(handout_id), "void_id": str(uuid_utils.uuid7())},
        headers=headers,
    )


def test_the_last_entries_can_be_undone(scene, phone):
    logged = scene.log(by=actor(scene.volunteer))
    db.session.commit()
    assert str(logged.id) in phone.get(url(scene)).text

    answer = undo(phone, scene, logged.id)

    assert answer.status_code == 302
    assert "Taken back" in phone.get(url(scene)).text
    assert scene.level() == (10, 0)


def test_an_undo_for_the_phone_is_answered_in_json(scene, phone):
    logged = scene.log(by=actor(scene.volunteer))
    db.session.commit()

    answer = undo(phone, scene, logged.id, Accept="application/json")

    assert (answer.status_code, answer.json["outcome"]) == (200, "voided")
    assert answer.json["stock"] == [{"item_id": scene.package.id, "on_hand": 10}]
    assert answer.json["totals"] == {"person_times": 0, "quantity": 0}


def test_anothers_entry_is_left_to_the_lead(scene, phone, client_for):
    logged = scene.log(by=actor(scene.lead))
    db.session.commit()
    assert "data-undo" not in re.sub(r"<template.*?</template>", "", page_of(phone, scene))

    assert undo(phone, scene, logged.id, Accept="application/json").status_code == 409
    refused = undo(phone, scene, logged.id)
    assert refused.status_code == 302
    assert "Only the lead can take back" in phone.get(url(scene)).text
    undo(client_for(scene.lead), scene, logged.id)

    assert scene.level() == (10, 0)


def page_of(client, scene) -> str:
    text = re.sub(r"\s+", " ", client.get(url(scene)).text)
    return re.sub(r'<div class="undo-bar"[^>]*hidden.*?</div>', "", text)


def test_the_lead_may_undo_old_entries_too(scene, client_for):
    logged = scene.log(by=actor(scene.volunteer))
    client = client_for(scene.lead)
    with time_machine.travel(clock.seconds_from_now(3600)):
        assert undo(client, scene, logged.id).status_code == 302

    assert scene.level() == (10, 0)


def test_an_undo_of_nothing_is_refused(scene, phone):
    assert undo(phone, scene, uuid_utils.uuid7()).status_code == 404
    assert undo(phone, scene, "nothing").status_code == 302
    assert undo(phone, scene, "nothing", Accept="application/json").status_code == 409


@pytest.fixture
def courier(scene):
    person = PersonFactory(name="王小测", organization=scene.event.unit, employer="A platform")
    db.session.add(
        CampaignGroupOccupation(
            group_id=scene.couriers.id,
            occupation_id=person.occupation_id,
            campaign_id=scene.campaign.id,
        )
    )
    db.session.commit()
    return person


def test_a_person_is_found_by_a_part_of_the_name_and_picked(scene, phone, courier):
    PersonFactory(name="王小测", organization=OrganizationFactory())
    db.session.commit()

    page = phone.get(url(scene, "persons") + "?name=小测").text
    assert page.count('name="person_id"') == 1
    assert "A platform" in page
    picked = form(scene, person_id=courier.id)
    del picked["group_id"]
    answer = phone.post(url(scene), data=picked, follow_redirects=True)

    assert "Saved: 王小测 +1" in answer.text
    assert "served before" in phone.get(url(scene, "persons") + "?name=小测").text


def test_one_character_finds_nobody(scene, phone, courier):
    page = phone.get(url(scene, "persons") + "?name=王").text

    assert 'name="person_id"' not in page
    assert "Nobody of this name" in page


def test_percent_signs_are_only_characters(scene, phone, courier):
    assert 'name="person_id"' not in phone.get(url(scene, "persons") + "?name=%25%25").text


def test_a_person_of_no_group_asks_for_one(scene, phone):
    person = PersonFactory(organization=scene.event.unit)
    db.session.commit()
    picked = form(scene, person_id=person.id, group_id="")

    answer = phone.post(url(scene), data=picked, follow_redirects=True)

    assert "Choose the group" in answer.text
    assert not handouts()


def new_person(occupation, **fields):
    return {
        "new-command_id": str(uuid_utils.uuid7()),
        "new-name": "赵新人",
        "new-occupation_id": occupation.id,
        "new-employer": "B platform",
        **fields,
    }


def test_somebody_new_is_added_and_served_in_one_step(scene, phone, courier):
    fields = new_person(courier.occupation)

    phone.post(url(scene, "persons"), data=fields)
    answer = phone.post(url(scene, "persons"), data=fields)

    assert answer.status_code == 302
    person = db.session.query(Person).filter_by(name="赵新人").one()
    assert person.organization == scene.event.unit
    assert [handout.person_id for handout in handouts()] == [person.id]


def test_somebody_new_of_no_group_is_not_added_by_halves(scene, phone):
    occupation = OccupationFactory()
    db.session.commit()

    answer = phone.post(url(scene, "persons"), data=new_person(occupation))

    assert answer.status_code == 422
    assert "Choose the group" in answer.text
    assert not db.session.query(Person).count()
    fields = new_person(occupation, **{"new-group_id": scene.riders.id})
    phone.post(url(scene, "persons"), data=fields)
    assert [handout.group_id for handout in handouts()] == [scene.riders.id]


def test_somebody_new_needs_a_name(scene, phone, courier):
    answer = phone.post(
        url(scene, "persons"), data=new_person(courier.occupation) | {"new-name": ""}
    )

    assert answer.status_code == 422
    assert not handouts()


def test_somebody_new_is_kept_also_when_nothing_is_left(scene, phone, courier):
    scene.log(quantity=10, head_count=10)
    db.session.commit()

    answer = phone.post(url(scene, "persons"), data=new_person(courier.occupation))

    assert answer.status_code == 409
    assert "Already handed over" in answer.text
    assert db.session.query(Received).filter_by(outcome=Outcome.REFUSED).count() == 1
    assert db.session.query(Person).filter_by(name="赵新人").count() == 1
