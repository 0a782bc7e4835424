"""Entries taken back, exceptions settled, and the sheet to sign."""

import pytest
import uuid_utils.compat as uuid_utils

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import HandoutException
from tests.distributions.scene import carry, command, receive
from tests.factories import (
    ItemFactory,
    PersonFactory,
    UserFactory,
)

pytestmark = pytest.mark.usefixtures("adds_up")


def test_the_lead_takes_an_entry_back_with_a_reason(scene, lead):
    logged = scene.log()
    db.session.commit()
    url = f"/events/{scene.event.id}/handouts/{logged.id}/void"
    fields = {"command_id": command(), "reason": "Tapped for the wrong group"}
    assert url in lead.get(f"/events/{scene.event.id}").text
    assert lead.get(url).status_code == 200

    assert lead.post(url, data=fields | {"reason": ""}).status_code == 422
    assert [lead.post(url, data=fields).status_code for _ in range(2)] == [302, 302]

    assert scene.level() == (10, 0)
    assert "Tapped for the wrong group" in lead.get(url).text


def test_an_entry_of_another_event_is_not_found_here(scene, lead):
    elsewhere = scene.another_event()
    logged = scene.log()
    db.session.commit()

    assert lead.get(f"/events/{elsewhere.id}/handouts/{logged.id}/void").status_code == 404


@pytest.fixture
def exception(scene) -> HandoutException:
    scene.log(quantity=12, head_count=12, already_given=True)
    db.session.commit()
    (exception,) = queries.open_exceptions(scene.event)
    return exception


@pytest.mark.parametrize(("decision", "level"), [("accept", (0, -2)), ("void", (10, 0))])
def test_an_exception_is_settled(scene, lead, exception, decision, level):
    url = f"/events/{scene.event.id}/exceptions/{exception.id}"
    fields = {"command_id": command(), "decision": decision, "reason": "Looked into it"}
    assert url in lead.get(f"/events/{scene.event.id}").text
    assert lead.get(url).status_code == 200

    assert lead.post(url, data=fields | {"reason": ""}).status_code == 422
    assert lead.post(url, data=fields).status_code == 302

    assert scene.level() == level
    assert not queries.open_exceptions(scene.event)
    assert "Looked into it" in lead.get(url).text


def test_an_exception_that_somebody_settled_meanwhile_says_so(scene, lead, exception):
    services.settle_exception(exception, settlement="Right", by=SYSTEM)
    db.session.commit()

    answer = lead.post(
        f"/events/{scene.event.id}/exceptions/{exception.id}",
        data={"command_id": command(), "decision": "accept", "reason": "Right too"},
    )

    assert answer.status_code == 422
    assert "Settled before: Right" in answer.text


def test_an_exception_is_found_only_where_it_belongs(scene, lead, exception, client_for):
    elsewhere = scene.another_event()
    db.session.commit()

    assert lead.get(f"/events/{elsewhere.id}/exceptions/{exception.id}").status_code == 404
    url = f"/events/{scene.event.id}/exceptions/{exception.id}"
    assert client_for(scene.volunteer).get(url).status_code == 403
    other = client_for(UserFactory(role=Role.STATION_LEAD))
    assert other.get(url).status_code == 404


def test_an_id_that_was_used_for_something_else_takes_nothing_back(scene, lead):
    first, second = scene.log(), scene.log()
    db.session.commit()
    fields = {"command_id": command(), "reason": "Twice"}
    urls = [f"/events/{scene.event.id}/handouts/{each.id}/void" for each in (first, second)]

    assert [lead.post(url, data=fields).status_code for url in urls] == [302, 422]


def test_the_sheet_has_a_line_to_sign_for_every_entry_that_stands(scene, lead):
    person = PersonFactory(name="测试员", organization=scene.event.unit, employer="A platform")
    gloves = ItemFactory(name="Gloves", spec="warm", unit="副")
    receive(scene.warehouse, gloves, 10, unit_value=333)
    carry(scene.warehouse, scene.event, gloves, 10)
    scene.log(quantity=2, head_count=2, note="for the night shift")
    scene.log(person_id=person.id)
    scene.log(item_id=gloves.id, head_count=0, quantity=3)
    voided = scene.log()
    services.void_handout(voided.id, void_id=uuid_utils.uuid7(), reason="No", by=SYSTEM)
    db.session.commit()

    page = lead.get(f"/events/{scene.event.id}/sheet").text

    assert page.count('<td class="sign-cell">') == 3
    for words in ("测试员", "A platform", "2 persons", "warm", "¥3.33", "¥9.99", "night shift"):
        assert words in page
    assert "Total of this page · 3 person-times" in page
    assert "¥159.99" in page


def test_a_long_sheet_has_totals_for_each_page_and_for_all(scene, lead):
    receive(scene.warehouse, scene.package, 30)
    carry(scene.warehouse, scene.event, scene.package, 30)
    for _ in range(14):
        scene.log()
    db.session.commit()

    page = lead.get(f"/events/{scene.event.id}/sheet").text

    assert "Total of this page · 12 person-times" in page
    assert "Total of this page · 2 person-times" in page
    assert "Total · 14 person-times" in page
    assert "Page 2 of 2" in page


def test_a_price_that_does_not_divide_is_left_out(scene, lead):
    receive(scene.warehouse, scene.package, 1, unit_value=1)
    carry(scene.warehouse, scene.event, scene.package, 1)
    scene.log(quantity=11, head_count=11)
    db.session.commit()

    assert '<td class="num">—</td>' in lead.get(f"/events/{scene.event.id}/sheet").text


def test_a_sheet_with_names_is_not_for_volunteers(scene, client_for, lead):
    url = f"/events/{scene.event.id}/sheet"

    assert client_for(scene.volunteer).get(url).status_code == 403
    assert "Nothing has been handed out yet" in lead.get(url).text
