"""The facts of the newspaper page, asserted from the database."""

from datetime import date

import pytest
from sqlalchemy import func, select

from carecampaign.campaigns.models import BudgetLine, Campaign, CampaignState, Season
from carecampaign.catalogue.models import CarePackage
from carecampaign.core.db import db
from carecampaign.distributions.models import DistributionEvent, EventState, Handout, Tally
from carecampaign.inventory.models import Movement, StockDocument
from carecampaign.organizations.models import Organization, OrganizationKind
from carecampaign.stations.models import Feature, HostKind, Station, StationStatus

pytestmark = pytest.mark.usefixtures("loaded")

MARK = "演示"
LUCHENG = "北京农商银行城市副中心分行潞城支行"


def campaign_of(organizer: str) -> Campaign:
    return db.session.scalars(
        select(Campaign)
        .join(Campaign.organizer)
        .where(Organization.name == organizer, ~Campaign.is_synthetic)
    ).one()


def events_of(campaign: Campaign) -> list[DistributionEvent]:
    return list(
        db.session.scalars(
            select(DistributionEvent)
            .where(DistributionEvent.campaign_id == campaign.id)
            .order_by(DistributionEvent.held_on)
        )
    )


def handouts_of(campaign: Campaign) -> list[Handout]:
    return list(db.session.scalars(select(Handout).where(Handout.campaign_id == campaign.id)))


def person_times(campaign: Campaign) -> dict[str, int]:
    rows = db.session.execute(
        select(Tally.group_id, func.sum(Tally.person_times))
        .where(Tally.campaign_id == campaign.id)
        .group_by(Tally.group_id)
    )
    names = {group.id: group.name for group in campaign.groups}
    return {names[group_id]: int(times) for group_id, times in rows}


def organization(name: str) -> Organization:
    return db.session.scalars(select(Organization).where(Organization.name == name)).one()


class TestUnions:
    def test_each_hangs_where_it_belongs(self):
        above = {
            "北京市金融工会": "北京市总工会",
            "北京农商银行工会": "北京市金融工会",
            "密云区总工会": "北京市总工会",
            "朝阳区总工会": "北京市总工会",
            "东湖街道总工会": "朝阳区总工会",
        }
        for name, parent in above.items():
            assert organization(name).parent.name == parent

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("北京市温暖基金会", OrganizationKind.FOUNDATION),
            ("密云区委宣传部", OrganizationKind.PARTNER),
        ],
    )
    def test_foundation_and_partner_stand_beside_the_tree(self, name, kind):
        assert organization(name).kind is kind
        assert organization(name).parent is None


class TestFinanceUnion:
    @pytest.fixture
    def campaign(self):
        return campaign_of("北京市金融工会")

    def test_it_runs_from_december_2023_to_spring_festival_2024(self, campaign):
        assert campaign.name == "2024年元旦春节期间送温暖活动"
        assert campaign.season is Season.TWO_FESTIVALS
        assert campaign.year == 2024
        assert (campaign.starts_on, campaign.ends_on) == (date(2023, 12, 1), date(2024, 2, 17))
        assert "自2023年12月启动，持续至2024年春节期间" in campaign.background
        assert "报道未写明起止日期" in campaign.background
        assert campaign.state is CampaignState.CLOSED

    def test_29_units_take_part_and_only_the_bank_has_a_real_name(self, campaign):
        assert len(campaign.units) == 29
        assert [unit.name for unit in campaign.units if MARK not in unit.name] == [
            "北京农商银行工会"
        ]
        assert "覆盖29家已建会单位" in campaign.background

    def test_the_package_holds_the_five_items_and_others(self, campaign):
        version = campaign.package_version
        assert version.package.name == "暖心慰问包"
        assert [line.item.name for line in version.lines] == [
            "保暖毯",
            "口罩",
            "手套",
            "保温杯",
            "充电宝",
        ]
        assert not version.is_exhaustive

    def test_its_groups_are_bank_staff_and_outdoor_workers(self, campaign):
        staff, outdoor = campaign.groups
        assert staff.name == "一线银行职工"
        assert [occupation.name for occupation in staff.occupations] == ["一线银行职工"]
        assert outdoor.name == "户外劳动者"
        assert {"快递员", "外卖配送员", "环卫工人"} <= {
            occupation.name for occupation in outdoor.occupations
        }

    def test_the_station_is_the_one_at_the_bank(self, campaign):
        (event,) = events_of(campaign)
        station = event.station
        assert station.name == f"{LUCHENG}户外劳动者暖心驿站"
        assert station.host_unit == LUCHENG
        assert station.host_kind is HostKind.BANK
        assert (station.district, station.address) == ("通州区", "潞城镇")
        assert {row.feature for row in station.features} == {Feature.HOT_WATER, Feature.SEATS}
        assert not station.is_synthetic
        assert MARK in station.status_reason
        assert MARK in station.owner.name
        assert (station.lead_name, station.public_phone, station.opening_note) == ("", "", "")
        assert [partner.name for partner in station.partners] == ["北京市金融工会"]

    def test_a_station_at_an_insurance_branch_is_planned(self):
        station = db.session.scalars(
            select(Station).where(Station.host_kind == HostKind.INSURANCE)
        ).one()
        assert station.status is StationStatus.PLANNED
        assert station.is_synthetic

    def test_the_visit_served_both_groups_and_one_courier_without_a_name(self, campaign):
        (event,) = events_of(campaign)
        assert event.state is EventState.CLOSED
        assert person_times(campaign) == {"一线银行职工": 24, "户外劳动者": 14}
        (courier,) = [row for row in handouts_of(campaign) if not row.is_synthetic]
        assert courier.person_id is None
        assert courier.group.name == "户外劳动者"
        assert "韵达快递小哥" in courier.note

    def test_what_the_visit_saw_and_promised_is_told(self, campaign):
        for words in ("便利取款、支付水费电费燃气费", "急难愁盼", "大营村", "保险一线网点"):
            assert words in campaign.background


