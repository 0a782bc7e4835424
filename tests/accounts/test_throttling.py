"""Guessing is slowed down, and nobody is locked out for good."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from carecampaign.accounts import services
from carecampaign.accounts.models import SignInFailure
from carecampaign.accounts.services import signing_in
from carecampaign.core.db import db
from tests.factories import UserFactory

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def guess(visitor, sign_in):
    """Guess wrongly so many times; give the last answer."""

    def send(times, name="planner", address="203.0.113.7"):
        response = None
        for _number in range(times):
            visitor.environ_base["REMOTE_ADDR"] = address
            response = sign_in(visitor, name, "wrong")
        return response

    return send


@pytest.fixture
def few_addresses(monkeypatch):
    """Make the limit of an address small, so that a test need not guess a hundred times."""
    monkeypatch.setattr(signing_in, "FREE_PER_ADDRESS", 3)


def test_ten_wrong_guesses_are_free(clock, planner, guess):
    assert guess(10).status_code == 422


def test_the_next_one_has_to_wait_and_is_told_how_long(clock, planner, guess):
    response = guess(11)

    assert response.status_code == 429
    assert "Please try again in 10 seconds." in response.text
    assert response.headers["Retry-After"] == "10"


def test_while_waiting_the_right_password_does_not_open_either(
    clock, planner, guess, visitor, sign_in
):
    guess(10)

    assert sign_in(visitor, "planner").status_code == 429


def test_while_waiting_no_password_is_hashed(clock, planner, guess, monkeypatch):
    guess(10)
    monkeypatch.setattr("carecampaign.accounts.views.proving.is_right", pytest.fail)

    assert guess(1).status_code == 429


def test_after_the_wait_the_right_password_opens_and_starts_afresh(
    clock, planner, guess, visitor, sign_in, is_in
):
    guess(10)
    clock.shift(timedelta(seconds=10))

    assert sign_in(visitor, "planner").status_code == 302
    assert is_in(visitor)
    visitor.post("/sign-out")
    assert guess(10).status_code == 422


def test_the_wait_grows_and_stays_bounded(clock, planner, guess):
    guess(10)
    waits = []
    for _number in range(7):
        waits.append(int(guess(1).headers["Retry-After"]))
        clock.shift(timedelta(seconds=waits[-1]))
        assert guess(1).status_code == 422

    assert waits == [10, 20, 40, 80, 160, 300, 300]


def test_a_long_wait_is_told_in_minutes(clock, planner, guess):
    guess(10)
    for seconds in (10, 20, 40, 80, 160):
        clock.shift(timedelta(seconds=seconds))
        guess(1)

    assert "Please try again in 5 minutes." in guess(1).text


def test_waiting_does_not_make_the_wait_longer(clock, planner, guess):
    guess(30)
    clock.shift(timedelta(seconds=10))

    assert guess(1).status_code == 422


def test_guesses_of_an_hour_ago_are_forgotten(clock, planner, guess):
    guess(10)
    clock.shift(timedelta(hours=1))

    assert guess(10).status_code == 422


def test_all_names_of_an_account_count_together(clock, planner, guess):
    for name in ("planner", "13800138000", "wang@union.example"):
        guess(4, name)

    assert guess(1, "PLANNER").status_code == 429


def test_a_name_nobody_has_is_slowed_down_like_any_other(clock, planner, guess):
    assert guess(11, "nobody").status_code == 429


def test_one_name_slowed_down_leaves_the_others_free(clock, planner, guess, visitor, sign_in):
    UserFactory(username="other")
    guess(11)

    assert guess(1, "other").status_code == 422


def test_one_address_guessing_many_names_is_slowed_down(clock, planner, guess, few_addresses):
    for number in range(3):
        guess(1, f"name{number}")

    assert guess(1, "name9").status_code == 429
    assert guess(1, "name9", address="203.0.113.8").status_code == 422


def test_an_address_of_version_6_counts_by_its_site(clock, planner, guess, few_addresses):
    for number in range(3):
        guess(1, f"name{number}", address=f"2001:db8:0:1::{number}")

    assert guess(1, "name9", address="2001:db8:0:1:ffff::1").status_code == 429
    assert guess(1, "name9", address="2001:db8:0:2::1").status_code == 422


def test_an_address_that_is_none_counts_as_it_is_written(clock, planner, guess, few_addresses):
    for number in range(3):
        guess(1, f"name{number}", address="unix:")

    assert guess(1, "name9", address="unix:").status_code == 429


def test_people_who_sign_in_well_do_not_slow_down_their_office(
    clock, planner, visitor, sign_in, few_addresses
):
    for _number in range(5):
        assert sign_in(visitor, "planner").status_code == 302
        visitor.post("/sign-out")


def test_neither_names_nor_addresses_are_kept_readably(clock, planner, guess):
    guess(1)

    keys = db.session.scalars(select(SignInFailure.key)).all()
    assert len(keys) == 2
    assert all(len(key) == 64 and int(key, 16) for key in keys)


def test_old_failures_are_swept_by_the_next_success(clock, planner, guess, visitor, sign_in):
    guess(1, "nobody")
    clock.shift(timedelta(hours=2))
    sign_in(visitor, "planner")

    assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_an_attempt_counts_before_its_password_is_looked_at(clock, planner):
    """So that many guesses sent at once do not all slip through."""
    for _number in range(10):
        services.note_attempt("x", None, address="203.0.113.7")

    with pytest.raises(services.TooManyAttempts):
        services.note_attempt("x", None, address="203.0.113.7")


def test_guessing_the_present_password_when_changing_it_is_slowed_down_too(
    clock, planner, client_for
):
    client = client_for(planner)
    data = {"old_password": "wrong", "password": "a long new one", "repeated": "a long new one"}

    answers = [client.post("/password", data=data).status_code for _number in range(11)]

    assert answers == [422] * 10 + [429]
