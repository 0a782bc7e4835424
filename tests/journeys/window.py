"""One person's browser window: what they read and press, and a check of each page they see."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from babel.support import NullTranslations, Translations
from playwright.sync_api import ConsoleMessage, Locator, Page, Response, expect

from carecampaign.core.settings import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = """async () => (await axe.run({resultTypes: ['violations'], preload: false})).violations
    .filter(({impact}) => ['serious', 'critical'].includes(impact))
    .map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join(' ').slice(0, 300)}`)"""
"""What axe-core finds serious or critical, a line a rule."""
SHAPE = "[document.documentElement.lang, document.documentElement.scrollWidth]"
LOOK = """() => [...new Set([...document.body.querySelectorAll('*')].map(
    (one) => `${one.tagName} ${one.getAttribute('class')}`))].sort().join()"""
"""The kinds of elements on a page."""

READY = "domcontentloaded"
"""When a page can be used: style sheets and scripts are there, pictures may follow."""

TRANSLATIONS = str(ROOT / "carecampaign" / "translations")


@dataclass(frozen=True)
class Screen:
    """The size of a screen in CSS pixels, and whether fingers work on it."""

    width: int
    height: int
    is_phone: bool = False

    def as_context(self) -> dict:
        """Give what Playwright has to know."""
        size = {"width": self.width, "height": self.height}
        return {"viewport": size, "is_mobile": self.is_phone, "has_touch": self.is_phone}


DESKTOP = Screen(1280, 800)
PHONE = Screen(360, 740, is_phone=True)


class Window:
    """A window; its words are given in English and looked for in the language of the page."""

    def __init__(self, page: Page, checked: set[tuple], *, with_scripts: bool = True) -> None:
        self.page = page
        self.page.add_init_script(path=AXE)
        self.troubles: list[str] = []
        self.speak("zh")
        self._with_scripts = with_scripts
        self._allowed: set[int] = set()
        self._checked = checked
        page.set_default_timeout(15_000)
        page.on("response", self._note_response)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self._note(f"script failed: {error}"))

    # What goes wrong

    def _note(self, trouble: str) -> None:
        self.troubles.append(f"{self.page.url}: {trouble}")

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._allowed:
            self._note(f"{response.url} answers {response.status}")

    def _note_console(self, message: ConsoleMessage) -> None:
        # What the server refused is noted, or allowed, by its status.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self._note(f"console: {message.text}")

    @contextmanager
    def allowing(self, status: int) -> Iterator[None]:
        """Let the server answer with this status meanwhile."""
        self._allowed.add(status)
        yield
        self._allowed.remove(status)

    def check(self) -> None:
        """Check the page as it stands: its shape, and that everybody can use it.

        Where nobody has seen this page of this width with anything else on it, once is enough.
        """
        self.check_shape()
        if not self._with_scripts:
            return  # axe-core is a script
        path = urlsplit(self.page.url).path
        state = (path, self.page.viewport_size["width"], self.page.evaluate(LOOK))
        if state not in self._checked:
            self._checked.add(state)
            self.check_accessibility()

    def check_shape(self) -> None:
        """Expect a heading and the language; note a page that has to be pushed sideways."""
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        language, width = self.page.evaluate(SHAPE)
        assert language.partition("-")[0] == self._language
        available = self.page.viewport_size["width"]
        if width > available:
            self._note(f"is {width} px wide on a screen of {available} px")

    def check_accessibility(self) -> None:
        """Note what axe-core finds serious or critical."""
        for fault in self.page.evaluate(GRAVE):
            self._note(fault)

    # Words

    def speak(self, language: str) -> None:
        """Look for words in this language from now on."""
        self._language = language
        self._words = (
            Translations.load(TRANSLATIONS, [language]) if language != "en" else NullTranslations()
        )

    def word(self, words: str, **values: object) -> str:
        """Give what the page says for these English words."""
        said: str = self._words.gettext(words)
        return said % values if values else said

    # Going somewhere

    def visit(self, path: str) -> None:
        """Open a page by its address."""
        self.open(path)
        self.check()

    def open(self, path: str) -> None:
        """Open a page by its address, and look no closer."""
        self.page.goto(path, wait_until=READY)

    def resize(self, screen: Screen) -> None:
        """Look at the page on a screen of another size."""
        self.page.set_viewport_size({"width": screen.width, "height": screen.height})

    def menu_addresses(self) -> list[str]:
        """Give where the entries of the main menu lead."""
        menu = self.page.get_by_role("navigation", name=self.word("Main menu"))
        return [link.get_attribute("href") for link in menu.get_by_role("link").all()]

    def first_address_in_a_table(self) -> str | None:
        """Give where the first row of the first table leads."""
        rows = self.main.get_by_role("row").filter(has=self.page.get_by_role("cell"))
        link = rows.get_by_role("link").first
        return link.get_attribute("href") if link.count() else None

    def choose_menu(self, words: str) -> None:
        """Follow an entry of the main menu, which a phone has to open first."""
        opener = self.page.get_by_role("button", name=self.word("Open menu"), exact=True)
        if opener.is_visible():
            opener.click()
        menu = self.page.get_by_role("navigation", name=self.word("Main menu"))
        self.go(menu.get_by_role("link", name=self.word(words), exact=True))

    def follow(self, name: str, *, at: Locator | None = None) -> None:
        """Follow a link with words of the application."""
        self.follow_name(self.word(name), at=at)

    def follow_name(self, name: str, *, at: Locator | None = None) -> None:
        """Follow a link that somebody's own words name."""
        self.go((at or self.main).get_by_role("link", name=name, exact=True).first)

    def follow_row(self, text: str) -> None:
        """Follow a link that tells more than its name, by a part of what it says."""
        self.go(self.main.get_by_role("link").filter(has_text=text))

    def press(self, name: str, *, at: Locator | None = None) -> None:
        """Press a button that sends a form, and see the page that comes."""
        self.go((at or self.main).get_by_role("button", name=self.word(name), exact=True))

    def press_and_confirm(self, name: str) -> None:
        """Press a button that asks a question first, and say yes."""
        self.main.get_by_role("button", name=self.word(name), exact=True).click()
        self.press("Yes, continue", at=self.page.get_by_role("dialog"))

    def go(self, target: Locator) -> None:
        """Press something that brings another page, and check that."""
        with self.page.expect_navigation(wait_until=READY) as answer:
            target.click()
        status = answer.value.status
        assert status < 400 or status in self._allowed, self.main.inner_text()
        self.check()

    # Filling in

    def field(self, label: str, *, at: Locator | None = None) -> Locator:
        """Find a field by the words of its label."""
        name, place = self.word(label), at or self.main
        found = place.get_by_role("textbox", name=name, exact=True)
        for role in ("spinbutton", "combobox", "searchbox"):
            found = found.or_(place.get_by_role(role, name=name, exact=True))
        return found

    def fill(self, label: str, value: object, *, at: Locator | None = None) -> None:
        """Type into a field."""
        text = value.isoformat() if isinstance(value, date) else str(value)
        self.field(label, at=at).fill(text)

    def select(self, label: str, choice: str, *, at: Locator | None = None) -> None:
        """Choose in a select by somebody's own words."""
        self.field(label, at=at).select_option(label=choice)

    def tick(self, label: str) -> None:
        """Tick a box or a radio button by its label."""
        box = self.main.get_by_role("checkbox", name=label, exact=True)
        box.or_(self.main.get_by_role("radio", name=label, exact=True)).check()

    def fill_lines(self, label: str, *lines: dict[str, object]) -> None:
        """Fill the rows of a table of lines; a value that a select offers is chosen."""
        rows = self.main.get_by_role("group", name=self.word(label), exact=True)
        for number, line in enumerate(lines, start=1):
            row = rows.get_by_role("row").nth(number)
            for name, value in line.items():
                field = self.field(name, at=row)
                if field.evaluate("field => field.tagName") == "SELECT":
                    field.select_option(label=str(value))
                else:
                    field.fill(str(value))

    # Reading

    @property
    def main(self) -> Locator:
        """The page without menu and head."""
        return self.page.get_by_role("main")

    def sees(self, words: str, **values: object) -> None:
        """Expect words of the application on the page."""
        self.sees_text(self.word(words, **values))

    def sees_text(self, text: str) -> None:
        """Expect a text on the page."""
        expect(self.main.get_by_text(text).filter(visible=True).first).to_be_visible()

    def does_not_offer(self, name: str) -> None:
        """Expect no button or link of this name."""
        for role in ("button", "link"):
            expect(self.main.get_by_role(role, name=self.word(name), exact=True)).to_have_count(0)

    def row(self, text: str) -> Locator:
        """Find the row of a table in which a text stands."""
        return self.main.get_by_role("row").filter(has_text=text)

    def figures_in(self, caption: str, row: str) -> dict[str, str]:
        """Read a row of a table, by the headings; ``row`` is what stands in its first cell."""
        headings = self._table(caption).get_by_role("columnheader").all_inner_texts()
        return dict(zip(headings, self.cells_in(caption, row), strict=True))

    def cells_in(self, caption: str, row: str) -> list[str]:
        """Read a row of a table from left to right; ``row`` is what stands in its first cell."""
        first = re.compile(rf"^\s*{re.escape(row)}")
        line = self._table(caption).get_by_role("row").filter(has_text=first)
        cells = line.get_by_role("rowheader").or_(line.get_by_role("cell")).all_inner_texts()
        return [cell.strip() for cell in cells]

    def _table(self, caption: str) -> Locator:
        return self.main.get_by_role("table", name=self.word(caption), exact=True)

    def figure(self, label: str) -> str:
        """Read one of the figures at the head of a page."""
        # A term and its value have no role that ties them together: their group does.
        group = self.main.locator("dl > div").filter(
            has=self.page.get_by_role("term").filter(has_text=self._exactly(label))
        )
        return group.get_by_role("definition").first.inner_text().strip()

    def _exactly(self, label: str) -> re.Pattern[str]:
        return re.compile(rf"^\s*{re.escape(self.word(label))}\s*$")
