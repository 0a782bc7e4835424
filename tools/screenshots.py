"""Take the pictures of the README and of the user guide, from the demo that `make run` serves.

Needs Chromium and a Chinese font. Every picture is one person's view of one page.
"""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from tools.lock import ROOT

SERVER = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
README = ROOT / "docs" / "images"
GUIDE = ROOT / "docs" / "guide"
PASSWORD = "carecampaign-demo"  # noqa: S105 - the demo tells it to everyone
DESKTOP = (1280, 800)
PHONE = (360, 740)
LANGUAGES = {"zh": "中文", "en": "English"}


@dataclass(frozen=True)
class Picture:
    """Who looks at which page, through a window of what size."""

    name: str
    username: str
    path: str
    window: tuple[int, int] = DESKTOP


OF_THE_README = (
    Picture("start-planner", "planner", "/"),
    Picture("progress", "planner", "/reports/campaigns/4"),
    # The event that the demo opens for today.
    Picture("log", "volunteer", "/events/8/log", PHONE),
)
OF_THE_GUIDE = (
    Picture("start", "planner", "/"),
    Picture("campaigns", "planner", "/campaigns/4"),
    Picture("stock", "storekeeper", "/inventory"),
    Picture("stations", "planner", "/stations"),
    Picture("events", "planner", "/events"),
    Picture("log", "volunteer", "/events/8/log", PHONE),
    Picture("progress", "planner", "/reports/campaigns/4"),
    Picture("lists", "storekeeper", "/inventory/documents"),
    Picture("administration", "admin", "/users"),
)


def take(browser: Browser, picture: Picture, folder: Path, language: str = "zh") -> None:
    """Sign in, open the page and write the picture. Raises TimeoutError when neither comes."""
    width, height = picture.window
    context = browser.new_context(viewport=ViewportSize(width=width, height=height))
    page = context.new_page()
    page.goto(f"{SERVER}/sign-in")
    if language != "zh":
        page.get_by_role("button", name=LANGUAGES[language]).click()
    page.fill("[name=username]", picture.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: not url.startswith(f"{SERVER}/sign-in"))
    answer = page.goto(f"{SERVER}{picture.path}", wait_until="networkidle")
    if answer is None or not answer.ok:
        sys.exit(f"{picture.path} does not answer")
    page.screenshot(path=folder / f"{picture.name}.png")
    context.close()


def main() -> None:
    """Take every picture with the Chromium of this machine."""
    chromium = shutil.which("chromium") or sys.exit(
        "Chromium is missing: apt install chromium fonts-noto-cjk"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            # Root, as in a container, may not use the sandbox.
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        for picture in OF_THE_README:
            take(browser, picture, README)
        for language in LANGUAGES:
            for picture in OF_THE_GUIDE:
                take(browser, picture, GUIDE / language / "images", language)
        browser.close()


if __name__ == "__main__":
    main()
