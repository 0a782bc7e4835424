"""The pages of the union tree."""

import re

import pytest
from sqlalchemy import func, select

from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant
from carecampaign.core.db import db
from carecampaign.core.forms import new_command_id
from carecampaign.core.listing import PAGE_SIZE
from carecampaign.organizations.models import Organization
from tests.factories import OrganizationFactory, UserFactory

HOSTILE = ["x" * 5000, "\0", "a\0b", "  ", "<script>alert(1)</script>", "'; --"]


@pytest.fixture
def chiefs(client_for, chief):
    return client_for(chief)


@pytest.fixture
def northerns(client_for, northern):
    return client_for(northern)


def fields(**changes):
    return {
        "command_id": new_command_id(),
        "name": "Hill Street",
        "short_name": "Hill",
        "kind": "street",
        **changes,
    }


def named(name):
    return db.session.scalars(select(Organization).where(Organization.name == name)).one()


def shown(response):
    return re.findall(
        r'<div id="organization-\d+">.*?<a href="[^"]+">([^<]+)</a>', response.text, re.DOTALL
    )


def test_the_tree_opens_with_its_tops_and_what_is_right_below(chiefs, tree):
    assert shown(chiefs.get("/organizations")) == [
        "City Federation",
        "North District",
        "South District",
        "Warmth Foundation",
    ]


def test_opening_a_branch_shows_what_is_below_on_the_way(chiefs, tree):
    assert shown(chiefs.get(f"/organizations?open={tree.lake.id}")) == [
        "City Federation",
        "North District",
        "Lake Street",
        "Bank Union",
        "South District",
        "Warmth Foundation",
    ]


@pytest.mark.parametrize("opened", ["0", "-1", "x", "9" * 30, "²"])
def test_a_branch_that_does_not_exist_opens_nothing(chiefs, tree, opened):
    assert len(shown(chiefs.get("/organizations", query_string={"open": opened}))) == 4


def test_searching_shows_matches_with_the_way_to_them(chiefs, tree):
    assert shown(chiefs.get("/organizations?q=bank")) == [
        "City Federation",
        "North District",
        "Lake Street",
        "Bank Union",
    ]


def test_searching_looks_at_short_names_too(chiefs, tree):
    tree.south.short_name = "Sunny"
    db.session.commit()

    assert shown(chiefs.get("/organizations?q=sunny")) == ["City Federation", "South District"]


def test_the_tree_can_be_narrowed_to_a_kind(chiefs, tree):
    assert shown(chiefs.get("/organizations?kind=foundation")) == ["Warmth Foundation"]


def test_a_kind_that_does_not_exist_says_so_and_narrows_nothing(chiefs, tree):
    response = chiefs.get("/organizations?kind=castle")

    assert "Not a valid choice" in response.text
    assert len(shown(response)) == 4


def test_what_matches_nothing_says_what_to_do(chiefs, tree):
    assert "Change the filters or clear them." in chiefs.get("/organizations?q=castle").text


def test_inactive_organizations_are_shown_on_request(chiefs, tree):
    tree.south.is_active = False
    db.session.commit()

    assert "South District" not in chiefs.get("/organizations").text
    assert "South District" in chiefs.get("/organizations?inactive=y").text


def test_a_tree_of_thousands_is_paged_and_reads_few_statements(chiefs, tree, count_queries):
    for number in range(PAGE_SIZE + 10):
        OrganizationFactory(name=f"Branch {number:03}", parent=tree.city)
    db.session.commit()

    with count_queries() as sent:
        response = chiefs.get("/organizations")

    assert len(shown(response)) == PAGE_SIZE
    assert len(shown(chiefs.get("/organizations?page=2"))) == 14
    assert len(sent) <= 4


def test_opening_a_branch_on_a_later_page_shows_that_page(chiefs, tree):
    for number in range(PAGE_SIZE + 10):
        OrganizationFactory(name=f"Branch {number:03}", parent=tree.city)
    last = named("Branch 059")
    OrganizationFactory(name="Leaf", parent=last)
    db.session.commit()

    assert "Leaf" in shown(chiefs.get(f"/organizations?open={last.id}"))


def test_people_see_their_own_part_only(northerns, tree):
    assert shown(northerns.get("/organizations")) == ["North District", "Lake Street"]
    assert northerns.get(f"/organizations/{tree.lake.id}").status_code == 200
    for stranger in (tree.city, tree.south, tree.fund):
        assert northerns.get(f"/organizations/{stranger.id}").status_code == 404


def test_volunteers_do_not_see_the_tree(client_for, tree):
    volunteer = client_for(UserFactory(role=Role.VOLUNTEER, organization=tree.north))

    assert volunteer.get("/organizations").status_code == 403


def test_an_empty_tree_says_how_to_begin(client_for, app):
    first = UserFactory(organization=None, grants=[RoleGrant(role=Role.ADMINISTRATOR)])

    assert "Begin with the one at the top" in client_for(first).get("/organizations").text


def test_a_page_shows_facts_children_and_the_way_to_it(chiefs, tree):
    page = chiefs.get(f"/organizations/{tree.north.id}").text

    assert "Lake Street" in page
    assert f'href="/organizations/{tree.city.id}"' in page
    assert "Belongs to" in page


