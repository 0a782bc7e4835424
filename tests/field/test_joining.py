"""Let in by a pass: for one event, for its time, and only to add to its log."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.distributions import services
from carecampaign.distributions.models import EventState, Phone, PhoneAtEvent
from carecampaign.distributions.queries import phones
from carecampaign.field.callers import COOKIE
from tests.distributions.scene import actor
from tests.factories import EventFactory

NAME = {"volunteer": "测试志愿者"}


def at_event() -> PhoneAtEvent:
    return db.session.scalars(select(PhoneAtEvent).execution_options(populate_existing=True)).one()


def test_the_lead_shows_a_pass_once_with_a_code_and_six_digits(scene, lead):
    page = lead.post(f"/events/{scene.event.id}/passes/new").text

    assert "data:image/svg+xml;base64," in page
    assert "This pass is shown once only" in page
    assert "Withdraw" in lead.get(f"/events/{scene.event.id}/phones").text


def test_a_scanned_code_lets_a_phone_in_under_a_name(app, scene, issued):
    client = app.test_client()
    assert scene.event.place in client.get(f"/v/j/{issued.code}").text
    assert client.get("/v/events").status_code == 401

    answer = client.post(f"/v/j/{issued.code}", data=NAME)

    assert answer.location == f"/v/?event={scene.event.id}"
    cookie = client.get_cookie(COOKIE)
    assert (cookie.http_only, cookie.same_site) == (True, "Strict")
    assert client.get("/v/events").json["phone"]["volunteer"] == NAME["volunteer"]
    assert db.session.scalars(select(Phone)).one().volunteer == NAME["volunteer"]


def test_the_digits_let_a_phone_in_as_well(app, scene, issued):
    client = app.test_client()
    digits = {"event": scene.event.id, "pin": f" {issued.pin[:3]} {issued.pin[3:]}", **NAME}

    assert client.post("/v/join", data=digits).status_code == 302
    assert client.get(f"/v/events/{scene.event.id}.json").status_code == 200


@pytest.mark.parametrize("digits", [{"pin": "12"}, {"event": "x"}, {"volunteer": ""}])
def test_what_is_no_number_is_told_beside_the_field(app, scene, issued, digits):
    wrong = {"event": scene.event.id, "pin": issued.pin, **NAME, **digits}

    assert app.test_client().post("/v/join", data=wrong).status_code == 422


def test_guessing_digits_is_slowed_down_for_that_event_alone(app, scene, issued):
    client = app.test_client()
    wrong = {"event": scene.event.id, "pin": f"{(int(issued.pin) + 1) % 1_000_000:06d}", **NAME}
    for _attempt in range(10):
        assert "没有这组数字" in client.post("/v/join", data=wrong).text

    right = {**wrong, "pin": issued.pin}
    assert "次数过多" in client.post("/v/join", data=right).text

    other = EventFactory(campaign=scene.campaign, held_on=clock.today())
    db.session.commit()
    with transaction():
        elsewhere = services.issue_pass(other, by=actor(scene.lead))
    there = {"event": other.id, "pin": elsewhere.pin, **NAME}
    assert client.post("/v/join", data=there).status_code == 302


def test_a_pass_of_one_event_opens_no_other_and_no_page_of_the_staff(scene, phone):
    other = scene.another_event()
    db.session.commit()

    assert [event["id"] for event in phone.get("/v/events").json["events"]] == [scene.event.id]
    assert phone.get(f"/v/events/{other.id}.json").status_code == 401
    for url in (f"/events/{scene.event.id}", f"/events/{scene.event.id}/log", "/"):
        assert phone.get(url).status_code == 302


def test_the_same_phone_keeps_its_name_and_gets_a_second_event(app, scene, phone):
    other = scene.another_event(held_on=clock.today())
    db.session.commit()
    with transaction():
        second = services.issue_pass(other, by=actor(scene.lead))
    before = phone.get_cookie(COOKIE).value.partition(".")[0]

    phone.post(f"/v/j/{second.code}", data=NAME)

    assert phone.get_cookie(COOKIE).value.partition(".")[0] == before
    assert {event["id"] for event in phone.get("/v/events").json["events"]} == {
        scene.event.id,
        other.id,
    }


def test_a_withdrawn_pass_lets_nobody_in_and_leaves_in_who_is(app, scene, issued, phone, lead):
    lead.post(f"/events/{scene.event.id}/passes/{issued.station_pass.id}/revoke")
    again = lead.post(f"/events/{scene.event.id}/passes/{issued.station_pass.id}/revoke")

    assert again.status_code == 302
    assert app.test_client().get(f"/v/j/{issued.code}").status_code == 404
    assert phone.get(f"/v/events/{scene.event.id}.json").status_code == 200


def test_a_phone_that_is_shut_out_gets_nothing_more(scene, phone, lead):
    url = f"/events/{scene.event.id}/phones/{at_event().phone_id}/revoke"
    assert lead.post(url).status_code == 302
    assert lead.post(url).status_code == 302

    assert phone.get("/v/events").json["events"] == []
    assert phone.get(f"/v/events/{scene.event.id}.json").status_code == 401


def test_a_phone_is_confirmed_once_for_names(scene, phone, lead):
    url = f"/events/{scene.event.id}/phones/{at_event().phone_id}/confirm"
    lead.post(url)
    first = at_event().confirmed_at
    lead.post(url)

    assert first == at_event().confirmed_at
    assert "Confirmed" in lead.get(f"/events/{scene.event.id}/phones").text


def test_passes_and_phones_of_another_event_are_not_found(scene, issued, phone, lead):
    other = scene.another_event()
    db.session.commit()

    for way in (
        f"passes/{issued.station_pass.id}/revoke",
        f"phones/{at_event().phone_id}/confirm",
    ):
        assert lead.post(f"/events/{other.id}/{way}").status_code == 404


def test_three_days_after_the_end_it_is_over(app, scene, issued, phone, lead):
    scene.event.held_on = clock.today() - timedelta(days=5)
    db.session.commit()

    assert phones.is_over(scene.event)
    assert app.test_client().get(f"/v/j/{issued.code}").status_code == 404
    assert phone.get("/v/events").json["events"] == []
    assert lead.post(f"/events/{scene.event.id}/passes/new").status_code == 409
    assert "no phone is let in" in lead.get(f"/events/{scene.event.id}/phones").text


def test_a_pass_is_good_for_72_hours_after_the_hour_it_ends(scene):
    scene.event.held_on = date(2026, 12, 24)
    scene.event.ends_at = None
    whole_day = phones.valid_until(scene.event)
    scene.event.ends_at = (clock.local(whole_day) - timedelta(hours=12)).time()

    assert whole_day - phones.valid_until(scene.event) == timedelta(hours=12)
    assert clock.local_date(whole_day) == date(2026, 12, 28)


def test_an_event_that_was_cancelled_lets_nobody_in(scene, issued):
    scene.event.state = EventState.CANCELLED

    assert phones.is_over(scene.event)


def test_a_forged_cookie_is_nobody(app, scene, phone):
    phone_id, _dot, _secret = phone.get_cookie(COOKIE).value.partition(".")
    for value in (f"{phone_id}.x", "x.y", "", f"{phone_id}"):
        client = app.test_client()
        client.set_cookie(COOKIE, value)
        assert client.get("/v/events").status_code == 401


def test_leaving_takes_the_cookie_and_only_our_own_page_may_ask(phone):
    assert phone.post("/v/leave").status_code == 403
    forged = {"Sec-Fetch-Site": "cross-site"}
    assert phone.post("/v/leave", headers=forged).status_code == 403
    assert phone.post("/v/leave", headers={"Origin": "http://localhost"}).status_code == 302

    assert phone.get("/v/events").status_code == 401
