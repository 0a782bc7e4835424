"""A storekeeper's month in a real browser: from the goods that come to the balance sheet."""

import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from carecampaign.access.permissions import Role
from carecampaign.accounts.models import User
from carecampaign.catalogue.models import Item
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory.services.verification import verify_everything
from carecampaign.organizations.models import Organization
from carecampaign.stations.models import StationMember
from tests.factories import (
    FundSourceFactory,
    ItemFactory,
    PackageVersionFactory,
    StationFactory,
    StockLocationFactory,
)
from tests.inventory.stock import receive
from tests.journeys import pages, papers, store_pages
from tests.journeys.pages import Goods, sign_in
from tests.journeys.papers import Paper, print_out
from tests.journeys.people import DISTRICT, PEOPLE, STREET, found_the_district
from tests.journeys.window import DESKTOP, PHONE, Window

pytestmark = pytest.mark.browser

WAREHOUSE = "区总工会慰问品仓库"
STATION = "农商银行青年路暖心驿站"
FUND = "区总工会送温暖专项资金"
CUP, PATCHES, GLOVES, PACKAGE = "保温杯", "暖贴", "防寒手套", "冬日暖心包"
SUPPLIER, DONOR = "北辰劳保用品公司", "北辰爱心企业联合会"
EXPIRES_ON = clock.today() + timedelta(days=500)
BATCH = f"{clock.today():%Y%m%d}"
"""What the store calls a batch that has no name: by the day it came."""
# A package holds one of each: 45.00 and 12.00 and 8.50 make 65.50 yuan.
# Forty cups are left of last month.

MONTH = {
    CUP: ["40", "¥1,800.00", "60", "¥2,700.00", "81", "¥3,645.00", "19", "¥855.00"],
    PATCHES: ["0", "¥0.00", "102", "¥1,224.00", "80", "¥960.00", "22", "¥264.00"],
    GLOVES: ["0", "¥0.00", "200", "¥1,700.00", "140", "¥1,190.00", "60", "¥510.00"],
    PACKAGE: ["0", "¥0.00", "80", "¥5,240.00", "30", "¥1,965.00", "50", "¥3,275.00"],
}
"""Of each item at the warehouse: what was there, came, went and is left, in pieces and yuan."""

Windows = Callable[..., Window]


@pytest.fixture
def windows(app, open_window) -> Windows:
    """The window of whoever has a role, signed in at its first use; on a phone if need be."""
    set_up_the_store()
    opened: dict[tuple, Window] = {}

    def of(role: Role, screen=DESKTOP) -> Window:
        if (role, screen) not in opened:
            opened[role, screen] = sign_in(open_window(screen), role.value)
        return opened[role, screen]

    return of


def set_up_the_store() -> None:
    """Set up a warehouse with what last month left, a package, a station with its lead."""
    found_the_district()
    district, street = (
        db.session.query(Organization).filter_by(name=name).one() for name in (DISTRICT, STREET)
    )
    warehouse = StockLocationFactory(name=WAREHOUSE, organization=district)
    fund = FundSourceFactory(name=FUND, organization=district)
    cup, patches, gloves = stock_items()
    PackageVersionFactory(package__name=PACKAGE, item__unit="份", contents=[cup, patches, gloves])
    station = StationFactory(name=STATION, owner=street)
    lead = db.session.query(User).filter_by(name=PEOPLE[Role.STATION_LEAD]).one()
    station.members.append(StationMember(user=lead, is_lead=True))
    last_month = clock.start_of(clock.today().replace(day=1) - timedelta(days=3))
    with time_machine.travel(last_month):
        receive(warehouse, cup, 40, unit_value=4500, fund=fund)
    db.session.commit()


def stock_items() -> list[Item]:
    """Enter what goes into a package."""
    return [
        ItemFactory(name=CUP, spec="500毫升", unit="个", reference_value=4500),
        ItemFactory(name=PATCHES, spec="10片装", unit="盒", reference_value=1200),
        ItemFactory(name=GLOVES, spec="加绒", unit="副", reference_value=850),
    ]


def test_a_month_from_the_goods_that_come_to_the_balance_sheet(windows):
    printed = [
        *goods_come(windows(Role.STOREKEEPER)),
        packages_are_made(windows(Role.STOREKEEPER)),
        *the_station_is_supplied(windows),
        *the_warehouse_is_counted(windows),
        the_month_adds_up(windows(Role.STOREKEEPER)),
    ]
    db.session.rollback()
    assert verify_everything() == []
    if papers.READER is None and os.environ.get("CI") != "true":
        pytest.skip(papers.MISSING)
    for paper in printed:
        papers.read(paper)


def goods_come(storekeeper: Window) -> list[Paper]:
    """Two lines were bought, one of them with an expiry date; one was donated."""
    pages.receive_goods(
        storekeeper,
        warehouse=WAREHOUSE,
        supplier=SUPPLIER,
        source=FUND,
        lines=[Goods(CUP, 60, "45.00"), Goods(PATCHES, 100, "12.00", EXPIRES_ON)],
    )
    bought = print_out(
        storekeeper,
        DISTRICT,
        SUPPLIER,
        WAREHOUSE,
        FUND,
        "个 60 45.00 2,700.00",
        f"{EXPIRES_ON} 盒 100 12.00 1,200.00",
        "叁仟玖佰元整",
    )
    pages.receive_goods(
        storekeeper,
        warehouse=WAREHOUSE,
        supplier=DONOR,
        source=FUND,
        lines=[Goods(GLOVES, 200, "8.50")],
        origin="Donated",
    )
    donated = print_out(
        storekeeper, DONOR, "捐赠", WAREHOUSE, "副 200 8.50 1,700.00", "壹仟柒佰元整"
    )
    return [bought, donated]


