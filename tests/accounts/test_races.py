"""Two people at once: one wins, the other is told, and nothing is half done."""

import pytest
from sqlalchemy import func, select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts import services
from carecampaign.accounts.models import RoleGrant, SignInFailure, User
from carecampaign.accounts.services import administrators, signing_in
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import DomainError
from tests.accounts.conftest import HASH
from tests.core.conftest import at_once  # noqa: F401 - a fixture
from tests.factories import UserFactory


@pytest.fixture
def race(at_once):  # noqa: F811 - pytest's way of asking for a fixture
    """Run ``work(number)`` in transactions at once; give how many were not refused."""

    def run(work, *, threads):
        db.session.commit()
        db.session.remove()

        def attempt(number):
            try:
                with transaction():
                    work(number)
            except DomainError:
                return False
            return True

        return at_once(attempt, threads=threads).count(True)

    return run


def test_of_many_who_use_one_link_at_once_one_gets_in(race, tree):
    token = services.invite(UserFactory(organization=tree.north), by=SYSTEM)

    def use(number):
        services.accept_invitation(token, password_hash=f"hash {number}")

    assert race(use, threads=8) == 1


def grants_of(count):
    for _number in range(count):
        grants = [RoleGrant(role=Role.ADMINISTRATOR)]
        UserFactory(organization=None, grants=grants, password_hash=HASH)
    return db.session.scalars(select(RoleGrant.id)).all()


def administrators_left():
    return db.session.scalar(select(func.count()).select_from(RoleGrant))


def test_administrators_who_remove_one_another_at_once_leave_one(race, app):
    ids = grants_of(4)

    def remove(number):
        services.revoke_role(db.session.get_one(RoleGrant, ids[number]), by=SYSTEM)

    assert race(remove, threads=4) == 3
    assert administrators_left() == 1


def test_administrators_who_deactivate_one_another_at_once_leave_one(race, app):
    grants_of(4)
    ids = db.session.scalars(select(User.id)).all()

    def close(number):
        services.deactivate_user(db.session.get_one(User, ids[number]), by=SYSTEM)

    assert race(close, threads=4) == 3
    assert db.session.scalar(select(func.count()).where(User.is_active)) == 1


def test_without_the_queue_they_would_leave_nobody(race, app, monkeypatch):
    """The control: SQLite's one writer hides it, PostgreSQL does not."""
    if db.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer anyway")
    monkeypatch.setattr(administrators, "_queue_for_administrators", lambda: None)
    survivors = []
    for _round in range(20):
        ids = grants_of(2)

        def remove(number, ids=tuple(ids)):
            services.revoke_role(db.session.get_one(RoleGrant, ids[number]), by=SYSTEM)

        race(remove, threads=2)
        survivors.append(administrators_left())
        db.session.query(RoleGrant).delete()

    assert 0 in survivors


def test_one_role_given_many_times_at_once_is_held_once(race, app):
    user = UserFactory(organization=None, grants=[])
    user_id = user.id

    def give(_number):
        services.grant_role(db.session.get_one(User, user_id), Role.ADMINISTRATOR, None, by=SYSTEM)

    assert race(give, threads=8) == 1
    assert administrators_left() == 1


def test_many_guesses_at_once_all_count(race, app, monkeypatch):
    monkeypatch.setattr(signing_in, "FREE_PER_ADDRESS", 1000)

    def guess(_number):
        services.note_attempt("nobody", None, address="203.0.113.7")

    assert race(guess, threads=16) == signing_in.FREE_PER_NAME
    rows = db.session.scalar(select(func.count()).select_from(SignInFailure))
    assert rows == 2 * signing_in.FREE_PER_NAME


def test_one_name_taken_twice_at_once_is_given_once(race, app):
    def create(number):
        services.create_user("zhangmin", name=f"Zhang {number}", by=SYSTEM)

    assert race(create, threads=4) == 1
