"""Anybody finds a warm station: near, open now, with what they need, and nothing private."""

import json
from datetime import UTC, datetime

import pytest

from carecampaign.core.db import db
from carecampaign.stations.coordinates import Datum
from carecampaign.stations.models import Feature, StationFeature, StationStatus, rows_of
from carecampaign.stations.opening import parse
from tests.factories import StationFactory

TUESDAY_NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
PRIVATE = "13800138000"


def at(longitude, latitude):
    """Give the columns of a place."""
    return {
        "datum": Datum.WGS84,
        "longitude": longitude,
        "latitude": latitude,
        "wgs84_longitude": longitude,
        "wgs84_latitude": latitude,
    }


def station(name, *features, opening="", **facts):
    found = StationFactory(name=name, **facts)
    found.features = [StationFeature(feature=feature) for feature in features]
    found.opening = rows_of(parse(opening)) if opening else []
    db.session.commit()
    return found


@pytest.fixture
def anybody(client_for):
    return client_for(None)


def names(page):
    """Give the stations of a page in their order."""
    return [
        name
        for name in ("Bank", "Library", "Post", "Closed one", "Planned one", "Gone")
        if f">{name}</a>" in page
    ]


def test_everybody_sees_the_stations_in_use_and_no_other(anybody):
    for name, status in (
        ("Bank", StationStatus.OPEN),
        ("Closed one", StationStatus.CLOSED),
        ("Planned one", StationStatus.PLANNED),
        ("Gone", StationStatus.DELISTED),
    ):
        station(name, status=status)

    page = anybody.get("/find")

    assert page.status_code == 200
    assert names(page.text) == ["Bank", "Closed one"]


def test_words_are_looked_for_in_name_alias_host_and_place_each_somewhere(anybody):
    station("Bank", aliases="劳动者港湾", district="通州区")
    station("Post", brand="邮爱驿站", district="通州区")

    assert names(anybody.get("/find?q=港湾").text) == ["Bank"]
    assert names(anybody.get("/find?q=邮爱+通州").text) == ["Post"]
    assert names(anybody.get("/find?q=邮爱+密云").text) == []
    assert names(anybody.get("/find?q=%25").text) == []


def test_what_it_offers_and_open_now_narrow_together(anybody, time_machine):
    time_machine.move_to(TUESDAY_NOON)
    station("Bank", Feature.HOT_WATER, Feature.WIFI, opening="周一至周五 9:00-17:00")
    station("Library", Feature.HOT_WATER, opening="周六 9:00-17:00")
    station("Post", Feature.HOT_WATER, Feature.WIFI)

    assert names(anybody.get("/find?offers=hot_water").text) == ["Bank", "Library", "Post"]
    assert names(anybody.get("/find?offers=hot_water&offers=wifi").text) == ["Bank", "Post"]
    assert names(anybody.get("/find?is_open=y").text) == ["Bank"]


def test_whoever_shares_their_place_sees_the_nearest_first(anybody):
    station("Bank", **at(116.70, 39.90))
    station("Library", **at(116.71, 39.91))
    station("Post")

    page = anybody.get("/find?lat=39.911&lng=116.711").text

    assert page.index(">Library</a>") < page.index(">Bank</a>") < page.index(">Post</a>")
    assert "140 m" in page
    assert "1.5 km" in page


@pytest.mark.parametrize(
    "query",
    [
        "lat=x&lng=y",
        "lat=91&lng=0",
        "lat=nan&lng=nan",
        "lat=1",
        "offers=nothing",
        "district=nowhere",
        "page=0",
        "page=999999999999",
        "q=" + "长" * 61,
        "q=%00",
    ],
)
def test_a_query_nobody_meant_is_a_page_all_the_same(anybody, query):
    station("Bank")

    assert anybody.get(f"/find?{query}").status_code == 200


def test_one_link_hands_the_place_to_the_phones_own_map(anybody):
    found = station("Bank", **at(116.7, 39.9))

    for path in ("/find", f"/find/stations/{found.code}"):
        page = anybody.get(path).text
        assert 'href="geo:39.9,116.7?q=39.9,116.7(Bank)"' in page
        assert 'data-maps="maps://?q=Bank&amp;ll=39.9,116.7"' in page


def test_a_station_has_a_page_and_one_that_is_gone_has_none(anybody):
    bank = station("Bank", public_phone="010 12345", opening="每天 9:00-17:00")
    gone = station("Gone", status=StationStatus.DELISTED)

    page = anybody.get(f"/find/stations/{bank.code}")

    assert page.status_code == 200
    assert "010 12345" in page.text
    assert "9:00-17:00" in page.text
    assert anybody.get(f"/find/stations/{gone.code}").status_code == 404
    assert anybody.get("/find/stations/none").status_code == 404


def test_nothing_private_is_told_anywhere(anybody):
    bank = station("Bank", lead_phone=PRIVATE, lead_name="站长甲", **at(116.7, 39.9))

    for path in (
        "/find",
        f"/find/stations/{bank.code}",
        "/find/stations.geojson",
        "/find/stations.csv",
    ):
        text = anybody.get(path).text
        assert PRIVATE not in text
        assert "站长甲" not in text
    for words in (PRIVATE, "站长甲"):
        assert names(anybody.get(f"/find?q={words}").text) == []


def test_makers_of_maps_get_the_public_facts(anybody):
    station("Bank", Feature.WIFI, opening="每天 9:00-17:00", **at(116.7, 39.9))
    station("Post")
    station("Gone", status=StationStatus.DELISTED)

    collection = json.loads(anybody.get("/find/stations.geojson").text)
    table = anybody.get("/find/stations.csv").text

    (feature,) = collection["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [116.7, 39.9]}
    assert feature["properties"]["name"] == "Bank"
    assert feature["properties"]["offers"] == ["wifi"]
    assert ("Bank" in table, "Post" in table, "Gone" in table) == (True, True, False)


def test_the_list_costs_the_same_however_many_stations_there_are(anybody, count_queries):
    station("Bank", Feature.WIFI, opening="每天 9:00-17:00")
    with count_queries() as few:
        anybody.get("/find")
    for number in range(30):
        station(f"S{number}", Feature.WIFI, opening="每天 9:00-17:00")

    with count_queries() as many:
        anybody.get("/find")

    assert len(many) == len(few) <= 8
