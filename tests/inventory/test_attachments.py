import io

import pytest
from PIL import Image

from carecampaign.access.actor import SYSTEM
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentAttachment
from tests.factories import OrganizationFactory, StationFactory
from tests.inventory.pages import filled, keeper, lead_of
from tests.inventory.stock import receive


@pytest.fixture
def receipt(warehouse, gloves):
    return receive(warehouse, gloves, 10)


def picture(name="invoice.jpg", kind="JPEG"):
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(stream, kind)
    stream.seek(0)
    return stream, name


def attached() -> int:
    return db.session.query(DocumentAttachment).count()


def test_an_invoice_is_put_to_its_receipt_and_seen_there(client_for, union, receipt):
    client = client_for(keeper(union))
    url = f"/inventory/documents/{receipt.id}/attachments"
    form = filled(kind="invoice", photo=picture())
    assert client.post(f"{url}/new", data=form).status_code == 302
    again = filled(kind="invoice", photo=picture()) | {"command_id": form["command_id"]}
    assert client.post(f"{url}/new", data=again).status_code == 302
    assert attached() == 1
    row = db.session.query(DocumentAttachment).one()
    page = client.get(f"/inventory/documents/{receipt.id}")
    assert f"{url}/{row.id}/thumb" in page.text
    for size in ("full", "thumb"):
        answer = client.get(f"{url}/{row.id}/{size}")
        assert answer.status_code == 200
        assert answer.mimetype == "image/jpeg"


def test_an_electronic_invoice_is_kept_as_it_is_and_handed_out_to_be_saved(
    client_for, union, receipt
):
    client = client_for(keeper(union))
    url = f"/inventory/documents/{receipt.id}/attachments"
    content = b"%PDF-1.7 the invoice %%EOF"
    form = filled(kind="invoice", photo=(io.BytesIO(content), "发票.pdf"))
    assert client.post(f"{url}/new", data=form).status_code == 302
    row = db.session.query(DocumentAttachment).one()

    assert "发票.pdf" in client.get(f"/inventory/documents/{receipt.id}").text
    answer = client.get(f"{url}/{row.id}/full")
    assert answer.data == content
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{url}/{row.id}/thumb").status_code == 404


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "nonsense"},
        {"photo": (io.BytesIO(b"no picture"), "x.jpg")},
        {"photo": (io.BytesIO(b"%PDF-1.7 cut off"), "x.pdf")},
    ],
)
def test_what_is_neither_picture_nor_paper_is_refused(client_for, union, receipt, values):
    client = client_for(keeper(union))
    answer = client.post(
        f"/inventory/documents/{receipt.id}/attachments/new", data=filled(**values)
    )
    assert answer.status_code == 422
    assert attached() == 0


def test_who_takes_goods_in_may_show_the_damage(client_for, union, receipt, warehouse, gloves):
    post = StationFactory(owner=union)
    place = inventory.ensure_station_location(post)
    transfer = inventory.dispatch(warehouse, place, [inventory.Line(gloves, 3)], by=SYSTEM)
    client = client_for(lead_of(post))
    url = f"/inventory/documents/{transfer.id}/attachments/new"
    form = filled(kind="photo", photo=picture())
    assert client.post(url, data=form).status_code == 302
    assert attached() == 1
    url = f"/inventory/documents/{receipt.id}/attachments/new"
    assert client.get(url).status_code == 404


def test_strangers_see_no_attachment(client_for, union, receipt):
    url = f"/inventory/documents/{receipt.id}/attachments"
    client_for(keeper(union)).post(f"{url}/new", data=filled(kind="photo", photo=picture()))
    row = db.session.query(DocumentAttachment).one()
    other = receive(receipt.target, receipt.lines[0].item, 1)
    client = client_for(keeper(OrganizationFactory()))
    assert client.get(f"{url}/{row.id}/full").status_code == 404
    assert client.get(f"{url}/new").status_code == 404
    own = client_for(keeper(union))
    mixed_up = f"/inventory/documents/{other.id}/attachments/{row.id}/full"
    assert own.get(mixed_up).status_code == 404
    assert own.get(f"{url}/{row.id}/medium").status_code == 404
