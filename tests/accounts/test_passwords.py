"""Passwords: which are good enough, how they are kept, how they are changed."""

import pytest

from carecampaign.accounts import passwords
from tests.accounts.conftest import PASSWORD

NEW = "warm hands, warm hearts"
HOSTILE = ["", " ", "\0", "x" * 100_000, "<b>"]


def fields(**changes):
    return {"old_password": PASSWORD, "password": NEW, "repeated": NEW, **changes}


@pytest.mark.parametrize("password", ["ten signs!", "一句自己记得住的话就行", "x" * 128])
def test_long_enough_is_good_enough(password):
    passwords.check_policy(password, username="planner")


@pytest.mark.parametrize(
    ("password", "username"),
    [
        ("nine sign", "planner"),
        ("x" * 129, "planner"),
        ("wangfang.planner", "WangFang.Planner"),
        ("Password123", "planner"),
        ("carecampaign-demo", "planner"),
    ],
)
def test_what_would_be_guessed_is_refused(password, username):
    with pytest.raises(passwords.WeakPassword):
        passwords.check_policy(password, username=username)


def test_the_common_ones_are_all_long_enough_to_need_listing():
    assert len(passwords.COMMON) > 100
    assert all(len(one) >= 10 and one == one.casefold() for one in passwords.COMMON)


def test_a_password_is_kept_as_argon2id_of_owasps_profile():
    kept = passwords.hash_password(NEW)

    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.is_right(NEW, kept)
    assert not passwords.is_right(NEW + " ", kept)
    assert not passwords.is_outdated(kept)


def test_the_same_signs_typed_on_another_keyboard_are_the_same_password():
    assert passwords.is_right("cafe\u0301 latte", passwords.hash_password("caf\u00e9 latte"))


def test_nothing_opens_an_account_without_a_password():
    assert not passwords.is_right("nobody signs in with this", None)


def test_a_hash_that_is_damaged_opens_nothing():
    assert not passwords.is_right(NEW, "$argon2id$damaged")


def test_changing_the_password_ends_all_other_sessions(
    client_for, visitor, planner, sign_in, is_in
):
    other = client_for(None)
    for client in (visitor, other):
        sign_in(client, "planner")

    response = visitor.post("/password", data=fields())

    assert response.location == "/"
    assert is_in(visitor)
    assert not is_in(other)
    assert sign_in(other, "planner").status_code == 422
    assert sign_in(other, "planner", NEW).status_code == 302


def test_changing_the_password_is_audited_without_it(client_for, planner, entries):
    client_for(planner).post("/password", data=fields())

    (entry,) = entries("accounts.set_password")
    assert (entry.actor_id, entry.changes) == (planner.id, {})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"old_password": "wrong"}, "This is not your present password."),
        ({"repeated": "warm hands"}, "This is not the same as above."),
        ({"password": "short", "repeated": "short"}, "Use at least 10 characters."),
        ({"password": "password123", "repeated": "password123"}, "widely known"),
        ({"password": "x" * 200, "repeated": "x" * 200}, "Use at most 128 characters."),
    ],
)
def test_a_change_that_cannot_be_says_why(client_for, planner, is_in, changes, words):
    client = client_for(planner)

    response = client.post("/password", data=fields(**changes))

    assert response.status_code == 422
    assert words in response.text
    assert is_in(client)


def test_a_weak_password_costs_no_attempt(client_for, planner):
    client = client_for(planner)
    for _number in range(12):
        client.post("/password", data=fields(password="short", repeated="short"))

    assert client.post("/password", data=fields()).status_code == 302


@pytest.mark.parametrize("field", ["old_password", "password", "repeated"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_is_refused(client_for, planner, field, text):
    response = client_for(planner).post("/password", data=fields(**{field: text}))

    assert response.status_code == 422


def test_strangers_change_no_password(visitor):
    assert visitor.post("/password", data=fields()).location == "/sign-in"
