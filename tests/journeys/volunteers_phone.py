"""The volunteer's phone as its holder sees it: buttons, figures and words."""

import re

from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.window import AXE, GRAVE

READY = """async () => {
    const { active } = await navigator.serviceWorker.ready;
    return active.state === 'activated' && Boolean(navigator.serviceWorker.controller);
}"""


class Phone:
    """A phone on which the page of an event is open."""

    def __init__(self, context: BrowserContext, base_url: str = "") -> None:
        self.context, self._base_url = context, base_url
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def join(self, code: str, name: str = "测试志愿者") -> "Phone":
        """Scan a pass, type a name, and wait until the page could do without the network."""
        self.page.goto(f"{self._base_url}/v/j/{code}")
        self.page.locator("[name=volunteer]").fill(name)
        self.page.locator("main button[type=submit]").click()
        return self.is_open()

    def is_open(self) -> "Phone":
        """Wait until the event is there and the service worker holds the page."""
        expect(self.page.locator("#log")).to_be_visible()
        self.page.wait_for_function(READY)
        return self

    def again(self) -> "Phone":
        """Open the page anew."""
        self.page.goto(f"{self._base_url}/v/")
        return self.is_open()

    def tap(self, group: str, *, together: int | None = None, waits: bool = True) -> None:
        """Hand out to somebody of a group, and read that it is saved."""
        if together is not None:
            self.page.locator("#choice summary").click()
            self.page.locator("#other").fill(str(together))
        if waits:
            self.page.wait_for_timeout(750)  # a thumb is not taken at its word twice in 0.7 s
        before = int(self.page.locator("#count").inner_text())
        self.page.get_by_role("button", name=re.compile(group)).click()
        expect(self.page.locator("#count")).to_have_text(str(before + (together or 1)))

    def undo(self) -> None:
        """Take the last entry back."""
        self.page.wait_for_timeout(750)
        self.page.locator("#undo").click()
        expect(self.page.locator("#banner")).to_contain_text("撤销")

    def has_left(self, pieces: int) -> None:
        """Expect what the phone says is left."""
        expect(self.page.locator("#left")).to_have_text(str(pieces))

    def waits(self, count: int) -> None:
        """Expect how many entries wait."""
        expect(self.page.locator("#status")).to_contain_text(f"待上传 {count}")

    def says(self, words: str) -> None:
        """Expect words in the banner."""
        expect(self.page.locator("#banner")).to_contain_text(words)

    def cut(self) -> None:
        """Take the network away."""
        self.context.set_offline(True)

    def mend(self) -> None:
        """Give the network back."""
        self.context.set_offline(False)

    def faults(self) -> list[str]:
        """Give what axe-core finds serious or critical on the page as it stands."""
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        return self.page.evaluate(GRAVE)
