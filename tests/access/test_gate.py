"""The gate is closed unless a view opens it."""

import pytest

from carecampaign.access.gate import public, requirement_of, requires, signed_in, signed_in_only
from carecampaign.access.permissions import Permission, Role
from tests.factories import UserFactory

WORDS = "<!doctype html><title>x</title>"


@pytest.fixture
def app(app_of_its_own):
    """The application, to change at will."""
    return app_of_its_own


@pytest.fixture
def volunteer(app):
    return UserFactory(role=Role.VOLUNTEER)


def test_a_view_that_says_nothing_is_refused_to_everyone(app, client_for):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    administrator = UserFactory(role=Role.ADMINISTRATOR)

    assert client_for(administrator).get("/forgotten").status_code == 403
    assert client_for(None).get("/forgotten").status_code == 302


def test_a_view_with_a_permission_is_open_to_those_who_hold_it(app, client_for, volunteer):
    view = requires(Permission.CAMPAIGNS_PLAN)(lambda: WORDS)
    app.add_url_rule("/plans", "plans", view)

    assert client_for(UserFactory(role=Role.PLANNER)).get("/plans").status_code == 200
    assert client_for(volunteer).get("/plans").status_code == 403


def test_the_refusal_is_a_page_in_words(app, client_for, volunteer):
    view = requires(Permission.CAMPAIGNS_PLAN)(lambda: WORDS)
    app.add_url_rule("/plans", "plans", view)

    assert "Your role does not allow this" in client_for(volunteer).get("/plans").text


def test_a_view_for_everyone_signed_in_asks_for_no_role(app, client_for):
    app.add_url_rule("/mine", "mine", signed_in_only(lambda: WORDS + signed_in().name))

    nobody = UserFactory(grants=[], name="Without Roles")

    assert "Without Roles" in client_for(nobody).get("/mine").text
    assert client_for(None).get("/mine").status_code == 302


def test_a_public_view_is_open_to_strangers(app, client_for):
    app.add_url_rule("/open", "open", public(lambda: WORDS))

    assert client_for(None).get("/open").status_code == 200


def test_static_files_are_public(client_for):
    with client_for(None).get("/static/css/app.css") as response:
        assert response.status_code == 200


def test_a_page_that_does_not_exist_is_not_found_for_strangers_too(client_for):
    assert client_for(None).get("/no-such-page").status_code == 404


def test_every_view_says_who_may_enter(app):
    silent = [name for name, view in app.view_functions.items() if requirement_of(view) is None]

    assert silent == []


def test_only_these_views_are_public(app):
    opened = {n for n, view in app.view_functions.items() if requirement_of(view) == "public"}

    assert {"accounts.sign_in", "accounts.accept_invitation", "static"} <= opened
    assert not {name for name in opened if name.split(".")[0] in {"campaigns", "distributions"}}
