"""All that can be known of a station, and how little must be."""

from datetime import date

import pytest
from sqlalchemy import select

from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db
from carecampaign.stations.coordinates import Datum
from carecampaign.stations.models import (
    BuildMode,
    Feature,
    MapService,
    Station,
    StationMember,
    StationStatus,
    StationType,
)
from carecampaign.stations.opening import parse
from tests.factories import StationFactory, UserFactory
from tests.stations.test_stations import a_station, stations

EVERYTHING = {
    "aliases": "潞城驿站、大营驿站",
    "brand": "劳动者港湾",
    "station_type": "standard",
    "build_mode": "co_built",
    "opened_on": "2021-05-01",
    "district_code": "110112",
    "street": "潞城镇",
    "longitude": "116.7355",
    "latitude": "39.9124",
    "datum": "bd09",
    "opening": "周一至周五 9:00-17:00；法定节假日 休息",
    "opening_note": "请按门铃",
    "lead_phone": "13800138000",
    "supervision_phone": "12351",
    "area_square_decimetres": "35.5",
    "capacity": "20",
    "services": ["haircut"],
    "on_amap": "y",
    "on_amap_since": "2023-03-01",
    "on_union_12351": "y",
}


def test_everything_is_kept(client_for, planner, district):
    client_for(planner).post("/stations/new", data=a_station(district, **EVERYTHING))

    [station] = stations()
    assert (station.aliases, station.brand) == ("潞城驿站、大营驿站", "劳动者港湾")
    assert (station.station_type, station.build_mode) == (StationType.STANDARD, BuildMode.CO_BUILT)
    assert (station.longitude, station.latitude, station.datum) == (116.7355, 39.9124, Datum.BD09)
    assert station.wgs84_longitude == pytest.approx(116.7229, abs=0.0005)
    assert station.rules == parse("周一至周五 9:00-17:00；法定节假日 休息")
    assert (station.area_square_decimetres, station.capacity) == (3550, 20)
    assert {row.service: row.listed_on for row in station.listings} == {
        MapService.AMAP: date(2023, 3, 1),
        MapService.UNION_12351: None,
    }
    assert station.services == [Feature.HAIRCUT]


def test_the_page_and_the_form_show_everything(client_for, planner, district):
    client = client_for(planner)
    location = client.post("/stations/new", data=a_station(district, **EVERYTHING)).location

    page, form = client.get(location).text, client.get(f"{location}/edit").text

    for words in (
        *("劳动者港湾", "大营驿站", "Standard station", "Built together", "110112", "35.5 m²"),
        *(
            "116.7355",
            "BD-09",
            "请按门铃",
            "12351",
            "13800138000",
            "Haircuts",
            "Amap",
            "9:00-17:00",
        ),
    ):
        assert words in page
    for value in ("劳动者港湾", "116.7355", "35.5", "2021-05-01", "2023-03-01", "13800138000"):
        assert f'value="{value}"' in form
    assert "Mon-Fri 9:00-17:00; Holidays closed" in form


def test_saving_the_form_as_it_is_changes_nothing(client_for, planner, district):
    client = client_for(planner)
    form = a_station(district, **EVERYTHING, code="S1")
    location = client.post("/stations/new", data=form).location
    rows = [row.id for row in stations()[0].opening]

    client.post(f"{location}/edit", data=form)

    assert [row.id for row in stations()[0].opening] == rows
    assert len(db.session.scalars(select(AuditEntry)).all()) == 1


def test_what_is_cleared_is_unknown_again(client_for, planner, district):
    client = client_for(planner)
    location = client.post("/stations/new", data=a_station(district, **EVERYTHING)).location

    cleared = dict.fromkeys(EVERYTHING, "") | {"services": []}
    client.post(f"{location}/edit", data=a_station(district, code="S1", **cleared))

    [station] = stations()
    assert (station.position, station.wgs84_latitude, station.datum) == (None, None, None)
    assert (station.opening, station.listings, station.opened_on) == ([], [], None)
    assert (station.area_square_decimetres, station.station_type) == (None, None)
    assert client.get(location).status_code == 200


