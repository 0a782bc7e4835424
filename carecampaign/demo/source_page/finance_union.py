"""市金融工会's two-festival campaign: 29 units, a care package, a visit to a bank's station."""

from datetime import date, time

from carecampaign.access.actor import SYSTEM
from carecampaign.campaigns import services as campaigns
from carecampaign.campaigns.models import Campaign, CampaignGroup, Season
from carecampaign.demo.goods import Goods
from carecampaign.demo.handing_out import Log, at
from carecampaign.demo.occupations import add_group, occupation, outdoor_occupations
from carecampaign.demo.organizations import Unions
from carecampaign.demo.source_page.steps import CAMPAIGN_YEAR, FIRST_DAY, begin, synthetic_fund
from carecampaign.distributions import services as distributions
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import StockLocation
from carecampaign.inventory.services import Line, ReceiptLine
from carecampaign.stations import services as stations
from carecampaign.stations.models import Feature, HostKind, Station, StationStatus

HOLIDAY_ENDS_ON = date(2024, 2, 17)
"""The last day of the Spring Festival holiday of 2024."""

BACKGROUND = """\
为深入生产和服务一线送温暖，关心关爱节假日坚守一线的金融系统职工，市金融工会启动2024年元旦春节期间送温暖活动。活动自2023年12月启动，持续至2024年春节期间，覆盖29家已建会单位。

市金融工会一行来到北京农商银行城市副中心分行潞城支行，慰问一线银行职工以及正在该支行户外劳动者暖心驿站歇脚的户外劳动者，送去包含保暖毯、口罩、手套、保温杯、充电宝等暖心物品的慰问包。慰问团一行首先参观设立在通州区潞城镇大营村内的乡村便利店，了解这里为当地村民提供的便利取款、支付水费电费燃气费等服务。

活动中，市金融工会实地了解一线职工在节日期间的工作生活状况，力所能及地帮助解决“急难愁盼”问题，并组织开展富有节日特色、职工喜闻乐见的慰问活动；依托银行、保险一线网点的户外劳动者暖心驿站，为节日期间坚守岗位的一线户外劳动者送去节日关怀和暖心服务。

【登记说明】以上据报道整理。报道未写明起止日期，系统按2023年12月1日至2024年2月17日（春节假期末日）登记。（演示数据）除北京农商银行外的28家参与单位名称，以及各单位名额、计划份数、物资数量与单价、走访日期和发放份数，报道均未给出，系演示数据。"""

STATION_NOTE = "驿站及所在支行见报道。（演示数据）站点编号和主管单位报道未给出。"
EVENT_NOTE = (
    "走访慰问：先到通州区潞城镇大营村乡村便利店，了解便利取款、支付水费电费燃气费等服务，"
    "再到潞城支行慰问一线银行职工和歇脚的户外劳动者。"
    "（演示数据）走访日期、时间和发放份数报道未给出。"
)
COURIER_NOTE = "韵达快递小哥一名，未留姓名，见报道。（演示数据）领取时间"

FOR_STAFF = 30
FOR_OUTDOOR = 20
"""Quotas of each unit; the page gives none."""

SETS = 60
STAFF_SERVED = 24
OUTDOOR_SERVED = 13
"""Beside the courier whom the page lets speak."""


def build(unions: Unions, goods: Goods) -> None:
    """Build the campaign, its stations, and the visit at one of them."""
    station = _build_station(unions)
    _plan_insurance_station(unions)
    campaign = _draft(unions, goods)
    staff, outdoor = _add_groups(campaign)
    quotas = {}
    for unit in unions.finance_units:
        quotas[unit.id, staff.id] = FOR_STAFF
        quotas[unit.id, outdoor.id] = FOR_OUTDOOR
    campaigns.set_quotas(campaign, quotas, by=SYSTEM)
    begin(campaign)
    source = _stock_the_bank(campaign, unions, goods)
    _visit(campaign, unions, goods, station, source)
    campaigns.close_campaign(campaign, by=SYSTEM)


def _build_station(unions: Unions) -> Station:
    branch = "北京农商银行城市副中心分行潞城支行"
    station = stations.create_station(
        stations.Facts(
            name=f"{branch}户外劳动者暖心驿站",
            host_unit=branch,
            host_kind=HostKind.BANK,
            district="通州区",
            address="潞城镇",
        ),
        code="DEMO-TZ-01",
        owner=unions.tongzhou,
        # The page speaks of hot water and of resting.
        features=[Feature.HOT_WATER, Feature.SEATS],
        status=StationStatus.PLANNED,
        by=SYSTEM,
    )
    stations.change_status(station, StationStatus.OPEN, reason=STATION_NOTE, by=SYSTEM)
    stations.add_partner(station, unions.finance, by=SYSTEM)
    return station


