"""``kill -9`` in the middle of writing, again and again, while people go on posting.

After each restart the ledger verifies. In the end every document that was acknowledged is
there, and each form that was sent again and again took effect once.
"""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from carecampaign.accounts.sessions import beginning
from carecampaign.core.db import db
from carecampaign.core.forms import new_command_id
from carecampaign.core.settings import ROOT
from carecampaign.inventory.models import DocumentKind, StockDocument
from carecampaign.inventory.services.verification import verify
from tests.factories import FundSourceFactory, StockLocationFactory
from tests.inventory.pages import keeper
from tests.inventory.stock import receive

KILLS = int(os.environ.get("KILLS", "50"))
CLIENTS = 3
LONGEST_REST = 0.2
"""Seconds that a server lives at most after its first answer."""

SEED = 20231215


@dataclass
class Server:
    """The server under attack."""

    url: str
    folder: str
    port: int
    cookie: str
    paths: list[str]
    parent: subprocess.Popen = field(init=False)

    def __post_init__(self):
        command = [sys.executable, "-m", "tests.faults.forking"]
        self.parent = subprocess.Popen(
            [*command, self.url, self.folder, str(self.port), self.cookie, *self.paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
        )

    def start(self) -> int:
        """Start it and wait until it answers; give its process id."""
        self.parent.stdin.write("once more\n")
        self.parent.stdin.flush()
        child = int(self.parent.stdout.readline())
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                time.sleep(0.005)
            else:
                return child
        raise AssertionError("the server does not answer")

    def stop(self) -> None:
        self.parent.stdin.close()
        self.parent.wait(timeout=20)
        self.parent.stdout.close()


@dataclass
class Client:
    """Somebody who sends forms, each again until the server says that it is saved."""

    port: int
    cookie: str
    paths: list[tuple[str, dict[str, object]]]
    is_over: threading.Event
    acknowledged: list[int] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)

    def work(self) -> None:
        number = 0
        while not self.is_over.is_set():
            path, values = self.paths[number % len(self.paths)]
            self.send(path, {**values, "command_id": new_command_id()})
            number += 1

    def send(self, path: str, form: dict[str, object]) -> None:
        while (answer := self.post(path, form)) is None:
            time.sleep(0.01)
        status, location = answer
        if status == http.HTTPStatus.FOUND:
            self.acknowledged.append(int(location.rsplit("/", 1)[1]))
        else:
            self.refused.append(status)

    def post(self, path: str, form: dict[str, object]) -> tuple[int, str] | None:
        """Post a form; None when the server died over it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {
            "Cookie": self.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            connection.request("POST", path, urlencode(form), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return answer.status, answer.headers.get("Location", "")


@pytest.fixture
def cookie(app, union):
    """The cookie of a keeper who is signed in."""
    user = keeper(union)
    session = {**beginning(), "_user_id": f"{user.id}.{user.session_key}", "_fresh": True}
    signed = app.session_interface.get_signing_serializer(app).dumps(session)
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}"


@pytest.fixture
def forms(union, warehouse, gloves):
    """A receipt and a transfer to post."""
    receive(warehouse, gloves, 1_000_000)
    other = StockLocationFactory(organization=union)
    receipt = {
        "target": warehouse.id,
        "origin": "bought",
        "counterpart": "Some shop",
        "fund_source": FundSourceFactory(organization=union).id,
        "dated_on": "2026-11-20",
        "lines-0-item": gloves.id,
        "lines-0-quantity": 3,
        "lines-0-unit_value": "6",
    }
    transfer = {"target": f"warehouse-{other.id}", f"item-{gloves.id}-quantity": 2}
    return [
        ("/inventory/receive", receipt),
        (f"/inventory/dispatch?source={warehouse.id}", transfer),
    ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_whatever_was_acknowledged_survives_fifty_kills(
    app, database_url, tmp_path, cookie, forms
):
    assert app.config["SECRET_KEY"] == "test"
    db.session.commit()
    before = documents()
    db.session.remove()
    chance, port, is_over = random.Random(SEED), free_port(), threading.Event()
    paths = [path for path, _values in forms]
    server = Server(database_url, str(tmp_path), port, cookie, paths)
    clients = [Client(port, cookie, forms, is_over) for _client in range(CLIENTS)]
    threads = [threading.Thread(target=client.work) for client in clients]
    for thread in threads:
        thread.start()
    for _kill in range(KILLS):
        child = server.start()
        wait_for_an_answer(clients)
        time.sleep(chance.uniform(0, LONGEST_REST))
        os.kill(child, signal.SIGKILL)
        assert verify() == []
        db.session.rollback()
    child = server.start()
    is_over.set()
    for thread in threads:
        thread.join(timeout=60)
    os.kill(child, signal.SIGKILL)
    server.stop()

    acknowledged = [document for client in clients for document in client.acknowledged]
    assert [status for client in clients for status in client.refused] == []
    assert len(acknowledged) >= KILLS
    assert set(db.session.scalars(select(StockDocument.id))) >= set(acknowledged)
    assert documents() - before == len(acknowledged) == len(set(acknowledged))
    assert verify() == []


def wait_for_an_answer(clients) -> None:
    """Wait until the server that lives now has acknowledged something, or long enough."""
    before, until = answers_to(clients), time.monotonic() + 5
    while answers_to(clients) == before and time.monotonic() < until:
        time.sleep(0.005)


def answers_to(clients) -> int:
    return sum(len(client.acknowledged) + len(client.refused) for client in clients)


def documents() -> int:
    """How many receipts and transfers there are."""
    kinds = [DocumentKind.RECEIPT, DocumentKind.TRANSFER]
    return db.session.scalar(
        select(func.count()).select_from(StockDocument).where(StockDocument.kind.in_(kinds))
    )
