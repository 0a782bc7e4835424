"""The goods of the current winter: bought and donated, assembled, sent out, mostly arrived."""

from dataclasses import dataclass
from datetime import date, timedelta

from carecampaign.access.actor import Actor
from carecampaign.campaigns.models import Campaign
from carecampaign.demo.current_winter.plan import Money
from carecampaign.demo.current_winter.stations import Places
from carecampaign.demo.goods import Goods
from carecampaign.demo.organizations import Unions
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import StockDocument, StockLocation
from carecampaign.inventory.services import Arrival, Line, ReceiptLine

NOTE = "（演示数据）"
BOUGHT = 700
GRANTED = 300
PACKAGES = BOUGHT + GRANTED
WARMERS = 8_000
TEAS = 600
DAMAGED = 2
SHELF_LIFE = timedelta(days=300)


@dataclass(frozen=True)
class Stores:
    """Where the current winter keeps its stock."""

    warehouse: StockLocation
    bank: StockLocation
    couriers: StockLocation


@dataclass(frozen=True)
class Storekeeper:
    """Somebody who keeps one campaign's goods in one warehouse."""

    campaign: Campaign
    goods: Goods
    warehouse: StockLocation
    today: date
    by: Actor

    def day(self, days_ago: int) -> date:
        """Give a day so many days before today."""
        return self.today - timedelta(days=days_ago)

    def buy(self, money: Money) -> None:
        """Take in what two fund sources paid for, at slightly different prices (fen)."""
        cup, gloves = self.goods.cup, self.goods.gloves
        scarf, cream = self.goods.scarf, self.goods.hand_cream
        for fund, pieces, prices, days_ago, invoice in (
            (money.own, BOUGHT, (4_500, 1_800, 2_500, 1_200), 20, "YS-0001"),
            (money.government, GRANTED, (4_380, 1_750, 2_460, 1_180), 18, "YS-0002"),
        ):
            inventory.receive_goods(
                self.warehouse,
                [
                    ReceiptLine(item, pieces, price)
                    for item, price in zip((cup, gloves, scarf, cream), prices, strict=True)
                ],
                fund_source=fund,
                is_donated=False,
                counterpart="演示供应商",
                invoice_number=invoice,
                dated_on=self.day(days_ago),
                campaign=self.campaign,
                note=NOTE,
                by=self.by,
            )

    def accept_donations(self, money: Money) -> None:
        """Take in what was donated; it expires."""
        inventory.receive_goods(
            self.warehouse,
            [
                ReceiptLine(
                    self.goods.warmer, WARMERS, 110, expires_on=self.today + 2 * SHELF_LIFE
                ),
                ReceiptLine(self.goods.ginger_tea, TEAS, 800, expires_on=self.today + SHELF_LIFE),
            ],
            fund_source=money.donations,
            is_donated=True,
            counterpart="演示爱心企业",
            dated_on=self.day(17),
            campaign=self.campaign,
            note=NOTE,
            by=self.by,
        )

    def assemble(self) -> None:
        """Put the packages together, in two goes."""
        for pieces, days_ago in ((BOUGHT, 15), (GRANTED, 14)):
            inventory.assemble(
                self.warehouse,
                self.goods.winter_package,
                quantity=pieces,
                campaign=self.campaign,
                dated_on=self.day(days_ago),
                by=self.by,
            )

    def send(
        self, target: StockLocation, *, packages: int, singles: int = 0, days_ago: int
    ) -> StockDocument:
        """Send packages, and so many boxes of tea with three times as many warmers."""
        lines = [Line(self.goods.winter_package.item, packages)]
        if singles:
            lines += [
                Line(self.goods.warmer, 3 * singles),
                Line(self.goods.ginger_tea, singles),
            ]
        return inventory.dispatch(
            self.warehouse,
            target,
            lines,
            campaign=self.campaign,
            note=NOTE,
            dated_on=self.day(days_ago),
            by=self.by,
        )


def build(
    keeper: Storekeeper, unions: Unions, places: Places, money: Money, lead: Actor
) -> Stores:
    """Fill the warehouse, assemble the packages and send them; one transfer stays on its way."""
    keeper.buy(money)
    keeper.accept_donations(money)
    keeper.assemble()
    stores = Stores(
        warehouse=keeper.warehouse,
        bank=inventory.ensure_station_location(places.bank),
        couriers=inventory.ensure_station_location(places.couriers),
    )
    _send_to_stations(keeper, stores, places, lead)
    _send_to_units(keeper, unions)
    return stores


def _send_to_stations(keeper: Storekeeper, stores: Stores, places: Places, lead: Actor) -> None:
    for target, packages, singles in ((stores.bank, 200, 120), (stores.couriers, 150, 60)):
        sent = keeper.send(target, packages=packages, singles=singles, days_ago=12)
        inventory.receive_transfer(sent, {}, by=lead)
    party_centre = inventory.ensure_station_location(places.party_centre)
    _arrive_damaged(keeper.send(party_centre, packages=120, days_ago=6), by=keeper.by)
    post = inventory.ensure_station_location(places.post)
    keeper.send(post, packages=100, singles=40, days_ago=1)


def _send_to_units(keeper: Storekeeper, unions: Unions) -> None:
    """Send to units in bulk; they have no accounts, the storekeeper enters their receipts."""
    for unit, packages in ((unions.miyun, 120), (unions.finance, 80)):
        target = inventory.ensure_unit_location(unit)
        sent = keeper.send(target, packages=packages, days_ago=11)
        inventory.receive_transfer(sent, {}, by=keeper.by)


def _arrive_damaged(sent: StockDocument, *, by: Actor) -> None:
    (line,) = sent.lines
    arrival = Arrival(line.quantity - DAMAGED, "运输途中外包装破损，已清点（演示数据）")
    inventory.receive_transfer(sent, {line.id: arrival}, by=by)
