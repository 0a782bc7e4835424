import pytest

import carecampaign.inventory.tasks  # noqa: F401 - makes the kind of job known
from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.inventory.models import LocationKind, StockLocation
from carecampaign.jobs import tasks
from carecampaign.jobs.models import Job
from tests.factories import OrganizationFactory, StockLocationFactory, UserFactory
from tests.inventory.pages import filled, keeper
from tests.inventory.stock import corrupt, receive
from tests.inventory.test_pages_documents import body_of


def test_places_are_listed_with_what_they_hold(
    client_for, union, warehouse, station, event, gloves
):
    receive(warehouse, gloves, 1234, unit_value=750)
    page = body_of(client_for(keeper(union)).get("/inventory/locations"))
    assert "1,234" in page
    assert "¥9,255.00" in page
    assert page.index(warehouse.name) < page.index(station.name)
    assert event.name not in page


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("kind=warehouse", True),
        ("kind=unit", False),
        ("text=cell", True),
        ("text=attic", False),
        ("kind=%00&text=%00", True),
        ("kind=transit", True),
        ("text=" + "x" * 500, True),
    ],
)
def test_places_are_filtered(client_for, union, warehouse, query, is_found):
    warehouse.name = "Cellar"
    page = client_for(keeper(union)).get(f"/inventory/locations?{query}")
    assert ("Cellar" in body_of(page)) is is_found


def test_retired_places_say_so_and_are_not_offered(client_for, union, warehouse):
    warehouse.is_active = False
    client = client_for(keeper(union))
    assert "Retired" in body_of(client.get("/inventory/locations"))
    assert warehouse.name not in client.get("/inventory/dispatch").text
    assert warehouse.name in client.get(f"/inventory?location={warehouse.id}").text


def test_without_places_the_page_says_what_to_do(client_for):
    client = client_for(keeper(OrganizationFactory()))
    assert "No place of stock yet" in client.get("/inventory/locations").text


def test_a_warehouse_is_set_up_for_an_organization_of_ones_own(client_for, union):
    client = client_for(keeper(union))
    assert union.name in client.get("/inventory/locations/new").text
    page = client.post(
        "/inventory/locations/new",
        data=filled(organization=union.id, name=" 一号仓库🎁 "),
        follow_redirects=True,
    )
    assert "<h1>一号仓库🎁</h1>" in page.text
    assert db.session.query(StockLocation).one().kind is LocationKind.WAREHOUSE


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name", ""),
        ("name", " \0 "),
        ("name", "x" * 101),
        ("organization", ""),
        ("organization", "999999"),
        ("organization", str(10**30)),
        ("organization", "\0"),
        ("organization", "-1"),
    ],
)
def test_a_warehouse_needs_a_name_and_an_organization(client_for, union, name, value):
    data = filled(**{"organization": union.id, "name": "Cellar", name: value})
    page = client_for(keeper(union)).post("/inventory/locations/new", data=data)
    assert page.status_code == 422
    assert f'id="{name}-errors"' in page.text
    assert db.session.query(StockLocation).count() == 0


def test_the_organization_of_strangers_cannot_be_chosen(client_for, union):
    data = filled(organization=OrganizationFactory().id, name="Cellar")
    page = client_for(keeper(union)).post("/inventory/locations/new", data=data)
    assert page.status_code == 422


def test_a_name_that_is_taken_is_refused_beside_it(client_for, union):
    StockLocationFactory(organization=union, name="Cellar")
    data = filled(organization=union.id, name="Cellar")
    page = client_for(keeper(union)).post("/inventory/locations/new", data=data)
    assert page.status_code == 422
    assert 'id="name-errors"' in page.text


def test_a_warehouse_sent_twice_is_set_up_once(client_for, union):
    client = client_for(keeper(union))
    data = filled(organization=union.id, name="Cellar")
    client.post("/inventory/locations/new", data=data)
    page = client.post("/inventory/locations/new", data=data, follow_redirects=True)
    assert "Cellar" in page.text
    assert db.session.query(StockLocation).count() == 1


# The check of the ledger


def test_a_ledger_that_adds_up_is_found_right(client_for, union, warehouse, gloves):
    receive(warehouse, gloves, 5)
    client = client_for(keeper(union))
    answer = client.post("/inventory/verify")
    job = db.session.query(Job).one()
    assert answer.location == f"/jobs/{job.id}"
    tasks.run_job(job.id)
    assert "adds up" in client.get(answer.location).text


def test_a_difference_is_named(client_for, union, warehouse, gloves):
    receive(warehouse, gloves, 5)
    corrupt(warehouse, gloves, on_hand=7)
    client = client_for(keeper(union))
    answer = client.post("/inventory/verify")
    tasks.run_job(db.session.query(Job).one().id)
    page = client.get(answer.location)
    assert "does not add up" in page.text
    assert "7" in page.text


def test_not_everybody_verifies(client_for, union):
    client = client_for(UserFactory(role=Role.PLANNER, organization=union))
    assert client.post("/inventory/verify").status_code == 403
