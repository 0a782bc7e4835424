"""The queue carries ids, on a file or on Redis, and never runs what it carries."""

import pickle
import shutil
import socket
import subprocess
import threading
import time

import pytest
from huey.registry import Message

from carecampaign.core.queue import JobQueue, _PlainMessages, job_queue


@pytest.fixture
def redis_url(tmp_path):
    if shutil.which("redis-server") is None:
        pytest.skip("no redis-server on this machine")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    server = subprocess.Popen([*command, "--dir", tmp_path], stdout=subprocess.DEVNULL)
    wait_for(port)
    yield f"redis://127.0.0.1:{port}/0"
    server.terminate()
    server.wait()


def wait_for(port):
    for _attempt in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError


def consume(queue: JobQueue, count: int) -> list[int]:
    """Let a consumer's workers run until so many ids have arrived."""
    arrived, done = [], threading.Event()

    def work(job_id):
        arrived.append(job_id)
        if len(arrived) == count:
            done.set()

    consumer = queue.consumer(work, workers=2)
    for _worker, thread in consumer.worker_threads:
        thread.start()
    assert done.wait(10)
    consumer.stop_flag.set()
    for _worker, thread in consumer.worker_threads:
        thread.join()
    return arrived


@pytest.mark.parametrize("transport", ["file", "redis"])
def test_ids_arrive_at_the_consumer(app, request, transport):
    if transport == "redis":
        app.config["REDIS_URL"] = request.getfixturevalue("redis_url")
    queue = job_queue()

    for job_id in (1, 2, 2**62):
        queue.put(job_id)

    assert sorted(consume(queue, 3)) == [1, 2, 2**62]
    queue.close()


def test_a_queue_out_of_reach_is_logged_and_no_error(app, caplog):
    app.config["REDIS_URL"] = "redis://127.0.0.1:1/0"

    job_queue().put(5)

    assert "job 5 could not be queued" in caplog.text


def test_an_id_without_a_consumer_is_let_fall(app):
    queue = job_queue()
    queue.put(5)

    queue.huey.execute(queue.huey.dequeue())

    assert queue.huey.storage.queue_size() == 0


def test_a_pickle_in_the_queue_is_never_opened():
    class Bomb:
        def __reduce__(self):
            return (print, ("boom",))

    with pytest.raises(ValueError):  # noqa: PT011 - it is no JSON, and that is all we want
        _PlainMessages().deserialize(pickle.dumps(Bomb()))


def test_a_message_comes_back_as_it_went():
    message = Message("id", "carry", args=[5], kwargs={})

    assert _PlainMessages().deserialize(_PlainMessages().serialize(message)) == message
