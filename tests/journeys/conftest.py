"""A real Chromium before the real application, served over the test's own database."""

import os
import shutil
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.journeys import papers
from tests.journeys.window import DESKTOP, Screen, Window

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for path in map(shutil.which, NAMES) if path), None)
MISSING = "browser journeys need Chromium: apt install chromium"
SWITCHES = [
    "--no-sandbox",  # root, as in a container, may not use it
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the journeys where no Chromium is; where everything has to run they fail instead."""
    if CHROMIUM or os.environ.get("CI") == "true":
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=MISSING))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what a machine lacks."""
    skipped = terminalreporter.stats.get("skipped", [])
    for lack in (MISSING, papers.MISSING):
        if any(lack in str(report.longrepr) for report in skipped):
            terminalreporter.write_line(f"Skipped: {lack}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of this run; each window in it is somebody else's."""
    if CHROMIUM is None:
        pytest.fail(MISSING, pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


class QuietHandler(WSGIRequestHandler):
    """Serves without a line for every request: a failed test is read, not its log."""

    def log_request(self, code="-", size="-") -> None:
        """Say nothing."""


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of the application, which guards its forms here as it does for its users."""
    app.config.update(WTF_CSRF_ENABLED=True, SEND_FILE_MAX_AGE_DEFAULT=3600)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def checked() -> set[tuple]:
    """The looks of pages that need no second check."""
    return set()


@pytest.fixture
def open_window(
    site: str, browser: Browser, checked: set[tuple]
) -> Iterator[Callable[..., Window]]:
    """Open a browser window of somebody's own; what went wrong in it fails the test."""
    windows: list[Window] = []

    def open_one(screen: Screen = DESKTOP, *, with_scripts: bool = True) -> Window:
        context = browser.new_context(
            base_url=site, java_script_enabled=with_scripts, **screen.as_context()
        )
        windows.append(Window(context.new_page(), checked, with_scripts=with_scripts))
        return windows[-1]

    yield open_one
    for window in windows:
        window.page.context.close()
    assert [trouble for window in windows for trouble in window.troubles] == []
