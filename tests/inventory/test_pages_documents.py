from datetime import date

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, StockDocument
from tests.factories import CampaignFactory, OrganizationFactory, StationFactory, UserFactory
from tests.inventory.pages import documents, filled, keeper, lead_of
from tests.inventory.stock import level, receive

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def receipt(warehouse, gloves):
    return receive(warehouse, gloves, 100, unit_value=750, expires_on=date(2128, 1, 31))


@pytest.fixture
def transfer(receipt, warehouse, station, gloves):
    campaign = CampaignFactory(name="Warm winter")
    lines = [inventory.Line(gloves, 40)]
    return inventory.dispatch(warehouse, station, lines, campaign=campaign, by=SYSTEM)


def body_of(page):
    """The rows of the list on a page, without its filters."""
    return page.text.split("<tbody>")[1].split("</tbody>")[0] if "<tbody>" in page.text else ""


def test_documents_are_listed_by_their_numbers(client_for, union, receipt, transfer):
    page = body_of(client_for(keeper(union)).get("/inventory/documents"))
    assert "Receipt 2026-0001" in page
    assert "Transfer 2026-0001" in page


def test_numbers_are_chinese_on_chinese_pages(client_for, union, receipt):
    page = client_for(keeper(union), "zh").get("/inventory/documents")
    assert "2026-0001" in page.text


@pytest.mark.parametrize(
    ("query", "is_receipt", "is_transfer"),
    [
        ("kind=receipt", True, False),
        ("state=in_transit", False, True),
        ("kind=receipt&state=in_transit", False, False),
        ("since=2026-11-25", False, False),
        ("until=2026-11-24", True, True),
        ("kind=%00&state=🎁&organization=x&campaign=-1&since=%00&until=9999-99-99", True, True),
        (f"organization={10**30}&location={10**30}&campaign={10**30}", True, True),
        ("page=99999999999999999999&since=0001-01-01", True, True),
    ],
)
def test_documents_are_filtered(
    client_for, union, receipt, transfer, query, is_receipt, is_transfer
):
    receipt.dated_on = transfer.dated_on = date(2026, 11, 24)
    page = body_of(client_for(keeper(union)).get(f"/inventory/documents?{query}"))
    assert ("Receipt 2026-0001" in page) is is_receipt
    assert ("Transfer 2026-0001" in page) is is_transfer


def test_documents_are_filtered_by_organization_campaign_and_place(
    client_for, union, receipt, transfer, station
):
    client = client_for(UserFactory(role=Role.AUDITOR, organization=union))
    campaign = transfer.campaign
    campaign.organizer_id = union.id
    db.session.commit()
    for query in (f"organization={union.id}", f"location={station.id}", f"campaign={campaign.id}"):
        assert "Transfer 2026-0001" in body_of(client.get(f"/inventory/documents?{query}"))
    assert "Receipt" not in body_of(client.get(f"/inventory/documents?campaign={campaign.id}"))


def test_a_list_without_documents_says_what_to_do(client_for):
    client = client_for(keeper(OrganizationFactory()))
    assert "No stock document yet" in client.get("/inventory/documents").text
    assert "No document matches" in client.get("/inventory/documents?kind=receipt").text


def test_a_list_takes_as_many_queries_for_many_documents(
    client_for, count_queries, union, warehouse, gloves
):
    client = client_for(keeper(union))
    receive(warehouse, gloves, 1)
    db.session.commit()
    with count_queries() as for_one:
        client.get("/inventory/documents")
    for _number in range(5):
        receive(warehouse, gloves, 1)
    db.session.commit()
    with count_queries() as for_six:
        client.get("/inventory/documents")
    assert len(for_six) == len(for_one)


def test_a_document_takes_as_many_queries_for_many_lines(
    client_for, count_queries, union, warehouse, gloves, cups
):
    client = client_for(keeper(union))
    short = receive(warehouse, gloves, 1)
    receive(warehouse, cups, 9)
    long = inventory.move_stock(
        DocumentKind.RETURN,
        warehouse,
        inventory.create_warehouse("Other", organization=union, by=SYSTEM),
        [inventory.Line(gloves, 1), inventory.Line(cups, 3)],
        by=SYSTEM,
    )
    db.session.commit()
    with count_queries() as for_short:
        client.get(f"/inventory/documents/{short.id}")
    with count_queries() as for_long:
        client.get(f"/inventory/documents/{long.id}")
    assert len(for_long) <= len(for_short) + 1


def test_a_receipt_prints_with_the_columns_of_its_form(client_for, union, receipt):
    page = client_for(keeper(union), "en").get(f"/inventory/documents/{receipt.id}")
    for words in (
        "Goods-received note 2026-0001",
        "Supplier",
        "Some shop",
        "¥7.50",
        "¥750.00",
        "Expiry",
        "2128-01-31",
        "Batch",
        "Delivered by",
        "Inspected by",
        "Stock keeper",
    ):
        assert words in page.text


def test_a_transfer_prints_what_was_sent_and_received(client_for, union, transfer):
    page = client_for(keeper(union)).get(f"/inventory/documents/{transfer.id}")
    for words in (
        "Transfer note 2026-0001",
        "Shortfall",
        "Sent by",
        "Received by",
        "Warm winter",
    ):
        assert words in page.text
    assert "On the way to" in page.text


