"""The union tree keeps its shape, and paths follow the parents."""

import pytest
from sqlalchemy import select

from carecampaign.access.actor import EVERYWHERE, SYSTEM, Actor, Grant
from carecampaign.access.permissions import Permission, Role
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db
from carecampaign.core.errors import NotFound
from carecampaign.organizations import queries, services
from carecampaign.organizations.models import Organization, OrganizationKind
from tests.factories import OrganizationFactory

KIND = OrganizationKind.STREET


def administrator_at(*organizations):
    paths = (one.path for one in organizations)
    return Actor(1, "A", tuple(Grant(Role.ADMINISTRATOR, path) for path in paths))


def create(name, parent, by=SYSTEM):
    return services.create_organization(name, kind=KIND, parent=parent, by=by)


def paths():
    """Give the names of all organisations along each path."""
    rows = db.session.execute(select(Organization.id, Organization.name, Organization.path)).all()
    names = {row.id: row.name for row in rows}
    return {row.name: [names[int(part)] for part in row.path.split("/")[:-1]] for row in rows}


def entries(action):
    return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()


def test_a_new_organization_stands_below_its_parent(tree):
    create("Hill Street", tree.south)

    assert paths()["Hill Street"] == ["City Federation", "South District", "Hill Street"]


def test_without_a_short_name_the_full_name_serves(tree):
    assert create("Hill Street", tree.south).short_name == "Hill Street"


def test_creating_is_audited_where_the_organization_stands(tree):
    made = create("Hill Street", tree.south)

    (entry,) = entries("organizations.create")
    assert (entry.subject_name, entry.organization_path) == ("Hill Street", made.path)
    assert entry.changes["parent"] == "South District"


def test_two_organizations_cannot_have_one_name(tree):
    with pytest.raises(services.NameTaken):
        create("North District", tree.south)


def test_nobody_adds_beyond_their_own_part(tree):
    with pytest.raises(services.OutOfReach):
        create("Hill Street", tree.south, by=administrator_at(tree.north))


def test_only_who_reaches_everything_adds_at_the_top(tree):
    with pytest.raises(services.OutOfReach):
        create("Another City", None, by=administrator_at(tree.city))

    assert create("Another City", None).parent is None


def test_nothing_is_added_below_what_is_inactive(tree):
    services.deactivate_organization(tree.bank, by=SYSTEM)

    with pytest.raises(services.ParentInactive):
        create("Branch", tree.bank)


def test_moving_takes_everything_below_along(tree):
    services.move_organization(tree.lake, tree.south, by=SYSTEM)

    assert paths()["Lake Street"] == ["City Federation", "South District", "Lake Street"]
    assert paths()["Bank Union"] == [*paths()["Lake Street"], "Bank Union"]
    assert paths()["North District"] == ["City Federation", "North District"]


def test_moving_rewrites_a_subtree_in_one_statement(tree, count_queries):
    for number in range(30):
        OrganizationFactory(name=f"Branch {number}", parent=tree.lake)

    with count_queries() as sent:
        services.move_organization(tree.lake, tree.south, by=SYSTEM)

    updates = [one for one in sent if one.startswith("UPDATE organization SET path")]
    assert len(updates) == 1
    assert len(queries.descendants(tree.south)) == 32


def test_moving_leaves_paths_that_only_begin_alike(tree):
    for number in range(20):
        OrganizationFactory(name=f"Root {number}")
    before = paths()

    services.move_organization(tree.city, tree.fund, by=SYSTEM)

    assert {name: path for name, path in paths().items() if name.startswith("Root")} == {
        name: path for name, path in before.items() if name.startswith("Root")
    }


def test_an_organization_can_be_moved_to_the_top(tree):
    services.move_organization(tree.lake, None, by=SYSTEM)

    assert paths()["Bank Union"] == ["Lake Street", "Bank Union"]
    assert tree.lake.parent is None


def test_moving_is_audited_with_both_places(tree):
    services.move_organization(tree.lake, tree.south, by=SYSTEM)

    (entry,) = entries("organizations.move")
    assert entry.changes["parent"] == ["North District", "South District"]


def test_moving_to_where_it_stands_changes_nothing(tree):
    services.move_organization(tree.lake, tree.north, by=SYSTEM)

    assert entries("organizations.move") == []


@pytest.mark.parametrize("place", ["north", "lake", "bank"])
def test_nothing_stands_below_itself(tree, place):
    with pytest.raises(services.BelowItself):
        services.move_organization(tree.north, getattr(tree, place), by=SYSTEM)


def test_both_places_of_a_move_must_be_ones_own(tree):
    of_north = administrator_at(tree.north)

    with pytest.raises(services.OutOfReach):
        services.move_organization(tree.lake, tree.south, by=of_north)
    with pytest.raises(services.OutOfReach):
        services.move_organization(tree.north, tree.lake, by=of_north)


def test_an_active_organization_does_not_move_below_an_inactive_one(tree):
    services.deactivate_organization(tree.bank, by=SYSTEM)

    with pytest.raises(services.ParentInactive):
        services.move_organization(tree.south, tree.bank, by=SYSTEM)


