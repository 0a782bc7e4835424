"""People sign in by account name, phone or e-mail, and out again."""

import argon2
import pytest
from sqlalchemy import select

from carecampaign.accounts.models import User
from carecampaign.accounts.passwords import is_outdated, is_right
from carecampaign.core.db import db
from tests.accounts.conftest import PASSWORD
from tests.factories import UserFactory

HOSTILE = ["", " ", "\0", "a\0b", "x" * 100_000, "<b>", "' OR 1=1 --", "@", "+86", "张三"]


@pytest.mark.parametrize(
    "name",
    [
        "planner",
        " Planner ",
        "13800138000",
        "+86 138 0013 8000",
        "１３８００１３８０００",
        "wang@union.example",
        "WANG@UNION.EXAMPLE",
    ],
)
def test_any_of_the_three_names_opens_the_account(visitor, planner, sign_in, is_in, name):
    response = sign_in(visitor, name)

    assert response.location == "/"
    assert is_in(visitor)


@pytest.mark.parametrize(
    ("name", "password"),
    [("planner", "wrong"), ("nobody", PASSWORD), ("planner", PASSWORD.upper()), ("@", PASSWORD)],
)
def test_a_wrong_name_and_a_wrong_password_look_alike(
    visitor, planner, sign_in, is_in, name, password
):
    response = sign_in(visitor, name, password)

    assert response.status_code == 422
    assert "The account name or the password is wrong." in response.text
    assert not is_in(visitor)


def test_somebody_invited_who_set_no_password_cannot_sign_in(visitor, sign_in, app):
    UserFactory(username="invited")

    assert sign_in(visitor, "invited").status_code == 422


def test_an_inactive_account_cannot_sign_in(visitor, planner, sign_in):
    planner.is_active = False
    db.session.commit()

    assert sign_in(visitor, "planner").status_code == 422


def test_an_unknown_name_costs_as_much_hashing_as_a_known_one(
    visitor, planner, sign_in, monkeypatch
):
    verified = []
    original = argon2.PasswordHasher.verify

    def count(self, kept, password):
        verified.append(kept)
        return original(self, kept, password)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", count)
    for name in ("planner", "nobody", "@"):
        sign_in(visitor, name, "wrong")

    assert len(verified) == 3
    assert all(kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for kept in verified)


def test_after_signing_in_people_come_to_the_page_they_wanted(visitor, planner, sign_in):
    asked = visitor.get("/campaigns?page=2")

    assert asked.location == "/sign-in?next=/campaigns?page%3D2"
    assert sign_in(visitor, "planner", next="/campaigns?page=2").location == "/campaigns?page=2"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/\t/evil.example/",
        "/\n/evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "http:/evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(visitor, planner, sign_in, target):
    response = sign_in(visitor, "planner", next=target)

    assert response.status_code == 302
    assert response.location == "/"


def test_whoever_is_signed_in_is_not_asked_again(visitor, planner, sign_in):
    sign_in(visitor, "planner")

    assert visitor.get("/sign-in?next=/campaigns").location == "/campaigns"


def test_a_session_offered_beforehand_is_not_taken_over(app, visitor, planner, sign_in):
    with visitor.session_transaction() as session:
        session["planted"] = "by an attacker"
        session["sid"] = "known to an attacker"
    sign_in(visitor, "planner")

    with visitor.session_transaction() as session:
        assert "planted" not in session
        assert session["sid"] != "known to an attacker"
        assert session["language"] == "en"


def test_signing_out_ends_the_session_here(visitor, planner, sign_in, is_in):
    sign_in(visitor, "planner")

    response = visitor.post("/sign-out")

    assert response.location == "/sign-in"
    assert "You are signed out." in visitor.get("/sign-in").text
    assert not is_in(visitor)


def test_signing_out_needs_a_post(visitor, planner, sign_in, is_in):
    sign_in(visitor, "planner")

    assert visitor.get("/sign-out").status_code == 405
    assert is_in(visitor)


def test_a_copied_cookie_is_worthless_after_signing_out(app, visitor, planner, sign_in, is_in):
    sign_in(visitor, "planner")
    thief = app.test_client()
    thief.set_cookie("session", visitor.get_cookie("session").value)
    assert is_in(thief)

    visitor.post("/sign-out")

    assert not is_in(thief)


def test_signing_out_here_leaves_the_other_browser_signed_in(
    client_for, visitor, planner, sign_in, is_in
):
    other = client_for(None)
    for client in (visitor, other):
        sign_in(client, "planner")

    visitor.post("/sign-out")

    assert is_in(other)


def test_signing_in_is_audited(visitor, planner, sign_in, entries):
    sign_in(visitor, "planner")

    (entry,) = entries("accounts.sign_in")
    assert (entry.actor_id, entry.subject_name) == (planner.id, "planner")
    assert entry.organization_path == planner.grants[0].organization.path


def test_a_hash_made_with_older_parameters_is_made_anew(visitor, planner, sign_in, is_in):
    older = argon2.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
    planner.password_hash = older.hash(PASSWORD)
    db.session.commit()

    sign_in(visitor, "planner")

    kept = db.session.scalars(select(User.password_hash).where(User.id == planner.id)).one()
    assert not is_outdated(kept)
    assert is_right(PASSWORD, kept)
    assert is_in(visitor)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_input_is_refused_beside_the_field(visitor, planner, sign_in, text):
    for response in (sign_in(visitor, text, "wrong"), sign_in(visitor, "planner", text)):
        assert response.status_code == 422


def test_sending_nothing_is_refused(visitor):
    assert visitor.post("/sign-in").status_code == 422


def test_the_form_can_be_filled_by_a_password_manager(visitor):
    page = visitor.get("/sign-in").text

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert 'name="username"' in page


def test_the_password_is_never_sent_back(visitor, planner, sign_in):
    assert "secret-typed" not in sign_in(visitor, "planner", "secret-typed").text


def test_no_demo_accounts_are_offered_outside_the_demo(visitor, planner):
    assert "Demo accounts" not in visitor.get("/sign-in?as=planner").text


def test_the_demo_offers_its_accounts_with_their_roles(app, visitor, planner):
    app.config["DEMO"] = True

    page = visitor.get("/sign-in").text

    assert "Demo accounts" in page
    assert "Planner" in page
    assert "carecampaign-demo" in page
    assert "auditor" not in page


def test_choosing_a_demo_account_fills_in_the_form(app, visitor, planner):
    app.config["DEMO"] = True

    page = visitor.get("/sign-in?as=planner&next=/campaigns").text

    assert 'value="planner"' in page
    assert 'value="carecampaign-demo"' in page


def test_an_unknown_demo_account_fills_in_nothing(app, visitor, planner):
    app.config["DEMO"] = True

    assert 'value="carecampaign-demo"' not in visitor.get("/sign-in?as=root").text
