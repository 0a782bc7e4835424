"""Papers with a life: requisitions, a write-off and a stock-take of the current winter."""

from dataclasses import dataclass
from datetime import timedelta

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign
from carecampaign.core import clock
from carecampaign.demo.current_winter.stock import Stores
from carecampaign.demo.goods import Goods
from carecampaign.demo.organizations import Unions
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import StockTake, StockTakeLine, WriteOffCause
from carecampaign.inventory.queries import lots_at
from carecampaign.inventory.services import Line, Spoiled

NOTE = "（演示数据）"
ASKED_BY_UNIT = 40
GRANTED_TO_UNIT = 30
WET_WARMERS = 24
MISSING_TEAS = 2


@dataclass(frozen=True)
class Hands:
    """Who asks, who keeps, who approves."""

    planner: Actor
    lead: Actor
    keeper: Actor
    approver: Actor


def build(campaign: Campaign, goods: Goods, unions: Unions, stores: Stores, hands: Hands) -> None:
    """Leave something to decide, something to issue and something that is done."""
    _requisition_waiting(campaign, goods, stores, hands)
    _requisition_granted_in_part(campaign, goods, unions, stores, hands)
    _write_off(goods, stores, hands)
    _stock_take_with_a_difference(goods, stores, hands)


def _requisition_waiting(campaign: Campaign, goods: Goods, stores: Stores, hands: Hands) -> None:
    inventory.request_goods(
        stores.bank,
        [Line(goods.winter_package.item, 50), Line(goods.ginger_tea, 40)],
        purpose=f"寒潮期间驿站补充慰问包和姜茶{NOTE}",
        needed_by=clock.today() + timedelta(days=3),
        campaign=campaign,
        by=hands.lead,
    )


def _requisition_granted_in_part(
    campaign: Campaign, goods: Goods, unions: Unions, stores: Stores, hands: Hands
) -> None:
    requisition = inventory.request_goods(
        inventory.ensure_unit_location(unions.tongzhou),
        [Line(goods.winter_package.item, ASKED_BY_UNIT)],
        purpose=f"走访慰问一线职工{NOTE}",
        needed_by=clock.today() + timedelta(days=6),
        campaign=campaign,
        by=hands.planner,
    )
    inventory.approve_requisition(
        requisition,
        stores.warehouse,
        {line.id: GRANTED_TO_UNIT for line in requisition.lines},
        comment=f"先批30份，其余待下一批到货后再申领{NOTE}",
        by=hands.approver,
    )


def _write_off(goods: Goods, stores: Stores, hands: Hands) -> None:
    (warmers, *_others) = lots_at(stores.warehouse, goods.warmer)
    write_off = inventory.prepare_write_off(
        stores.warehouse,
        [Spoiled(warmers.lot, WET_WARMERS)],
        cause=WriteOffCause.DAMAGED,
        reason=f"外箱受潮，暖宝宝结块{NOTE}",
        by=hands.keeper,
    )
    inventory.approve_write_off(write_off, comment=f"情况属实{NOTE}", by=hands.approver)


def _stock_take_with_a_difference(goods: Goods, stores: Stores, hands: Hands) -> None:
    stock_take = inventory.open_stock_take(
        stores.couriers, is_blind=True, witness=f"演示监盘人{NOTE}", by=hands.lead
    )
    reasons = {}
    for line in stock_take.lines:
        missing = MISSING_TEAS if line.item == goods.ginger_tea else 0
        found = _book_of(stock_take, line) - missing
        inventory.record_count(line, found, round_number=1, by=hands.lead)
        if missing:
            reasons[line.id] = f"值班时取用未登记{NOTE}"
    inventory.finish_stock_take(stock_take, reasons, by=hands.lead)


def _book_of(stock_take: StockTake, line: StockTakeLine) -> int:
    lots = lots_at(stock_take.location, line.item)
    return sum(row.on_hand for row in lots if row.lot.batch == line.batch)
