"""``flask jobs``: the consumer, which does the jobs and makes its rounds."""

import logging
import os
import socket
import threading
import time

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from carecampaign.audit.tasks import seal_pending
from carecampaign.core.db import transaction
from carecampaign.core.queue import job_queue
from carecampaign.jobs import services, tasks

logger = logging.getLogger(__name__)

commands = AppGroup("jobs", help="Do the jobs that people asked for.")

SEALING_EVERY = 1.0
SWEEPING_EVERY = 5.0


class Rounds(threading.Thread):
    """Beside the jobs: seals the log every second, sweeps, gives a sign of life, asks daily."""

    def __init__(self, app: Flask, name: str) -> None:
        super().__init__(name="rounds", daemon=True)
        self._app = app
        self._consumer = name
        self._stopping = threading.Event()
        self._next_sweep = time.monotonic()

    def run(self) -> None:
        """Go round until told to stop; what fails is tried again on the next round."""
        while not self._stopping.is_set():
            try:
                with self._app.app_context():
                    self._go_round()
            except Exception:
                logger.exception("a round of the consumer failed")
            self._stopping.wait(SEALING_EVERY)

    def stop(self) -> None:
        """End the rounds, and say that this consumer is gone."""
        self._stopping.set()
        self.join()
        with self._app.app_context(), transaction():
            services.forget_consumer(self._consumer)

    def _go_round(self) -> None:
        if time.monotonic() >= self._next_sweep:
            self._next_sweep = time.monotonic() + SWEEPING_EVERY
            with transaction():
                services.note_consumer(self._consumer)
            tasks.sweep()
            tasks.ask_for_daily_jobs()
        seal_pending()


@commands.command("work")
@click.option("--workers", default=2, show_default=True, help="How many jobs at once.")
def work(workers: int) -> None:
    """Do jobs, seal the audit log and sweep until told to stop (SIGTERM lets jobs finish)."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - the threads need the application itself

    def run(job_id: int) -> None:
        with app.app_context():
            tasks.run_job(job_id)

    rounds = Rounds(app, f"{socket.gethostname()}:{os.getpid()}")
    rounds.start()
    try:
        job_queue().consumer(run, workers=workers).run()
    finally:
        rounds.stop()
        job_queue().close()