def packages_are_made(storekeeper: Window) -> Paper:
    """Eighty packages are put together, of two batches of cups."""
    pages.assemble(storekeeper, warehouse=WAREHOUSE, package=PACKAGE, quantity=80)
    return print_out(
        storekeeper,
        WAREHOUSE,
        "个 80 45.00 45.00 3,600.00",
        "份 80 65.50 5,240.00",
        "伍仟贰佰肆拾元整",
    )


def the_station_is_supplied(windows: Windows) -> list[Paper]:
    """Forty packages are asked for, thirty granted and sent, twenty-nine arrive."""
    lead, storekeeper = windows(Role.STATION_LEAD, PHONE), windows(Role.STOREKEEPER)
    requisition = store_pages.ask_for_goods(
        lead, station=STATION, purpose="寒潮期间站点慰问", asked={PACKAGE: 40, GLOVES: 60}
    )
    lead.does_not_offer("Grant")
    store_pages.grant(
        windows(Role.APPROVER), granted={PACKAGE: 30, GLOVES: 60}, comment="先行配发三十份"
    )
    store_pages.issue_what_was_granted(storekeeper)
    on_its_way = print_out(storekeeper, "在途", "份 30", "副 60")
    pages.confirm_arrival(lead, item=PACKAGE, received=29, reason="途中受潮")
    lead.sees_text("-1 途中受潮")
    arrived = print_out(
        lead,
        WAREHOUSE,
        STATION,
        "份 30 29 -1 途中受潮 65.50 1,965.00",
        "副 60 60 8.50 510.00",
        "贰仟肆佰柒拾伍元整",
        PEOPLE[Role.STATION_LEAD],
    )
    lead.visit(requisition)
    asked = print_out(
        lead,
        STATION,
        WAREHOUSE,
        "寒潮期间站点慰问",
        "份 40 30 30",
        "副 60 60 60",
        PEOPLE[Role.APPROVER],
        "先行配发三十份",
    )
    return [on_its_way, arrived, asked]


def the_warehouse_is_counted(windows: Windows) -> list[Paper]:
    """A blind count on the phone misses a cup and finds two boxes; somebody else approves."""
    counter, approver = windows(Role.STOREKEEPER, PHONE), windows(Role.APPROVER)
    sheet = store_pages.begin_stock_take(counter, place=WAREHOUSE, witness="王监盘")
    store_pages.count(
        counter, {CUP: ("个", 19), PATCHES: ("盒", 22), GLOVES: ("副", 60), PACKAGE: ("份", 50)}
    )
    counter.visit(sheet)
    counter.sees("Blind count: what the books say shows once the counting is finished.")
    blind = print_out(counter, WAREHOUSE, "王监盘", "个 19", "盒 22", hides=["20 19", "20 22"])
    counter.follow("Finish counting")
    counter.fill(f"{CUP} {BATCH}", "整理货架时打碎")
    counter.fill(f"{PATCHES} {BATCH}", "上次漏点")
    counter.press("Send for approval")
    counter.does_not_offer("Approve")
    approver.visit("/")
    approver.follow("Look at it")
    approver.press_and_confirm("Approve")
    counted = print_out(
        approver,
        WAREHOUSE,
        f"{BATCH} 个 20 19 -1 -45.00 整理货架时打碎",
        f"{BATCH} {EXPIRES_ON} 盒 20 22 2 24.00 上次漏点",
        "份 50 50 0",
        "-21.00",
        PEOPLE[Role.APPROVER],
    )
    approver.follow_row(f"{approver.word('Gain and loss')} {clock.today().year}-")
    posted = print_out(
        approver,
        WAREHOUSE,
        approver.word("Loss"),
        "1 整理货架时打碎 45.00 -45.00",
        approver.word("Gain"),
        "2 上次漏点 12.00 24.00",
        "-21.00",
    )
    return [blind, counted, posted]


def the_month_adds_up(storekeeper: Window) -> Paper:
    """Of each item what was there and what came, less what went, is what is left."""
    storekeeper.choose_menu("Stock")
    storekeeper.follow("Stock books")
    storekeeper.follow("Monthly stock balance")
    storekeeper.select("Stock location", pages.choice_of(storekeeper, WAREHOUSE))
    storekeeper.press("Filter")
    storekeeper.sees(
        "Opening + in − out = closing, for every item. The closing balance was added up by itself."
    )
    shown = {item: storekeeper.cells_in("Monthly stock balance", item)[2:] for item in MONTH}
    assert shown == MONTH
    for figures in shown.values():
        for side in (figures[0::2], figures[1::2]):
            opening, came, went, left = map(number_of, side)
            assert opening + came - went == left
    return print_out(
        storekeeper,
        WAREHOUSE,
        *(" ".join(figures).replace("¥", "") for figures in MONTH.values()),
        "肆仟玖佰零肆元整",
    )


def number_of(figure: str) -> Decimal:
    """Read pieces or yuan from the screen."""
    return Decimal(figure.replace("¥", "").replace(",", ""))
