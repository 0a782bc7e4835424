"""One search over everything: the best first, bounded, and nothing one may not see."""

import re
from datetime import date

import pytest

from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant
from carecampaign.campaigns.models import CampaignState
from carecampaign.core.db import db
from carecampaign.reports.queries.bounded import COUNTED
from carecampaign.reports.queries.search import MOST
from carecampaign.stations.models import StationMember
from tests.distributions.scene import receive, set_the_scene
from tests.factories import (
    CampaignFactory,
    CarePackageFactory,
    EventFactory,
    ItemFactory,
    OrganizationFactory,
    PersonFactory,
    StationFactory,
    UserFactory,
)


@pytest.fixture
def city(app):
    return OrganizationFactory(name="City union", short_name="City")


@pytest.fixture
def planner(client_for, city):
    return client_for(UserFactory(role=Role.PLANNER, organization=city))


def found(client, text):
    """Give what a search shows: the links to rows in their order."""
    answer = client.get("/search", query_string={"q": text})
    assert answer.status_code == 200
    part = answer.text.partition('<div id="found"')[2]
    return re.findall(r'<li>\s*<a href="([^"]+)"', part)


def test_every_kind_is_found_by_its_name(city, client_for):
    wanted = "温暖"
    station = StationFactory(owner=city, name="温暖驿站")
    campaign = CampaignFactory(organizer=city, name="冬日温暖行动")
    event = EventFactory(campaign=campaign, station=station, place="温暖广场")
    item = ItemFactory(name="温暖围巾")
    package = CarePackageFactory(name="温暖包")
    person = PersonFactory(name="温暖山", organization=city)
    below = OrganizationFactory(parent=city, name="温暖街道总工会")
    user = UserFactory(name="温暖员", organization=city)
    searcher = UserFactory(
        grants=[
            RoleGrant(role=role, organization=city)
            for role in (Role.PLANNER, Role.ADMINISTRATOR, Role.STOREKEEPER)
        ]
    )

    assert found(client_for(searcher), wanted) == [
        f"/campaigns/{campaign.id}",
        f"/stations/{station.id}",
        f"/events/{event.id}",
        f"/catalogue/items/{item.id}",
        f"/catalogue/packages/{package.id}",
        f"/persons/{person.id}",
        f"/organizations/{below.id}",
        f"/users/{user.id}",
    ]


def test_the_best_comes_first(planner):
    anywhere = ItemFactory(code="X1", name="Box of A12")
    begins = ItemFactory(code="A123", name="Gloves")
    whole = ItemFactory(code="A12", name="Scarf")

    rows = [f"/catalogue/items/{each.id}" for each in (whole, begins, anywhere)]
    assert found(planner, "a12") == rows


def test_a_station_is_found_by_its_address(planner, city):
    station = StationFactory(owner=city, address="5 Lucheng Road")

    assert found(planner, "lucheng") == [f"/stations/{station.id}"]


@pytest.mark.parametrize("sign", ["%%", "__", "a%", "%_"])
def test_wildcards_are_plain_text(planner, sign):
    ItemFactory(name="abc")
    PersonFactory(name="abc")

    assert found(planner, sign) == []


def test_a_wildcard_in_a_name_is_found_by_itself(planner):
    item = ItemFactory(name="100% wool")

    assert found(planner, "0% w") == [f"/catalogue/items/{item.id}"]


@pytest.mark.parametrize("text", ["", " ", "a", " a "])
def test_too_short_a_text_is_explained(planner, text):
    ItemFactory(name="aaa")
    page = planner.get("/search", query_string={"q": text}).text

    assert "Enter at least 2 characters" in page
    assert "/catalogue/items/" not in page.partition('id="found"')[2]


@pytest.mark.parametrize(
    "text", ["x" * 101, "a\x00b", "\ud83d", "' OR 1=1 --", "²²", "٣٣", "入库"]
)
def test_any_text_is_answered(planner, text):
    page = planner.get("/search", query_string={"q": text.encode("utf-8", "surrogatepass")})

    assert page.status_code == 200


def test_what_is_not_there_is_said(planner):
    assert "Nothing found for “zebra”" in planner.get("/search?q=zebra").text


def test_persons_are_found_by_the_beginning_of_a_name_within_ones_union(planner, city):
    mine = PersonFactory(name="Wang Fang", organization=city)
    PersonFactory(name="Wang Far", organization=OrganizationFactory())
    PersonFactory(name="Li Swang", organization=city)
    page = planner.get("/search?q=Wang").text

    assert found(planner, "Wang") == [f"/persons/{mine.id}"]
    assert 'href="/persons?text=Wang"' in page


