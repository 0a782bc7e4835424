"""A made-up winter around today's date, to try everything with. All of it is synthetic."""

from carecampaign.core import clock
from carecampaign.demo.current_winter import (
    events,
    others,
    papers,
    persons,
    plan,
    rights,
    stations,
    stock,
)
from carecampaign.demo.goods import Goods
from carecampaign.demo.organizations import Unions
from carecampaign.demo.people import Crew, acting
from carecampaign.inventory import services as inventory


def build(unions: Unions, goods: Goods, crew: Crew) -> None:
    """Build stations, the campaign under way with its stock and events, and two more plans."""
    today = clock.today()
    planner, keeper = acting(crew["planner"]), acting(crew["storekeeper"])
    places = stations.build(unions, crew)
    money = plan.open_fund_sources(unions)
    campaign = plan.build(
        unions, goods, money, today=today, by=planner, approver=acting(crew["approver"])
    )
    warehouse = inventory.create_warehouse(
        "市总工会慰问品仓库（演示）", organization=unions.municipal, by=keeper
    )
    storekeeper = stock.Storekeeper(campaign, goods, warehouse, today, by=keeper)
    stores = stock.build(storekeeper, unions, places, money, acting(crew["lead"]))
    people = persons.build(unions, by=planner)
    persons.put_on_roster(campaign, people, by=planner)
    rights.build(campaign, goods, people, today=today, by=planner)
    scene = events.Scene(campaign, goods, crew, today)
    events.build(scene, unions, places, stores, people)
    papers.build(
        campaign,
        goods,
        unions,
        stores,
        papers.Hands(
            planner=planner,
            lead=acting(crew["lead"]),
            keeper=keeper,
            approver=acting(crew["approver"]),
        ),
    )
    others.build(unions, goods, money, today=today, by=planner)
