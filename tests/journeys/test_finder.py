"""A courier in the street looks for a warm station on the phone, without signing in."""

import pytest
from playwright.sync_api import expect

from carecampaign.core.db import db, transaction
from carecampaign.stations.coordinates import Datum
from carecampaign.stations.models import Feature, StationFeature, rows_of
from carecampaign.stations.opening import parse
from tests.factories import StationFactory
from tests.journeys.window import DESKTOP, PHONE

pytestmark = pytest.mark.browser

NEAR, FAR = "近处暖心驿站", "远处暖心驿站"
HERE = {"latitude": 39.9, "longitude": 116.4}


@pytest.fixture(autouse=True)
def stations(app):
    """One station round the corner, with Wi-Fi, and one across the city that is always open."""
    with transaction():
        for name, longitude, feature in (
            (NEAR, 116.401, Feature.WIFI),
            (FAR, 116.5, Feature.HOT_WATER),
        ):
            station = StationFactory(
                name=name,
                datum=Datum.WGS84,
                longitude=longitude,
                latitude=39.9,
                wgs84_longitude=longitude,
                wgs84_latitude=39.9,
                public_phone="010-12345678",
            )
            station.features = [StationFeature(feature=feature)]
            station.opening = rows_of(parse("24小时" if name == FAR else "周一 9:00-9:01"))
        db.session.flush()


def first_name(window):
    return window.main.get_by_role("heading", level=2).first.inner_text()


def test_the_nearest_one_open_now_or_with_what_one_needs(open_window):
    window = open_window(PHONE)
    window.page.context.grant_permissions(["geolocation"])
    window.page.context.set_geolocation(HERE)
    window.visit("/find")

    window.press("Nearest first")
    assert first_name(window) == NEAR

    window.main.get_by_label(window.word("Open now")).check()
    window.press("Find")
    assert first_name(window) == FAR
    way = window.main.get_by_role("link", name=window.word("Open in the map: %(name)s", name=FAR))
    assert way.get_attribute("href").startswith("geo:39.9,116.5")

    window.follow_name(FAR)
    window.sees("Opening hours")
    window.resize(DESKTOP)
    window.check()


def test_by_keyboard_alone(open_window):
    window = open_window()
    window.visit("/find")
    window.field("Name or place").focus()
    window.page.keyboard.type("远处")
    with window.page.expect_navigation():
        window.page.keyboard.press("Enter")

    link = window.main.get_by_role("link", name=FAR, exact=True)
    for _press in range(20):
        if link.evaluate("link => link === document.activeElement"):
            break
        window.page.keyboard.press("Tab")
    expect(link).to_be_focused()
    window.page.keyboard.press("Enter")

    window.sees("Opening hours")
