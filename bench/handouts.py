"""The rate of logging a handout, by the tap and by the form, beside a bare insert."""

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import uuid_utils
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from bench import bare
from bench.load import Load, MakeRequest, request_bytes, run
from bench.seed import EVENTS, Seeded, seed
from bench.servers import serving
from carecampaign.accounts import sessions
from carecampaign.app import create_app
from carecampaign.core import clock, settings

ROUNDS = 3
SECONDS = 6.0
WARM_UP = 1.5
SECRETS = {"SECRET_KEY": "bench", "DATA_KEY": "bench"}


@dataclass(frozen=True)
class Contender:
    """One way to write a row: its rates (requests a second), round by round."""

    name: str
    asked_for: float | None
    rates: list[float]


def measure(url: str) -> list[Contender]:
    """Run the contenders in turn, several rounds, each through the real server.

    Sixteen volunteers log at once, each at an event of their own, as at sixteen stations; in
    the last line all sixteen stand at one event and queue for its stock.
    """
    environment = {**SECRETS, "DATABASE_URL": url}
    app = create_app(settings.from_environment(environment))
    seeded = seed(app)
    headers = signed_in_headers(app, seeded)
    bare.create_table(url)
    ways: list[tuple[Contender, str, list[MakeRequest], int]] = [
        (Contender("bare insert", None, []), "bench.bare:create_app", [_bare] * EVENTS, 200),
        (Contender("tap (JSON)", 0.5, []), "wsgi:app", _each(_tap, seeded, headers), 200),
        (Contender("form", 0.2, []), "wsgi:app", _each(_form, seeded, headers), 302),
        (
            Contender("tap, all at one event", None, []),
            "wsgi:app",
            [_tap(seeded, headers, seeded.event_ids[0])] * EVENTS,
            200,
        ),
    ]
    for _round in range(ROUNDS):
        for contender, target, makers, status in ways:
            with serving(target, environment, is_factory=target.startswith("bench")) as port:
                contender.rates.append(_rate(port, makers, status))
    return [contender for contender, *_rest in ways]


def ratio(contender: Contender, bare_one: Contender) -> float:
    """Give the median over the rounds of the rate beside the bare one of the same round."""
    pairs = zip(contender.rates, bare_one.rates, strict=True)
    return statistics.median(rate / other for rate, other in pairs)


def _each(
    make: Callable[[Seeded, dict[str, str], int], MakeRequest],
    seeded: Seeded,
    headers: dict[str, str],
) -> list[MakeRequest]:
    return [make(seeded, headers, event_id) for event_id in seeded.event_ids]


def _rate(port: int, makers: Sequence[MakeRequest], status: int) -> float:
    run(port, makers, seconds=WARM_UP)
    load = run(port, makers, seconds=SECONDS)
    _insist(load, status)
    return load.rate


def _insist(load: Load, status: int) -> None:
    if set(load.statuses) != {status}:
        raise SystemExit(f"answers other than {status}: {load.statuses}")


def _bare() -> bytes:
    return request_bytes("POST", "/")


def _tap(seeded: Seeded, headers: dict[str, str], event_id: int) -> MakeRequest:
    path = f"/events/{event_id}/tap"
    headers = {**headers, "Content-Type": "application/json"}

    def make() -> bytes:
        tap = {
            "id": str(uuid_utils.uuid7()),
            "group_id": seeded.group_id,
            "item_id": seeded.item_id,
            "quantity": 1,
            "head_count": 1,
            "happened_at": clock.now().isoformat(),
        }
        return request_bytes("POST", path, json.dumps(tap).encode(), headers)

    return make


def _form(seeded: Seeded, headers: dict[str, str], event_id: int) -> MakeRequest:
    path = f"/events/{event_id}/log"
    headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}

    def make() -> bytes:
        fields = {
            "id": str(uuid_utils.uuid7()),
            "group_id": seeded.group_id,
            "item_id": seeded.item_id,
            "quantity": 1,
            "head_count": 1,
        }
        return request_bytes("POST", path, urlencode(fields).encode(), headers)

    return make


def signed_in_headers(app: Flask, seeded: Seeded) -> dict[str, str]:
    """Sign in as a browser would be: a session cookie and its CSRF token."""
    with app.test_request_context():
        session.update(sessions.beginning())
        session[sessions.USER] = seeded.session_user
        token = generate_csrf()
        content = dict(session)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    if signer is None:
        raise SystemExit("the application has no secret key")
    return {"Cookie": f"session={signer.dumps(content)}", "X-CSRFToken": token}
