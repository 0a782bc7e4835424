"""Four made-up stations; the lead and the volunteer of the demo belong to the bank's."""

from dataclasses import dataclass

from carecampaign.access.actor import SYSTEM
from carecampaign.demo.organizations import Unions
from carecampaign.demo.people import Crew
from carecampaign.organizations.models import Organization
from carecampaign.stations import services as stations
from carecampaign.stations.models import Feature, HostKind, Station


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
                opening_hours="周一至周日 9:00—17:00",
                lead_name="演示站长",
            ),
            code="DEMO-CY-01",
            owner=unions.chaoyang,
            features=(*_USUAL, Feature.MICROWAVE, Feature.MEDICINE_BOX, Feature.UMBRELLA),
        ),
        party_centre=_add(
            stations.Facts(
                name="演示街道党群服务中心暖心驿站（演示）",
                host_unit="演示街道党群服务中心",
                host_kind=HostKind.PARTY_CENTRE,
                district="朝阳区",
                address="演示路8号（演示）",
                opening_hours="周一至周五 8:30—18:00，周六 9:00—16:00",
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
                opening_hours="周一至周日 9:00—16:30",
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
                opening_hours="24小时开放",
            ),
            code="DEMO-TZ-02",
            owner=unions.tongzhou,
            features=(*_USUAL, Feature.TOOLS, Feature.TYRE_PUMP, Feature.WIFI),
        ),
    )
    for station in (places.bank, places.couriers):
        stations.add_member(station, crew["lead"], is_lead=True, by=SYSTEM)
        stations.add_member(station, crew["volunteer"], is_lead=False, by=SYSTEM)
    return places


def _add(
    facts: stations.Facts, *, code: str, owner: Organization, features: tuple[Feature, ...]
) -> Station:
    return stations.create_station(
        facts, code=code, owner=owner, features=features, is_synthetic=True, by=SYSTEM
    )
