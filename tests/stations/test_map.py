"""Stations on the map: those of the list's filter, with what the deployment sets or without."""

import re

import pytest

from carecampaign.access.permissions import Role
from carecampaign.app import create_app
from carecampaign.core.headers import tile_host
from carecampaign.core.settings import WrongSetting, from_environment
from carecampaign.stations.coordinates import Datum
from carecampaign.stations.queries import lists
from tests.conftest import settings
from tests.factories import OrganizationFactory, StationFactory, UserFactory

SECRETS = {"SECRET_KEY": "s", "DATA_KEY": "d"}


def placed(longitude: float = 116.4, **facts):
    """Make a station whose place is known."""
    return StationFactory(
        datum=Datum.GCJ02,
        longitude=longitude + 0.0062,
        latitude=39.9014,
        wgs84_longitude=longitude,
        wgs84_latitude=39.9,
        **facts,
    )


def test_places_are_those_the_filter_shows(client_for, planner, district):
    placed(owner=district, name="Alpha", district="通州区")
    placed(owner=district, name="Beta", district="朝阳区")
    placed(owner=OrganizationFactory(), name="Stranger", district="通州区")
    StationFactory(owner=district, name="Nowhere", district="通州区")
    client = client_for(planner)

    found = client.get("/stations/map/places?district=通州区").json

    assert found["type"] == "FeatureCollection"
    [feature] = found["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [116.4, 39.9]}
    assert feature["properties"]["name"] == "Alpha"
    assert feature["properties"]["status"] == "open"
    assert client.get(feature["properties"]["url"]).status_code == 200


def test_the_map_says_what_it_leaves_out_and_leads_to_the_list(client_for, planner, district):
    placed(owner=district, name="Alpha")
    StationFactory(owner=district, name="Alpha too")

    page = client_for(planner).get("/stations/map?text=Alpha").text

    assert "1 station on the map." in page
    assert "1 more has no coordinates yet." in page
    assert 'href="/stations?text=Alpha"' in page
    assert re.search(r'data-points="/stations/map/places\?text=Alpha"', page)


def test_a_map_without_places_leads_to_the_list(client_for, planner):
    assert "Nothing to show on the map" in client_for(planner).get("/stations/map").text


def test_the_map_is_bounded(client_for, planner, district, monkeypatch):
    monkeypatch.setattr(lists, "MOST_PLACES", 2)
    for number in range(3):
        placed(owner=district, longitude=116 + number / 10)

    assert len(client_for(planner).get("/stations/map/places").json["features"]) == 2


def test_only_who_sees_stations_sees_the_map(client_for):
    client = client_for(UserFactory(grants=[]))

    for path in ("map", "map/places", "map/boundary"):
        assert client.get(f"/stations/{path}").status_code == 403


def test_without_settings_the_map_has_a_plain_ground(client_for, planner, district):
    station = placed(owner=district)
    client = client_for(planner)

    for path in ("/stations/map", f"/stations/{station.id}"):
        page = client.get(path)
        assert "data-map" in page.text
        assert "data-tiles" not in page.text
        assert "data-boundary" not in page.text
        assert "img-src 'self' data:;" in page.headers["Content-Security-Policy"]
    assert client.get("/stations/map/boundary").status_code == 404


def test_tiles_and_a_boundary_are_drawn_where_they_are_set(
    app, client_for, district, planner, tmp_path, monkeypatch
):
    boundary = tmp_path / "boundary.geojson"
    boundary.write_text('{"type": "FeatureCollection", "features": []}')
    monkeypatch.setitem(app.config, "MAP_TILES_URL", "https://tiles.example/{z}/{x}/{y}.png")
    monkeypatch.setitem(app.config, "MAP_TILES_ATTRIBUTION", "Made by us")
    monkeypatch.setitem(app.config, "MAP_BOUNDARY_FILE", str(boundary))
    placed(owner=district)
    client = client_for(planner)

    page = client.get("/stations/map").text

    assert 'data-tiles="https://tiles.example/{z}/{x}/{y}.png"' in page
    assert 'data-attribution="Made by us"' in page
    assert 'data-boundary="/stations/map/boundary"' in page
    with client.get("/stations/map/boundary") as answer:
        assert answer.json["type"] == "FeatureCollection"


def test_images_are_allowed_from_the_tiles_host_alone(database_url, tmp_path):
    url = {"MAP_TILES_URL": "https://{s}.tiles.example:8443/{z}/{x}/{y}.png?key=1"}
    app = create_app(settings(database_url, tmp_path) | url)

    policy = app.test_client().get("/healthz").headers["Content-Security-Policy"]

    assert "img-src 'self' data: https://*.tiles.example:8443;" in policy


@pytest.mark.parametrize(
    "url",
    [
        "tiles.example/{z}",
        "ftp://tiles.example/",
        "https://tiles.example; script-src */",
        "https:///x",
    ],
)
def test_what_is_no_address_of_tiles_stops_the_start(url):
    with pytest.raises(ValueError, match=re.escape(url)):
        tile_host(url)
    with pytest.raises(WrongSetting, match="MAP_TILES_URL"):
        from_environment(SECRETS | {"MAP_TILES_URL": url})


def test_a_boundary_file_that_is_not_there_stops_the_start():
    with pytest.raises(WrongSetting, match="MAP_BOUNDARY_FILE names no file"):
        from_environment(SECRETS | {"MAP_BOUNDARY_FILE": "/no/such/file"})


def test_a_volunteer_finds_their_own_station_on_the_map(client_for, station):
    assert (
        "Nothing to show" in client_for(UserFactory(role=Role.VOLUNTEER)).get("/stations/map").text
    )
