"""The directory of warm stations: opened, found, changed, closed."""

import uuid

import pytest
from sqlalchemy import select

from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.stations.models import (
    AwardLevel,
    Feature,
    HostKind,
    MapService,
    Station,
    StationAward,
    StationFeature,
    StationListing,
    StationRating,
    StationStatus,
    StationType,
    rows_of,
)
from carecampaign.stations.opening import parse
from tests.factories import OrganizationFactory, StationFactory, UserFactory

MOST_QUERIES = 12
"""Of the list, however many rows it has."""


def a_station(owner, **changed) -> dict:
    form = {
        "command_id": str(uuid.uuid4()),
        "name": "潞城暖心驿站",
        "code": "",
        "owner_id": owner.id,
        "status": "open",
        "host_unit": "北京农商银行潞城支行",
        "host_kind": "bank",
        "district": "通州区",
        "address": "潞城镇大营村1号",
        "opening": "每天 9:00–17:00",
        "lead_name": "王站长",
        "public_phone": "010-12345678 转 12",
        "facilities": ["wifi", "hot_water"],
    }
    return form | changed


def stations() -> list[Station]:
    db.session.rollback()
    return list(db.session.scalars(select(Station).order_by(Station.id)))


def test_a_station_is_opened_with_the_next_free_code(client_for, planner, district):
    StationFactory(code="S0002")

    response = client_for(planner).post("/stations/new", data=a_station(district))

    station = stations()[-1]
    assert response.location == f"/stations/{station.id}"
    assert (station.code, station.name, station.owner_id) == ("S0003", "潞城暖心驿站", district.id)
    assert (station.host_kind, station.status) == (HostKind.BANK, StationStatus.OPEN)
    assert [row.feature for row in station.features] == [Feature.HOT_WATER, Feature.WIFI]


def test_a_stations_page_shows_all_that_is_known(client_for, planner, district):
    client = client_for(planner)
    location = client.post("/stations/new", data=a_station(district)).location

    page = client.get(location).text

    for words in (
        "潞城暖心驿站",
        "S0001",
        "通州区总工会",
        "北京农商银行潞城支行",
        "Bank branch",
        "潞城镇大营村1号",
        "9:00-17:00",
        "王站长",
        "010-12345678",
        "Hot drinking water",
        "Wi-Fi",
    ):
        assert words in page
    assert "Microwave" not in page


def test_opening_a_station_is_audited_under_its_owner(client_for, planner, district):
    client_for(planner).post("/stations/new", data=a_station(district))

    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.subject_name) == ("stations.create", "潞城暖心驿站")
    assert entry.organization_path == district.path
    assert entry.changes["features"] == ["hot_water", "wifi"]


def test_the_same_form_sent_twice_opens_one_station(client_for, planner, district):
    client = client_for(planner)
    form = a_station(district)

    first, second = (client.post("/stations/new", data=form) for _ in range(2))

    assert len(stations()) == 1
    assert first.location == second.location


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "This field is required."),
        ("name", "\0", "This field is required."),
        ("name", "长" * 101, "longer than 100"),
        ("code", "x" * 21, "longer than 20"),
        ("owner_id", "", "This field is required."),
        ("owner_id", "-1", "Invalid Choice"),
        ("owner_id", str(10**30), "Invalid Choice"),
        ("owner_id", "999", "Not a valid choice."),
        ("host_kind", "castle", "Not a valid choice."),
        ("status", "delisted", "Not a valid choice."),
        ("host_unit", "🏦" * 101, "longer than 100"),
        ("address", "", "This field is required."),
        ("address", "长" * 201, "longer than 200"),
        ("opening_note", "长" * 201, "longer than 200"),
        ("district", "长" * 51, "longer than 50"),
        ("lead_name", "长" * 51, "longer than 50"),
        ("public_phone", "call me", "digits, spaces, hyphens"),
        ("public_phone", "1" * 31, "longer than 30"),
        ("facilities", ["wifi", "sauna"], "not a valid choice"),
        ("command_id", "x", "Invalid UUID."),
    ],
)
def test_input_that_cannot_be_is_refused_beside_the_field(
    client_for, planner, district, field, value, words
):
    response = client_for(planner).post(
        "/stations/new", data=a_station(district, **{field: value})
    )

    assert response.status_code == 422
    assert words in response.text
    assert stations() == []


