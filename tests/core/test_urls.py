"""Ids in URLs are bounded, and a redirect never leaves the site."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule
from werkzeug.routing.exceptions import RequestRedirect

from carecampaign.core.limits import LARGEST_ID
from carecampaign.core.urls import IdConverter, page_number, url_with
from carecampaign.core.views import local_path

URLS = Map([Rule("/x/<id:row_id>", endpoint="x")], converters={"id": IdConverter}).bind(
    "a.example"
)


@given(st.integers(min_value=1, max_value=LARGEST_ID))
def test_an_id_a_database_can_hold_goes_both_ways(number):
    url = URLS.build("x", {"row_id": number})

    assert URLS.match(url) == ("x", {"row_id": number})


@pytest.mark.parametrize(
    "text", ["0", "-1", "01", str(LARGEST_ID + 1), "9" * 40, "1.5", "abc", "٣", "1%0a", ""]
)
def test_anything_else_is_not_found(text):
    with pytest.raises((NotFound, RequestRedirect)):
        URLS.match(f"/x/{text}")


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 1),
        ("page=3", 3),
        ("page=0", 1),
        ("page=-2", 1),
        ("page=abc", 1),
        ("page=²", 1),
        ("page=٣", 1),
        ("page=99999999999999999999", 1),
    ],
)
def test_a_page_number_is_read_or_counts_as_the_first(app, query, number):
    with app.test_request_context(f"/?{query}"):
        assert page_number() == number


def test_a_link_keeps_the_query_it_came_with(app):
    with app.test_request_context("/jobs?a=1&b=2&b=3"):
        assert url_with(page=2, a=None) == "/jobs?b=2&b=3&page=2"


@pytest.mark.parametrize(
    "query",
    [
        "endpoint=x",
        "_external=1",
        "_scheme=http",
        "_anchor=x",
        "_method=POST",
        "job_id=8",
        "self=1",
        "page=1&page=2",
    ],
)
def test_no_query_can_break_the_links_of_a_page(app, query):
    with app.test_request_context(f"/jobs/7?{query}"):
        url = url_with(page=2)

    assert url.startswith("/jobs/7?")
    assert url.endswith("page=2")


@pytest.mark.parametrize("path", ["/jobs", "/jobs?page=2", "/campaigns/1#x"])
def test_one_goes_back_to_a_page_of_this_site(app, path):
    with app.test_request_context():
        assert local_path(path) == path


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "jobs",
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/a\r\nSet-Cookie: x=1",
        "javascript:alert(1)",
        " //evil.example",
        "/\x00/evil.example",
    ],
)
def test_one_never_leaves_the_site(app, target):
    with app.test_request_context():
        assert local_path(target) == "/"


def test_the_language_is_kept_for_the_session(app):
    client = app.test_client()

    answer = client.post("/language", data={"language": "en", "next": "/sign-in"})
    assert answer.location == "/sign-in"
    assert '<html lang="en"' in client.get("/no-such-page").text
    client.post("/language", data={"language": "tlh", "next": "/"})
    assert '<html lang="en"' in client.get("/no-such-page").text
    client.post("/language", data={"language": "zh"})
    assert '<html lang="zh-CN"' in client.get("/no-such-page").text
