"""What somebody holds, and where."""

from carecampaign.access.actor import EVERYWHERE, SYSTEM, Actor, Grant
from carecampaign.access.permissions import Permission, Role


def holding(*grants):
    return Actor(id=1, name="Somebody", grants=tuple(Grant(role, path) for role, path in grants))


def test_a_permission_reaches_over_the_nodes_of_the_roles_that_carry_it():
    actor = holding((Role.PLANNER, "1/2/"), (Role.FINANCE, "1/3/"))

    assert actor.paths(Permission.CAMPAIGNS_PLAN) == ("1/2/",)
    assert actor.paths(Permission.FUNDS_VIEW) == ("1/2/", "1/3/")
    assert actor.paths(Permission.ACCOUNTS_MANAGE) == ()


def test_a_volunteer_reaches_stations_rather_than_a_part_of_the_tree():
    volunteer = holding((Role.VOLUNTEER, "1/2/"))

    assert volunteer.can(Permission.DISTRIBUTIONS_LOG)
    assert volunteer.holds_at_stations(Permission.DISTRIBUTIONS_LOG)
    assert volunteer.paths(Permission.DISTRIBUTIONS_LOG) == ()


def test_a_planner_holds_nothing_by_stations():
    assert not holding((Role.PLANNER, "1/")).holds_at_stations(Permission.DISTRIBUTIONS_LOG)


def test_without_a_role_nothing_may_be_done():
    nobody = holding()

    assert not any(nobody.can(permission) for permission in Permission)


def test_the_system_administers_everything():
    assert SYSTEM.id is None
    assert SYSTEM.paths(Permission.ACCOUNTS_MANAGE) == (EVERYWHERE,)
