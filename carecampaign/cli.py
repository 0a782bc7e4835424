"""The command line: each area's commands, and ``flask serve``, which runs the whole thing."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from types import FrameType

import click
from flask import Flask
from flask.cli import with_appcontext

import carecampaign.accounts.commands
import carecampaign.audit.commands
import carecampaign.backups.commands
import carecampaign.beneficiaries.commands
import carecampaign.beneficiaries.tasks
import carecampaign.demo.commands
import carecampaign.files.commands
import carecampaign.inventory.commands
import carecampaign.inventory.tasks
import carecampaign.jobs.commands
import carecampaign.privacy.commands
import carecampaign.stations.tasks
from carecampaign.core.settings import ROOT

GROUPS = (
    carecampaign.accounts.commands.commands,
    carecampaign.audit.commands.commands,
    carecampaign.backups.commands.commands,
    carecampaign.beneficiaries.commands.commands,
    carecampaign.demo.commands.commands,
    carecampaign.files.commands.commands,
    carecampaign.inventory.commands.commands,
    carecampaign.jobs.commands.commands,
    carecampaign.privacy.commands.commands,
)

HOST = "127.0.0.1"
STOP_WITHIN = 25
"""Seconds for the requests and jobs under way, before the processes are killed."""


def init_app(app: Flask) -> None:
    """Register the commands of every area; their kinds of jobs are known by the imports above."""
    for group in GROUPS:
        app.cli.add_command(group)
    app.cli.add_command(serve)


@click.command("serve")
@click.option("--port", default=8000, envvar="PORT", show_default=True)
@click.option("--workers", default=2, show_default=True, help="Server processes.")
@click.option("--threads", default=4, show_default=True, help="Threads of each server process.")
@with_appcontext
def serve(port: int, workers: int, threads: int) -> None:
    """Start the web server and the job consumer together; SIGINT or SIGTERM stops both."""
    # Two processes of four threads answered the most on two cores, also on SQLite, whose
    # writers queue for one file anyway: the second process goes on reading meanwhile.
    server = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", HOST),
        *("--port", str(port), "--workers", str(workers), "--blocking-threads", str(threads)),
        *("--no-access-log", "--workers-kill-timeout", "20", "wsgi:app"),
    ]
    consumer = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
    processes = _Processes()
    with tempfile.TemporaryDirectory(prefix="carecampaign-metrics-") as folder:
        # Where the processes of the web server add up their figures for /metrics.
        processes.start("web server", server, PROMETHEUS_MULTIPROC_DIR=folder)
        processes.start("job consumer", consumer)
        click.echo(f"http://{HOST}:{port}")
        code = processes.watch()
    sys.exit(code)


class _Processes:
    """Child processes that live and die together."""

    def __init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._is_told_to_stop = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)

    def start(self, name: str, command: list[str], **environment: str) -> None:
        # A group of its own: ctrl-C reaches the child once, through us.
        self._running[name] = subprocess.Popen(  # noqa: S603 - our own words only
            command, cwd=ROOT, process_group=0, env=os.environ | environment
        )

    def watch(self) -> int:
        """Wait for a signal or for a child to die; stop the rest; give the exit code."""
        died = None
        while died is None and not self._is_told_to_stop:
            time.sleep(0.1)
            died = next(
                (name for name, it in self._running.items() if it.poll() is not None), None
            )
        if died is not None:
            click.echo(f"The {died} ended by itself; stopping.", err=True)
        self._end_all()
        return 0 if died is None else 1

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_told_to_stop = True

    def _end_all(self) -> None:
        for child in self._running.values():
            child.terminate()
        deadline = time.monotonic() + STOP_WITHIN
        for child in self._running.values():
            try:
                child.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            # A server that was killed could not stop the workers of its own.
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
