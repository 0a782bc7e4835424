"""The volunteer's phone in a real Chromium, with everything taken away that can be."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select
from werkzeug.serving import make_server

from carecampaign.access.actor import SYSTEM
from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.distributions import queries, services
from carecampaign.distributions.models import (
    ExceptionReason,
    Handout,
    HandoutException,
    HandoutVoid,
)
from carecampaign.field.views import shell
from carecampaign.inventory.services.verification import verify_everything
from tests.distributions.scene import Scene, set_the_scene
from tests.journeys.conftest import CHROMIUM, SWITCHES, QuietHandler
from tests.journeys.volunteers_phone import Phone
from tests.journeys.window import PHONE

pytestmark = pytest.mark.browser


class Server:
    """The application on a port of its own, that can be stopped and started again."""

    def __init__(self, app) -> None:
        self._app = app
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"

    def start(self) -> "Server":
        self._server = make_server(
            "127.0.0.1", self._port, self._app, threaded=True, request_handler=QuietHandler
        )
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def scene(app) -> Scene:
    """An open event of today with ten packages."""
    scene = set_the_scene()
    scene.event.held_on = clock.today()
    db.session.commit()
    return scene


@pytest.fixture
def code(scene) -> str:
    """The code of a pass."""
    with transaction():
        return services.issue_pass(scene.event, by=SYSTEM).code


@pytest.fixture
def server(app) -> Iterator[Server]:
    app.config.update(WTF_CSRF_ENABLED=True, SEND_FILE_MAX_AGE_DEFAULT=3600)
    server = Server(app).start()
    yield server
    server.stop()


@pytest.fixture
def new_phone(server, browser: Browser) -> Iterator[Callable[[], Phone]]:
    """Take another phone out of its box; a script that failed on it fails the test."""
    phones: list[Phone] = []

    def take() -> Phone:
        phones.append(Phone(browser.new_context(base_url=server.url, **PHONE.as_context())))
        return phones[-1]

    yield take
    for phone in phones:
        phone.context.close()
    assert [trouble for phone in phones for trouble in phone.troubles] == []


@pytest.fixture
def phone(new_phone, code) -> Phone:
    """A phone that is ready at the event."""
    return new_phone().join(code)


def logged() -> int:
    """How many handouts stand in the log, as of now."""
    db.session.rollback()
    return db.session.scalar(
        select(func.count())
        .select_from(Handout)
        .where(~select(HandoutVoid.id).where(HandoutVoid.handout_id == Handout.id).exists())
    )


def comes_to(count: int) -> None:
    """Wait until so many handouts stand, then see that no more come."""
    until = time.monotonic() + 20
    while logged() < count and time.monotonic() < until:
        time.sleep(0.1)
    time.sleep(0.3)
    assert logged() == count
    assert verify_everything() == []


def test_without_a_network_all_is_kept_and_comes_in_once(scene, phone):
    couriers, riders = scene.couriers.name, scene.riders.name
    phone.tap(couriers)
    comes_to(1)
    phone.cut()
    phone.tap(riders, together=3)
    phone.tap(couriers)
    phone.undo()
    phone.waits(3)
    phone.has_left(6)
    assert logged() == 1

    phone.again()
    phone.waits(3)
    phone.has_left(6)
    phone.mend()

    comes_to(2)
    phone.waits(0)
    standing = queries.standing_of(scene.event.id, scene.event.location_id)
    assert (standing.groups, standing.person_times) == (
        {scene.couriers.id: 1, scene.riders.id: 3},
        4,
    )


def test_the_server_may_be_gone_and_come_back(scene, phone, server):
    server.stop()
    phone.again()
    phone.tap(scene.couriers.name)
    phone.tap(scene.couriers.name)
    phone.waits(2)

    server.start()
    phone.page.locator("#trouble-again").click()

    comes_to(2)


def test_five_phones_on_the_last_ten_packages(scene, new_phone, code):
    phones = [new_phone().join(code, f"测试志愿者{number}") for number in range(5)]
    for phone in phones:
        phone.cut()
    for _time in range(3):
        phones[0].page.wait_for_timeout(750)
        for phone in phones:
            phone.tap(scene.couriers.name, waits=False)
    assert logged() == 0
    for phone in phones:
        phone.mend()

    comes_to(15)
    reasons = db.session.scalars(select(HandoutException.reason)).all()
    assert reasons == [ExceptionReason.OVER_STOCK] * 5


def test_two_tabs_are_one_phone(scene, phone):
    other = phone.context.new_page()
    other.goto("/v/")
    expect(other.locator("#log")).to_be_visible()
    phone.cut()
    phone.tap(scene.couriers.name)
    other.locator(".group").first.click()
    expect(other.locator("#status")).to_contain_text("待上传 2")
    phone.mend()

    comes_to(2)


def test_a_pass_that_is_gone_loses_nothing(scene, phone, code):
    phone.cut()
    phone.tap(scene.couriers.name)
    phone.context.clear_cookies()
    phone.mend()
    expect(phone.page.locator("#trouble-words")).to_contain_text("不会丢失")
    assert logged() == 0

    phone.join(code)

    comes_to(1)


@pytest.mark.parametrize("hours", [-24, 24 * 365])
def test_a_clock_that_was_moved_is_flagged(scene, new_phone, code, hours):
    phone = new_phone()
    phone.context.clock.set_system_time(time.time() + hours * 3600)
    phone.join(code)
    phone.tap(scene.couriers.name)

    comes_to(1)
    assert db.session.scalars(select(HandoutException.reason)).all() == [
        ExceptionReason.CLOCK_SUSPECT
    ]


def test_a_newer_page_waits_until_the_queue_is_sent(scene, phone, monkeypatch):
    phone.page.route("**/api/v1/sync", lambda route: route.abort())
    phone.tap(scene.couriers.name)
    monkeypatch.setattr(shell, "TOGETHER", (1, 4))
    is_waiting = """async () => {
        const registration = await navigator.serviceWorker.getRegistration('/v/');
        if (!registration.waiting) await registration.update();
        return Boolean(registration.waiting);
    }"""
    phone.page.wait_for_function(is_waiting)
    phone.again()
    phone.waits(1)
    assert phone.page.evaluate(is_waiting)

    phone.page.unroute("**/api/v1/sync")
    phone.page.locator("#trouble-again").click()

    comes_to(1)
    phone.page.wait_for_function(
        """async () => {
            const registration = await navigator.serviceWorker.getRegistration('/v/');
            return !registration.waiting;
        }"""
    )


def test_a_phone_that_keeps_nothing_says_so(scene, phone):
    phone.page.evaluate(
        "void (IDBObjectStore.prototype.add = () => {"
        " throw new DOMException('full', 'QuotaExceededError'); })"
    )
    phone.page.locator(".group").first.click()

    phone.says("未保存")
    assert logged() == 0


def test_the_flow_is_done_by_keyboard_alone(scene, phone):
    keys = phone.page.keyboard
    keys.press("1")
    expect(phone.page.locator("#count")).to_have_text("1")
    phone.page.wait_for_timeout(750)
    phone.page.locator(".group").nth(1).focus()
    keys.press("Space")
    expect(phone.page.locator("#count")).to_have_text("2")
    for _key in range(12):
        keys.press("Tab")
        if phone.page.evaluate("document.activeElement.id") == "undo":
            break
    keys.press("Enter")

    comes_to(1)


def test_buttons_are_as_wide_as_a_gloved_thumb_and_everybody_can_use_them(scene, phone):
    phone.tap(scene.couriers.name)
    for button in [*phone.page.locator(".group").all(), phone.page.locator("#undo")]:
        assert min(button.bounding_box()["width"], button.bounding_box()["height"]) >= 76
    assert phone.faults() == []
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= PHONE.width

    phone.page.locator("#own").click()
    assert phone.faults() == []


def test_what_is_not_sent_can_be_saved_as_a_file(scene, phone):
    phone.cut()
    phone.tap(scene.couriers.name)
    phone.page.locator("#own").click()
    expect(phone.page.locator("#leave")).to_be_disabled()
    with phone.page.expect_download() as saved:
        phone.page.locator("#save-queue").click()

    assert '"format":"carecampaign-queue"' in saved.value.path().read_text(encoding="utf-8")


def test_leaving_leaves_nothing_behind(scene, phone):
    phone.tap(scene.couriers.name)
    comes_to(1)
    phone.waits(0)
    phone.page.locator("#own").click()
    phone.page.locator("#leave").click()

    expect(phone.page.locator("#no-events")).to_be_visible()
    assert "station_pass" not in {cookie["name"] for cookie in phone.context.cookies()}


@pytest.fixture
def own_browser(server, tmp_path, browser) -> Iterator[Callable[[], tuple[Phone, Callable]]]:
    """Start a browser on a folder that stays, and tell how to kill it."""
    running: list[subprocess.Popen] = []

    def start() -> tuple[Phone, Callable[[], None]]:
        port_file = tmp_path / "browser" / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        process = subprocess.Popen(
            [
                *(CHROMIUM, *SWITCHES, "--headless=new", "--remote-debugging-port=0"),
                f"--user-data-dir={tmp_path / 'browser'}",
            ],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        running.append(process)
        until = time.monotonic() + 20
        while not port_file.exists() and time.monotonic() < until:
            time.sleep(0.05)
        port = port_file.read_text().splitlines()[0]
        attached = browser.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}")
        phone = Phone(attached.contexts[0], base_url=server.url)

        def kill() -> None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

        return phone, kill

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    shutil.rmtree(tmp_path / "browser", ignore_errors=True)


def test_a_browser_that_is_killed_has_what_it_said_was_saved(scene, code, own_browser):
    phone, kill = own_browser()
    phone.join(code)
    phone.page.route("**/api/v1/sync", lambda route: route.abort())
    for _time in range(3):
        phone.tap(scene.couriers.name)
    kill()
    assert logged() == 0

    phone, _kill = own_browser()
    phone.again()
    phone.waits(3)
    # A browser writes cookies down when it has time: this one may have to scan the pass again.
    phone.join(code)

    comes_to(3)
