"""What people do on the pages, in the words of the domain."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from playwright.sync_api import expect

from tests.journeys.people import PASSWORD
from tests.journeys.window import READY, Window


def sign_in(window: Window, username: str, password: str = PASSWORD) -> Window:
    """Sign in from the front door; gives the window, now somebody's."""
    window.visit("/")
    window.fill("Account name, phone or e-mail", username)
    window.fill("Password", password)
    window.press("Sign in")
    return window


def switch_to_english(window: Window) -> None:
    """Press the language switch."""
    with window.page.expect_navigation(wait_until=READY):
        window.page.get_by_role("button", name="English", exact=True).click()
    window.speak("en")
    window.check()


# Before a campaign


def open_fund_source(finance: Window, *, owner: str, name: str) -> None:
    """Enter a source of funds."""
    finance.choose_menu("Fund sources")
    finance.follow("New fund source")
    finance.select("Organization", owner)
    finance.fill("Fund source name", name)
    finance.press("Add fund source")


def enter_item(storekeeper: Window, *, name: str, unit: str, value: str) -> None:
    """Enter an item into the catalogue."""
    storekeeper.choose_menu("Items")
    storekeeper.follow("New item")
    storekeeper.fill("Name", name)
    storekeeper.fill("Unit of measure", unit)
    storekeeper.fill("Reference value", value)
    storekeeper.press("Save")


def enter_package(planner: Window, *, name: str, contents: dict[str, int]) -> None:
    """Say what belongs into a care package."""
    planner.choose_menu("Care packages")
    planner.follow("New care package")
    planner.fill("Name", name)
    planner.fill_lines(
        "Contents",
        *(
            {"Item": choice_of(planner, item), "Pieces per package": pieces}
            for item, pieces in contents.items()
        ),
    )
    planner.press("Save")


def choice_of(window: Window, name: str) -> str:
    """Give the whole text of the choice that begins with a name, as items have a code there."""
    options = window.main.get_by_role("option").filter(has_text=name)
    text: str = options.first.evaluate("option => option.label")
    return text


def enter_station(planner: Window, *, name: str, owner: str, address: str) -> None:
    """Enter a warm station."""
    planner.choose_menu("Warm stations")
    planner.follow("New station")
    planner.fill("Name", name)
    planner.select("Run by", owner)
    planner.fill("Host unit", "北京农商银行")
    planner.fill("Address", address)
    planner.tick(planner.word("Hot drinking water"))
    planner.press("Save")


def make_member(planner: Window, person: str, *, leads: bool = False) -> None:
    """Add somebody to the station whose page is open."""
    planner.follow("Add member")
    planner.select("Person", person)
    if leads:
        planner.tick(planner.word("Leads the station"))
    planner.press("Add member")


# Campaigns


def draft_campaign(
    planner: Window, *, name: str, organizer: str, first: date, last: date, background: str
) -> str:
    """Draft a campaign; gives the address of its page."""
    planner.choose_menu("Campaigns")
    planner.follow("New campaign")
    planner.select("Organizer", organizer)
    planner.fill("Campaign name", name)
    planner.select("Season", planner.word("Winter warmth"))
    planner.fill("First day", first)
    planner.fill("Last day", last)
    planner.fill("Background and purpose", background)
    planner.press("Save draft")
    return planner.page.url


def add_units(planner: Window, *units: str) -> None:
    """Let unions take part in the campaign whose page is open."""
    address = planner.page.url
    planner.follow("Edit units")
    planner.follow("Add units")
    for unit in units:
        planner.tick(unit)
    planner.press("Add ticked units")
    planner.visit(address)


def add_group(planner: Window, *, name: str, name_en: str, occupations: Iterable[str]) -> None:
    """Add a target group to the campaign whose page is open."""
    planner.follow("Add target group")
    planner.fill("Name (Chinese)", name)
    planner.fill("Name (English)", name_en)
    for occupation in occupations:
        planner.tick(occupation)
    planner.press("Add target group")


def plan_quotas(planner: Window, quotas: dict[tuple[str, str], int]) -> None:
    """Fill the grid of quotas, by unit and group, and see it add up while typing."""
    address = planner.page.url
    planner.follow("Edit quotas")
    for (unit, group), quota in quotas.items():
        label = planner.word("%(unit)s, %(group)s", unit=unit, group=group)
        planner.main.get_by_role("textbox", name=label, exact=True).fill(str(quota))
    total = planner.row(planner.word("All units")).get_by_role("cell").last
    expect(total).to_have_text(str(sum(quotas.values())))
    planner.press("Save")
    planner.visit(address)