class TestMiyun:
    @pytest.fixture
    def campaign(self):
        return campaign_of("密云区总工会")

    def test_the_district_publicity_department_is_co_organizer(self, campaign):
        assert [body.name for body in campaign.co_organizers] == ["密云区委宣传部"]

    def test_exactly_110_guides_were_handed_something_at_the_training(self, campaign):
        (event,) = events_of(campaign)
        assert event.place == "2023年公共文明引导员集中培训"
        assert event.station is None
        assert event.state is EventState.CLOSED
        assert person_times(campaign) == {"公共文明引导员": 110}
        assert len(handouts_of(campaign)) == 110
        assert campaign.planned_packages == 110
        assert campaign.target_as_worded == "全区110名公共文明引导员志愿者"

    def test_what_they_were_given_is_not_listed(self, campaign):
        version = campaign.package_version
        assert [line.item.name for line in version.lines] == ["防寒保暖物品（品名未列明）"]
        assert not version.is_exhaustive

    def test_no_value_is_made_up_for_it(self, campaign):
        assert {row.value for row in handouts_of(campaign)} == {0}


class TestDonghu:
    @pytest.fixture
    def campaign(self):
        return campaign_of("东湖街道总工会")

    def test_five_items_are_given_singly_by_need(self, campaign):
        assert campaign.package_version is None
        assert [line.item.name for line in campaign.items] == [
            "大衣",
            "手套",
            "保温杯",
            "医药箱",
            "暖宝宝",
        ]
        assert "大衣、手套、保温杯、医药箱、暖宝宝等" in campaign.background
        assert "有需求的" in campaign.background

    def test_the_target_stays_as_worded(self, campaign):
        assert campaign.target_as_worded == "千余名外卖和快递小哥等新就业形态劳动者"

    def test_it_is_a_series_of_events_for_riders_and_couriers(self, campaign):
        events = events_of(campaign)
        assert len(events) == 3
        assert all(event.state is EventState.CLOSED for event in events)
        assert person_times(campaign) == {"外卖配送员": 558, "快递员": 486}

    def test_all_that_was_brought_is_accounted_for(self, campaign):
        for event in events_of(campaign):
            out = db.session.scalar(
                select(func.sum(Movement.quantity)).where(Movement.source_id == event.location_id)
            )
            came = db.session.scalar(
                select(func.sum(Movement.quantity)).where(Movement.target_id == event.location_id)
            )
            assert out == came > 0


class TestNothingSyntheticIsUnmarked:
    def test_a_background_says_what_was_made_up(self):
        for campaign in db.session.scalars(select(Campaign)):
            assert MARK in campaign.background

    def test_no_money_is_made_up_for_the_page(self):
        lines = select(BudgetLine).join(Campaign, Campaign.id == BudgetLine.campaign_id)
        assert db.session.scalars(lines.where(~Campaign.is_synthetic)).all() == []

    def test_handouts_are_synthetic_but_for_the_courier(self):
        for handout in db.session.scalars(select(Handout)):
            assert handout.is_synthetic or "见报道" in handout.note

    def test_events_and_stations_say_so(self):
        for event in db.session.scalars(select(DistributionEvent)):
            assert MARK in event.note
        for station in db.session.scalars(select(Station)):
            assert station.code.startswith("DEMO-")
            assert station.is_synthetic or MARK in station.status_reason

    def test_goods_and_what_is_in_them_say_so(self):
        for package in db.session.scalars(select(CarePackage)):
            version = package.latest
            assert MARK in version.note or version.is_exhaustive is False
            for line in version.lines:
                assert MARK in line.item.spec or line.item.reference_value == 0

    def test_stock_documents_of_goods_that_came_in_say_so(self):
        for document in db.session.scalars(
            select(StockDocument).where(StockDocument.counterpart != "")
        ):
            assert MARK in document.counterpart
            assert MARK in document.note

    def test_only_organizations_of_the_page_have_names_without_a_mark(self):
        unmarked = {
            body.name for body in db.session.scalars(select(Organization)) if MARK not in body.name
        }
        assert unmarked == {
            "北京市总工会",
            "北京市金融工会",
            "北京农商银行工会",
            "密云区总工会",
            "朝阳区总工会",
            "东湖街道总工会",
            "北京市温暖基金会",
            "密云区委宣传部",
        }
