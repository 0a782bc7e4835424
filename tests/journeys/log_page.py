"""The volunteer's page, as a thumb uses it."""

from playwright.sync_api import Locator, expect

from tests.journeys.window import Window

REPEAT_MS = 750
"""The page takes a second tap on a button within 0.7 s for a trembling hand."""


class LogPage:
    """The volunteer's page: one tap, one message."""

    def __init__(self, window: Window) -> None:
        self.window = window

    def hand_out(self, group: str, people: int = 1) -> None:
        """Tap once for so many people of a group."""
        if people > 1:
            self.choose_number(people)
        self.button(group).click()
        self.window.page.wait_for_timeout(REPEAT_MS)

    def send_form(self, group: str) -> None:
        """Tap where no script takes the tap, and see the page that comes."""
        self.window.go(self.button(group))

    def choose_number(self, people: int) -> None:
        """Say how many arrive together."""
        together = self.window.main.get_by_role("group", name=self.window.word("How many"))
        together.get_by_role("radio", name=str(people), exact=True).check()

    def button(self, group: str) -> Locator:
        """The button of a group."""
        return self.window.main.get_by_role("button").filter(has_text=f"{group} +")

    @property
    def entries(self) -> Locator:
        """The last entries, the newest first."""
        return self.window.main.get_by_role("list").last.get_by_role("listitem")

    def tells_not_saved(self) -> None:
        """Expect the loud words for a tap that nobody answered."""
        words = "NOT SAVED. The connection is down: the entry is kept on this phone."
        alert = self.window.main.get_by_role("alert")
        expect(alert).to_contain_text(self.window.word(words))
        self.window.check()

    def tells(self, words: str, **values: object) -> None:
        """Expect what became of the last tap, in words."""
        message = self.window.word(words, **values)
        told = self.window.main.get_by_role("status").or_(self.window.main.get_by_role("alert"))
        expect(told.filter(has_text=message)).to_be_visible()
        self.window.check()

    def add_person(self, name: str, *, occupation: str, employer: str) -> None:
        """Add somebody who is not known yet, and hand out to them."""
        self.window.follow_row(self.window.word("Somebody by name"))
        # The first field of this name on the page is the one that searches.
        self.window.field("Full name").last.fill(name)
        self.window.select("Occupation", occupation)
        self.window.fill("Unit or platform", employer)
        self.window.press("Add and hand out")

    def undo_last(self) -> None:
        """Take the newest entry back."""
        undo = self.window.word("Undo last")
        self.window.main.get_by_role("button", name=undo, exact=True).click()

    def was_given_already(self) -> None:
        """Say that what was refused is in somebody's hands already."""
        given = self.window.word("Already handed over")
        self.window.main.get_by_role("button", name=given, exact=True).click()

    def shows(self, *, left: int, person_times: int, item: str) -> None:
        """Expect what is left and how many were served, as the page counts it."""
        of_item = self.window.word("%(item)s left", item=item)
        for figure, label in (
            (left, of_item),
            (person_times, self.window.word("Person-times")),
        ):
            counter = self.window.main.get_by_role("paragraph").filter(has_text=label)
            expect(counter).to_contain_text(str(figure))
