"""A card at an event: it picks the person, and says before that they were served already."""

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.beneficiaries.codes import as_printed, draw_code
from carecampaign.beneficiaries.models import Revocation
from carecampaign.beneficiaries.queries.cards import find_card
from carecampaign.beneficiaries.services import cards
from carecampaign.core.db import db
from tests.beneficiaries.cards import bound_to, printed_for
from tests.factories import OrganizationFactory, PersonFactory, UserFactory


@pytest.fixture
def courier(scene):
    return PersonFactory(name="张小三", organization=scene.event.unit)


@pytest.fixture
def carried(courier):
    """The code of the courier's card."""
    return bound_to(courier)[1]


def test_a_scanned_card_opens_the_log_with_its_person_picked(client_for, scene, courier, carried):
    client = client_for(scene.volunteer)

    answer = client.get(f"/c/{carried}")
    page = client.get(answer.location).text

    assert answer.location == f"/events/{scene.event.id}/persons?person={courier.id}"
    assert "张小三" in page
    assert "got nothing yet" in page


def test_who_was_served_before_is_told_before_giving(client_for, scene, courier, carried):
    scene.log(person_id=courier.id, group_id=scene.couriers.id)
    client = client_for(scene.volunteer)

    page = client.get(client.get(f"/c/{carried}").location).text

    assert "Already served" in page
    assert "got something before, last on" in page


def test_a_card_is_typed_at_the_event(client_for, scene, courier, carried):
    client = client_for(scene.volunteer)
    here = f"/events/{scene.event.id}"

    assert "Code on the card" in client.get(f"{here}/persons").text
    assert client.get(f"{here}/card").status_code == 200
    answer = client.post(
        f"{here}/card?item={scene.package.id}", data={"code": as_printed(carried)}
    )

    assert answer.location == f"{here}/persons?person={courier.id}&item={scene.package.id}"


def test_cards_that_pick_nobody_say_why(client_for, scene, courier, carried):
    _batch, [blank] = printed_for(scene.event.unit)
    _card, elsewhere = bound_to(PersonFactory())
    cards.revoke_card(find_card(carried), Revocation.LOST, by=SYSTEM)
    client = client_for(scene.volunteer)
    pick = f"/events/{scene.event.id}/card"

    words = {
        code: client.post(pick, data={"code": code}).text
        for code in (blank, elsewhere, draw_code(), carried, "nonsense", "")
    }

    assert "no such card" in words[blank]
    assert "no such card" in words[elsewhere]
    assert "taken out of use" in words[carried]
    assert "type it again" in words["nonsense"]
    assert client.get(f"/c/{carried}").status_code == 409
    assert client.post(pick, data={}).status_code == 422


def test_strangers_learn_not_even_that_there_is_such_a_card(client_for, scene, courier, carried):
    _batch, [blank] = printed_for(scene.event.unit)
    planner_elsewhere = UserFactory(role=Role.PLANNER, organization=OrganizationFactory())
    volunteer_elsewhere = UserFactory(role=Role.VOLUNTEER, organization=OrganizationFactory())
    db.session.commit()

    for user in (planner_elsewhere, volunteer_elsewhere):
        client = client_for(user)
        assert [client.get(f"/c/{code}").status_code for code in (carried, blank)] == [404, 404]
    client = client_for(scene.volunteer)
    assert client.get(f"/c/{blank}").status_code == 404
    assert client.get(f"/c/{draw_code()}").status_code == 404
    assert client.get(f"/c/{'u' * 26}").status_code == 404
    assert client.get(f"/c/{carried[:-1]}").status_code == 404


def test_at_several_open_events_one_is_asked_which(client_for, scene, courier, carried):
    other = scene.another_event(place="Second gate", unit=scene.event.unit, state="open")
    client = client_for(scene.volunteer)

    page = client.get(f"/c/{carried}").text

    assert "At which event?" in page
    assert f"/events/{other.id}/persons?person={courier.id}" in page


def test_at_the_desk_a_card_leads_to_its_person_or_to_be_bound(
    client_for, scene, courier, carried
):
    _batch, [blank] = printed_for(scene.event.unit)
    planner = UserFactory(role=Role.PLANNER, organization=scene.event.unit)
    auditor = UserFactory(role=Role.AUDITOR, organization=scene.event.unit)
    ours, theirs = client_for(planner), client_for(auditor)

    assert ours.get(f"/c/{carried}").location == f"/persons/{courier.id}"
    assert ours.get(f"/c/{blank}").location == f"/cards/{find_card(blank).id}/bind"
    assert theirs.get(f"/c/{blank}").location == f"/cards/batches/{find_card(blank).batch_id}"
    cards.revoke_card(find_card(carried), Revocation.LOST, by=SYSTEM)
    db.session.commit()
    assert "taken out of use" in ours.get(f"/c/{carried}", follow_redirects=True).text


def test_whoever_is_not_signed_in_signs_in_first(app, carried):
    db.session.commit()

    assert "/sign-in" in app.test_client().get(f"/c/{carried}").location