def test_rows_beyond_ones_reach_are_not_found(planner, client_for):
    elsewhere = OrganizationFactory(name="Hidden union")
    StationFactory(owner=elsewhere, name="Hidden station")
    hidden = CampaignFactory(organizer=elsewhere, name="Hidden plan", state=CampaignState.DRAFT)
    EventFactory(campaign=hidden, place="Hidden square")
    UserFactory(name="Hidden user", organization=elsewhere)

    assert found(planner, "hidden") == []
    everything = client_for(UserFactory(role=Role.ADMINISTRATOR, organization=elsewhere))
    assert len(found(everything, "hidden")) == 5


def test_a_volunteer_finds_their_stations_and_events_and_nobody(city, client_for):
    volunteer = UserFactory(role=Role.VOLUNTEER, organization=city)
    station = StationFactory(owner=city, name="Rest one")
    station.members.append(StationMember(user=volunteer))
    StationFactory(owner=city, name="Rest two")
    campaign = CampaignFactory(organizer=city, name="Rest plan")
    event = EventFactory(campaign=campaign, station=station, place="Rest one")
    PersonFactory(name="Rest, Ann", organization=city)
    ItemFactory(name="Rest mat")

    rows = [f"/stations/{station.id}", f"/events/{event.id}"]
    assert found(client_for(volunteer), "rest") == rows


def test_an_event_is_found_by_its_day(planner, city):
    campaign = CampaignFactory(organizer=city)
    event = EventFactory(campaign=campaign, held_on=date(2026, 12, 24))
    EventFactory(campaign=campaign, held_on=date(2026, 12, 25))

    assert found(planner, "2026-12-24") == [f"/events/{event.id}"]


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ("2026-0001", True),
        ("2026/1", True),
        ("0001", True),
        ("Receipt 2026-0001", True),
        ("receipt 0001", True),
        ("Transfer 2026-0001", False),
        ("2025-0001", False),
        ("2026-0002", False),
        ("99999999999999999999", False),
    ],
)
def test_a_document_is_found_by_its_number(app, client_for, text, is_found):
    scene = set_the_scene(packages=0)
    document = receive(scene.warehouse, scene.package, 3)
    keeper = UserFactory(role=Role.STOREKEEPER, organization=scene.campaign.organizer)

    rows = [f"/inventory/documents/{document.id}"] if is_found else []
    assert found(client_for(keeper), text) == rows


def test_a_long_group_is_bounded_and_leads_to_the_rest(planner):
    for number in range(MOST + 3):
        ItemFactory(name=f"Scarf {number}")
    page = planner.get("/search?q=scarf").text

    assert len(found(planner, "scarf")) == MOST
    assert f"All {MOST + 3} in the list" in page
    assert 'href="/catalogue/items?text=scarf"' in page


def test_counting_ends_at_a_hundred(planner):
    for number in range(COUNTED + 5):
        ItemFactory(name=f"Scarf {number}")

    assert "All 99+ in the list" in planner.get("/search?q=scarf").text


def test_the_box_is_on_every_page_and_the_search_page_has_its_own(planner):
    assert 'action="/search"' in planner.get("/campaigns").text
    assert planner.get("/search").text.count('type="search"') == 1


def test_it_takes_few_queries_however_much_is_found(city, client_for, count_queries):
    roles = [role for role in Role if role is not Role.ADMINISTRATOR]
    grants = [RoleGrant(role=role, organization=city) for role in [*roles, Role.ADMINISTRATOR]]
    client = client_for(UserFactory(grants=grants))
    for number in range(10):
        campaign = CampaignFactory(organizer=city, name=f"2026-01{number}")
        StationFactory(owner=city, name=f"2026-01{number}")
        EventFactory(campaign=campaign, place=f"2026-01{number}")
        PersonFactory(name=f"2026-01{number}", organization=city)
        OrganizationFactory(parent=city, name=f"2026-01{number}")
        ItemFactory(name=f"2026-01{number}")
        CarePackageFactory(name=f"2026-01{number}")
        UserFactory(name=f"2026-01{number}", organization=city)
    db.session.commit()
    db.session.expunge_all()
    with count_queries() as sent:
        assert len(found(client, "2026-01")) == 8 * MOST

    assert len([statement for statement in sent if statement != "BEGIN"]) <= 12
