"""Two more plans: one still a draft, one that waits for the approver."""

from datetime import date, timedelta

from carecampaign.access.actor import Actor
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import Season
from carecampaign.campaigns.services import Spending, propose_year
from carecampaign.demo.current_winter.plan import Money
from carecampaign.demo.goods import Goods
from carecampaign.demo.occupations import add_group, occupation
from carecampaign.demo.organizations import Unions

BACKGROUND = "（演示数据）供试用系统，与实际活动无关。"
PACKAGES = 300


def build(unions: Unions, goods: Goods, money: Money, *, today: date, by: Actor) -> None:
    """Draft a visit to workers on duty over the holiday; submit one for sanitation workers."""
    _draft_holiday_visit(unions, today=today, by=by)
    _submit_sanitation(unions, goods, money, today=today, by=by)


def _draft_holiday_visit(unions: Unions, *, today: date, by: Actor) -> None:
    year = propose_year(today)
    campaign = campaigns.create_campaign(
        campaigns.Facts(
            name=f"{year}年春节坚守岗位职工走访慰问（演示）",
            season=Season.TWO_FESTIVALS,
            year=year,
            starts_on=today + timedelta(days=40),
            ends_on=today + timedelta(days=90),
            background=BACKGROUND,
            target_as_worded="春节期间坚守岗位的一线职工",
        ),
        organizer=unions.municipal,
        is_synthetic=True,
        by=by,
    )
    campaigns.add_units(campaign, [unions.miyun, unions.chaoyang], by=by)


def _submit_sanitation(
    unions: Unions, goods: Goods, money: Money, *, today: date, by: Actor
) -> None:
    year = propose_year(today)
    campaign = campaigns.create_campaign(
        campaigns.Facts(
            name=f"{year}年环卫工人专项慰问（演示）",
            season=Season.WINTER,
            year=year,
            starts_on=today + timedelta(days=15),
            ends_on=today + timedelta(days=45),
            background=BACKGROUND,
            target_as_worded="凌晨和夜间作业的环卫工人",
            standard_per_head=12_000,
        ),
        organizer=unions.municipal,
        is_synthetic=True,
        by=by,
    )
    units = [unions.chaoyang, unions.miyun, unions.tongzhou]
    campaigns.add_units(campaign, units, by=by)
    group = add_group(campaign, "环卫工人", "Sanitation workers", [occupation("环卫工人")], by=by)
    campaigns.set_goods(campaign, version=goods.winter_package, planned_packages=PACKAGES, by=by)
    quotas = {(unit.id, group.id): PACKAGES // len(units) for unit in units}
    campaigns.set_quotas(campaign, quotas, by=by)
    campaigns.set_budget(campaign, [Spending(money.own, "采购慰问包物品", 3_600_000)], by=by)
    campaigns.submit_campaign(campaign, by=by)
