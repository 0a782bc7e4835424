"""A list is read by keyboard alone, and its address stays short."""

import pytest

from carecampaign.core.db import transaction
from tests.factories import FundSourceFactory, OrganizationFactory, UserFactory
from tests.journeys.pages import sign_in, switch_to_english
from tests.journeys.people import PASSWORD_HASH

pytestmark = pytest.mark.browser


@pytest.fixture
def reader(app, open_window):
    """A planner before the list of three fund sources."""
    with transaction():
        union = OrganizationFactory()
        UserFactory(username="reader", organization=union, password_hash=PASSWORD_HASH)
        for name in ("Apple", "Bread", "Cherry"):
            FundSourceFactory(organization=union, name=name)
    window = open_window()
    sign_in(window, "reader")
    switch_to_english(window)
    window.open("/funds")
    return window


def focused(window):
    return window.page.evaluate("document.activeElement.innerText || document.activeElement.name")


def test_rows_are_walked_and_the_help_opens_by_keys(reader):
    keys = reader.page.keyboard

    keys.press("j")
    assert "Apple" in focused(reader)
    keys.press("ArrowDown")
    keys.press("j")
    assert "Cherry" in focused(reader)
    keys.press("j")
    assert "Cherry" in focused(reader)
    keys.press("k")
    assert "Bread" in focused(reader)
    keys.press("/")
    assert focused(reader) == "q"
    keys.type("j?k/")
    assert reader.page.locator(".filter-bar [name=q]").input_value() == "j?k/"
    reader.page.locator("h1").click()
    keys.press("?")
    reader.sees_text("Keys of this list")
    reader.check_accessibility()


def test_the_keys_can_be_turned_off(reader):
    reader.page.get_by_role("button", name="Keys", exact=True).click()
    reader.page.get_by_label("Use these keys in this browser").uncheck()
    reader.page.get_by_role("button", name="Close", exact=True).click()

    reader.page.keyboard.press("j")

    assert "Apple" not in focused(reader).split("\n")[0]


def test_filters_left_empty_do_not_stand_in_the_address(reader):
    reader.fill("Name or organization", "bread")
    reader.go(reader.page.get_by_role("button", name="Filter", exact=True))

    assert reader.page.url.endswith("/funds?q=bread")
