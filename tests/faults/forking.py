"""A server that is there at once, however often it is killed.

The application is imported once; each time a line comes in, a fork of this process serves it on
the port, and its process id goes out. The fork is the real thing: sockets, threads, a database
connection of its own.
"""

import os
import sys
from pathlib import Path

from werkzeug.serving import WSGIRequestHandler, make_server

from carecampaign.app import create_app
from carecampaign.core.db import db
from tests.conftest import settings


class Quietly(WSGIRequestHandler):
    """Answers without a word on the console."""

    def log(self, *_words: object) -> None:
        pass


def warm_up(app, cookie: str, paths: list[str]) -> None:
    """Look at some pages, so that forks need not compile what all of them use."""
    client = app.test_client()
    for path in paths:
        client.get(path, headers={"Cookie": cookie})
    with app.app_context():
        db.engine.dispose()  # a connection must not live in two processes


def serve(app, port: int) -> None:
    """Serve until somebody kills this process."""
    make_server("127.0.0.1", port, app, threaded=True, request_handler=Quietly).serve_forever()


def main() -> None:
    """Fork a server for each line that comes in; clear away the one before."""
    url, folder, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    cookie, *paths = sys.argv[4:]
    app = create_app(settings(url, folder))
    warm_up(app, cookie, paths)
    child = None
    for _line in sys.stdin:
        if child is not None:
            os.waitpid(child, 0)
        child = os.fork()
        if child == 0:
            serve(app, port)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
