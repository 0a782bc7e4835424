"""Every kind of answer carries the headers, and errors are pages in words."""

import pytest
from flask import abort, request
from sqlalchemy import event
from sqlalchemy.exc import NoResultFound, OperationalError

from carecampaign.access import gate
from carecampaign.access.permissions import Role
from carecampaign.app import create_app
from carecampaign.core.db import db
from carecampaign.core.errors import Conflict, DomainError, NotFound
from tests.conftest import settings
from tests.factories import UserFactory

KINDS = {
    "/test/page": "<!doctype html><title>x</title>",
    "/test/json": {"x": 1},
    "/test/file": ("x", {"Content-Type": "text/csv"}),
}


def fail_with(error):
    def view():
        raise error

    return view


@pytest.fixture
def client(app):
    """A browser on an application with views that answer and fail in every way."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for path, answer in KINDS.items():
        add(app, path, lambda answer=answer: answer)
    for code in (400, 403, 404, 405, 409, 413, 429, 500, 418):
        add(app, f"/test/{code}", lambda code=code: abort(code))
    for name, error in {
        "not-found": NotFound("It is gone."),
        "no-row": NoResultFound(),
        "conflict": Conflict("Somebody was faster."),
        "unexpected": ZeroDivisionError("secret detail"),
    }.items():
        add(app, f"/test/{name}", fail_with(error))
    return app.test_client()


def add(app, path, view):
    app.add_url_rule(path, path, gate.public(view), methods=["GET", "POST"])


@pytest.mark.parametrize(
    "path",
    [
        *KINDS,
        "/healthz",
        "/readyz",
        "/static/css/app.css",
        "/sign-in",
        "/",
        "/no-such-page",
        "/test/409",
        "/test/500",
        "/test/unexpected",
        "/test/418",
    ],
)
def test_every_answer_carries_the_headers(client, path):
    with client.get(path) as answer:
        headers = answer.headers

    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=(self)" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/test/page", "/test/json", "/sign-in", "/no-such-page"])
def test_pages_are_kept_by_no_cache(client, path):
    assert client.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("code", [400, 403, 404, 405, 409, 413, 429, 500])
def test_every_error_is_a_page(client, code):
    answer = client.get(f"/test/{code}")

    assert answer.status_code == code
    assert "<h1" in answer.text


@pytest.mark.parametrize(
    ("path", "code", "words"),
    [
        ("/test/not-found", 404, "It is gone."),
        ("/test/no-row", 404, ""),
        ("/test/conflict", 409, "Somebody was faster."),
    ],
)
def test_a_broken_rule_is_a_page_with_its_words(client, path, code, words):
    answer = client.get(path)

    assert answer.status_code == code
    assert words in answer.text


@pytest.mark.parametrize("path", ["/campaigns/999999", "/campaigns/999999?tab=1"])
def test_a_page_that_is_not_there_leads_back_and_to_the_list_of_its_area(app, client_for, path):
    client = client_for(UserFactory(role=Role.PLANNER))
    before = "http://localhost/campaigns/1?tab=2"

    text = client.get(path, headers={"Referer": before}).text

    assert 'href="/campaigns/1?tab=2"' in text
    assert 'href="/campaigns"' in text
    assert "To the list: Campaigns" in text


@pytest.mark.parametrize(
    "before", [None, "https://elsewhere.example/campaigns", "http://[", "http://localhost//x"]
)
def test_no_error_leads_out_of_the_site_or_to_itself(client, before):
    itself = "http://localhost/test/conflict"
    for referrer in (before, itself):
        headers = {} if referrer is None else {"Referer": referrer}
        text = client.get("/test/conflict", headers=headers).text
        ways = text.partition('class="error-ways"')[2].partition("</div>")[0]

        assert ways.count("<a ") == 1
        assert 'href="/"' in ways


def test_whoever_may_not_open_a_list_is_not_sent_there(app, client_for):
    client = client_for(UserFactory(role=Role.VOLUNTEER))

    assert "To the list" not in client.get("/funds/999999/x").text


def test_an_unexpected_error_tells_the_log_and_not_the_reader(client, caplog):
    answer = client.get("/test/unexpected")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "secret detail" in caplog.text


def test_without_a_database_somebody_signed_in_still_reads_what_happened(app, client_for):
    client = client_for(UserFactory(role=Role.PLANNER))

    def fail(*_statement):
        raise OperationalError("SELECT", {}, ConnectionError("the server is gone"))

    event.listen(db.engine, "before_cursor_execute", fail)
    answer = client.get("/campaigns")
    event.remove(db.engine, "before_cursor_execute", fail)

    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text


@pytest.mark.parametrize("path", ["/test/conflict", "/test/404", "/test/unexpected"])
def test_a_program_is_answered_in_json(client, path):
    answer = client.get(path, headers={"Accept": "application/json"})

    assert answer.status_code >= 400
    assert answer.json["error"]


def test_a_form_without_its_token_is_a_page_not_a_failure(app):
    app.config["WTF_CSRF_ENABLED"] = True

    answer = app.test_client().post("/language", data={"language": "en"})

    assert answer.status_code == 400
    assert "<h1" in answer.text


def test_a_body_too_large_is_refused_as_such(app):
    app.config["MAX_CONTENT_LENGTH"] = 100

    answer = app.test_client().post("/language", data={"language": "e" * 1000})

    assert answer.status_code == 413


def test_a_method_a_page_does_not_know_is_refused(client):
    assert client.delete("/sign-in").status_code == 405


def test_behind_trusted_proxies_a_request_is_what_they_say(database_url, tmp_path):
    app = create_app({**settings(database_url, tmp_path), "TRUSTED_PROXIES": 1})
    app.add_url_rule("/scheme", "scheme", gate.public(lambda: {"scheme": request.scheme}))

    answer = app.test_client().get("/scheme", headers={"X-Forwarded-Proto": "https"})

    assert answer.json == {"scheme": "https"}


def test_without_trusted_proxies_nobody_is_believed(client, app):
    add(app, "/test/scheme", lambda: {"scheme": request.scheme})

    answer = client.get("/test/scheme", headers={"X-Forwarded-Proto": "https"})

    assert answer.json == {"scheme": "http"}


def test_an_error_knows_which_field_to_blame():
    assert DomainError("No.", field="quantity").field == "quantity"
    assert DomainError("No.").field is None
    assert str(DomainError("No.")) == "No."
