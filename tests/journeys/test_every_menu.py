"""Whatever somebody's menu leads to opens for them, on a desk and in a hand, in English."""

import pytest

from carecampaign.core.db import transaction
from carecampaign.demo import loading, people
from tests.journeys.pages import sign_in, switch_to_english
from tests.journeys.people import PASSWORD_HASH
from tests.journeys.window import DESKTOP, PHONE, Window

pytestmark = pytest.mark.browser


@pytest.fixture
def demo(app) -> None:
    """The demo, so that the pages have something to show."""
    with transaction():
        loading.load({account.username: PASSWORD_HASH for account in people.ACCOUNTS})


def test_every_entry_of_every_role_opens_on_a_desk_and_in_a_hand(demo, open_window):
    seen: set[str] = set()
    for account in people.ACCOUNTS:
        window = open_window()
        sign_in(window, account.username)
        switch_to_english(window)
        addresses = window.menu_addresses()
        assert addresses
        for address in addresses:
            look_at(window, address, seen)


def look_at(window: Window, address: str, seen: set[str]) -> None:
    """Look at a page on both screens, and at the first of what it lists."""
    if address in seen:
        # Others looked at it closely: here it only has to open.
        window.open(address)
        window.check_shape()
        return
    seen.add(address)
    look_on_both_screens(window, address)
    listed = window.first_address_in_a_table()
    if listed and listed not in seen:
        seen.add(listed)
        look_on_both_screens(window, listed)


def look_on_both_screens(window: Window, address: str) -> None:
    """Open a page on a desk, then take it into the hand."""
    window.resize(DESKTOP)
    window.visit(address)
    window.resize(PHONE)
    window.check()
