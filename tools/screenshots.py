"""Take the pictures that the README shows, from the demo that `make run` serves.

Needs Chromium and a Chinese font. Every picture is one person's view of one page.
"""

import os
import shutil
import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tools.lock import ROOT

SERVER = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
IMAGES = ROOT / "docs" / "images"
PASSWORD = "carecampaign-demo"  # noqa: S105 - the demo tells it to everyone
DESKTOP = ViewportSize(width=1280, height=800)
PHONE = ViewportSize(width=360, height=740)


@dataclass(frozen=True)
class Picture:
    """Who looks at which page, through a window of what size."""

    name: str
    username: str
    path: str
    window: ViewportSize


PICTURES = (
    Picture("start-planner", "planner", "/", DESKTOP),
    Picture("progress", "planner", "/reports/campaigns/4", DESKTOP),
    # The event that the demo opens for today.
    Picture("log", "volunteer", "/events/8/log", PHONE),
)


def take(browser: Browser, picture: Picture) -> None:
    """Sign in, open the page and write the picture. Raises TimeoutError when neither comes."""
    context = browser.new_context(viewport=picture.window)
    page = context.new_page()
    page.goto(f"{SERVER}/sign-in")
    page.fill("[name=username]", picture.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: not url.startswith(f"{SERVER}/sign-in"))
    page.goto(f"{SERVER}{picture.path}", wait_until="networkidle")
    page.screenshot(path=IMAGES / f"{picture.name}.png")
    context.close()


def main() -> None:
    """Take every picture with the Chromium of this machine."""
    chromium = shutil.which("chromium") or sys.exit(
        "Chromium is missing: apt install chromium fonts-noto-cjk"
    )
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            # Root, as in a container, may not use the sandbox.
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        for picture in PICTURES:
            take(browser, picture)
        browser.close()


if __name__ == "__main__":
    main()
