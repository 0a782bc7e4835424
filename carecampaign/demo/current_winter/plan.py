"""The campaign under way: units, groups, quotas, goods, and a budget from three sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from carecampaign.access.actor import SYSTEM, Actor
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import Campaign, Season
from carecampaign.campaigns.services import PlannedItem, Spending, propose_year
from carecampaign.demo.goods import Goods
from carecampaign.demo.occupations import add_group, occupation
from carecampaign.demo.organizations import Unions
from carecampaign.funds import services as funds
from carecampaign.funds.models import FundKind, FundSource
from carecampaign.organizations.models import Organization

BACKGROUND = """\
（演示数据）为进一步做好元旦春节期间送温暖工作，市总工会组织开展面向新就业形态劳动者、户外劳动者和坚守岗位一线职工的慰问活动，依托户外劳动者暖心驿站和各参与单位发放慰问包，送上节日关怀。

本活动的单位分工、名额、预算、物资和发放记录均系演示数据，供试用系统，与实际活动无关。"""

GROUPS = (
    ("快递员", "Couriers", ("快递员",)),
    ("外卖配送员", "Delivery riders", ("外卖配送员",)),
    ("环卫工人", "Sanitation workers", ("环卫工人",)),
    ("公共文明引导员", "Civility guides", ("公共文明引导员",)),
    (
        "其他户外劳动者",
        "Other outdoor workers",
        ("交通协管员", "园林绿化工人", "建筑工人", "市政/架线/环境监测人员", "其他户外劳动者"),
    ),
)

QUOTAS = {
    "北京市总工会": (60, 60, 40, 20, 20),
    "北京市金融工会": (30, 30, 20, 0, 20),
    "朝阳区总工会": (110, 120, 60, 20, 40),
    "东湖街道总工会": (50, 60, 20, 10, 10),
    "密云区总工会": (30, 30, 40, 40, 10),
    "通州区总工会（演示）": (60, 50, 20, 10, 10),
}
"""Packages by unit and group, in the order of the groups."""

PLANNED_PACKAGES = sum(map(sum, QUOTAS.values()))


@dataclass(frozen=True)
class Money:
    """The fund sources of the municipal federation."""

    own: FundSource
    government: FundSource
    donations: FundSource


def open_fund_sources(unions: Unions) -> Money:
    """Open the fund sources the current winter draws on."""

    def add(name: str, kind: FundKind) -> FundSource:
        return funds.create_fund_source(name, organization=unions.municipal, kind=kind, by=SYSTEM)

    return Money(
        own=add("本级工会经费（演示）", FundKind.OWN_BUDGET),
        government=add("市级财政补助（演示）", FundKind.GOVERNMENT),
        donations=add("社会捐助资金物资（演示）", FundKind.DONATION),
    )


def period_around(today: date) -> tuple[date, date]:
    """Give a period that today lies well inside of and that ends with the winter, if it can."""
    end_of_winter = date(propose_year(today), 2, 28)
    return today - timedelta(days=25), max(end_of_winter, today + timedelta(days=60))


def build(
    unions: Unions, goods: Goods, money: Money, *, today: date, by: Actor, approver: Actor
) -> Campaign:
    """Plan the campaign, have it approved, start it."""
    starts_on, ends_on = period_around(today)
    year = propose_year(today)
    campaign = campaigns.create_campaign(
        campaigns.Facts(
            name=f"北京市总工会{year}年元旦春节送温暖行动（演示）",
            season=Season.TWO_FESTIVALS,
            year=year,
            starts_on=starts_on,
            ends_on=ends_on,
            background=BACKGROUND,
            target_as_worded="新就业形态劳动者、户外劳动者和坚守岗位的一线职工",
            standard_per_head=12_000,
        ),
        organizer=unions.municipal,
        is_synthetic=True,
        by=by,
    )
    units = _units(unions)
    campaigns.add_units(campaign, units, by=by)
    for name, name_en, work in GROUPS:
        add_group(campaign, name, name_en, [occupation(one) for one in work], by=by)
    campaigns.set_goods(
        campaign,
        version=goods.winter_package,
        planned_packages=PLANNED_PACKAGES,
        items=[PlannedItem(goods.warmer, 1_200), PlannedItem(goods.ginger_tea, 400)],
        by=by,
    )
    _set_quotas(campaign, units, by=by)
    campaigns.set_budget(campaign, _budget(money), by=by)
    campaigns.submit_campaign(campaign, by=by)
    campaigns.approve_campaign(campaign, by=approver)
    campaigns.start_campaign(campaign, by=by)
    return campaign


def _units(unions: Unions) -> list[Organization]:
    return [
        unions.municipal,
        unions.finance,
        unions.chaoyang,
        unions.donghu,
        unions.miyun,
        unions.tongzhou,
    ]


def _set_quotas(campaign: Campaign, units: Sequence[Organization], *, by: Actor) -> None:
    cells = {
        (unit.id, group.id): planned
        for unit in units
        for group, planned in zip(campaign.groups, QUOTAS[unit.name], strict=True)
    }
    campaigns.set_quotas(campaign, cells, by=by)


def _budget(money: Money) -> list[Spending]:
    return [
        Spending(money.own, "采购慰问包物品", 8_800_000),
        Spending(money.own, "包装和运输", 640_000),
        Spending(money.government, "采购慰问包物品", 4_300_000),
        Spending(money.donations, "受赠暖宝宝、姜茶", 1_400_000),
    ]
