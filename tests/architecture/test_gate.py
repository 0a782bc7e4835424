"""The gate is closed unless a view opens it."""

import pytest

from carecampaign.access import gate
from carecampaign.access.permissions import ROLE_PERMISSIONS, Permission, Role
from tests.factories import UserFactory


@pytest.fixture
def app(app_of_its_own):
    """The application, to change at will."""
    return app_of_its_own


def test_a_view_that_names_no_permission_is_refused_to_everybody(app, client_for):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    administrator = UserFactory(role=Role.ADMINISTRATOR, organization=None)

    assert client_for(administrator).get("/forgotten").status_code == 403


def test_strangers_are_sent_to_the_sign_in(app, client_for):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    for path in ("/forgotten", "/", "/campaigns", "/jobs"):
        answer = client_for(None).get(path)
        assert answer.status_code == 302
        assert answer.location.startswith("/sign-in")


@pytest.mark.parametrize("role", list(Role))
def test_a_role_opens_what_the_table_says_and_nothing_else(app, client_for, role):
    for permission in Permission:
        door = f"/door/{permission.replace(':', '-')}"
        app.add_url_rule(door, door, gate.requires(permission)(lambda: {"in": True}))
    client = client_for(UserFactory(role=role))

    opened = {
        permission
        for permission in Permission
        if client.get(f"/door/{permission.replace(':', '-')}").status_code == 200
    }

    assert opened == ROLE_PERMISSIONS[role]


def test_every_permission_is_held_by_some_role():
    assert set(Permission) == frozenset().union(*ROLE_PERMISSIONS.values())
