"""Roles are given and taken within one's own reach, and somebody always administers."""

import pytest

from carecampaign.access.actor import SYSTEM, Actor, Grant
from carecampaign.access.permissions import Role
from carecampaign.accounts import services
from carecampaign.accounts.models import RoleGrant
from carecampaign.core.db import db
from tests.accounts.conftest import HASH
from tests.factories import UserFactory

HOSTILE = ["", "\0", "x" * 5000, "owner", "<b>", "North District\0"]


def roles_of(user):
    db.session.refresh(user)
    return [
        (grant.role, grant.organization.name if grant.organization else None)
        for grant in user.grants
    ]


def give(client, user, role, organization=""):
    data = {"role": role, "organization": organization}
    return client.post(f"/users/{user.id}/roles/new", data=data)


def take(client, user, grant):
    return client.post(f"/users/{user.id}/roles/{grant.id}/revoke")


def test_an_administrator_gives_roles_at_and_below_their_own_organization(
    client_for, northern, planner
):
    response = give(client_for(northern), planner, "finance", "North District")

    assert response.location == f"/users/{planner.id}"
    assert (Role.FINANCE, "North District") in roles_of(planner)


@pytest.mark.parametrize("place", ["City Federation", "South District"])
def test_nobody_gives_a_role_beyond_their_own_reach(client_for, northern, planner, place):
    response = give(client_for(northern), planner, "finance", place)

    assert response.status_code == 422
    assert "There is no such organization to choose." in response.text
    assert roles_of(planner) == [(Role.PLANNER, "North District")]


def test_nobody_makes_themselves_administrator_of_everything(client_for, northern):
    response = give(client_for(northern), northern, "administrator")

    assert response.status_code == 422
    assert "This reaches beyond the organizations you administer." in response.text
    assert roles_of(northern) == [(Role.ADMINISTRATOR, "North District")]


def test_the_rule_holds_below_the_form_too(tree, planner):
    of_north = Actor(1, "A", (Grant(Role.ADMINISTRATOR, tree.north.path),))

    for place in (tree.south, tree.city):
        with pytest.raises(services.BeyondReach):
            services.grant_role(planner, Role.FINANCE, place, by=of_north)
    with pytest.raises(services.BeyondReach):
        services.grant_role(planner, Role.ADMINISTRATOR, None, by=of_north)


def test_the_chief_may_make_another_administrator_of_everything(client_for, chief, planner):
    give(client_for(chief), planner, "administrator")

    assert (Role.ADMINISTRATOR, None) in roles_of(planner)


def test_any_other_role_needs_an_organization(client_for, chief, planner):
    response = give(client_for(chief), planner, "finance")

    assert response.status_code == 422
    assert "Name the organization at which this role is held." in response.text


@pytest.mark.parametrize("place", ["North District", ""])
def test_the_same_role_is_not_given_twice(client_for, chief, planner, place):
    client = client_for(chief)
    give(client, planner, "administrator", place)

    response = give(client, planner, "administrator", place)

    assert "This person already has this role there." in response.text
    assert len(roles_of(planner)) == 2


def test_giving_a_role_is_audited_at_the_organization(client_for, chief, planner, tree, entries):
    give(client_for(chief), planner, "finance", "South District")

    (entry,) = entries("accounts.grant_role")
    assert entry.organization_path == tree.south.path
    assert entry.changes == {"role": "finance", "organization": "South District"}


@pytest.mark.parametrize("field", ["role", "organization"])
@pytest.mark.parametrize("text", HOSTILE[1:], ids=range(len(HOSTILE) - 1))
def test_hostile_input_is_refused(client_for, chief, planner, field, text):
    data = {"role": "finance", "organization": "North District", field: text}

    response = client_for(chief).post(f"/users/{planner.id}/roles/new", data=data)

    assert response.status_code in {302, 422}
    assert len(roles_of(planner)) <= 2


def test_the_form_offers_organizations_within_reach_only(client_for, northern, planner):
    page = client_for(northern).get(f"/users/{planner.id}/roles/new").text

    assert '<option value="North District">' in page
    assert "South District" not in page


def test_a_role_is_taken_back(client_for, northern, planner, entries):
    take(client_for(northern), planner, planner.grants[0])

    assert roles_of(planner) == []
    (entry,) = entries("accounts.revoke_role")
    assert entry.changes == {"role": "planner", "organization": "North District"}


def test_roles_elsewhere_are_not_taken_back(client_for, northern, planner, tree):
    elsewhere = RoleGrant(role=Role.FINANCE, organization=tree.south)
    planner.grants.append(elsewhere)
    client = client_for(northern)

    assert take(client, planner, elsewhere).status_code == 409
    assert len(roles_of(planner)) == 2


def test_a_role_of_somebody_else_is_not_found(client_for, chief, planner, northern):
    response = client_for(chief).post(f"/users/{planner.id}/roles/{northern.grants[0].id}/revoke")

    assert response.status_code == 404


def test_the_last_administrator_of_everything_stays(client_for, chief, northern):
    response = take(client_for(chief), chief, chief.grants[0])

    assert response.status_code == 409
    assert "This is the last administrator here." in response.text
    assert roles_of(chief) == [(Role.ADMINISTRATOR, None)]


def test_with_a_second_one_the_first_may_go(client_for, chief):
    grants = [RoleGrant(role=Role.ADMINISTRATOR)]
    UserFactory(organization=None, grants=grants, password_hash=HASH)

    assert take(client_for(chief), chief, chief.grants[0]).status_code == 302


@pytest.mark.parametrize("flaw", [{"password_hash": None}, {"is_active": False}])
def test_somebody_who_cannot_sign_in_does_not_count_as_administrator(client_for, chief, flaw):
    grants = [RoleGrant(role=Role.ADMINISTRATOR)]
    UserFactory(organization=None, grants=grants, **{"password_hash": HASH, **flaw})

    assert take(client_for(chief), chief, chief.grants[0]).status_code == 409


def test_an_administrator_above_lets_the_one_below_go(client_for, chief, northern):
    assert take(client_for(chief), northern, northern.grants[0]).status_code == 302


def test_an_administrator_below_does_not_stand_in_for_the_one_above(app, tree, northern):
    city = UserFactory(role=Role.ADMINISTRATOR, organization=tree.city, password_hash=HASH)

    with pytest.raises(services.LastAdministrator):
        services.revoke_role(city.grants[0], by=SYSTEM)


def test_the_last_administrator_is_not_deactivated(app, chief, northern):
    with pytest.raises(services.LastAdministrator):
        services.deactivate_user(chief, by=SYSTEM)