def test_a_station_can_only_be_opened_for_an_organization_of_ones_own(
    client_for, planner, district
):
    other = OrganizationFactory()

    response = client_for(planner).post("/stations/new", data=a_station(other))

    assert response.status_code == 422
    assert stations() == []


def test_a_code_belongs_to_one_station(client_for, planner, district):
    StationFactory(code="TZ-1")

    response = client_for(planner).post("/stations/new", data=a_station(district, code="tz-1"))

    assert response.status_code == 422
    assert "Another station already has this code." in response.text
    assert len(stations()) == 1


def test_a_station_is_changed_and_the_change_is_audited(client_for, planner, district):
    street = OrganizationFactory(parent=district, name="潞城镇总工会")
    station = StationFactory(owner=district, code="S9", name="Old", features=[])
    station.features = [
        StationFeature(feature=feature) for feature in (Feature.WIFI, Feature.SEATS)
    ]
    form = a_station(street, code="S9", facilities=["wifi", "toilet"])

    response = client_for(planner).post(f"/stations/{station.id}/edit", data=form)

    assert response.location == f"/stations/{station.id}"
    [station] = stations()
    assert (station.name, station.owner_id) == ("潞城暖心驿站", street.id)
    assert {row.feature for row in station.features} == {Feature.WIFI, Feature.TOILET}
    changes = db.session.scalars(select(AuditEntry)).one().changes
    assert changes["features"] == [["seats", "wifi"], ["toilet", "wifi"]]
    assert changes["owner"] == ["通州区总工会", "潞城镇总工会"]
    assert "code" not in changes


def test_the_edit_form_starts_from_what_is_known(client_for, planner, district):
    station = StationFactory(owner=district, lead_name="王站长")
    station.features = [StationFeature(feature=Feature.WIFI)]

    page = client_for(planner).get(f"/stations/{station.id}/edit").text

    assert 'value="王站长"' in page
    assert page.count(" checked") == 1


def test_saving_a_station_unchanged_leaves_no_entry(client_for, planner, district):
    client = client_for(planner)
    form = a_station(district, code="S1")
    location = client.post("/stations/new", data=form).location

    client.post(f"{location}/edit", data=form)

    assert len(db.session.scalars(select(AuditEntry)).all()) == 1


def test_an_edit_that_cannot_be_changes_nothing(client_for, planner, district):
    StationFactory(code="TAKEN")
    station = StationFactory(owner=district, name="Old")
    client = client_for(planner)

    for form in (a_station(district, code="taken"), a_station(district, code="S1", name="")):
        response = client.post(f"/stations/{station.id}/edit", data=form)
        assert response.status_code == 422
    db.session.refresh(station)
    assert station.name == "Old"


def test_an_organization_that_now_runs_a_station_is_no_longer_its_partner(
    client_for, planner, district
):
    street = OrganizationFactory(parent=district)
    station = StationFactory(owner=district, partners=[street])

    client_for(planner).post(f"/stations/{station.id}/edit", data=a_station(street, code="S1"))

    assert stations()[0].partners == []


def test_a_retired_organization_keeps_running_its_station_in_the_edit_form(
    client_for, planner, district
):
    retired = OrganizationFactory(parent=district, name="Retired union", is_active=False)
    station = StationFactory(owner=retired)

    page = client_for(planner).get(f"/stations/{station.id}/edit").text

    assert "Retired union" in page


def test_a_station_closes_only_with_a_reason(client_for, planner, district):
    station = StationFactory(owner=district)
    client = client_for(planner)
    url = f"/stations/{station.id}"

    refused = client.post(f"{url}/status", data={"status": "closed", "reason": " "})
    assert refused.status_code == 422
    assert "Say why the station closes." in refused.text

    client.post(f"{url}/status", data={"status": "closed", "reason": "装修"})
    page = client.get(url).text
    assert "Temporarily closed" in page
    assert "装修" in page
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.changes == {
        "status": ["open", "closed"],
        "status_reason": "装修",
        "status_since": clock.today().isoformat(),
    }


