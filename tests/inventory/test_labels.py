from datetime import date

import pytest

from carecampaign.core.db import db
from carecampaign.inventory.labels import LabelCode, read_code
from carecampaign.inventory.models import Lot
from tests.factories import OrganizationFactory
from tests.inventory.pages import keeper
from tests.inventory.stock import receive
from tests.inventory.test_papers import words_of


@pytest.fixture
def lot(warehouse, gloves):
    receive(warehouse, gloves, 24, lot_code="L-7", expires_on=date(2028, 1, 31))
    return db.session.query(Lot).one()


@pytest.mark.parametrize("code", ["B12", "B12-3", "P7"])
def test_a_code_reads_as_it_is_written(code):
    assert str(read_code(code)) == code
    assert read_code(f" {code.lower()} ") == read_code(code)


@pytest.mark.parametrize(
    "code", ["", "B", "B0", "X1", "P7-1", "B1-0", "B１", "B" + "9" * 30, "B1/2"]
)
def test_what_is_no_code_is_none(code):
    assert read_code(code) is None


def test_a_label_leads_to_its_batch(client_for, union, warehouse, lot):
    page = client_for(keeper(union)).get(f"/stock/labels/{LabelCode('batch', lot.id, 2)}")
    for said in ("L-7", warehouse.name, "24", "Gloves", f"B{lot.id}-2"):
        assert said in page.text


def test_a_label_of_a_place_leads_to_its_page(client_for, union, warehouse):
    answer = client_for(keeper(union)).get(f"/stock/labels/P{warehouse.id}")
    assert answer.location == f"/inventory/locations/{warehouse.id}"


def test_a_code_may_be_typed(client_for, union, lot):
    client = client_for(keeper(union))
    answer = client.get(f"/stock/labels?code=b{lot.id}")
    assert answer.location == f"/stock/labels/B{lot.id}"
    assert "A code looks like" in client.get("/stock/labels?code=hello").text


def test_strangers_learn_nothing_from_a_label(client_for, warehouse, lot):
    client = client_for(keeper(OrganizationFactory()))
    for code in (f"B{lot.id}", "B999999", "nonsense/x"):
        assert client.get(f"/stock/labels/{code}").status_code == 404
    assert client.get(f"/stock/labels/sheet?location={warehouse.id}&place=1").status_code == 404


def test_labels_are_printed_for_the_place_and_its_cartons(client_for, union, warehouse, lot):
    client = client_for(keeper(union))
    assert "L-7" in client.get(f"/stock/labels?location={warehouse.id}").text
    url = f"/stock/labels/sheet?location={warehouse.id}&place=1&batch-{lot.id}="
    words = words_of(client.get(url + "25"))
    for said in (f"P{warehouse.id}", f"B{lot.id}-25", "Carton 25 of 25", "L-7", "2028-01-31"):
        assert said in words
    assert words.count("\f") == 2


@pytest.mark.parametrize("count", ["", "0", "-1", "x", "²", "9" * 30])
def test_no_labels_bring_one_back(client_for, union, warehouse, lot, count):
    url = f"/stock/labels/sheet?location={warehouse.id}&place={count}"
    assert client_for(keeper(union)).get(url).status_code == 302