def test_every_kind_of_document_has_its_page(client_for, union, warehouse, event, gloves, receipt):
    lines = [inventory.Line(gloves, 2)]
    opened = inventory.move_stock(DocumentKind.OPENING, warehouse, event, lines, by=SYSTEM)
    missing = inventory.post_difference(event, gloves, -1, reason="Torn", by=SYSTEM)
    client = client_for(keeper(union))
    for paper, words in ((opened, "Event opening note"), (missing, "Difference note")):
        page = client.get(f"/inventory/documents/{paper.id}")
        assert words in page.text
        assert f"/documents/{paper.id}/reverse" not in page.text


def test_a_station_lead_sees_the_papers_of_the_station_only(
    client_for, union, receipt, warehouse, gloves
):
    post = StationFactory(owner=union)
    lines = [inventory.Line(gloves, 1)]
    place = inventory.ensure_station_location(post)
    transfer = inventory.dispatch(warehouse, place, lines, by=SYSTEM)
    client = client_for(lead_of(post))
    page = client.get(f"/inventory/documents/{transfer.id}")
    assert "Receive arrival" in page.text
    assert f"/inventory/locations/{warehouse.id}" not in page.text
    assert client.get(f"/inventory/documents/{receipt.id}").status_code == 404
    assert "Receipt" not in body_of(client.get("/inventory/documents"))
    assert "Transfer" in body_of(client.get("/inventory/documents"))


def test_the_documents_of_strangers_are_not_there(client_for, receipt):
    client = client_for(keeper(OrganizationFactory()))
    assert client.get(f"/inventory/documents/{receipt.id}").status_code == 404
    assert client.get("/inventory/documents/999999").status_code == 404
    assert client.get(f"/inventory/documents/{10**30}").status_code == 404
    assert "Receipt 2026" not in client.get("/inventory/documents").text


# Reversal


def test_a_receipt_is_reversed_with_a_reason(client_for, union, warehouse, receipt, gloves):
    client = client_for(keeper(union))
    assert "Reason" in client.get(f"/inventory/documents/{receipt.id}/reverse").text
    page = client.post(
        f"/inventory/documents/{receipt.id}/reverse",
        data=filled(reason="Typed twice"),
        follow_redirects=True,
    )
    assert "Reversal note 2026-0001" in page.text
    assert "Typed twice" in page.text
    assert "Receipt 2026-0001" in page.text
    assert level(warehouse, gloves) == (0, 0)
    assert "This document was reversed" in client.get(f"/inventory/documents/{receipt.id}").text


def test_a_reversal_sent_twice_is_posted_once(client_for, union, receipt):
    client = client_for(keeper(union))
    data = filled(reason="Typed twice")
    first = client.post(f"/inventory/documents/{receipt.id}/reverse", data=data)
    second = client.post(f"/inventory/documents/{receipt.id}/reverse", data=data)
    assert first.location == second.location
    assert documents() == 2


def test_a_thing_is_reversed_once(client_for, union, receipt):
    client = client_for(keeper(union))
    client.post(f"/inventory/documents/{receipt.id}/reverse", data=filled(reason="Wrong"))
    again = client.post(f"/inventory/documents/{receipt.id}/reverse", data=filled(reason="Wrong"))
    assert again.status_code == 409
    page = client.get(f"/inventory/documents/{receipt.id}/reverse", follow_redirects=True)
    assert "cannot be reversed" in page.text


def test_what_went_on_cannot_be_taken_back(client_for, union, receipt, transfer):
    page = client_for(keeper(union)).post(
        f"/inventory/documents/{receipt.id}/reverse", data=filled(reason="Wrong")
    )
    assert page.status_code == 422
    assert "only 60 of Gloves left" in page.text
    assert documents() == 2


@pytest.mark.parametrize("reason", ["", "  ", "\0", "x" * 201])
def test_a_reversal_needs_a_reason_of_sensible_length(client_for, union, receipt, reason):
    page = client_for(keeper(union)).post(
        f"/inventory/documents/{receipt.id}/reverse", data=filled(reason=reason)
    )
    assert page.status_code == 422
    assert 'id="reason-errors"' in page.text
    assert documents() == 1


def test_only_those_who_keep_the_stock_reverse(
    client_for, union, receipt, warehouse, event, gloves
):
    strange = client_for(keeper(OrganizationFactory()))
    url = f"/inventory/documents/{receipt.id}/reverse"
    assert strange.get(url).status_code == 404
    assert strange.post(url, data=filled(reason="Mine")).status_code == 404
    auditor = client_for(UserFactory(role=Role.AUDITOR, organization=union))
    assert auditor.post(url, data=filled(reason="Mine")).status_code == 403
    lines = [inventory.Line(gloves, 2)]
    opened = inventory.move_stock(DocumentKind.OPENING, warehouse, event, lines, by=SYSTEM)
    own = client_for(keeper(union))
    assert own.get(f"/inventory/documents/{opened.id}/reverse").status_code == 404
    assert db.session.query(StockDocument).filter_by(kind=DocumentKind.REVERSAL).count() == 0
