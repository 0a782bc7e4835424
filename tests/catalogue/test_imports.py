import io

import pytest

from carecampaign.access.permissions import Role
from carecampaign.catalogue.models import Item
from carecampaign.core.db import db
from carecampaign.core.uploads import StagedUpload
from tests.factories import ItemFactory, UserFactory

HEADINGS = "Code,Name,Spec,Unit of measure,Reference value (yuan)\n"


@pytest.fixture
def client(client_for):
    ItemFactory(code="G0001", name="Cup")
    return client_for(UserFactory(role=Role.STOREKEEPER))


def send(client, text):
    file = (io.BytesIO(text.encode()), "items.csv")
    return client.post("/catalogue/items/import", data={"file": file})


def items() -> dict[str, tuple[str, int]]:
    return {row.code: (row.name, row.reference_value) for row in db.session.query(Item)}


def test_a_table_of_goods_is_looked_at_before_it_is_added(client):
    location = send(client, HEADINGS + "g0002,Gloves,red,pair,7.50\n,Scarf,,piece,\n").location
    page = client.get(location)
    assert "¥7.50" in page.text
    assert len(items()) == 1
    assert client.post(f"{location}/apply").status_code == 302
    # What got a code of its own did not take the one that a row asked for.
    assert items() == {"G0001": ("Cup", 0), "G0002": ("Gloves", 750), "G0003": ("Scarf", 0)}
    assert db.session.query(StagedUpload).count() == 0
    assert client.post(f"{location}/apply").status_code == 404


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("G0001,Gloves,,pair,", "Another item already has this code."),
        ("P0001-1,Gloves,,pair,", "kept for care packages"),
        (",,,pair,", "may not be empty"),
        (",Gloves,,pair,x", "amount in yuan"),
        ("G7,Gloves,,pair,\nG7,Cups,,piece,", "Row 3 has the same."),
    ],
)
def test_one_wrong_row_keeps_all_of_them_out(client, row, said):
    location = send(client, HEADINGS + ",Scarf,,piece,\n" + row + "\n").location
    assert said in client.get(location).text
    assert client.post(f"{location}/apply").status_code == 409
    assert len(items()) == 1
    assert client.get(f"{location}/errors").status_code == 200


def test_an_import_is_for_those_who_keep_the_catalogue(client, client_for):
    location = send(client, HEADINGS + ",Scarf,,piece,\n").location
    auditor = client_for(UserFactory(role=Role.AUDITOR))
    assert auditor.get("/catalogue/items/import").status_code == 403
    other = client_for(UserFactory(role=Role.STOREKEEPER))
    assert other.get(location).status_code == 404
    assert client.post(f"{location}/discard").status_code == 302
    assert client.get(location).status_code == 404


def test_the_template_can_be_sent_back_as_it_is(client):
    book = client.get("/catalogue/items/import/template").data
    answer = client.post(
        "/catalogue/items/import", data={"file": (io.BytesIO(book), "template.xlsx")}
    )
    assert "G0101" in client.get(answer.location).text
