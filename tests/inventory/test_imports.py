import io

import openpyxl
import pytest

from carecampaign.core.db import db
from carecampaign.core.uploads import StagedUpload
from carecampaign.inventory.models import StockDocument
from tests.factories import FundSourceFactory, OrganizationFactory
from tests.inventory.pages import documents, filled, keeper
from tests.inventory.stock import level, lots

pytestmark = pytest.mark.usefixtures("adds_up")

HEADINGS = "Code,Quantity,Unit price (yuan),Batch,Expiry,Ordered,Reason for the difference\n"


@pytest.fixture
def fund(union):
    return FundSourceFactory(organization=union)


@pytest.fixture
def client(client_for, union, warehouse, fund, gloves, cups):
    return client_for(keeper(union))


def send(client, text):
    file = (io.BytesIO(text.encode()), "lines.csv")
    return client.post("/inventory/receive/import", data={"file": file})


def head(warehouse, fund, **values):
    return filled(
        **{
            "target": warehouse.id,
            "fund_source": fund.id,
            "origin": "bought",
            "counterpart": "Some shop",
            "dated_on": "2026-11-20",
            **values,
        }
    )


def test_a_table_is_looked_at_before_it_is_posted(client, warehouse, fund, gloves, cups):
    rows = f"{gloves.code},200,7.50,L1,2028-01-31,,\n{cups.code},3,20,,,5,two broken\n"
    answer = send(client, HEADINGS + rows)
    assert answer.status_code == 302
    page = client.get(answer.location)
    for said in ("Gloves", "¥1,500.00", "Jan 31, 2028"):
        assert said in page.text
    assert documents() == 0
    form = head(warehouse, fund)
    posted = client.post(answer.location, data=form)
    assert posted.status_code == 302
    assert level(warehouse, gloves) == (200, 0)
    assert lots(warehouse, gloves) == [(750, 200)]
    note = db.session.query(StockDocument).one()
    assert [(row.quantity, row.ordered) for row in note.lines] == [(200, None), (3, 5)]
    assert db.session.query(StagedUpload).count() == 0
    assert client.post(answer.location, data=form).status_code == 404
    assert documents() == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("NONE,1,1,,,,", "No item in use has this code."),
        ("{code},0,1,,,,", "Enter a number from 1"),
        ("{code},1.5,1,,,,", "no whole number"),
        ("{code},,1,,,,", "may not be empty"),
        ("{code},1,x,,,,", "amount in yuan"),
        ("{code},1,99999999,,,,", "amount in yuan"),
        ("{code},1,1,,tomorrow,,", "no date"),
        ("{code},1,1,,,3,", "Say why it is not what was ordered."),
        ("{code},1,1,,,,\n{code},2,1,,,,", "Row 2 has the same batch."),
    ],
)
def test_one_wrong_row_keeps_all_of_them_out(client, warehouse, fund, gloves, row, said):
    rows = f"{gloves.code},5,1,GOOD,,,\n" if "same" not in said else ""
    location = send(client, HEADINGS + rows + row.format(code=gloves.code) + "\n").location
    page = client.get(location)
    assert said in page.text
    assert client.post(location, data=head(warehouse, fund)).status_code in {200, 422}
    assert documents() == 0
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{location}/errors").data))
    assert any(said in str(cell) for line in book.active.values for cell in line)


@pytest.mark.parametrize(
    "values",
    [
        {"counterpart": ""},
        {"target": "999999"},
        {"fund_source": "x"},
        {"dated_on": "2999-01-01"},
        {"dated_on": "2026-11-22"},
    ],
)
def test_a_wrong_head_posts_nothing(client, warehouse, fund, gloves, values):
    location = send(client, HEADINGS + f"{gloves.code},5,1,,2026-11-21,,\n").location
    assert client.post(location, data=head(warehouse, fund, **values)).status_code == 422
    assert documents() == 0
    assert db.session.query(StagedUpload).count() == 1


@pytest.mark.parametrize("text", ["", "\0\0", "Code\n", HEADINGS, "a,b\n1,2\n"])
def test_what_is_no_table_is_refused_or_says_what_is_missing(client, text):
    answer = send(client, text)
    if answer.status_code == 302:
        assert "The column is missing." in client.get(answer.location).text
    else:
        assert answer.status_code == 422


def test_an_import_can_be_cancelled_and_is_nobody_elses(client, client_for, union, gloves):
    location = send(client, HEADINGS + f"{gloves.code},5,1,,,,\n").location
    other = client_for(keeper(OrganizationFactory()))
    assert other.get(location).status_code == 404
    assert other.get(f"{location}/errors").status_code == 404
    assert other.post(f"{location}/discard").status_code == 404
    assert db.session.query(StagedUpload).count() == 1
    assert client.post(f"{location}/discard").status_code == 302
    assert client.get(location).status_code == 404


def test_the_template_can_be_sent_back_as_it_is(client, gloves):
    gloves.code = "I0001"
    db.session.commit()
    book = client.get("/inventory/receive/template").data
    answer = client.post(
        "/inventory/receive/import", data={"file": (io.BytesIO(book), "template.xlsx")}
    )
    page = client.get(answer.location)
    assert "¥1,500.00" in page.text
