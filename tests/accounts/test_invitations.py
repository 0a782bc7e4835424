"""People are invited by a link that opens once."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from carecampaign.access.actor import SYSTEM
from carecampaign.accounts import services
from carecampaign.accounts.models import Invitation
from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from tests.factories import UserFactory

NEW = "warm hands, warm hearts"
DATA = {"password": NEW, "repeated": NEW}


@pytest.fixture
def invited(tree):
    return UserFactory(username="invited", name="Zhao Min", organization=tree.north)


@pytest.fixture
def link(invited):
    """A link made for somebody, as a path."""
    token = services.invite(invited, by=SYSTEM)
    db.session.commit()
    return f"/invitations/{token}"


def test_the_link_lets_a_person_set_a_password_and_sign_in(visitor, invited, link, sign_in):
    page = visitor.get(link)
    assert "Welcome, Zhao Min. You sign in as invited." in page.text

    response = visitor.post(link, data=DATA)

    assert response.location == "/sign-in"
    assert sign_in(visitor, "invited", NEW).status_code == 302


def test_opening_the_link_does_not_use_it_up(visitor, link):
    for _number in range(3):
        assert visitor.get(link).status_code == 200


def test_the_link_opens_once(visitor, link, sign_in):
    visitor.post(link, data=DATA)

    for response in (visitor.get(link), visitor.post(link, data=DATA)):
        assert response.status_code == 410
        assert "This link is no longer valid" in response.text


def test_the_link_is_good_for_seven_days(visitor, link):
    with time_machine.travel(clock.now() + timedelta(days=6, hours=23)):
        assert visitor.get(link).status_code == 200
    with time_machine.travel(clock.now() + timedelta(days=7, minutes=1)):
        assert visitor.get(link).status_code == 410
        assert visitor.post(link, data=DATA).status_code == 410


def test_a_new_link_ends_the_earlier_one(visitor, invited, link):
    services.invite(invited, by=SYSTEM)
    db.session.commit()

    assert visitor.get(link).status_code == 410
    assert len(db.session.scalars(select(Invitation)).all()) == 1


def test_a_link_that_was_used_stays_on_record(visitor, invited, link):
    visitor.post(link, data=DATA)
    services.invite(invited, by=SYSTEM)

    used = db.session.scalars(select(Invitation).order_by(Invitation.id)).all()
    assert [one.used_at is not None for one in used] == [True, False]


def test_an_inactive_account_is_not_opened_by_its_link(visitor, invited, link):
    invited.is_active = False
    db.session.commit()

    assert visitor.get(link).status_code == 410


def test_a_link_overtaken_while_the_password_was_hashed_sets_nothing(invited, link):
    token = link.rpartition("/")[2]
    invited.is_active = False
    db.session.commit()

    with pytest.raises(services.InvitationOver), transaction():
        services.accept_invitation(token, password_hash="x")

    db.session.refresh(invited)
    assert invited.password_hash is None
    assert db.session.scalars(select(Invitation)).one().used_at is None


def test_a_link_used_in_another_window_meanwhile_says_so(visitor, link, monkeypatch):
    def overtaken(_token, *, password_hash):
        raise services.InvitationOver

    monkeypatch.setattr(services, "accept_invitation", overtaken)

    assert visitor.post(link, data=DATA).status_code == 410


def test_a_new_password_by_link_ends_the_sessions_of_the_old_one(
    client_for, visitor, planner, sign_in, is_in
):
    sign_in(visitor, "planner")
    token = services.invite(planner, by=SYSTEM)

    client_for(None).post(f"/invitations/{token}", data=DATA)

    assert not is_in(visitor)


@pytest.mark.parametrize("token", ["x" * 43, "A" * 43])
def test_a_link_nobody_made_is_no_longer_valid(visitor, token):
    assert visitor.get(f"/invitations/{token}").status_code == 410


@pytest.mark.parametrize("token", ["x", "x" * 44, "0"])
def test_a_link_of_another_length_does_not_exist(visitor, token):
    assert visitor.get(f"/invitations/{token}").status_code == 404


def test_only_a_digest_of_the_link_is_kept(link):
    kept = db.session.scalars(select(Invitation)).one()

    assert kept.token_digest not in link
    assert len(kept.token_digest) == 64


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"password": "short", "repeated": "short"},
        {"password": NEW, "repeated": "another"},
        {"password": "\0", "repeated": "\0"},
        {"password": "x" * 100_000, "repeated": "x" * 100_000},
    ],
)
def test_a_password_that_is_not_good_enough_leaves_the_link_good(visitor, link, data):
    assert visitor.post(link, data=data).status_code == 422
    assert visitor.get(link).status_code == 200


def test_the_inviter_sees_the_link_once(client_for, chief, invited):
    client = client_for(chief)

    page = client.post(f"/users/{invited.id}/invite", follow_redirects=True).text
    again = client.get(f"/users/{invited.id}").text

    assert "http://localhost/invitations/" in page
    assert "http://localhost/invitations/" not in again
    assert "Link valid until" in again


def test_the_link_of_one_person_is_not_shown_beside_another(client_for, chief, invited, planner):
    client = client_for(chief)
    client.post(f"/users/{invited.id}/invite")

    assert "/invitations/" not in client.get(f"/users/{planner.id}").text
    assert "/invitations/" in client.get(f"/users/{invited.id}").text


def test_nobody_is_invited_into_an_inactive_account(client_for, chief, invited):
    invited.is_active = False

    assert client_for(chief).post(f"/users/{invited.id}/invite").status_code == 409


def test_inviting_and_accepting_are_audited(visitor, invited, link, entries):
    visitor.post(link, data=DATA)

    (asked,) = entries("accounts.invite")
    (accepted,) = entries("accounts.set_password")
    assert asked.subject_name == "invited"
    assert accepted.actor_id == invited.id
