"""What a requisition and a stock-take ask people to do on the pages."""

from tests.journeys.pages import choice_of
from tests.journeys.window import Window


def ask_for_goods(lead: Window, *, station: str, purpose: str, asked: dict[str, int]) -> str:
    """Ask for goods for a station; gives the address of the requisition."""
    lead.choose_menu("Requisitions")
    lead.follow("Ask for goods")
    lead.select("Requesting unit", station)
    lead.fill("Purpose", purpose)
    lead.fill_lines(
        "What is asked for",
        *({"Item": choice_of(lead, item), "Quantity": pieces} for item, pieces in asked.items()),
    )
    lead.press("Send the requisition")
    return lead.page.url


def grant(approver: Window, *, granted: dict[str, int], comment: str) -> None:
    """Grant the requisition that waits on the start page, from the only warehouse."""
    approver.visit("/")
    approver.follow("Look at it")
    approver.follow("Grant")
    for item, pieces in granted.items():
        approver.fill(item, pieces)
    approver.fill("Comment", comment)
    approver.press("Grant and reserve")


def issue_what_was_granted(storekeeper: Window) -> None:
    """Send what was granted on its way, from the start page on."""
    storekeeper.visit("/")
    storekeeper.follow("Issue")
    storekeeper.follow("Issue goods")
    storekeeper.tick(storekeeper.word("Transfer into their stock (they confirm what arrives)"))
    storekeeper.press("Issue goods")


def begin_stock_take(counter: Window, *, place: str, witness: str) -> str:
    """Begin a blind count; gives the address of the sheet."""
    counter.choose_menu("Stock-takes")
    counter.follow("Begin a stock-take")
    counter.select("Place to count", choice_of(counter, place))
    counter.fill("Witness", witness)
    counter.press("Begin to count")
    return counter.page.url


def count(counter: Window, counts: dict[str, tuple[str, int]]) -> None:
    """Count one item after the other, in whatever order they come: (unit, pieces) by item."""
    counter.follow("Count")
    for _item in counts:
        item = counter.main.locator("[data-count] p").first.inner_text()
        unit, pieces = counts[item]
        counter.fill(counter.word("Counted, in %(unit)s", unit=unit), pieces)
        counter.press("Save and next")
