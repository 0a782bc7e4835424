"""密云区总工会, with the district publicity department, at a training of 110 civility guides."""

from datetime import date, time

from carecampaign.access.actor import SYSTEM
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import Campaign, Season
from carecampaign.demo.goods import Goods
from carecampaign.demo.handing_out import Log, at
from carecampaign.demo.occupations import add_group, occupation
from carecampaign.demo.organizations import Unions
from carecampaign.demo.source_page.steps import CAMPAIGN_YEAR, FIRST_DAY, begin, synthetic_fund
from carecampaign.distributions import services as distributions
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import StockLocation
from carecampaign.inventory.services import Line, ReceiptLine

GUIDES = 110
"""As the page says: 对全区110名公共文明引导员志愿者进行慰问."""

BACKGROUND = """\
密云区总工会联合区委宣传部，在2023年公共文明引导员集中培训期间，对全区110名公共文明引导员志愿者进行慰问，送上防寒保暖物品，对大家的辛勤付出表示感谢，鼓励他们不畏严寒、坚守岗位，继续为城市治理贡献力量。

【登记说明】以上据报道整理。报道只写作“防寒保暖物品”，未列明品名和金额，系统按“品名未列明”、金额0元登记。（演示数据）报道写作“近日”，起止日期、慰问日期和逐人领取时间均未给出，系演示数据。"""

EVENT_NOTE = "110名见报道。（演示数据）慰问日期和逐人领取时间报道未给出。"


def build(unions: Unions, goods: Goods) -> None:
    """Build the campaign and its one event, which is closed."""
    campaign = campaigns.create_campaign(
        campaigns.Facts(
            name="慰问公共文明引导员",
            season=Season.WINTER,
            year=CAMPAIGN_YEAR,
            starts_on=FIRST_DAY,
            ends_on=date(2023, 12, 31),
            background=BACKGROUND,
            target_as_worded="全区110名公共文明引导员志愿者",
        ),
        organizer=unions.miyun,
        by=SYSTEM,
    )
    campaigns.add_co_organizers(campaign, [unions.publicity], by=SYSTEM)
    campaigns.add_units(campaign, [unions.miyun], by=SYSTEM)
    guides = add_group(
        campaign, "公共文明引导员", "Civility guides", [occupation("公共文明引导员")], by=SYSTEM
    )
    campaigns.set_goods(campaign, version=goods.miyun_package, planned_packages=GUIDES, by=SYSTEM)
    campaigns.set_quotas(campaign, {(unions.miyun.id, guides.id): GUIDES}, by=SYSTEM)
    begin(campaign)
    _hand_out(campaign, unions, goods, _stock(campaign, unions, goods))
    campaigns.close_campaign(campaign, by=SYSTEM)


def _stock(campaign: Campaign, unions: Unions, goods: Goods) -> StockLocation:
    day = date(2023, 12, 15)
    place = inventory.ensure_unit_location(unions.miyun)
    inventory.receive_goods(
        place,
        [ReceiptLine(goods.unspecified, GUIDES, unit_value=0)],
        fund_source=synthetic_fund(unions.miyun),
        is_donated=False,
        counterpart="演示供应商",
        dated_on=day,
        campaign=campaign,
        note="金额未见报道，按0元登记。（演示数据）供应商和日期",
        by=SYSTEM,
    )
    inventory.assemble(
        place, goods.miyun_package, quantity=GUIDES, campaign=campaign, dated_on=day, by=SYSTEM
    )
    return place


def _hand_out(campaign: Campaign, unions: Unions, goods: Goods, source: StockLocation) -> None:
    (guides,) = campaign.groups
    package = goods.miyun_package.item
    day = date(2023, 12, 19)
    event = distributions.create_event(
        campaign,
        unit=unions.miyun,
        place="2023年公共文明引导员集中培训",
        held_on=day,
        plans={guides.id: GUIDES},
        note=EVENT_NOTE,
        by=SYSTEM,
    )
    distributions.open_event(
        event, source=source, lines=[Line(package, GUIDES)], dated_on=day, by=SYSTEM
    )
    log = Log(event, SYSTEM, begins=at(day, time(9, 30)))
    for _number in range(GUIDES):
        log.give(package, to=guides)
    distributions.close_event(event, counts={}, target=None, dated_on=day, by=SYSTEM)
