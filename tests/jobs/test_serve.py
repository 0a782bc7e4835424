"""``flask serve`` runs the web server and the job consumer together, and stops both."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.jobs.conftest import wait_until


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def server(app, database_url, tmp_path):
    """Start the whole thing on a port of its own; give the process and its address."""
    port = free_port()
    environment = os.environ | {
        "SECRET_KEY": "test",
        "DATA_KEY": "test",
        "DATABASE_URL": database_url,
        "QUEUE_FILE": str(tmp_path / "queue.db"),
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--workers", "1"]
    with (tmp_path / "output").open("w") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    yield process, f"http://127.0.0.1:{port}", tmp_path / "output"
    process.terminate()
    process.wait(timeout=40)


def get(url):
    """Give the status and the body, or None while nothing answers."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return None


def children_of(process):
    """Give the ids of the server's and the consumer's process."""
    path = f"/proc/{process.pid}/task/{process.pid}/children"
    with open(path) as file:  # noqa: PTH123 - a file of the kernel
        return [int(number) for number in file.read().split()]


def is_running(pid):
    return os.path.exists(f"/proc/{pid}")  # noqa: PTH110 - a file of the kernel


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_says_where_and_stops_all_of_itself(server, number):
    process, address, output = server
    wait_until(lambda: (get(f"{address}/readyz") or (0,))[0] == 200, seconds=40)
    assert json.loads(get(f"{address}/readyz")[1])["consumer"] is True
    assert get(f"{address}/healthz")[0] == 200
    assert get(f"{address}/no-such-page")[0] == 404
    assert address in output.read_text()
    children = children_of(process)
    assert len(children) == 2

    process.send_signal(number)

    assert process.wait(timeout=40) == 0
    assert not [pid for pid in children if is_running(pid)]
    assert get(f"{address}/healthz") is None


@pytest.mark.parametrize("which", [0, 1], ids=["web server", "job consumer"])
def test_when_one_dies_the_other_is_stopped_and_it_says_so(server, which):
    process, address, output = server
    wait_until(lambda: (get(f"{address}/readyz") or (0,))[0] == 200, seconds=40)
    children = children_of(process)

    os.kill(children[which], signal.SIGKILL)

    assert process.wait(timeout=40) == 1
    assert not [pid for pid in children if is_running(pid)]
    assert get(f"{address}/healthz") is None
    assert "ended by itself; stopping" in output.read_text()
