"""Accounts are opened, found, changed and closed by those who look after them."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from carecampaign.access.actor import SYSTEM, Actor, Grant
from carecampaign.access.permissions import Role
from carecampaign.accounts import queries, services
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.audit.services import keyed_digest
from carecampaign.core.db import db
from carecampaign.core.forms import new_command_id
from carecampaign.core.listing import PAGE_SIZE
from tests.factories import UserFactory

HOSTILE = ["x" * 5000, "a\0b", "<script>alert(1)</script>", "' OR 1=1 --", "%_\\"]


def fields(**changes):
    return {
        "command_id": new_command_id(),
        "name": "Zhao Min",
        "username": "zhaomin",
        "phone": "13900139000",
        "email": "Zhao@union.example",
        "role": "planner",
        "organization": "North District",
        **changes,
    }


@pytest.fixture
def southern(tree):
    return UserFactory(username="southern", name="Li Nan", organization=tree.south)


def test_a_new_account_has_its_first_role_and_a_link_to_hand_over(
    client_for, northern, user_named
):
    page = client_for(northern).post("/users/new", data=fields(), follow_redirects=True)

    user = user_named("zhaomin")
    assert (user.phone, user.email) == ("+8613900139000", "zhao@union.example")
    assert [(g.role, g.organization.name) for g in user.grants] == [
        (Role.PLANNER, "North District")
    ]
    assert user.password_hash is None
    assert "/invitations/" in page.text
    assert "No password yet" in page.text


def test_sending_the_form_twice_opens_one_account(client_for, northern):
    client, data = client_for(northern), fields()

    first, second = (client.post("/users/new", data=data) for _time in range(2))

    assert first.location == second.location


def test_an_account_that_gets_no_role_is_not_opened_at_all(client_for, northern):
    response = client_for(northern).post("/users/new", data=fields(organization=""))

    assert response.status_code == 422
    assert "Name the organization" in response.text
    assert db.session.scalar(select(func.count()).where(User.username == "zhaomin")) == 0


def test_phone_and_email_may_be_left_out(client_for, northern, user_named):
    client_for(northern).post("/users/new", data=fields(phone="", email=""))

    assert (user_named("zhaomin").phone, user_named("zhaomin").email) == (None, None)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": "planner"}, "This account name is taken."),
        ({"username": "PLANNER"}, "This account name is taken."),
        ({"phone": "138 0013 8000"}, "Another account has this phone number."),
        ({"email": "WANG@union.example"}, "Another account has this e-mail address."),
        ({"username": "13800138000"}, "beginning with a letter"),
        ({"username": "z"}, "Use 2 to 32 letters"),
        ({"phone": "12345"}, "This is not a valid phone number."),
        ({"phone": "abc"}, "This is not a valid phone number."),
        ({"email": "zhao"}, "This is not a valid e-mail address."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(
    client_for, northern, planner, changes, words
):
    response = client_for(northern).post("/users/new", data=fields(**changes))

    assert response.status_code == 422
    assert words in response.text
    assert 'value="Zhao' in response.text


@pytest.mark.parametrize("field", ["name", "username", "phone", "email", "role", "organization"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_is_refused_or_stored_harmlessly(client_for, chief, field, text):
    client = client_for(chief)

    response = client.post("/users/new", data=fields(**{field: text}))

    assert response.status_code in {302, 422}
    assert "<script>alert" not in client.get("/users").text


def test_opening_an_account_is_audited_without_personal_data(client_for, northern, entries, tree):
    client_for(northern).post("/users/new", data=fields())

    (entry,) = entries("accounts.create")
    assert entry.subject_name == "zhaomin"
    assert entry.changes == {
        "username": "zhaomin",
        "name": keyed_digest("Zhao Min"),
        "phone": keyed_digest("+8613900139000"),
        "email": keyed_digest("zhao@union.example"),
    }


def test_the_list_shows_who_has_a_role_within_reach_or_none(
    client_for, northern, planner, southern, chief
):
    UserFactory(name="Without Roles", organization=None, grants=[])

    page = client_for(northern).get("/users").text

    assert "Wang Fang" in page
    assert "Without Roles" in page
    assert "Li Nan" not in page
    assert f"/users/{chief.id}" not in page


def test_the_chief_sees_everybody(client_for, chief, planner, southern):
    page = client_for(chief).get("/users").text

    assert "Wang Fang" in page
    assert "Li Nan" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=fang", {"Wang Fang"}),
        ("q=southern", {"Li Nan"}),
        ("q=13800138000", {"Wang Fang"}),
        ("q=wang@union.example", {"Wang Fang"}),
        ("q=138", set()),
        ("q=%25", set()),
        ("role=planner", {"Wang Fang", "Li Nan"}),
        ("role=auditor", set()),
        ("organization=South+District", {"Li Nan"}),
        ("organization=City+Federation", {"Wang Fang", "Li Nan"}),
        ("organization=City+Federation&role=planner&q=li", {"Li Nan"}),
        ("state=inactive", {"Sun Gone"}),
        ("state=active", {"Wang Fang", "Li Nan"}),
    ],
)
def test_the_list_is_narrowed_by_filters(client_for, chief, planner, southern, query, names):
    UserFactory(name="Sun Gone", is_active=False, organization=None, grants=[])

    page = client_for(chief).get(f"/users?{query}").text

    everyone = {"Wang Fang", "Li Nan", "Sun Gone"}
    assert {name for name in everyone if f">{name}</a>" in page} == names


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_filters_show_a_page(client_for, chief, text):
    query = {"q": text, "role": text, "organization": text, "state": text, "page": text}

    assert client_for(chief).get("/users", query_string=query).status_code == 200


def test_a_long_list_is_paged_with_a_bounded_number_of_statements(
    client_for, chief, tree, count_queries
):
    for _number in range(PAGE_SIZE + 5):
        UserFactory(organization=tree.north)
    client = client_for(chief)

    with count_queries() as sent:
        page = client.get("/users").text

    assert "51" not in page.partition("<tbody>")[0]
    assert client.get("/users?page=2").status_code == 200
    assert len([one for one in sent if one.startswith("SELECT")]) <= 6


def test_only_administrators_see_accounts(client_for, planner):
    client = client_for(planner)

    for page in ("/users", "/users/new", f"/users/{planner.id}"):
        assert client.get(page).status_code == 403


def test_a_strangers_account_is_not_found(client_for, northern, southern):
    client = client_for(northern)

    assert client.get(f"/users/{southern.id}").status_code == 404
    assert client.get("/users/999").status_code == 404
    assert client.get(f"/users/{'9' * 19}").status_code == 404
    for verb in ("edit", "invite", "deactivate", "activate", "roles/new"):
        assert client.post(f"/users/{southern.id}/{verb}").status_code == 404


def test_a_page_shows_phone_and_email_masked(client_for, northern, planner):
    page = client_for(northern).get(f"/users/{planner.id}").text

    assert "+86138****8000" in page
    assert "w***@union.example" in page
    assert "+8613800138000" not in page


def test_names_are_changed(client_for, northern, planner, user_named, entries):
    client = client_for(northern)
    assert 'value="+8613800138000"' in client.get(f"/users/{planner.id}/edit").text

    client.post(f"/users/{planner.id}/edit", data=fields(username="wangfang", phone=""))

    user = user_named("wangfang")
    assert (user.name, user.phone) == ("Zhao Min", None)
    (entry,) = entries("accounts.edit")
    assert entry.changes["username"] == ["planner", "wangfang"]
    assert entry.changes["phone"] == [keyed_digest("+8613800138000"), None]


def test_saving_without_a_change_leaves_no_entry(client_for, northern, planner, entries):
    data = {
        "name": "Wang Fang",
        "username": "planner",
        "phone": "13800138000",
        "email": "wang@union.example",
    }

    client_for(northern).post(f"/users/{planner.id}/edit", data=data)

    assert entries("accounts.edit") == []


def test_an_edit_that_is_refused_shows_why(client_for, chief, planner, southern):
    response = client_for(chief).post(
        f"/users/{planner.id}/edit", data=fields(username="southern")
    )

    assert response.status_code == 422
    assert "This account name is taken." in response.text


def test_an_account_with_roles_beyond_ones_reach_cannot_be_taken_over(
    client_for, northern, planner, tree
):
    planner.grants.append(RoleGrant(role=Role.FINANCE, organization=tree.south))
    client = client_for(northern)

    page = client.get(f"/users/{planner.id}").text
    assert "also holds roles beyond the organizations you administer" in page
    assert f"/users/{planner.id}/invite" not in page
    assert client.get(f"/users/{planner.id}/edit").status_code == 409
    for verb in ("edit", "invite", "deactivate", "activate"):
        response = client.post(f"/users/{planner.id}/{verb}", data=fields())
        assert response.status_code == 409
    db.session.refresh(planner)
    assert (planner.username, planner.is_active) == ("planner", True)


def test_an_account_is_closed_and_opened_again(client_for, northern, planner, entries):
    client = client_for(northern)

    client.post(f"/users/{planner.id}/deactivate")
    db.session.refresh(planner)
    assert not planner.is_active

    client.post(f"/users/{planner.id}/activate")
    db.session.refresh(planner)
    assert planner.is_active
    assert len(entries("accounts.deactivate")) == len(entries("accounts.activate")) == 1


def test_closing_or_opening_twice_is_one_change(app, planner, chief, entries):
    for _time in range(2):
        services.deactivate_user(planner, by=SYSTEM)
    for _time in range(2):
        services.activate_user(planner, by=SYSTEM)
    db.session.commit()

    assert len(entries("accounts.deactivate")) == len(entries("accounts.activate")) == 1


def test_nobody_closes_their_own_account(client_for, chief):
    client = client_for(chief)

    assert client.post(f"/users/{chief.id}/deactivate").status_code == 409
    assert f"/users/{chief.id}/deactivate" not in client.get(f"/users/{chief.id}").text


def test_reading_pages_changes_nothing(client_for, chief, planner):
    client = client_for(chief)

    for page in ("/users", "/users/new", f"/users/{planner.id}", f"/users/{planner.id}/edit"):
        assert client.get(page).status_code == 200


def test_who_administers_nothing_looks_after_nobody(app, planner):
    UserFactory(organization=None, grants=[])
    nobody = Actor(1, "N", (Grant(Role.PLANNER, planner.grants[0].organization.path),))

    assert db.session.scalars(queries.users_for(nobody, queries.UserFilters())).all() == []


def test_another_flaw_is_not_mistaken_for_a_name_in_use(app):
    with pytest.raises(IntegrityError):
        services.create_user("zhaomin", name=None, by=SYSTEM)


def test_an_organization_that_is_gone_narrows_the_list_to_nothing(app, planner):
    filters = queries.UserFilters(organization_id=999)

    assert db.session.scalars(queries.users_for(SYSTEM, filters)).all() == []