def test_a_station_opens_again_without_a_reason(client_for, planner, district):
    station = StationFactory(owner=district, status=StationStatus.CLOSED, status_reason="装修")

    client_for(planner).post(f"/stations/{station.id}/status", data={"status": "open"})

    db.session.refresh(station)
    assert (station.status, station.status_reason) == (StationStatus.OPEN, "")


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"status": "open"}, "has this status already"),
        ({"status": "burnt"}, "Not a valid choice."),
        ({}, "This field is required."),
        ({"status": "closed", "reason": "长" * 201}, "longer than 200"),
    ],
)
def test_a_status_that_cannot_be_is_refused(client_for, planner, district, form, words):
    station = StationFactory(owner=district)

    response = client_for(planner).post(f"/stations/{station.id}/status", data=form)

    assert response.status_code == 422
    assert words in response.text
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_the_list_is_narrowed_by_every_filter(client_for, planner, district):
    street = OrganizationFactory(parent=district)
    StationFactory(owner=district, name="Alpha", district="通州区", address="Lucheng 1")
    beta = StationFactory(
        owner=street,
        name="Beta",
        district="朝阳区",
        host_kind=HostKind.PARK,
        status=StationStatus.CLOSED,
        station_type=StationType.MICRO,
        brand="邮爱驿站",
        aliases="小潞、大潞",
        lead_name="李站长",
    )
    beta.ratings = [
        StationRating(year=2025, stars=4, note=""),
        StationRating(year=2026, stars=3, note=""),
    ]
    beta.features = [StationFeature(feature=Feature.TOILET)]
    client = client_for(planner)

    def shown(query: str) -> set[str]:
        text = client.get(f"/stations?{query}").text
        return {name for name in ("Alpha", "Beta") if name in text}

    assert shown("") == {"Alpha", "Beta"}
    assert shown("text=lucheng") == {"Alpha"}
    assert shown("text=%25") == set()
    assert shown("district=朝阳区") == {"Beta"}
    assert shown("status=open") == {"Alpha"}
    assert shown("host_kind=park") == {"Beta"}
    assert shown("feature=toilet") == {"Beta"}
    assert shown(f"owner_id={street.id}") == {"Beta"}
    assert shown(f"owner_id={10**30}&feature=sauna&stars=9&page=x") == {"Alpha", "Beta"}


def test_a_long_list_comes_in_pages(client_for, planner, district):
    StationFactory.create_batch(51, owner=district)
    client = client_for(planner)

    assert "1–50 of 51" in client.get("/stations").text
    assert "51–51 of 51" in client.get("/stations?page=2").text
    assert "51–51 of 51" in client.get("/stations?page=999").text


def test_an_empty_list_says_what_to_do(client_for, planner):
    client = client_for(planner)

    assert "No stations yet" in client.get("/stations").text
    assert "No station matches" in client.get("/stations?text=x").text
    volunteer = client_for(UserFactory(role=Role.VOLUNTEER))
    assert "Ask the union that runs a station" in volunteer.get("/stations").text


def test_what_was_made_up_for_the_demonstration_is_marked(client_for, planner, district):
    station = StationFactory(owner=district, is_synthetic=True)
    client = client_for(planner)

    assert "Synthetic" in client.get("/stations").text
    assert "Synthetic" in client.get(f"/stations/{station.id}").text


def test_pages_send_as_many_queries_for_many_rows_as_for_few(
    client_for, planner, district, count_queries
):
    def one_more() -> Station:
        station = StationFactory(owner=OrganizationFactory(parent=district))
        station.features = [StationFeature(feature=Feature.WIFI)]
        station.partners = [OrganizationFactory(parent=district)]
        station.opening = rows_of(parse("每天 9:00-12:00、13:00-17:00"))
        station.ratings = [StationRating(year=2026, stars=3, note="")]
        station.awards = [StationAward(year=2026, level=AwardLevel.CITY)]
        station.listings = [StationListing(service=MapService.AMAP)]
        return station

    def queries_sent() -> int:
        db.session.commit()
        with count_queries() as sent:
            client.get("/stations")
        assert len(sent) <= MOST_QUERIES
        with count_queries() as also_sent:
            client.get(f"/stations/{station.id}")
        return len(sent) + len(also_sent)

    station = one_more()
    client = client_for(planner)
    few = queries_sent()
    for _ in range(10):
        one_more()
    station.partners = [*station.partners, *OrganizationFactory.create_batch(5)]

    assert queries_sent() == few