def _plan_insurance_station(unions: Unions) -> None:
    stations.create_station(
        stations.Facts(
            name="演示保险公司网点户外劳动者暖心驿站（演示）",
            host_unit="演示保险公司一线网点",
            host_kind=HostKind.INSURANCE,
        ),
        code="DEMO-JR-01",
        owner=unions.finance,
        status=StationStatus.PLANNED,
        is_synthetic=True,
        by=SYSTEM,
    )


def _draft(unions: Unions, goods: Goods) -> Campaign:
    campaign = campaigns.create_campaign(
        campaigns.Facts(
            name="2024年元旦春节期间送温暖活动",
            season=Season.TWO_FESTIVALS,
            year=CAMPAIGN_YEAR,
            starts_on=FIRST_DAY,
            ends_on=HOLIDAY_ENDS_ON,
            background=BACKGROUND,
            target_as_worded="一线银行职工和户外劳动者",
        ),
        organizer=unions.finance,
        by=SYSTEM,
    )
    campaigns.add_units(campaign, unions.finance_units, by=SYSTEM)
    campaigns.set_goods(
        campaign,
        version=goods.finance_package,
        planned_packages=len(unions.finance_units) * (FOR_STAFF + FOR_OUTDOOR),
        by=SYSTEM,
    )
    return campaign


def _add_groups(campaign: Campaign) -> tuple[CampaignGroup, CampaignGroup]:
    staff = add_group(
        campaign, "一线银行职工", "Bank front-line staff", [occupation("一线银行职工")], by=SYSTEM
    )
    outdoor = add_group(
        campaign, "户外劳动者", "Outdoor workers", outdoor_occupations(), by=SYSTEM
    )
    return staff, outdoor


def _stock_the_bank(campaign: Campaign, unions: Unions, goods: Goods) -> StockLocation:
    """Bring care packages to the unit, in bulk; give the unit's place."""
    warehouse = inventory.create_warehouse(
        "市金融工会慰问品仓库（演示）", organization=unions.finance, by=SYSTEM
    )
    version = goods.finance_package
    inventory.receive_goods(
        warehouse,
        [ReceiptLine(line.item, SETS, line.item.reference_value) for line in version.lines],
        fund_source=synthetic_fund(unions.finance),
        is_donated=False,
        counterpart="演示供应商",
        dated_on=date(2023, 12, 11),
        campaign=campaign,
        note="（演示数据）数量、单价、供应商和日期",
        by=SYSTEM,
    )
    made_on, sent_on = date(2023, 12, 12), date(2023, 12, 14)
    inventory.assemble(
        warehouse, version, quantity=SETS, campaign=campaign, dated_on=made_on, by=SYSTEM
    )
    unit = inventory.ensure_unit_location(unions.bank)
    sent = inventory.dispatch(
        warehouse,
        unit,
        [Line(version.item, SETS)],
        campaign=campaign,
        note="（演示数据）数量和日期",
        dated_on=sent_on,
        by=SYSTEM,
    )
    inventory.receive_transfer(sent, {}, by=SYSTEM)
    return unit


def _visit(
    campaign: Campaign, unions: Unions, goods: Goods, station: Station, source: StockLocation
) -> None:
    staff, outdoor = campaign.groups
    package = goods.finance_package.item
    day = date(2023, 12, 20)
    event = distributions.create_event(
        campaign,
        unit=unions.bank,
        station=station,
        held_on=day,
        plans={staff.id: FOR_STAFF, outdoor.id: FOR_OUTDOOR},
        note=EVENT_NOTE,
        by=SYSTEM,
    )
    distributions.open_event(
        event, source=source, lines=[Line(package, SETS)], dated_on=day, by=SYSTEM
    )
    log = Log(event, SYSTEM, begins=at(day, time(10)))
    log.give(package, to=outdoor, note=COURIER_NOTE, is_synthetic=False)
    for _number in range(STAFF_SERVED):
        log.give(package, to=staff)
    for _number in range(OUTDOOR_SERVED):
        log.give(package, to=outdoor)
    distributions.close_event(event, counts={}, target=source, dated_on=day, by=SYSTEM)
