"""东湖街道总工会's series of winter events for couriers and riders: single items, by need."""

from datetime import date, time, timedelta

from carecampaign.access.actor import SYSTEM
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import Campaign, CampaignGroup, Season
from carecampaign.campaigns.services import PlannedItem
from carecampaign.catalogue.models import Item
from carecampaign.demo.goods import Goods
from carecampaign.demo.handing_out import Log, at
from carecampaign.demo.occupations import add_group, occupation
from carecampaign.demo.organizations import Unions
from carecampaign.demo.source_page.steps import CAMPAIGN_YEAR, FIRST_DAY, begin, synthetic_fund
from carecampaign.distributions import services as distributions
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import StockLocation
from carecampaign.inventory.services import Line, ReceiptLine

BACKGROUND = """\
连日来，朝阳区东湖街道总工会组织开展了一系列冬送温暖慰问活动，准备了大衣、手套、保温杯、医药箱、暖宝宝等防寒保暖物资，提供给有需求的新就业形态劳动者特别是户外劳动者，让辖区千余名外卖和快递小哥等新就业形态劳动者感受到“娘家人”的温暖，并叮嘱他们注意劳逸结合，在严寒的冬季做好出行保暖和防护措施。街道总工会将持续关心关爱新就业形态劳动者，及时发现和解决他们在日常工作中遇到的困难。

【登记说明】以上据报道整理，物资清单以“等”字结尾，所列未尽；人数写作“千余名”，系统照录。（演示数据）活动起止日期、各场地点和日期、物资计划数与单价、发放数量及人次，报道均未给出，系演示数据。"""

EVENT_NOTE = "系列慰问活动之一。（演示数据）地点、日期和数量报道未给出。"

EVENTS = (
    ("东湖街道演示点位一（演示）", date(2023, 12, 12)),
    ("东湖街道演示点位二（演示）", date(2023, 12, 14)),
    ("东湖街道演示点位三（演示）", date(2023, 12, 19)),
)
WAVES = 6
RIDERS_IN_A_WAVE = 31
COURIERS_IN_A_WAVE = 27
"""Made up, so that they come to somewhat over a thousand: 3 events × 6 waves × 58 = 1,044."""

COATS, CUPS, BOXES = 3, 12, 1
WARMERS_EACH = 2
"""What a wave asks for beside the gloves that everybody gets."""


def build(unions: Unions, goods: Goods) -> None:
    """Build the campaign and the events of its series."""
    stock = _needs(goods)
    campaign = _draft(unions)
    riders = add_group(
        campaign, "外卖配送员", "Delivery riders", [occupation("外卖配送员")], by=SYSTEM
    )
    couriers = add_group(campaign, "快递员", "Couriers", [occupation("快递员")], by=SYSTEM)
    planned = [PlannedItem(item, count * len(EVENTS)) for item, count in stock]
    campaigns.set_goods(campaign, version=None, planned_packages=0, items=planned, by=SYSTEM)
    begin(campaign)
    place = _stock(campaign, unions, stock)
    for name, day in EVENTS:
        event = distributions.create_event(
            campaign,
            unit=unions.donghu,
            place=name,
            held_on=day,
            note=EVENT_NOTE,
            is_synthetic=True,
            by=SYSTEM,
        )
        lines = [Line(item, count) for item, count in stock]
        distributions.open_event(event, source=place, lines=lines, dated_on=day, by=SYSTEM)
        log = Log(event, SYSTEM, begins=at(day, time(11)), every=timedelta(minutes=2))
        for _wave in range(WAVES):
            _give_a_wave(log, goods, riders, RIDERS_IN_A_WAVE)
            _give_a_wave(log, goods, couriers, COURIERS_IN_A_WAVE)
        distributions.close_event(event, counts={}, target=None, dated_on=day, by=SYSTEM)
    campaigns.close_campaign(campaign, by=SYSTEM)


def _draft(unions: Unions) -> Campaign:
    campaign = campaigns.create_campaign(
        campaigns.Facts(
            name="冬送温暖系列慰问活动",
            season=Season.WINTER,
            year=CAMPAIGN_YEAR,
            starts_on=FIRST_DAY,
            ends_on=date(2023, 12, 31),
            background=BACKGROUND,
            target_as_worded="千余名外卖和快递小哥等新就业形态劳动者",
        ),
        organizer=unions.donghu,
        by=SYSTEM,
    )
    campaigns.add_units(campaign, [unions.donghu], by=SYSTEM)
    return campaign


def _needs(goods: Goods) -> list[tuple[Item, int]]:
    """Give what one event needs: exactly what its waves are given."""
    people = WAVES * (RIDERS_IN_A_WAVE + COURIERS_IN_A_WAVE)
    groups = 2 * WAVES
    return [
        (goods.coat, groups * COATS),
        (goods.gloves, people),
        (goods.cup, groups * CUPS),
        (goods.medicine_box, groups * BOXES),
        (goods.warmer, people * WARMERS_EACH),
    ]


def _stock(campaign: Campaign, unions: Unions, stock: list[tuple[Item, int]]) -> StockLocation:
    place = inventory.ensure_unit_location(unions.donghu)
    inventory.receive_goods(
        place,
        [ReceiptLine(item, count * len(EVENTS), item.reference_value) for item, count in stock],
        fund_source=synthetic_fund(unions.donghu),
        is_donated=False,
        counterpart="演示供应商",
        dated_on=date(2023, 12, 8),
        campaign=campaign,
        note="（演示数据）数量、单价、供应商和日期",
        by=SYSTEM,
    )
    return place


def _give_a_wave(log: Log, goods: Goods, group: CampaignGroup, people: int) -> None:
    """Log one arrival: gloves for everybody, further items to those of them who need them."""
    log.give(goods.gloves, to=group, quantity=people, head_count=people)
    log.give(goods.coat, to=group, quantity=COATS, head_count=0)
    log.give(goods.cup, to=group, quantity=CUPS, head_count=0)
    log.give(goods.medicine_box, to=group, quantity=BOXES, head_count=0)
    log.give(goods.warmer, to=group, quantity=people * WARMERS_EACH, head_count=0)
