"""The volunteer's page where things are missing: scripts, or the network."""

import pytest
from playwright.sync_api import expect

from carecampaign.core.db import db
from carecampaign.distributions.models import Handout
from tests.distributions.scene import Scene, set_the_scene
from tests.journeys.log_page import LogPage
from tests.journeys.pages import sign_in
from tests.journeys.people import PASSWORD_HASH
from tests.journeys.window import PHONE

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(app) -> Scene:
    """An open event with ten packages, whose volunteer has a password."""
    scene = set_the_scene()
    scene.volunteer.password_hash = PASSWORD_HASH
    db.session.commit()
    return scene


@pytest.fixture
def log(scene, open_window) -> LogPage:
    """The log page on the volunteer's phone."""
    phone = sign_in(open_window(PHONE), scene.volunteer.username)
    phone.follow("Log handouts")
    return LogPage(phone)


def handouts() -> int:
    """How many handouts the database has, as of now."""
    db.session.rollback()
    return db.session.query(Handout).count()


def test_without_scripts_a_form_logs_and_takes_back(scene, open_window):
    phone = sign_in(open_window(PHONE, with_scripts=False), scene.volunteer.username)
    phone.follow("Log handouts")
    log = LogPage(phone)
    log.send_form(scene.couriers.name)
    phone.sees("Saved: %(who)s +%(count)s", who=scene.couriers.name, count=1)
    log.shows(left=9, person_times=1, item=scene.package.name)

    phone.press("Undo last")
    phone.sees("Taken back. It is not counted any more.")
    log.shows(left=10, person_times=0, item=scene.package.name)


def test_a_tap_without_network_is_kept_and_stored_once(scene, log):
    couriers = scene.couriers.name
    log.window.page.context.set_offline(True)
    log.hand_out(couriers)
    log.tells_not_saved()
    assert handouts() == 0

    log.window.page.context.set_offline(False)
    log.tells("Saved: %(who)s +%(count)s", who=couriers, count=1)
    log.shows(left=9, person_times=1, item=scene.package.name)
    assert handouts() == 1


def test_a_tap_whose_answer_was_lost_is_stored_once(scene, log):
    phone = log.window.page

    def lose_the_answer(route) -> None:
        route.fetch()
        phone.context.set_offline(True)
        route.abort()

    phone.route("**/tap", lose_the_answer, times=1)
    log.hand_out(scene.couriers.name)
    log.tells_not_saved()
    assert handouts() == 1

    phone.context.set_offline(False)
    log.tells("Saved before: it was counted once.")
    log.shows(left=9, person_times=1, item=scene.package.name)
    assert handouts() == 1
    expect(log.entries).to_have_count(1)
