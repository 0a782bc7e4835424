"""Phones go on sending while the server is killed: what was acknowledged stays, none doubles."""

import http.client
import json
import os
import random
import signal
import threading
import time

import pytest
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from carecampaign.distributions import services
from carecampaign.distributions.models import Handout
from carecampaign.inventory.services.verification import verify_everything
from tests.api.phones import Sender
from tests.distributions.scene import set_the_scene
from tests.faults.test_kill import Server, free_port

KILLS = int(os.environ.get("KILLS", "50")) // 5
LONGEST_REST = 0.15
SEED = 20231218
MOST = 6


class Phone(Sender):
    """A phone that keeps what it tapped until the server has acknowledged it."""

    def __init__(self, scene, port: int, cookie: str, seed: int) -> None:
        super().__init__(None, scene)
        self._port, self._cookie = port, cookie
        self._chance = random.Random(seed)
        self.tapped: set[str] = set()
        self.waiting: dict[str, dict] = {}
        self.acknowledged: set[str] = set()
        self.answers = 0

    def work(self, is_over: threading.Event) -> None:
        while not is_over.is_set():
            entry = self.entry()
            self.tapped.add(entry["id"])
            self.waiting[entry["id"]] = entry
            self.try_to_send()

    def try_to_send(self) -> None:
        """Send some of what waits, shuffled, and now and then what was acknowledged again."""
        entries = self._chance.sample(
            list(self.waiting.values()), min(len(self.waiting), self._chance.randint(1, MOST))
        )
        for code, own in self._answers(entries):
            assert code in {"created", "created_flagged", "duplicate"}, code
            if self._chance.random() < 0.1:
                continue  # the answer was lost on the way: it is sent again
            self.acknowledged.add(own)
            del self.waiting[own]

    def _answers(self, entries: list[dict]) -> list[tuple[str, str]]:
        answer = self._post(entries)
        if answer is None:
            time.sleep(0.01)
            return []
        self.answers += 1
        return [(it["code"], it["id"]) for it in answer["results"] if it["code"] != "retry"]

    def _post(self, entries: list[dict]) -> dict | None:
        body = {
            "protocol": 1,
            "batch_id": self.id,
            "phone_id": self.id,
            "sent_at": clock.now().isoformat(),
            "queue_length": len(self.waiting),
            "entries": entries,
        }
        headers = {
            "Cookie": self._cookie,
            "Content-Type": "application/json",
            "Sec-Fetch-Site": "same-origin",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request("POST", "/api/v1/sync", json.dumps(body), headers)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        assert answer.status == http.HTTPStatus.OK, content
        return json.loads(content)


@pytest.fixture
def scene(app):
    scene = set_the_scene()
    scene.event.held_on = clock.today()
    db.session.commit()
    return scene


@pytest.fixture
def cookies(app, scene) -> list[str]:
    """The cookies of two phones that were let in."""
    with transaction():
        code = services.issue_pass(scene.event, by=SYSTEM).code
    cookies = []
    for name in ("一", "二"):
        client = app.test_client()
        client.post(f"/v/j/{code}", data={"volunteer": name})
        cookies.append(f"station_pass={client.get_cookie('station_pass').value}")
    return cookies


def test_what_was_acknowledged_survives_and_all_that_was_tapped_comes_in_once(
    app, database_url, tmp_path, scene, cookies
):
    event_id = scene.event.id
    chance, port, is_over = random.Random(SEED), free_port(), threading.Event()
    server = Server(database_url, str(tmp_path), port, cookies[0], ["/v/events"])
    phones = [Phone(scene, port, cookie, seed) for seed, cookie in enumerate(cookies)]
    db.session.remove()
    threads = [threading.Thread(target=phone.work, args=(is_over,)) for phone in phones]
    for thread in threads:
        thread.start()
    for _kill in range(KILLS):
        child = server.start()
        before, until = sum(it.answers for it in phones), time.monotonic() + 30
        while sum(it.answers for it in phones) == before and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(chance.uniform(0, LONGEST_REST))
        os.kill(child, signal.SIGKILL)
        acknowledged = {own for phone in phones for own in [*phone.acknowledged]}
        assert acknowledged <= logged(event_id)
    child = server.start()
    is_over.set()
    for thread in threads:
        thread.join(timeout=60)
    for phone in phones:
        while phone.waiting:
            phone.try_to_send()
    os.kill(child, signal.SIGKILL)
    server.stop()

    assert logged(event_id) == phones[0].tapped | phones[1].tapped
    assert verify_everything() == []


def logged(event_id: int) -> set[str]:
    db.session.rollback()
    return {
        str(own)
        for own in db.session.scalars(select(Handout.id).where(Handout.event_id == event_id))
    }
