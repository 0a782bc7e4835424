"""Somebody names what a list shows; the name stands above the list, for them alone."""

import pytest
from sqlalchemy import select

from carecampaign.accounts.models import SavedView
from carecampaign.accounts.services.saved_views import MOST_VIEWS
from carecampaign.core.db import db
from tests.factories import FundSourceFactory, UserFactory

NEW = "/views/new"


@pytest.fixture
def planner(app):
    return UserFactory(name="Zhang Min")


@pytest.fixture
def client(planner, client_for):
    return client_for(planner)


@pytest.fixture
def save(client):
    """Save a view of a list, as the form does."""

    def send(name="Own money", query="kind=own_budget", path="/funds", **values):
        return client.post(
            NEW, query_string={"path": path, "query": query}, data={"name": name, **values}
        )

    return send


def views():
    db.session.rollback()
    return db.session.scalars(select(SavedView).order_by(SavedView.id)).all()


def test_a_view_stands_above_the_list_and_leads_to_what_it_shows(client, save):
    answer = save(query="kind=own_budget&page=3&sort=-name&q=")

    assert answer.location == "/funds?kind=own_budget&sort=-name"
    page = client.get(answer.location).text
    assert (
        'href="/funds?kind=own_budget&amp;sort=-name"\n               aria-current="page"' in page
    )
    assert "Own money" in page
    assert "Own money" not in client.get("/campaigns").text


def test_a_view_is_nobody_elses(client_for, planner, save):
    save()
    other = client_for(UserFactory(organization=planner.grants[0].organization))

    assert "Own money" not in other.get("/funds").text
    assert other.post(f"/views/{views()[0].id}/remove").status_code == 404
    assert len(views()) == 1


def test_a_list_begins_with_the_view_that_is_the_default(client, planner, save):
    source = FundSourceFactory(organization=planner.grants[0].organization, kind="donation")
    db.session.commit()
    save(is_default="y")

    assert client.get("/funds").location == "/funds?kind=own_budget"
    everything = client.get("/funds?view=all").text
    assert source.name in everything
    link = everything.split('href="/funds?view=all"')[1].split("</a>")[0]
    assert 'aria-current="page"' in link


def test_clearing_the_filters_does_not_lead_back_to_the_default(client, save):
    save(is_default="y")

    page = client.get("/funds?kind=own_budget").text
    assert page.count('href="/funds?view=all"') >= 3  # everything, clear, the chip's way out


def test_one_default_takes_the_place_of_another(save):
    save("One", "kind=own_budget", is_default="y")
    save("Two", "state=active", is_default="y")

    assert [(view.name, view.is_default) for view in views()] == [("One", False), ("Two", True)]


def test_saving_under_the_same_name_replaces_the_view(save):
    save(query="kind=own_budget", is_default="y")
    save(query="state=active")

    assert [(view.query, view.is_default) for view in views()] == [("state=active", False)]


def test_a_view_is_removed(client, save):
    save()

    answer = client.post(f"/views/{views()[0].id}/remove", data={"next": f"{NEW}?path=/funds"})

    assert answer.location == f"{NEW}?path=/funds"
    assert views() == []
    assert client.post("/views/1/remove").status_code == 404


def test_the_page_shows_the_views_of_its_list_only(client, save):
    save()
    save("Winter", "season=winter", path="/campaigns")

    page = client.get(NEW, query_string={"path": "/funds"}).text
    assert "Own money" in page
    assert "Winter" not in page


@pytest.mark.parametrize(
    ("name", "query", "message"),
    [
        ("", "kind=own_budget", "This field is required."),
        (" \0 ", "kind=own_budget", "This field is required."),
        ("x" * 41, "kind=own_budget", "longer than 40"),
        ("Nothing", "", "The list is as it always is"),
        ("Nothing", "page=2&format=csv&view=all", "The list is as it always is"),
    ],
)
def test_what_cannot_be_a_view_is_refused_beside_its_field(save, name, query, message):
    answer = save(name, query)

    assert answer.status_code == 422
    assert message in answer.text
    assert views() == []


def test_there_are_only_so_many_views_of_a_list(save):
    for number in range(MOST_VIEWS):
        assert save(f"View {number}").status_code == 302

    assert "remove one first" in save("One more").text
    assert save("View 0", "state=active").status_code == 302
    assert len(views()) == MOST_VIEWS


@pytest.mark.parametrize(
    "path", ["", "/nowhere", "//evil.example", "https://evil.example/funds", "/funds/", "/\\x"]
)
def test_a_view_is_of_a_page_of_this_site(client, save, path):
    assert save(path=path).status_code == 404
    assert client.get(NEW, query_string={"path": path}).status_code == 404


def test_a_query_too_long_is_refused(save):
    assert save(query="q=" + "x" * 3000).status_code == 400


def test_signs_that_cannot_be_stored_are_left_out_of_a_query(save):
    assert save(query="q=a%00b&kind=own_budget").location == "/funds?kind=own_budget"
