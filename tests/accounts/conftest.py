"""People of a small tree, and browsers that sign in by the form."""

from types import SimpleNamespace

import pytest
from sqlalchemy import select

from carecampaign.access.permissions import Role
from carecampaign.accounts.models import RoleGrant, User
from carecampaign.accounts.passwords import hash_password
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db
from tests.factories import OrganizationFactory, UserFactory

PASSWORD = "a warm winter for all"
HASH = hash_password(PASSWORD)


@pytest.fixture
def tree(app):
    city = OrganizationFactory(name="City Federation", short_name="City")
    north = OrganizationFactory(name="North District", short_name="North", parent=city)
    south = OrganizationFactory(name="South District", short_name="South", parent=city)
    return SimpleNamespace(city=city, north=north, south=south)


@pytest.fixture
def chief(tree):
    """An administrator of the whole installation."""
    grants = [RoleGrant(role=Role.ADMINISTRATOR)]
    return UserFactory(username="chief", organization=None, grants=grants, password_hash=HASH)


@pytest.fixture
def northern(tree):
    """An administrator of one district."""
    return UserFactory(
        username="northern",
        role=Role.ADMINISTRATOR,
        organization=tree.north,
        password_hash=HASH,
    )


@pytest.fixture
def planner(tree):
    """Somebody of the northern district who can sign in in three ways."""
    return UserFactory(
        username="planner",
        name="Wang Fang",
        phone="+8613800138000",
        email="wang@union.example",
        organization=tree.north,
        password_hash=HASH,
    )


@pytest.fixture
def visitor(client_for):
    """A browser nobody has signed in with; it speaks English."""
    return client_for(None)


@pytest.fixture
def sign_in():
    def send(client, username, password=PASSWORD, **query):
        db.session.commit()
        data = {"username": username, "password": password}
        return client.post("/sign-in", data=data, query_string=query)

    return send


@pytest.fixture
def is_in():
    """Say whether a browser is signed in."""

    def ask(client):
        db.session.commit()
        return client.get("/password").status_code == 200

    return ask


@pytest.fixture
def entries():
    """Give the audit entries of an action."""

    def find(action):
        db.session.rollback()
        return db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)).all()

    return find


@pytest.fixture
def user_named():
    def find(username):
        db.session.rollback()
        return db.session.scalars(select(User).where(User.username == username)).one()

    return find
