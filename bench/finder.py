"""The public finder over 20,000 stations: how long its list takes, how heavy its page is."""

import gzip
import random
import re
import statistics
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import insert

from carecampaign.app import create_app
from carecampaign.core import clock, settings
from carecampaign.core.db import db, transaction
from carecampaign.organizations.models import Organization, OrganizationKind
from carecampaign.stations.coordinates import Datum
from carecampaign.stations.models import (
    Feature,
    HostKind,
    Station,
    StationFeature,
    StationOpening,
    StationStatus,
)
from carecampaign.stations.opening import WEEK

STATIONS = 20_000
OFFERS = 6
"""Facilities and services of each."""
REQUESTS = 15
MOST_SECONDS = 0.150
MOST_BYTES = 100 * 1024
SEED = 20261124
SECRETS = {"SECRET_KEY": "bench", "DATA_KEY": "bench"}

PATHS = {
    "list": "/find",
    "open now, two services": "/find?is_open=y&offers=hot_water&offers=wifi",
    "by words": "/find?q=Station 19",
    "nearest first": "/find?lat=39.9&lng=116.4",
}


class Finding(NamedTuple):
    """One way to ask the finder: the median of its times, in seconds."""

    name: str
    seconds: float


def measure(url: str) -> tuple[list[Finding], int]:
    """Give the time of each way to ask, and the bytes of the first page with all it loads."""
    app = create_app(settings.from_environment({**SECRETS, "DATABASE_URL": url}))
    with app.app_context():
        upgrade()
        with transaction():
            _seed()
        db.session.remove()
    client = app.test_client()
    findings = [Finding(name, _median(client, path)) for name, path in PATHS.items()]
    weight = _weight(client)
    with app.app_context():
        db.engine.dispose()
    return findings, weight


def _median(client: FlaskClient, path: str) -> float:
    times = []
    for _request in range(REQUESTS):
        began = time.perf_counter()
        answer = client.get(path)
        times.append(time.perf_counter() - began)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code}")
    return statistics.median(times)


def _weight(client: FlaskClient) -> int:
    """Add up the page and what it loads, each compressed by itself as a server would."""
    page = client.get(PATHS["list"]).data
    loaded = set(re.findall(rb'(?:href|src)="(/static/[^"]+)"', page))
    parts = [page, *(client.get(path.decode()).data for path in sorted(loaded))]
    return sum(len(gzip.compress(part)) for part in parts)


def _seed() -> None:
    union = Organization(
        name="Union", short_name="Union", kind=OrganizationKind.DISTRICT, path="", parent_id=None
    )
    db.session.add(union)
    db.session.flush()
    union.path = f"{union.id}/"
    db.session.flush()
    chance = random.Random(SEED)
    db.session.execute(insert(Station), list(_stations(union.id, chance)))
    ids = range(1, STATIONS + 1)
    features = list(Feature)
    offers = [
        {"station_id": station_id, "feature": feature, "created_at": clock.now()}
        for station_id in ids
        for feature in chance.sample(features, OFFERS)
    ]
    db.session.execute(insert(StationFeature), offers)
    opening = [
        {"station_id": station_id, "day": day, "opens": 540, "closes": 1020}
        | {"first_on": None, "last_on": None, "created_at": clock.now()}
        for station_id in ids
        for day in (WEEK if station_id % 2 else WEEK[:5])
    ]
    db.session.execute(insert(StationOpening), opening)


def _stations(owner_id: int, chance: random.Random) -> Iterator[dict[str, Any]]:
    for number in range(1, STATIONS + 1):
        longitude = round(chance.uniform(115.4, 117.5), 6)
        latitude = round(chance.uniform(39.4, 41.1), 6)
        yield {
            "id": number,
            "created_at": clock.now(),
            "code": f"S{number:05}",
            "name": f"Station {number:05}",
            "host_unit": f"Bank branch {number % 500}",
            "host_kind": HostKind.BANK,
            "owner_id": owner_id,
            "district": f"District {number % 16:02}",
            "address": f"{number} Some Street",
            "datum": Datum.WGS84,
            "longitude": longitude,
            "latitude": latitude,
            "wgs84_longitude": longitude,
            "wgs84_latitude": latitude,
            "opening_note": "",
            "lead_name": "",
            "public_phone": "010 00000000",
            "status": StationStatus.OPEN,
            "status_reason": "",
        }
