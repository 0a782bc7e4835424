"""Four made-up stations; the lead and the volunteer of the demo belong to the bank's.

All of it is made up, also places on the map, hours and levels; ``is_synthetic`` says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from carecampaign.access.actor import SYSTEM
from carecampaign.demo.organizations import Unions
from carecampaign.demo.people import Crew
from carecampaign.organizations.models import Organization
from carecampaign.stations import services as stations
from carecampaign.stations.coordinates import Datum, Position
from carecampaign.stations.models import (
    AwardLevel,
    BuildMode,
    Feature,
    HostKind,
    MapService,
    Station,
    StationType,
)
from carecampaign.stations.opening import parse


@dataclass(frozen=True)
class Places:
    """The stations of the current winter."""

    bank: Station
    party_centre: Station
    post: Station
    couriers: Station


_USUAL = (Feature.HOT_WATER, Feature.SEATS, Feature.CHARGING, Feature.AIR_CONDITIONING)


def build(unions: Unions, crew: Crew) -> Places:
    """Open the stations."""
    places = Places(
        bank=_add(
            stations.Facts(
                name="演示银行支行户外劳动者暖心驿站（演示）",
                host_unit="演示银行支行",
                host_kind=HostKind.BANK,
                district="朝阳区",
                address="演示路1号（演示）",
                brand="演示港湾",
                station_type=StationType.STANDARD,
                build_mode=BuildMode.CO_BUILT,
                district_code="110105",
                street="演示街道",
                position=Position(116.4793, 39.9489, Datum.GCJ02),
                area_square_decimetres=2000,
                capacity=12,
                opening=parse("每天 9:00-17:00；法定节假日 10:00-16:00；春节 10:00-15:00"),
                lead_name="演示站长",
                supervision_phone="12351",
                opened_on=date(2021, 5, 1),
                listings={MapService.AMAP: date(2023, 3, 1), MapService.UNION_12351: None},
            ),
            code="DEMO-CY-01",
            owner=unions.chaoyang,
            features=(
                *_USUAL,
                Feature.MICROWAVE,
                Feature.MEDICINE_BOX,
                Feature.UMBRELLA,
                Feature.LEGAL_ADVICE,
                Feature.HEALTH_CHECK,
            ),
        ),
        party_centre=_add(
            stations.Facts(
                name="演示街道党群服务中心暖心驿站（演示）",
                host_unit="演示街道党群服务中心",
                host_kind=HostKind.PARTY_CENTRE,
                district="朝阳区",
                address="演示路8号（演示）",
                aliases="演示党群驿站",
                station_type=StationType.STANDARD,
                build_mode=BuildMode.GOVERNMENT,
                district_code="110105",
                street="演示街道",
                position=Position(116.4605, 39.9721, Datum.GCJ02),
                area_square_decimetres=3550,
                capacity=20,
                opening=parse(
                    "周一至周五 8:30-12:00、13:30-18:00；周六 9:00-16:00；法定节假日 休息"
                ),
                supervision_phone="12351",
                opened_on=date(2019, 9, 1),
            ),
            code="DEMO-CY-02",
            owner=unions.donghu,
            features=(*_USUAL, Feature.TOILET, Feature.READING, Feature.UNION_JOINING),
        ),
        post=_add(
            stations.Facts(
                name="演示邮政支局暖心驿站（演示）",
                host_unit="演示邮政支局",
                host_kind=HostKind.POST,
                district="密云区",
                address="演示大街20号（演示）",
                brand="邮爱驿站",
                station_type=StationType.MICRO,
                build_mode=BuildMode.SOCIAL,
                position=Position(116.8490, 40.3829, Datum.BD09),
                area_square_decimetres=450,
                opening=parse("每天 9:00-16:30；2027-02-05至2027-02-12 休息"),
            ),
            code="DEMO-MY-01",
            owner=unions.miyun,
            features=(*_USUAL, Feature.TYRE_PUMP),
        ),
        couriers=_add(
            stations.Facts(
                name="演示快递营业部暖心驿站（演示）",
                host_unit="演示快递公司营业部",
                host_kind=HostKind.COMPANY,
                district="通州区",
                address="演示西街3号（演示）",
                station_type=StationType.STANDARD,
                build_mode=BuildMode.SELF_BUILT,
                position=Position(116.6519, 39.9042, Datum.WGS84),
                area_square_decimetres=1200,
                capacity=8,
                opening=parse("24小时"),
                opening_note="夜间请按门铃",
            ),
            code="DEMO-TZ-02",
            owner=unions.tongzhou,
            features=(*_USUAL, Feature.TOOLS, Feature.TYRE_PUMP, Feature.WIFI),
        ),
    )
    for station in (places.bank, places.couriers):
        stations.add_member(station, crew["lead"], is_lead=True, by=SYSTEM)
        stations.add_member(station, crew["volunteer"], is_lead=False, by=SYSTEM)
    _rate(places.bank, {2023: 4, 2024: 3, 2025: 5})
    _rate(places.party_centre, {2025: 3})
    stations.add_award(places.bank, year=2025, level=AwardLevel.CITY, by=SYSTEM)
    return places


def _rate(station: Station, stars_by_year: Mapping[int, int]) -> None:
    for year, stars in stars_by_year.items():
        stations.add_rating(station, year=year, stars=stars, by=SYSTEM)


def _add(
    facts: stations.Facts, *, code: str, owner: Organization, features: tuple[Feature, ...]
) -> Station:
    return stations.create_station(
        facts, code=code, owner=owner, features=features, is_synthetic=True, by=SYSTEM
    )
