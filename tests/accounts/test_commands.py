"""``flask users create`` opens the first account of an installation."""

import re

import pytest
from sqlalchemy import select

from carecampaign.access.permissions import Role
from carecampaign.accounts.models import User
from carecampaign.accounts.passwords import is_right
from carecampaign.core.db import db

PASSWORD = "a warm winter for all"


@pytest.fixture
def create(app):
    def run(*arguments, **options):
        db.session.commit()
        command = ["users", "create", *arguments]
        return app.test_cli_runner().invoke(args=command, **options)

    return run


def test_it_prints_a_link_that_sets_the_password(create, visitor, user_named):
    result = create("root", "--name", "Zhang San", "--role", "administrator")

    assert result.exit_code == 0
    path = re.search(r"http://127\.0\.0\.1:8000(/invitations/\S+)", result.output)[1]
    visitor.post(path, data={"password": PASSWORD, "repeated": PASSWORD})
    user = user_named("root")
    assert is_right(PASSWORD, user.password_hash)
    assert [(grant.role, grant.organization) for grant in user.grants] == [
        (Role.ADMINISTRATOR, None)
    ]


def test_the_link_begins_with_where_people_reach_the_installation(create):
    result = create(
        *("root", "--name", "Zhang San", "--role", "administrator"),
        *("--base-url", "https://care.union.example/"),
    )

    assert "https://care.union.example/invitations/" in result.output


@pytest.mark.parametrize("how", ["name", "id"])
def test_an_organization_is_named_or_numbered(create, tree, user_named, how):
    place = tree.north.name if how == "name" else str(tree.north.id)

    create("wang", "--name", "Wang", "--role", "planner", "--organization", place)

    assert user_named("wang").grants[0].organization.name == "North District"


def test_a_password_can_be_read_from_standard_input(create, user_named):
    result = create(
        *("root", "--name", "Zhang San", "--role", "administrator", "--password-stdin"),
        input=f"{PASSWORD}\n",
    )

    assert result.exit_code == 0
    assert "/invitations/" not in result.output
    assert is_right(PASSWORD, user_named("root").password_hash)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("1", "--role", "administrator"), "2"),
        (("root", "--role", "planner"), ""),
        (("root", "--role", "planner", "--organization", "Nowhere"), "Nowhere"),
        (("root", "--role", "administrator", "--phone", "1"), ""),
        (("root", "--role", "administrator", "--email", "x"), ""),
        (("root", "--role", "administrator", "--password-stdin"), "10"),
    ],
)
def test_bad_input_ends_with_one_clear_line(create, arguments, words):
    result = create(*arguments, "--name", "Zhang San", input="short\n")

    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert words in result.output
    assert result.output.count("\n") == 1
    assert db.session.scalars(select(User)).all() == []


def test_a_name_in_use_is_refused(create, planner):
    assert create("planner", "--name", "X", "--role", "administrator").exit_code == 1


def test_the_command_is_audited_as_the_system(create, entries):
    create("root", "--name", "Zhang San", "--role", "administrator")

    assert [entry.actor_name for entry in entries("accounts.create")] == ["system"]
