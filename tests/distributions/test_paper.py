"""Paper as the last resort: what a signed sheet says is logged, with its photo, marked so."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import select

from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.distributions import queries
from carecampaign.distributions.models import (
    EventState,
    ExceptionReason,
    Handout,
    HandoutException,
    PaperSheet,
)
from carecampaign.distributions.queries.paper import entered_from_paper
from tests.distributions.scene import command

pytestmark = pytest.mark.usefixtures("adds_up")


def photo() -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(stream, "JPEG")
    stream.seek(0)
    return stream


def sheet_of(scene, **fields):
    return {
        "command_id": command(),
        "item_id": scene.package.id,
        "day": scene.event.held_on.isoformat(),
        "hour": "10:30",
        f"people_{scene.couriers.id}": "4",
        f"people_{scene.riders.id}": "2",
        "photo": (photo(), "sheet.jpg"),
        "note": "",
        **fields,
    }


def url(scene) -> str:
    return f"/events/{scene.event.id}/paper"


def test_what_the_sheet_says_is_logged_and_marked(scene, lead):
    answer = lead.post(url(scene), data=sheet_of(scene), follow_redirects=True)

    assert "Entered from paper" in answer.text
    handouts = db.session.scalars(select(Handout).order_by(Handout.group_id)).all()
    assert [(it.head_count, it.quantity) for it in handouts] == [(4, 4), (2, 2)]
    assert {clock.local(it.happened_at).strftime("%H:%M") for it in handouts} == {"10:30"}
    assert entered_from_paper(it.id for it in handouts) == {it.id for it in handouts}
    assert queries.standing_of(scene.event.id, scene.event.location_id).stock == {
        scene.package.id: 4
    }
    sheet = db.session.scalars(select(PaperSheet)).one()
    assert lead.get(f"{url(scene)}/{sheet.id}/thumb").mimetype.startswith("image/")


def test_the_same_form_sent_twice_is_one_sheet(scene, lead):
    fields = sheet_of(scene)
    lead.post(url(scene), data=fields)
    lead.post(url(scene), data={**fields, "photo": (photo(), "sheet.jpg")})

    assert len(db.session.scalars(select(Handout)).all()) == 2


def test_more_than_the_books_and_after_the_close_is_to_be_settled(scene, lead):
    lead.post(url(scene), data=sheet_of(scene, **{f"people_{scene.couriers.id}": "12"}))
    scene.event.state = EventState.CLOSED
    db.session.commit()
    lead.post(url(scene), data=sheet_of(scene, **{f"people_{scene.couriers.id}": ""}))

    reasons = db.session.scalars(select(HandoutException.reason)).all()
    assert set(reasons) == {ExceptionReason.OVER_STOCK, ExceptionReason.AFTER_CLOSE}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"photo": (io.BytesIO(b"no picture"), "x.jpg")}, "JPEG"),
        ({"day": ""}, "Enter the day."),
        ({"hour": "x"}, "Not a valid time value."),
        ({"item_id": "999999"}, "Not a valid choice."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_logged(scene, lead, fields, words):
    answer = lead.post(url(scene), data=sheet_of(scene, **fields))

    assert (answer.status_code, words in answer.text) == (422, True)
    assert db.session.scalars(select(Handout)).all() == []
    assert db.session.scalars(select(PaperSheet)).all() == []


def test_a_sheet_without_figures_is_none(scene, lead):
    empty = {f"people_{group.id}": "" for group in (scene.couriers, scene.riders)}

    assert "of one group at least" in lead.post(url(scene), data=sheet_of(scene, **empty)).text
    assert db.session.scalars(select(PaperSheet)).all() == []


def test_an_event_that_is_still_to_come_has_no_paper(scene, lead):
    scene.event.state = EventState.PLANNED
    scene.event.held_on = clock.today() + timedelta(days=1)
    db.session.commit()

    assert lead.get(url(scene)).status_code == 409


def test_a_sheet_of_another_event_is_not_found(scene, lead):
    lead.post(url(scene), data=sheet_of(scene))
    sheet = db.session.scalars(select(PaperSheet)).one()
    other = scene.another_event()
    db.session.commit()

    assert lead.get(f"/events/{other.id}/paper/{sheet.id}/full").status_code == 404
