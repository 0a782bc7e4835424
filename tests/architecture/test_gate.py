"""The gate is closed unless a view opens it."""

import pytest

from carecampaign.access import gate
from carecampaign.access.actor import EVERYWHERE, SYSTEM, Actor, Grant
from carecampaign.access.permissions import ROLE_PERMISSIONS, STATION_ROLES, Permission, Role
from carecampaign.access.scope import within
from carecampaign.organizations.models import Organization
from tests.factories import UserFactory


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


def test_only_roles_over_a_part_of_the_tree_give_paths():
    actor = Actor(1, "x", (Grant(Role.PLANNER, "1/"), Grant(Role.STATION_LEAD, "1/2/")))

    assert actor.paths(Permission.STATIONS_VIEW) == ("1/",)
    assert actor.holds_at_stations(Permission.INVENTORY_ACCEPT)
    assert not actor.holds_at_stations(Permission.CAMPAIGNS_PLAN)
    assert frozenset({Role.STATION_LEAD, Role.VOLUNTEER}) == STATION_ROLES


def test_the_system_reaches_everything_an_administrator_does():
    assert SYSTEM.id is None
    assert SYSTEM.paths(Permission.AUDIT_VIEW) == (EVERYWHERE,)


def test_a_path_covers_itself_and_what_is_below_and_nothing_beside():
    def condition(*prefixes):
        compiled = within(Organization.path, prefixes).compile(
            compile_kwargs={"literal_binds": True}
        )
        return str(compiled)

    assert "LIKE '1//5//' || '%' ESCAPE '/'" in condition("1/5/")
    assert condition(EVERYWHERE, "1/") == "true"
    assert condition() == "false"
