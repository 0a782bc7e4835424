"""What phones queued, sent in batches, beside raw inserts of the rows it makes."""

import json
import statistics
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import uuid_utils
from sqlalchemy import Engine, MetaData, Table, create_engine, insert, select

from bench.handouts import SECRETS, signed_in_headers
from bench.load import MakeRequest, request_bytes, run
from bench.seed import Seeded, seed
from bench.servers import serving
from carecampaign.app import create_app
from carecampaign.core import clock, settings

QUEUED = 10_000
AT_ONCE = 100
PHONES = 4
SECONDS = 4.0
ROUNDS = 3
LEAST_RATIO = 0.2
LEAST_RATE = {"sqlite": 3_000, "postgresql": 2_000}
TABLES = ("received", "phone_entry", "movement", "handout", "audit_pending")
"""A row of each for every handout; what several share (stock, counters) is left out."""


@dataclass(frozen=True)
class Syncing:
    """Handouts a second: by raw inserts, and by the batches of phones."""

    raw: float
    ours: float
    least: int

    @property
    def ratio(self) -> float:
        return self.ours / self.raw

    @property
    def is_good(self) -> bool:
        return self.ratio >= LEAST_RATIO and self.ours >= self.least


def measure(url: str) -> Syncing:
    """Let phones send batches through the real server, then insert the rows of as many."""
    environment = {**SECRETS, "DATABASE_URL": url}
    app = create_app(settings.from_environment(environment))
    seeded = seed(app)
    headers = signed_in_headers(app, seeded) | {
        "Content-Type": "application/json",
        "Sec-Fetch-Site": "same-origin",
    }
    makers = [_batches(seeded, headers, event_id) for event_id in seeded.event_ids[:PHONES]]
    rates = []
    for _round in range(ROUNDS):
        with serving("wsgi:app", environment, is_factory=False) as port:
            run(port, makers, seconds=1.0)
            load = run(port, makers, seconds=SECONDS)
        if set(load.statuses) != {200}:
            raise SystemExit(f"answers other than 200: {load.statuses}")
        rates.append(load.rate * AT_ONCE)
    engine = create_engine(url)
    raw = _insert_raw(engine)
    least = LEAST_RATE[engine.dialect.name]
    engine.dispose()
    return Syncing(raw, statistics.median(rates), least)


def _batches(seeded: Seeded, headers: dict[str, str], event_id: int) -> MakeRequest:
    phone_id, count = str(uuid_utils.uuid7()), 0

    def make() -> bytes:
        nonlocal count
        now = clock.local(clock.now()).isoformat()
        entries = [
            {
                "id": str(uuid_utils.uuid7()),
                "kind": "issue",
                "schema": 1,
                "seq": count + number,
                "at": now,
                "mono": number,
                "boot": phone_id,
                "event_id": event_id,
                "item_id": seeded.item_id,
                "group_id": seeded.group_id,
                "quantity": 1,
                "head_count": 1,
            }
            for number in range(AT_ONCE)
        ]
        count += AT_ONCE
        said = {
            "protocol": 1,
            "batch_id": str(uuid_utils.uuid7()),
            "phone_id": phone_id,
            "sent_at": now,
            "queue_length": AT_ONCE,
            "entries": entries,
        }
        return request_bytes("POST", "/api/v1/sync", json.dumps(said).encode(), headers)

    return make


def _insert_raw(engine: Engine) -> float:
    """Insert the rows of QUEUED handouts as they are, a commit for each batch; give the rate."""
    tables = MetaData()
    tables.reflect(engine, only=TABLES)
    copies = [(table, list(_copies(engine, table))) for table in map(tables.tables.get, TABLES)]
    began = time.perf_counter()
    for start in range(0, QUEUED, AT_ONCE):
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA synchronous=FULL")
            for table, rows in copies:
                connection.execute(insert(table), rows[start : start + AT_ONCE])
    return QUEUED / (time.perf_counter() - began)


def _copies(engine: Engine, table: Table) -> Iterator[dict[str, object]]:
    """Give rows like those there are, under ids of their own."""
    [key] = table.primary_key.columns
    with engine.connect() as connection:
        rows = connection.execute(select(table).limit(AT_ONCE)).mappings().all()
    for number in range(QUEUED):
        row = dict(rows[number % len(rows)])
        if isinstance(row[key.name], int):
            del row[key.name]
        else:
            new = uuid.uuid4()
            row[key.name] = new if isinstance(row[key.name], uuid.UUID) else new.hex
        if table.name == "audit_pending":
            row["ref"] = str(uuid.uuid4())
        yield row
