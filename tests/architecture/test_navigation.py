"""The menu leads somewhere, for everybody who is shown it."""

import re

import pytest

from carecampaign.access.gate import requirement_of
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant
from carecampaign.app.navigation import MENU
from carecampaign.core.settings import ROOT
from tests.factories import OrganizationFactory, UserFactory

ENTRIES = [entry for _label, entries in MENU for entry in entries]


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.endpoint)
def test_an_entry_asks_for_what_its_page_asks_for(app, entry):
    requirement = requirement_of(app.view_functions[entry.endpoint])

    assert requirement == (entry.permission or "signed-in")


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.endpoint)
def test_an_entry_has_an_icon(entry):
    assert entry.icon in (ROOT / "carecampaign" / "static" / "icons.txt").read_text().split()


@pytest.mark.parametrize("role", list(Role))
def test_whoever_is_shown_an_entry_may_open_it(app, client_for, role):
    client = client_for(UserFactory(role=role, organization=OrganizationFactory()))
    start = client.get("/").text

    with app.test_request_context():
        urls = [app.url_for(entry.endpoint) for entry in ENTRIES]
    shown = [url for url in urls if f'href="{url}"' in start]
    assert {url: client.get(url).status_code for url in shown} == dict.fromkeys(shown, 200)
    assert shown


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Start"),
        ("/catalogue/items", "Items"),
        ("/catalogue/items/new", "Items"),
        ("/catalogue/packages", "Care packages"),
        ("/catalogue/packages/new", "Care packages"),
        ("/occupations/groups", "Occupations"),
        ("/persons/new", "Persons"),
        ("/inventory/movements", "Stock"),
        ("/inventory/documents", "Stock documents"),
        ("/stations/new", "Warm stations"),
        ("/funds/new", "Fund sources"),
        ("/password", None),
    ],
)
def test_the_menu_marks_the_entry_that_a_page_is_below(client_for, path, words):
    grants = [RoleGrant(role=role, organization=OrganizationFactory()) for role in Role]
    client = client_for(UserFactory(grants=grants))

    menu = client.get(path).text.split('class="app-nav"')[1].split("</nav>")[0]
    marked = re.findall(r'aria-current="page">.*?<span>(.*?)</span>', menu, re.DOTALL)

    assert marked == ([words] if words else [])