def plan_package(planner: Window, package: str, planned: int) -> None:
    """Choose the care package and how many are planned."""
    planner.follow("Edit package and items")
    planner.select("Care package", choice_of(planner, package))
    planner.fill("Planned care packages", planned)
    planner.press("Save")


def plan_budget(planner: Window, *, source: str, purpose: str, amount: str) -> None:
    """Plan one line of the budget."""
    planner.follow("Edit budget")
    line = {"Fund source": choice_of(planner, source), "Purpose": purpose, "Amount": amount}
    planner.fill_lines("Budget lines", line)
    planner.press("Save")


# Stock


def set_up_warehouse(storekeeper: Window, *, owner: str, name: str) -> None:
    """Set up a warehouse."""
    storekeeper.choose_menu("Stock")
    storekeeper.follow("Places")
    storekeeper.follow("New warehouse")
    storekeeper.select("Organization", owner)
    storekeeper.fill("Name", name)
    storekeeper.press("Set up the warehouse")


class Goods(NamedTuple):
    """A line of what comes in; the price is apiece."""

    item: str
    pieces: int
    price: str
    expires_on: date | None = None


def receive_goods(
    storekeeper: Window,
    *,
    warehouse: str,
    supplier: str,
    source: str,
    lines: Iterable[Goods],
    campaign: str | None = None,
    origin: str = "Bought",
) -> None:
    """Receive goods that were bought, or donated."""
    storekeeper.choose_menu("Stock")
    storekeeper.follow("Receive goods")
    storekeeper.select("Warehouse", choice_of(storekeeper, warehouse))
    storekeeper.tick(storekeeper.word(origin))
    storekeeper.fill("Supplier or donor", supplier)
    storekeeper.select("Fund source", choice_of(storekeeper, source))
    if campaign is not None:
        storekeeper.select("For the campaign", campaign)
    storekeeper.fill_lines(
        "What came in",
        *(
            {
                "Item": choice_of(storekeeper, line.item),
                "Quantity": line.pieces,
                "Unit price": line.price,
                "Expiry": line.expires_on or "",
            }
            for line in lines
        ),
    )
    storekeeper.press("Post the receipt")


def assemble(storekeeper: Window, *, warehouse: str, package: str, quantity: int) -> None:
    """Put care packages together from their contents."""
    storekeeper.choose_menu("Stock")
    storekeeper.follow("Assemble")
    choose_step(storekeeper, "Stock location", choice_of(storekeeper, warehouse))
    choose_step(storekeeper, "Care package", choice_of(storekeeper, package))
    storekeeper.fill("Packages", quantity)
    storekeeper.press("Post the assembly")


def choose_step(window: Window, label: str, choice: str) -> None:
    """Choose in a filter that sends itself, and see the page that it brings."""
    with window.page.expect_navigation(wait_until=READY):
        window.select(label, choice)
    window.check()


def dispatch(
    storekeeper: Window, *, source: str, target: str, campaign: str, item: str, pieces: int
) -> None:
    """Send pieces on their way."""
    storekeeper.choose_menu("Stock")
    storekeeper.follow("Dispatch")
    storekeeper.select("Source", choice_of(storekeeper, source))
    storekeeper.select("For the campaign", campaign)
    storekeeper.press("Show")
    storekeeper.select("Destination", target)
    storekeeper.fill(item, pieces)
    storekeeper.press("Send it on its way")


def confirm_arrival(lead: Window, *, item: str, received: int, reason: str) -> None:
    """Count what arrived, from the start page on; what is missing needs a reason."""
    lead.visit("/")
    lead.follow("Confirm arrival")
    lead.fill(f"{lead.word('Arrived')} {item}", received)
    lead.fill(f"{lead.word('Reason for the difference')} {item}", reason)
    lead.press("Confirm what arrived")


# Events


def plan_event(
    planner: Window,
    *,
    campaign: str,
    station: str,
    unit: str,
    day: date,
    plans: dict[str, int],
    volunteer: str,
) -> str:
    """Plan a distribution event; gives the address of its page."""
    planner.choose_menu("Distribution events")
    planner.follow("Plan an event")
    planner.follow_row(campaign)
    planner.select("Station", station)
    planner.fill("Date", day)
    planner.fill("Begins at", "09:00")
    planner.fill("Ends at", "17:00")
    planner.select("Unit whose quota it counts for", unit)
    for group, planned in plans.items():
        planner.fill(group, planned)
    planner.tick(volunteer)
    planner.press("Plan the event")
    return planner.page.url
