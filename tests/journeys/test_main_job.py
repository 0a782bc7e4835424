"""The main job in a real browser: plan a campaign, stock it, hand out, see the result."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from babel.dates import format_date
from openpyxl import load_workbook
from playwright.sync_api import expect

from carecampaign.core import clock
from tests.journeys import pages
from tests.journeys.log_page import LogPage
from tests.journeys.pages import sign_in
from tests.journeys.people import DISTRICT, INDUSTRY, PEOPLE, STREET, found_the_district
from tests.journeys.window import DESKTOP, PHONE, Window

pytestmark = pytest.mark.browser

CAMPAIGN = "北辰区2027年冬送温暖"
STATION = "农商银行青年路暖心驿站"
WAREHOUSE = "区总工会慰问品仓库"
FUND = "区总工会送温暖专项资金"
PACKAGE = "冬日暖心包"
COURIERS, RIDERS = "快递小哥", "外卖骑手"
CUP, GLOVES = "保温杯", "防寒手套"
# A package holds one cup of 45.00 and two pairs of gloves of 8.50 each: 62.00 yuan.


@pytest.fixture
def windows(app, open_window) -> Callable[..., Window]:
    """The window of whoever has a role, opened and signed in at its first use."""
    found_the_district()
    opened: dict[str, Window] = {}

    def of(role: str) -> Window:
        if role not in opened:
            screen = PHONE if role in {"station_lead", "volunteer"} else DESKTOP
            opened[role] = sign_in(open_window(screen), role)
        return opened[role]

    return of


def test_a_campaign_from_the_plan_to_the_report(windows):
    prepare(windows)
    campaign = plan_the_campaign(windows)
    stock_the_station(windows)
    event = plan_the_event(windows)
    hand_out(windows("station_lead"), windows("volunteer"), event)
    reconcile(windows("station_lead"), event)
    read_the_report(windows("planner"), campaign)
    print_the_sheet(windows("planner"), event)
    look_into_the_log(windows("auditor"))


def prepare(windows) -> None:
    """What a campaign is made of: money, goods, a package, a station with its people."""
    pages.open_fund_source(windows("finance"), owner=DISTRICT, name=FUND)
    storekeeper, planner = windows("storekeeper"), windows("planner")
    pages.enter_item(storekeeper, name=CUP, unit="个", value="45.00")
    pages.enter_item(storekeeper, name=GLOVES, unit="副", value="8.50")
    pages.enter_package(planner, name=PACKAGE, contents={CUP: 1, GLOVES: 2})
    pages.enter_station(planner, name=STATION, owner=STREET, address="青年路1号")
    pages.make_member(planner, f"{PEOPLE['station_lead']} (station_lead)", leads=True)


def plan_the_campaign(windows) -> str:
    """The planner plans it, somebody else approves it, the planner starts it."""
    planner, approver = windows("planner"), windows("approver")
    campaign = pages.draft_campaign(
        planner,
        name=CAMPAIGN,
        organizer=DISTRICT,
        first=clock.today() - timedelta(days=10),
        last=clock.today() + timedelta(days=80),
        background="入冬以来气温骤降，区总工会走进驿站慰问户外劳动者。",
    )
    pages.add_units(planner, STREET, INDUSTRY)
    pages.add_group(planner, name=COURIERS, name_en="Couriers", occupations=["快递员"])
    pages.add_group(planner, name=RIDERS, name_en="Riders", occupations=["外卖配送员"])
    quotas = {(STREET, COURIERS): 20, (STREET, RIDERS): 15, (INDUSTRY, COURIERS): 25}
    pages.plan_quotas(planner, quotas)
    pages.plan_package(planner, PACKAGE, planned=60)
    pages.plan_budget(planner, source=FUND, purpose="购置慰问品", amount="3,720")
    planner.press("Submit for approval")
    assert planner.figure("State") == planner.word("Submitted")
    planner.does_not_offer("Approve")

    approver.visit("/")
    approver.follow("Look at it")
    approver.press_and_confirm("Approve")
    planner.visit(campaign)
    planner.press("Start the campaign")
    return campaign


def stock_the_station(windows) -> None:
    """Goods become packages, twenty go to the station, nineteen arrive."""
    storekeeper, lead = windows("storekeeper"), windows("station_lead")
    pages.set_up_warehouse(storekeeper, owner=DISTRICT, name=WAREHOUSE)
    pages.receive_goods(
        storekeeper,
        warehouse=WAREHOUSE,
        supplier="北辰劳保用品公司",
        source=FUND,
        campaign=CAMPAIGN,
        lines=[pages.Goods(CUP, 60, "45.00"), pages.Goods(GLOVES, 120, "8.50")],
    )
    pages.assemble(storekeeper, warehouse=WAREHOUSE, package=PACKAGE, quantity=50)
    pages.dispatch(
        storekeeper,
        source=WAREHOUSE,
        target=STATION,
        campaign=CAMPAIGN,
        item=PACKAGE,
        pieces=20,
    )
    pages.confirm_arrival(lead, item=PACKAGE, received=19, reason="运输途中破损")
    lead.sees_text("-1 运输途中破损")


def plan_the_event(windows) -> str:
    """The planner plans the event, the lead opens it with ten packages of the station."""
    planner, lead = windows("planner"), windows("station_lead")
    event = pages.plan_event(
        planner,
        campaign=CAMPAIGN,
        station=STATION,
        unit=STREET,
        day=clock.today(),
        plans={COURIERS: 8, RIDERS: 7},
        volunteer=PEOPLE["volunteer"],
    )
    lead.visit("/")
    lead.follow("Open event")
    expect(lead.field(PACKAGE)).to_have_value("15")
    lead.fill(PACKAGE, 10)
    lead.press("Open the event")
    return event


def hand_out(lead: Window, volunteer: Window, event: str) -> None:
    """Ten packages go to ten people, an eleventh person got one that the books do not have."""
    volunteer.visit("/")
    volunteer.follow_row(volunteer.word("Log handouts"))
    log = LogPage(volunteer)
    log.hand_out(COURIERS)
    log.tells("Saved: %(who)s +%(count)s", who=COURIERS, count=1)
    log.hand_out(RIDERS, people=5)
    log.tells("Saved: %(who)s +%(count)s", who=RIDERS, count=5)
    log.add_person("张测试", occupation="外卖配送员", employer="某外卖平台")
    volunteer.sees("Saved: %(who)s +%(count)s", who="张测试", count=1)
    log.hand_out(COURIERS)
    log.undo_last()
    log.tells("Taken back. It is not counted any more.")
    log.shows(left=3, person_times=7, item=PACKAGE)

    log.hand_out(COURIERS, people=3)
    with volunteer.allowing(409):
        log.hand_out(COURIERS)
    log.tells(
        "No %(item)s left here: ask the lead to bring more, or tap “Already handed over”"
        " if it was given.",
        item=PACKAGE,
    )
    log.was_given_already()
    log.tells(
        "Saved, for the lead to settle: %(why)s.",
        why=volunteer.word("More than the stock on the books"),
    )
    log.shows(left=0, person_times=11, item=PACKAGE)


def reconcile(lead: Window, event: str) -> None:
    """Four more come, which settles the eleventh; one of the rest went out without an entry."""
    lead.visit(event)
    lead.follow("Bring more")
    lead.fill(PACKAGE, 4)
    lead.press("Bring it here")
    lead.follow("Close and reconcile")
    lead.fill("Counted", 2)
    lead.select("What is missing was", lead.word("Handed out, not logged"))
    lead.select("Group that got them", COURIERS)
    lead.press("Close the event")
    lead.follow("Settle")
    lead.tick(lead.word("It was right: leave it as it is"))
    lead.fill("Note", "现场已核实，后续到货已补足")
    lead.press("Settle")
    lead.does_not_offer("Settle")


def read_the_report(planner: Window, campaign: str) -> None:
    """Each figure is what happened, on the screen and in the spreadsheet."""
    planner.visit(campaign)
    planner.follow("Progress")
    figures = ("Packages handed out", "Person-times", "Persons served by name", "Value")
    assert [planner.figure(label) for label in figures] == ["12", "12", "1", "¥744.00"]
    done = planner.word("Packages")
    by_group = "By target group"
    assert planner.figures_in(by_group, COURIERS)[done] == "6"
    assert planner.figures_in(by_group, RIDERS)[done] == "6"
    assert planner.figures_in("By unit", STREET)[done] == "12"
    assert planner.figures_in("By unit", INDUSTRY)[done] == "0"
    assert planner.figures_in("By place", STATION)[done] == "12"

    with planner.page.expect_download() as download:
        planner.main.get_by_role("link", name=planner.word("Excel"), exact=True).click()
    assert CAMPAIGN in download.value.suggested_filename
    book = load_workbook(BytesIO(download.value.path().read_bytes()))
    overview = dict(book[planner.word("Overview")].iter_rows(min_row=2, values_only=True))
    assert overview[planner.word("Planned packages")] == 60
    assert overview[planner.word("Packages handed out")] == 12
    assert overview[planner.word("Value (yuan)")] == 744
    groups = book[planner.word("By target group")].iter_rows(min_row=2, values_only=True)
    assert {row[0]: row[3] for row in groups} == {
        COURIERS: 6,
        RIDERS: 6,
        planner.word("Total"): 12,
    }


def print_the_sheet(planner: Window, event: str) -> None:
    """The sign-off sheet is a page of A4 with a column to sign in, and no menu on it."""
    planner.visit(event)
    planner.follow("Sign-off sheet")
    signature = planner.word("Recipient's signature")
    expect(planner.main.get_by_role("columnheader", name=signature)).to_be_visible()
    planner.page.emulate_media(media="print")
    menu = planner.page.get_by_role("navigation", name=planner.word("Main menu"))
    expect(menu).to_be_hidden()
    planner.sees("Official seal")
    assert planner.page.pdf(format="A4", landscape=True).startswith(b"%PDF")
    planner.page.emulate_media(media="screen")


def look_into_the_log(auditor: Window) -> None:
    """The auditor sees who did what."""
    event = f"{format_date(clock.today(), locale='zh')} {STATION}"
    auditor.choose_menu("Audit log")
    for role, action, name in (
        ("planner", "Drafted the campaign “%(name)s”", CAMPAIGN),
        ("approver", "Approved the campaign “%(name)s”", CAMPAIGN),
        ("station_lead", "Opened the distribution event “%(name)s”", event),
        ("station_lead", "Closed and reconciled the distribution event “%(name)s”", event),
        ("station_lead", "Settled an exception at “%(name)s”", STATION),
    ):
        auditor.select("Action", auditor.word(action, name="…"))
        auditor.press("Filter")
        row = auditor.row(auditor.word(action, name=name)).first
        expect(row).to_contain_text(PEOPLE[role])
