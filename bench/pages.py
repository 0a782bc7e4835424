"""What the pages a campaign is steered by cost after a thousand handouts, and after a million."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import Engine, event, text

from bench.campaign import seed_handouts
from carecampaign.accounts import sessions
from carecampaign.app import create_app
from carecampaign.core import settings
from carecampaign.core.db import db

SIZES = (1_000, 1_000_000)
MOST_RATIO = 1.3
MOST_QUERIES = 12
WARM_UP = 3
ROUNDS = 15
PAGES = {
    "campaign progress": "/reports/campaigns/{campaign_id}",
    "campaign steering": "/reports/campaigns/{campaign_id}/overview",
    "station list": "/stations",
    "start page": "/",
}


@dataclass(frozen=True)
class Cost:
    """A page at one size: the median of its times in milliseconds, and its queries."""

    milliseconds: float
    queries: int


@dataclass(frozen=True)
class Comparison:
    """A page at both sizes."""

    page: str
    small: Cost
    large: Cost
    most_ratio: float = MOST_RATIO

    @property
    def ratio(self) -> float:
        return self.large.milliseconds / self.small.milliseconds

    @property
    def is_good(self) -> bool:
        return self.ratio <= self.most_ratio and self.large.queries <= MOST_QUERIES


def measure(url: str, handouts: int) -> dict[str, Cost]:
    """Fill the empty database at this URL, and time the pages in this process."""
    app = create_app(
        settings.from_environment(
            {"SECRET_KEY": "bench", "DATA_KEY": "bench", "DATABASE_URL": url}
        )
    )
    with app.app_context():
        upgrade()
    seeded = seed_handouts(app, handouts)
    with app.app_context():
        engine = db.engine
    gather_statistics(engine)
    # Outside of any context, so that each request has its own, and a session of its own.
    client = signed_in(app, seeded.session_user)
    costs = {
        name: cost(client, engine, path.format(campaign_id=seeded.campaign_id))
        for name, path in PAGES.items()
    }
    engine.dispose()
    return costs


def compare(small: dict[str, Cost], large: dict[str, Cost]) -> list[Comparison]:
    """Put the costs of each page at both sizes side by side."""
    return [Comparison(page, small[page], large[page]) for page in PAGES]


def gather_statistics(engine: Engine) -> None:
    """Do what PostgreSQL does by itself a minute after so many rows came in."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def signed_in(app: Flask, session_user: str) -> FlaskClient:
    """Give a client of a person whose session names them so."""
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(sessions.beginning())
        session[sessions.USER] = session_user
    return client


def cost(client: FlaskClient, engine: Engine, path: str) -> Cost:
    """Time a page in rounds, after a few that count for nothing."""
    for _round in range(WARM_UP):
        _get(client, path)
    with _counted(engine) as sent:
        _get(client, path)
    times = [_get(client, path) for _round in range(ROUNDS)]
    return Cost(statistics.median(times) * 1000, len(sent))


def _get(client: FlaskClient, path: str) -> float:
    begin = time.perf_counter()
    response = client.get(path)
    took = time.perf_counter() - begin
    if response.status_code != 200:
        raise SystemExit(f"{path} answers {response.status_code}")
    return took


@contextmanager
def _counted(engine: Engine) -> Iterator[list[str]]:
    """Collect the statements of a block, but for the beginnings of transactions."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement != "BEGIN":
            sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)
