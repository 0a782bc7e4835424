"""Child processes that live and die together."""

import os
import signal
import sys
import threading

import pytest

from carecampaign import cli

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)",
]
END = [sys.executable, "-c", ""]


@pytest.fixture
def processes():
    """Make the processes, and give the signals back to whoever had them."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield cli._Processes()  # noqa: SLF001 - nobody else needs it
    for number, handler in before.items():
        signal.signal(number, handler)


def test_one_that_ends_ends_the_other(processes, capsys):
    processes.start("first", SLEEP)
    processes.start("second", END)

    assert processes.watch() == 1
    assert "The second ended by itself" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_both_in_good_order(processes, number):
    processes.start("first", SLEEP)
    processes.start("second", SLEEP)
    threading.Timer(0.3, os.kill, (os.getpid(), number)).start()

    assert processes.watch() == 0


def test_one_that_does_not_listen_is_killed_in_the_end(processes, monkeypatch):
    monkeypatch.setattr(cli, "STOP_WITHIN", 0.5)
    processes.start("deaf", DEAF)
    threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGTERM)).start()

    assert processes.watch() == 0


def test_what_is_started_is_the_server_and_the_consumer(app, monkeypatch, processes):
    started = {}
    monkeypatch.setattr(cli, "_Processes", lambda: processes)
    monkeypatch.setattr(
        processes, "start", lambda name, command, **_environment: started.update({name: command})
    )
    monkeypatch.setattr(processes, "watch", lambda: 0)

    result = app.test_cli_runner().invoke(args=["serve", "--port", "8123"])

    assert (result.exit_code, result.output) == (0, "http://127.0.0.1:8123\n")
    assert "--workers 2 --blocking-threads 4" in " ".join(started["web server"])
    assert started["job consumer"][-2:] == ["jobs", "work"]