def test_a_station_of_which_little_is_known_is_fine_everywhere(client_for, planner, station):
    client = client_for(planner)

    for path in ("", "/edit", "/status", "/poster", "/qr-code", "/ratings/new", "/photos/new"):
        assert client.get(f"/stations/{station.id}{path}").status_code == 200
    for path in ("/stations", "/stations/map", "/stations/map/places"):
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"opening": "周一 早上"}, "“早上” is not understood."),
        ({"opening": "周一 9:00-17:00\n" * 100}, "1,000 characters at most"),
        ({"opening": "\0ring\0"}, "“ring” is not understood."),
        ({"district_code": "11"}, "six digits"),
        ({"longitude": "116.7"}, "Enter both longitude and latitude"),
        ({"longitude": "1e3", "latitude": "39.9"}, "Enter a number such as 12.5."),
        ({"longitude": "-116.7", "latitude": "39.9"}, "Enter a number such as 12.5."),
        ({"longitude": "NaN", "latitude": "39.9"}, "Enter a number such as 12.5."),
        ({"longitude": "39.9", "latitude": "116.7"}, "Are longitude and latitude swapped?"),
        ({"longitude": "116.7", "latitude": "39.9", "datum": "mars"}, "Not a valid choice."),
        ({"area_square_decimetres": "0"}, "Enter square metres up to 10,000"),
        ({"area_square_decimetres": "1.234"}, "Enter square metres up to 10,000"),
        ({"area_square_decimetres": "99999"}, "Enter square metres up to 10,000"),
        ({"capacity": "0"}, "Number must be between"),
        ({"capacity": "9" * 30}, "umber"),
        ({"opened_on": "0001-01-01"}, "between 2000 and 2199"),
        ({"on_amap": "y", "on_amap_since": "soon"}, "Not a valid date value."),
        ({"lead_phone": "ask me"}, "digits, spaces, hyphens"),
        ({"station_type": "castle"}, "Not a valid choice."),
        ({"services": ["wifi"]}, "not a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client_for, planner, district, changed, words):
    response = client_for(planner).post("/stations/new", data=a_station(district, **changed))

    assert response.status_code == 422
    assert words in response.text
    assert stations() == []


def test_the_leads_own_phone_is_for_those_who_look_after_the_station(
    client_for, planner, district
):
    station = StationFactory(owner=district, lead_phone="13800138000")
    volunteer = UserFactory(role=Role.VOLUNTEER, organization=district)
    station.members = [StationMember(user=volunteer)]
    auditor = UserFactory(role=Role.AUDITOR, organization=district)
    url = f"/stations/{station.id}"

    assert "13800138000" in client_for(planner).get(url).text
    for user in (volunteer, auditor):
        assert "13800138000" not in client_for(user).get(url).text


def test_the_leads_own_phone_is_in_no_audit_entry(client_for, planner, district):
    client_for(planner).post("/stations/new", data=a_station(district, lead_phone="13800138000"))

    changes = db.session.scalars(select(AuditEntry)).one().changes
    assert changes["lead_phone"]
    assert "13800138000" not in str(changes)


def test_a_closed_station_says_since_when_and_until_when(client_for, planner, station):
    client = client_for(planner)
    form = {
        "status": "closed",
        "reason": "装修",
        "since": "2026-11-01",
        "reopens_on": "2026-12-24",
    }

    client.post(f"/stations/{station.id}/status", data=form)

    page = client.get(f"/stations/{station.id}").text
    assert "Expected to open again on Dec 24, 2026." in page
    assert "Nov 1, 2026" in page
    later = client.post(f"/stations/{station.id}/status", data=form | {"reopens_on": "2027-01-15"})
    assert later.status_code == 302
    station = db.session.get(Station, station.id, populate_existing=True)
    assert (station.status, station.reopens_on) == (StationStatus.CLOSED, date(2027, 1, 15))


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"status": "delisted", "reopens_on": "2027-01-01"}, "Only a station that is temporarily"),
        (
            {"status": "closed", "since": "2027-01-01", "reopens_on": "2027-01-01"},
            "Enter a day after",
        ),
        ({"status": "closed", "reopens_on": "soon"}, "Not a valid date value."),
    ],
)
def test_days_of_a_status_that_cannot_be_are_refused(client_for, planner, station, form, words):
    response = client_for(planner).post(
        f"/stations/{station.id}/status", data=form | {"reason": "装修"}
    )

    assert response.status_code == 422
    assert words in response.text