def test_an_organization_is_created_below_its_parent(northerns, tree):
    response = northerns.post(f"/organizations/new?parent={tree.north.id}", data=fields())

    made = named("Hill Street")
    assert response.location == f"/organizations/{made.id}"
    assert made.path == f"{tree.north.path}{made.id}/"


def test_sending_the_form_twice_creates_one(chiefs, tree):
    data = fields()
    url = f"/organizations/new?parent={tree.north.id}"

    first, second = chiefs.post(url, data=data), chiefs.post(url, data=data)

    assert first.location == second.location


def test_a_top_is_created_by_who_reaches_everything_only(chiefs, northerns, tree):
    assert northerns.get("/organizations/new").status_code == 403
    assert northerns.post("/organizations/new", data=fields()).status_code == 403

    assert "at the top of the tree" in chiefs.get("/organizations/new").text
    chiefs.post("/organizations/new", data=fields())
    assert named("Hill Street").parent is None


def test_nothing_is_created_below_a_strangers_organization(northerns, tree):
    response = northerns.post(f"/organizations/new?parent={tree.south.id}", data=fields())

    assert response.status_code == 404


def test_a_name_in_use_is_blamed_beside_the_field_and_nothing_typed_is_lost(chiefs, tree):
    response = chiefs.post("/organizations/new", data=fields(name="North District"))

    assert response.status_code == 422
    assert "There is already an organization of this name." in response.text
    assert 'value="Hill"' in response.text


@pytest.mark.parametrize("field", ["name", "short_name", "kind"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_when_creating_is_refused_or_stored_harmlessly(chiefs, tree, field, text):
    response = chiefs.post("/organizations/new", data=fields(**{field: text}))

    assert response.status_code in {302, 422}
    assert "<script>alert" not in chiefs.get("/organizations?open=1").text


@pytest.mark.parametrize("text", ["", "x", "0", "1" * 500])
def test_a_command_that_is_none_is_refused(chiefs, tree, text):
    response = chiefs.post("/organizations/new", data=fields(command_id=text))

    assert response.status_code == 422


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_filters_show_a_page(chiefs, tree, text):
    query = {"q": text, "kind": text, "page": text, "open": text}

    assert chiefs.get("/organizations", query_string=query).status_code == 200


def test_facts_are_edited(northerns, tree):
    url = f"/organizations/{tree.lake.id}/edit"
    assert 'value="Lake Street"' in northerns.get(url).text

    northerns.post(url, data=fields(name="Lakeside Street"))

    assert named("Lakeside Street").short_name == "Hill"


def test_an_edit_that_is_refused_shows_why(chiefs, tree):
    response = chiefs.post(f"/organizations/{tree.lake.id}/edit", data=fields(name="Bank Union"))

    assert response.status_code == 422
    assert "There is already an organization of this name." in response.text


def test_strangers_organizations_are_not_changed(northerns, tree):
    for verb in ("edit", "move", "deactivate", "activate"):
        response = northerns.post(f"/organizations/{tree.south.id}/{verb}", data=fields())
        assert response.status_code == 404


def test_moving_by_the_new_parents_name(chiefs, tree):
    url = f"/organizations/{tree.lake.id}/move"
    assert "<option" in chiefs.get(url).text

    chiefs.post(url, data={"parent": "South District"})

    assert named("Bank Union").path.startswith(f"{tree.south.path}{tree.lake.id}/")


def test_moving_to_the_top(chiefs, tree):
    chiefs.post(f"/organizations/{tree.lake.id}/move", data={"to_top": "y"})

    assert named("Lake Street").parent is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({}, "Name the new parent."),
        ({"parent": "Nowhere"}, "There is no such organization to choose."),
        ({"parent": "Bank Union"}, "An organization cannot stand below itself."),
        ({"parent": "South District", "to_top": "y"}, "Leave this empty"),
    ],
)
def test_a_move_that_cannot_be_says_why(chiefs, tree, data, words):
    response = chiefs.post(f"/organizations/{tree.lake.id}/move", data=data)

    assert response.status_code == 422
    assert words in response.text


def test_who_does_not_reach_everything_cannot_move_to_the_top(northerns, tree):
    response = northerns.post(f"/organizations/{tree.lake.id}/move", data={"to_top": "y"})

    assert "Name the new parent." in response.text
    assert named("Lake Street").parent == tree.north


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_when_moving_is_refused(chiefs, tree, text):
    response = chiefs.post(f"/organizations/{tree.lake.id}/move", data={"parent": text})

    assert response.status_code == 422


def test_deactivating_and_activating(chiefs, tree):
    chiefs.post(f"/organizations/{tree.bank.id}/deactivate")
    assert "Inactive" in chiefs.get(f"/organizations/{tree.bank.id}").text

    chiefs.post(f"/organizations/{tree.bank.id}/activate")
    assert named("Bank Union").is_active


def test_deactivating_what_has_active_ones_below_is_a_conflict_in_words(chiefs, tree):
    response = chiefs.post(f"/organizations/{tree.north.id}/deactivate")

    assert response.status_code == 409
    assert named("North District").is_active


def test_reading_pages_changes_nothing(chiefs, tree):
    before = db.session.scalar(select(func.max(Organization.id)))

    for page in ("", "/new", f"/{tree.lake.id}", f"/{tree.lake.id}/edit", f"/{tree.lake.id}/move"):
        assert chiefs.get(f"/organizations{page}").status_code == 200

    assert db.session.scalar(select(func.max(Organization.id))) == before