def test_an_inactive_organization_may_be_filed_below_another_inactive_one(tree):
    services.deactivate_organization(tree.bank, by=SYSTEM)
    services.deactivate_organization(tree.south, by=SYSTEM)

    services.move_organization(tree.south, tree.bank, by=SYSTEM)

    assert tree.south.parent == tree.bank


def test_editing_is_audited_field_by_field(tree):
    services.edit_organization(
        tree.lake, name="Lake Street", short_name="", kind=OrganizationKind.GRASSROOTS, by=SYSTEM
    )

    (entry,) = entries("organizations.edit")
    assert entry.changes == {
        "short_name": ["Lake", "Lake Street"],
        "kind": ["street", "grassroots"],
    }


def test_saving_without_a_change_leaves_no_entry(tree):
    services.edit_organization(
        tree.lake, name=tree.lake.name, short_name="Lake", kind=tree.lake.kind, by=SYSTEM
    )

    assert entries("organizations.edit") == []


def test_renaming_to_a_name_in_use_is_refused(tree):
    with pytest.raises(services.NameTaken):
        services.edit_organization(
            tree.lake, name="North District", short_name="", kind=KIND, by=SYSTEM
        )


def test_what_has_active_organizations_below_stays_active(tree):
    with pytest.raises(services.HasActiveBelow):
        services.deactivate_organization(tree.north, by=SYSTEM)


def test_deactivating_goes_from_below_and_activating_from_above(tree):
    for one in (tree.bank, tree.lake):
        services.deactivate_organization(one, by=SYSTEM)

    with pytest.raises(services.ParentInactive):
        services.activate_organization(tree.bank, by=SYSTEM)
    for one in (tree.lake, tree.bank):
        services.activate_organization(one, by=SYSTEM)

    assert tree.bank.is_active
    assert len(entries("organizations.activate")) == 2


def test_deactivating_twice_is_one_change(tree):
    services.deactivate_organization(tree.bank, by=SYSTEM)
    services.deactivate_organization(tree.bank, by=SYSTEM)

    assert len(entries("organizations.deactivate")) == 1


def test_people_see_their_own_part_of_the_tree_only(tree):
    of_north = administrator_at(tree.north)

    names = [one.name for one in queries.list_organizations_for(of_north)]

    assert names == ["North District", "Lake Street", "Bank Union"]
    assert queries.get_organization_for(of_north, tree.bank.id) == tree.bank
    with pytest.raises(NotFound):
        queries.get_organization_for(of_north, tree.city.id)


def test_seeing_is_not_managing(tree):
    planner = Actor(1, "P", (Grant(Role.PLANNER, EVERYWHERE),))

    with pytest.raises(NotFound):
        queries.get_organization_for(planner, tree.city.id, Permission.ORGANIZATIONS_MANAGE)


def test_the_tree_is_listed_branch_by_branch(tree):
    assert [one.name for one in queries.list_organizations()] == [
        "City Federation",
        "North District",
        "Lake Street",
        "Bank Union",
        "South District",
        "Warmth Foundation",
    ]


def test_a_list_can_be_narrowed_to_kinds(tree):
    kinds = [OrganizationKind.STREET, OrganizationKind.FOUNDATION]

    assert [o.name for o in queries.list_organizations(kinds)] == [
        "Lake Street",
        "Warmth Foundation",
    ]
    assert [o.name for o in queries.list_organizations_for(SYSTEM, kinds=kinds)] == [
        "Lake Street",
        "Warmth Foundation",
    ]


def test_choices_are_indented_by_level_and_leave_out_what_is_inactive(tree):
    services.deactivate_organization(tree.bank, by=SYSTEM)

    assert queries.choices_for(administrator_at(tree.north)) == [
        (tree.north.id, "North District"),
        (tree.lake.id, f"{queries.INDENT}Lake Street"),
    ]


def test_nothing_to_choose_from_is_no_error():
    assert queries.choices([]) == []


def test_an_organization_is_found_by_name_or_number(tree):
    assert queries.find_organization("Lake Street") == tree.lake
    assert queries.find_organization(str(tree.lake.id)) == tree.lake
    assert queries.find_organization("Nowhere") is None
    assert queries.find_organization("9" * 40) is None


def test_what_is_above_is_shown_as_far_as_one_may_see_it(tree):
    of_north = administrator_at(tree.north)

    assert queries.ancestors_for(SYSTEM, tree.bank) == [tree.city, tree.north, tree.lake]
    assert queries.ancestors_for(of_north, tree.bank) == [tree.north, tree.lake]


def test_counts_go_down_all_levels(tree):
    nodes = {node.name: node for node in queries.list_nodes_for(SYSTEM, with_inactive=False)}

    assert (nodes["City Federation"].children, nodes["City Federation"].below) == (2, 4)
    assert (nodes["Bank Union"].children, nodes["Bank Union"].depth) == (0, 3)
    assert queries.count_below(tree.city) == 4
