"""The rate of logging a handout, by the tap and by the form, beside a bare insert."""

import json
import statistics
from dataclasses import dataclass
from urllib.parse import urlencode

import uuid_utils
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf

from bench import bare
from bench.load import Load, MakeRequest, request_bytes, run
from bench.seed import Seeded, seed
from bench.servers import serving
from carecampaign.accounts import sessions
from carecampaign.app import create_app
from carecampaign.core import clock, settings

ROUNDS = 3
SECONDS = 6.0
WARM_UP = 1.5
SECRETS = {"SECRET_KEY": "bench", "DATA_KEY": "bench"}


@dataclass(frozen=True)
class Result:
    """Rates (requests a second) of the rounds, in step: bare, tap, form."""

    database: str
    bare: list[float]
    tap: list[float]
    form: list[float]

    def rows(self) -> list[tuple[str, str, float, float, float]]:
        """Give (database, what, median rate, median ratio to bare, least ratio asked for)."""
        return [
            (self.database, "bare insert", statistics.median(self.bare), 1.0, 1.0),
            (self.database, "tap (JSON)", statistics.median(self.tap), self._ratio(self.tap), 0.5),
            (self.database, "form", statistics.median(self.form), self._ratio(self.form), 0.2),
        ]

    def _ratio(self, rates: list[float]) -> float:
        return statistics.median(rate / bare for rate, bare in zip(rates, self.bare, strict=True))


def measure(name: str, url: str) -> Result:
    """Run the three in turn, several rounds, each through the real server."""
    environment = {**SECRETS, "DATABASE_URL": url}
    app = create_app(settings.from_environment(environment))
    seeded = seed(app)
    headers = _signed_in_headers(app, seeded)
    bare.create_table(url)
    result = Result(name, [], [], [])
    for _round in range(ROUNDS):
        with serving("bench.bare:create_app", environment, is_factory=True) as port:
            result.bare.append(_rate(port, _bare, 200))
        with serving("wsgi:app", environment) as port:
            result.tap.append(_rate(port, _tap(seeded, headers), 200))
            result.form.append(_rate(port, _form(seeded, headers), 302))
    return result


def _rate(port: int, make_request: MakeRequest, status: int) -> float:
    run(port, make_request, seconds=WARM_UP)
    load = run(port, make_request, seconds=SECONDS)
    _insist(load, status)
    return load.rate


def _insist(load: Load, status: int) -> None:
    if set(load.statuses) != {status}:
        raise SystemExit(f"answers other than {status}: {load.statuses}")


def _bare() -> bytes:
    return request_bytes("POST", "/")


def _tap(seeded: Seeded, headers: dict[str, str]) -> MakeRequest:
    path = f"/events/{seeded.event_id}/tap"
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


def _form(seeded: Seeded, headers: dict[str, str]) -> MakeRequest:
    path = f"/events/{seeded.event_id}/log"
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


def _signed_in_headers(app: Flask, seeded: Seeded) -> dict[str, str]:
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
