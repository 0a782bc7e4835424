"""The whole policy on one page: which role may do what."""

import pytest

from carecampaign.access.permissions import ROLE_PERMISSIONS, STATION_ROLES, Permission, Role

P = Permission


def holders(permission):
    return {role for role in Role if permission in ROLE_PERMISSIONS[role]}


def test_every_role_has_its_line_in_the_table():
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_every_permission_is_held_by_somebody():
    assert [permission for permission in Permission if not holders(permission)] == []


def test_permissions_are_named_by_area_and_action():
    assert all(permission.value.count(":") == 1 for permission in Permission)
    assert [p.value for p in Permission] == sorted(p.value for p in Permission)


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        (P.ACCOUNTS_MANAGE, {Role.ADMINISTRATOR}),
        (P.ORGANIZATIONS_MANAGE, {Role.ADMINISTRATOR}),
        (P.CAMPAIGNS_APPROVE, {Role.APPROVER}),
        (P.CAMPAIGNS_PLAN, {Role.PLANNER}),
        (P.INVENTORY_KEEP, {Role.STOREKEEPER}),
        (P.AUDIT_VIEW, {Role.ADMINISTRATOR, Role.AUDITOR}),
        (P.FUNDS_MANAGE, {Role.ADMINISTRATOR, Role.FINANCE}),
        (P.DISTRIBUTIONS_LOG, {Role.PLANNER, Role.STATION_LEAD, Role.VOLUNTEER}),
    ],
)
def test_who_may_do_what_matters_most(permission, roles):
    assert holders(permission) == roles


def test_nobody_both_plans_and_approves():
    assert holders(P.CAMPAIGNS_PLAN).isdisjoint(holders(P.CAMPAIGNS_APPROVE))


def test_an_auditor_changes_nothing():
    actions = {permission.partition(":")[2] for permission in ROLE_PERMISSIONS[Role.AUDITOR]}

    assert actions == {"view", "export", "reveal", "verify"}


def test_people_at_stations_see_neither_accounts_nor_persons_nor_funds():
    hidden = {P.ACCOUNTS_MANAGE, P.BENEFICIARIES_VIEW, P.FUNDS_VIEW, P.ORGANIZATIONS_VIEW}

    assert all(hidden.isdisjoint(ROLE_PERMISSIONS[role]) for role in STATION_ROLES)
