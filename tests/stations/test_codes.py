"""The QR code of a station leads to its public page."""

from xml.etree import ElementTree as ET

import segno

from carecampaign.access.permissions import Role
from tests.factories import UserFactory


def test_the_code_is_a_drawing_of_the_stations_address(client_for, planner, station, monkeypatch):
    drawn = []
    make = segno.make_qr
    monkeypatch.setattr(
        segno, "make_qr", lambda text, **more: drawn.append(text) or make(text, **more)
    )

    response = client_for(planner).get(f"/stations/{station.id}/qr-code")

    assert response.mimetype == "image/svg+xml"
    assert ET.fromstring(response.data).tag.endswith("svg")
    assert drawn == ["http://localhost/find/stations/TZ-1"]


def test_the_poster_names_the_station(client_for, planner, station):
    station.supervision_phone = "12351"

    page = client_for(planner).get(f"/stations/{station.id}/poster").text

    for words in ("潞城暖心驿站", "TZ-1", f"/stations/{station.id}/qr-code", "12351"):
        assert words in page


def test_a_stranger_gets_neither_code_nor_poster(client_for, station):
    client = client_for(UserFactory(role=Role.PLANNER))

    for path in ("qr-code", "poster"):
        assert client.get(f"/stations/{station.id}/{path}").status_code == 404
