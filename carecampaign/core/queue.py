"""The transport of jobs: huey carries their ids to the consumer, and nothing else.

What a job is stands in the database; a lost or doubled id does no harm.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, current_app
from huey import Huey, RedisHuey, SqliteHuey
from huey.consumer import Consumer
from huey.registry import Message
from huey.serializer import Serializer

logger = logging.getLogger(__name__)

Work = Callable[[int], None]
LONGEST_WAIT = 0.5
"""Seconds between two looks into an empty queue file (Redis wakes the consumer by itself)."""


class _PlainMessages(Serializer):
    """Messages as JSON: whoever can write to the queue must not be able to run code here."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


class JobQueue:
    """Takes ids of jobs in any process and hands them to ``work`` in the consumer."""

    def __init__(self, huey: Huey) -> None:
        self.huey = huey
        self._work: Work | None = None
        self._carry = huey.task(name="carry")(self._arrived)

    def put(self, job_id: int) -> None:
        """Send an id on its way. A queue out of order is only logged: the sweeper comes by."""
        try:
            self._carry(job_id)
        except Exception:
            logger.exception("job %s could not be queued", job_id)

    def consumer(self, work: Work, *, workers: int) -> Consumer:
        """Make the consumer that calls ``work`` with each id, in so many threads."""
        self._work = work
        return Consumer(
            self.huey,
            workers=workers,
            periodic=False,
            max_delay=LONGEST_WAIT,
            shutdown_timeout=20,
            graceful_signal="TERM",
        )

    def close(self) -> None:
        """Let go of the connection."""
        self.huey.storage.close()

    def _arrived(self, job_id: int) -> None:
        if self._work is not None:
            self._work(job_id)


def job_queue() -> JobQueue:
    """Give this application's queue; it is opened when first needed."""
    extensions = current_app.extensions
    if "job_queue" not in extensions:
        extensions["job_queue"] = JobQueue(_open(current_app))
    queue: JobQueue = extensions["job_queue"]
    return queue


def _open(app: Flask) -> Huey:
    common: dict[str, Any] = {"results": False, "serializer": _PlainMessages()}
    if app.config["REDIS_URL"]:
        return RedisHuey("carecampaign", url=app.config["REDIS_URL"], **common)
    return SqliteHuey("carecampaign", filename=app.config["QUEUE_FILE"], **common)
