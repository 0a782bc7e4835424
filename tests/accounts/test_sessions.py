"""A session ends by its age, by idleness, and at once when the account changes."""

from datetime import timedelta

import pytest
import time_machine
from flask import session

from carecampaign.access.actor import EVERYWHERE, Grant
from carecampaign.access.permissions import Permission, Role
from carecampaign.accounts import sessions
from carecampaign.accounts.models import RoleGrant
from carecampaign.accounts.queries import Credentials
from carecampaign.core import clock
from carecampaign.core.db import db
from tests.factories import UserFactory


@pytest.fixture
def time():
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def test_a_session_lives_while_it_is_used_but_never_over_twelve_hours(
    time, visitor, planner, sign_in, is_in
):
    sign_in(visitor, "planner")
    for _number in range(5):
        time.shift(timedelta(hours=2))
        assert is_in(visitor)

    time.shift(timedelta(hours=2))

    assert not is_in(visitor)


def test_a_session_ends_after_three_idle_hours(time, visitor, planner, sign_in, is_in):
    sign_in(visitor, "planner")
    time.shift(timedelta(hours=3))

    assert not is_in(visitor)


def test_a_cookie_kept_from_the_sign_in_does_not_start_anew(
    time, app, visitor, planner, sign_in, is_in
):
    sign_in(visitor, "planner")
    kept = visitor.get_cookie("session").value
    time.shift(timedelta(hours=13))
    client = app.test_client()
    client.set_cookie("session", kept)

    assert not is_in(client)


def test_whoever_was_signed_out_is_told_and_comes_back_to_the_page(
    time, visitor, planner, sign_in
):
    sign_in(visitor, "planner")
    time.shift(timedelta(hours=4))

    response = visitor.get("/campaigns")

    assert response.location == "/sign-in?next=/campaigns"
    assert "You are no longer signed in." in visitor.get(response.location).text


def test_a_form_sent_too_late_leads_back_to_the_form(client_for):
    response = client_for(None).post(
        "/organizations/5/edit",
        headers={"Referer": "http://localhost/organizations/5/edit?from=list"},
    )

    assert response.location == "/sign-in?next=/organizations/5/edit?from%3Dlist"


@pytest.mark.parametrize("referrer", [None, "https://evil.example/organizations/5/edit"])
def test_a_form_sent_from_elsewhere_leads_to_the_start(client_for, referrer):
    headers = {"Referer": referrer} if referrer else {}

    response = client_for(None).post("/organizations/5/edit", headers=headers)

    assert response.location == "/sign-in"


def test_the_way_back_drops_nothing_but_an_empty_query(client_for):
    headers = {"Referer": "http://localhost/organizations/5/edit"}

    response = client_for(None).post("/organizations/5/edit", headers=headers)

    assert response.location == "/sign-in?next=/organizations/5/edit"


@pytest.mark.parametrize("how", ["accepts", "sends"])
def test_a_program_is_answered_in_json(client_for, how):
    client = client_for(None)
    if how == "accepts":
        response = client.get("/campaigns", headers={"Accept": "application/json"})
    else:
        response = client.post("/organizations/5/edit", json={})

    assert response.status_code == 401
    assert response.json == {"error": "Please sign in."}


def test_the_cookie_is_not_sent_with_every_answer(time, visitor, planner, sign_in):
    sign_in(visitor, "planner")
    visitor.get("/password")

    assert "Set-Cookie" not in visitor.get("/password").headers
    time.shift(timedelta(minutes=6))
    assert "Set-Cookie" in visitor.get("/password").headers


def test_a_session_without_an_age_is_none(app, planner, is_in):
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = f"{planner.id}.{planner.session_key}"

    assert not is_in(client)


def test_a_session_with_another_key_is_none(app, planner, is_in):
    db.session.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(sessions.beginning())
        session["_user_id"] = f"{planner.id}.another"

    assert not is_in(client)


def test_a_deactivated_user_is_out_with_the_next_request(
    client_for, visitor, chief, planner, sign_in, is_in
):
    sign_in(visitor, "planner")
    assert is_in(visitor)

    client_for(chief).post(f"/users/{planner.id}/deactivate")

    assert not is_in(visitor)


def test_an_account_opened_again_does_not_revive_old_sessions(
    client_for, visitor, chief, planner, sign_in, is_in
):
    sign_in(visitor, "planner")
    for verb in ("deactivate", "activate"):
        client_for(chief).post(f"/users/{planner.id}/{verb}")

    assert not is_in(visitor)


def test_a_role_taken_back_is_gone_with_the_next_request(
    client_for, visitor, chief, planner, sign_in
):
    sign_in(visitor, "planner")
    assert visitor.get("/organizations").status_code == 200

    client_for(chief).post(f"/users/{planner.id}/roles/{planner.grants[0].id}/revoke")

    assert visitor.get("/organizations").status_code == 403


def test_who_is_signed_in_is_read_in_one_statement(app, client_for, planner, tree, count_queries):
    planner.grants.append(RoleGrant(role=Role.FINANCE, organization=tree.south))
    client = client_for(planner)

    with count_queries() as sent:
        client.get("/password")

    assert len([one for one in sent if one.startswith("SELECT")]) == 1


def test_a_signed_in_person_is_a_value_with_grants_by_path(app, planner, tree):
    planner.grants.append(RoleGrant(role=Role.ADMINISTRATOR))
    planner.grants.append(RoleGrant(role=Role.PLANNER, organization=tree.south))
    db.session.commit()

    with app.test_request_context():
        session.update(sessions.beginning())
        user = sessions.load_user(f"{planner.id}.{planner.session_key}")

    assert (user.id, user.name, user.username) == (planner.id, "Wang Fang", "planner")
    assert user.grants == (
        Grant(Role.PLANNER, tree.north.path),
        Grant(Role.ADMINISTRATOR, EVERYWHERE),
        Grant(Role.PLANNER, tree.south.path),
    )
    assert user.paths(Permission.ACCOUNTS_MANAGE) == (EVERYWHERE,)
    assert user.role_names == [Role.ADMINISTRATOR.label, Role.PLANNER.label]
    assert user.get_id() == f"{planner.id}.{planner.session_key}"
    assert planner.session_key not in repr(user)
    assert user.is_authenticated


def test_a_person_without_a_role_is_signed_in_all_the_same(client_for, is_in, app):
    assert is_in(client_for(UserFactory(organization=None, grants=[])))


def test_a_password_changed_while_signing_in_opens_nothing(app, planner):
    db.session.commit()
    stale = Credentials(planner.id, "planner", "a former key", "hash")

    with app.test_request_context():
        sessions.begin(stale)

        assert "_user_id" not in session


def test_the_language_of_a_first_visit_is_left_open(app, planner, sign_in, is_in):
    client = app.test_client()
    sign_in(client, "planner")

    assert is_in(client)
    client.post("/sign-out")
    with client.session_transaction() as kept:
        assert "language" not in kept
