import shutil
import subprocess
from datetime import date

import pytest

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.inventory import services as inventory
from carecampaign.inventory.models import DocumentKind, WriteOffCause
from carecampaign.inventory.queries import lots_at
from tests.factories import (
    CampaignFactory,
    FundSourceFactory,
    ItemFactory,
    OrganizationFactory,
    StationFactory,
)
from tests.inventory.pages import keeper
from tests.inventory.people import somebody
from tests.inventory.stock import package_of, receive

pytestmark = pytest.mark.usefixtures("adds_up")


def words_of(answer) -> str:
    """The text of a PDF, where the machine can read it."""
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed: apt install poppler-utils")
    read = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=answer.data, capture_output=True, check=True
    )
    return read.stdout.decode()


def paper(client, document) -> str:
    return words_of(client.get(f"/inventory/documents/{document.id}/pdf"))


def test_a_goods_received_note_says_what_an_office_wants_to_know(
    client_for, union, warehouse, gloves
):
    document = receive(
        warehouse, gloves, 100, unit_value=1050, lot_code="L-7", expires_on=date(2028, 1, 31)
    )
    words = paper(client_for(keeper(union)), document)
    for said in (
        "Goods-received note",
        "2026-0001",
        union.name,
        "Some shop",
        warehouse.name,
        "Gloves",
        "L-7",
        "2028-01-31",
        "10.50",
        "1,050.00",
        "Total of this page",
        "Grand total",
        "壹仟零伍拾元整",
        "Stock keeper",
        "In three copies",
        "Page 1 of 1",
    ):
        assert said in words


def test_a_paper_of_many_lines_adds_up_each_of_its_pages(client_for, union, warehouse):
    lines = [
        inventory.ReceiptLine(
            ItemFactory(name=f"Item {number} " + "very long " * (number % 9)), 1, 100
        )
        for number in range(120)
    ]
    document = inventory.receive_goods(
        warehouse,
        lines,
        fund_source=FundSourceFactory(),
        is_donated=True,
        counterpart="Some firm",
        dated_on=date(2026, 11, 24),
        by=SYSTEM,
    )
    words = paper(client_for(keeper(union)), document)
    pages = words.split("\f")
    sums = [
        float(line.split()[-1])
        for page in pages
        for line in page.splitlines()
        if line.strip().startswith("Total of this page")
    ]
    assert len(sums) > 2
    assert sum(sums) == 120.0
    assert "壹佰贰拾元整" in words
    assert f"of {len(pages) - 1}" in words


def test_a_transfer_note_says_what_arrived(client_for, union, warehouse, station, gloves):
    receive(warehouse, gloves, 10, unit_value=100)
    campaign = CampaignFactory(name="Warm winter")
    lines = [inventory.Line(gloves, 8)]
    document = inventory.dispatch(warehouse, station, lines, campaign=campaign, by=SYSTEM)
    client = client_for(keeper(union))
    before = paper(client, document)
    assert "In transit" in before
    assert "Warm winter" in before
    arrival = inventory.Arrival(5, "wet")
    inventory.receive_transfer(document, {document.lines[0].id: arrival}, by=SYSTEM)
    after = paper(client_for(keeper(union)), document)
    assert "wet" in after
    assert "-3" in after
    assert "In transit" not in after


def test_a_reversed_document_says_so_and_by_what(client_for, union, warehouse, gloves):
    document = receive(warehouse, gloves, 10)
    reversal = inventory.reverse(document, reason="Counted twice", by=SYSTEM)
    client = client_for(keeper(union))
    assert "Reversed by Reversal 2026-0001" in paper(client, document)
    words = paper(client, reversal)
    assert "Counted twice" in words
    assert "Receipt 2026-0001" in words


def test_what_was_used_up_does_not_count_with_what_was_made(client_for, union, warehouse, gloves):
    receive(warehouse, gloves, 10, unit_value=100)
    document = inventory.assemble(warehouse, package_of((gloves, 2)), quantity=5, by=SYSTEM)
    words = paper(client_for(keeper(union)), document)
    assert "Used" in words
    assert "Made" in words
    assert "壹拾元整" in words


def test_fewer_than_were_ordered_stands_with_its_reason(client_for, union, warehouse, gloves):
    document = receive(warehouse, gloves, 8, ordered=10, difference_reason="Sold out")
    assert "-2 Sold out" in paper(client_for(keeper(union)), document)


def test_a_posted_stock_take_adds_gain_and_loss_up_by_their_signs(
    client_for, union, warehouse, gloves, cups
):
    receive(warehouse, gloves, 10, unit_value=300, lot_code="L-7", expires_on=date(2028, 1, 31))
    receive(warehouse, cups, 10, unit_value=500)
    counter, approver = somebody(union), somebody(union, Role.APPROVER)
    take = inventory.open_stock_take(warehouse, is_blind=True, witness="", by=counter)
    counted = {gloves.id: 8, cups.id: 11}
    for line in take.lines:
        inventory.record_count(line, counted[line.item_id], round_number=1, by=counter)
    reasons = {line.id: "Miscounted" for line in take.lines}
    inventory.finish_stock_take(take, reasons, by=counter)
    client = client_for(keeper(union))
    words = paper(client, inventory.approve_stock_take(take, by=approver))
    for said in ("Gain and loss note", "Stock-take 2026-0001", "Loss", "Gain", "Miscounted"):
        assert said in words
    for said in ("-6.00", "5.00", "-1.00"):
        assert said in words
    assert "Amount in capitals" not in words
    sheet = words_of(client.get(f"/inventory/stock-takes/{take.id}/pdf"))
    for said in ("Stock-take sheet", "L-7", "2028-01-31", "-6.00", "Gain and loss 2026-0001"):
        assert said in sheet


def test_a_sign_no_font_has_is_no_reason_to_print_nothing(client_for, union, warehouse):
    document = receive(warehouse, ItemFactory(name="Gift 🎁 #strong[x] $y$"), 1)
    assert "#strong[x] $y$" in paper(client_for(keeper(union)), document)


def test_the_paper_is_chinese_on_chinese_pages(client_for, union, warehouse, station, gloves):
    receive(warehouse, gloves, 10)
    document = inventory.move_stock(
        DocumentKind.RETURN, warehouse, station, [inventory.Line(gloves, 1)], by=SYSTEM
    )
    words = paper(client_for(keeper(union), "zh"), document)
    assert "退库单" in words
    assert "第1页" in words


def test_a_strangers_paper_is_not_there(client_for, warehouse, gloves):
    document = receive(warehouse, gloves, 1)
    client = client_for(keeper(OrganizationFactory()))
    assert client.get(f"/inventory/documents/{document.id}/pdf").status_code == 404


@pytest.mark.parametrize("lines", [1, 6])
def test_a_paper_takes_few_queries_however_long(
    client_for, count_queries, union, warehouse, lines
):
    for _number in range(lines):
        document = receive(warehouse, ItemFactory(), 1)
    client = client_for(keeper(union))
    with count_queries() as sent:
        client.get(f"/inventory/documents/{document.id}/pdf")
    assert len(sent) <= 12


# Forms with a life of their own


def test_a_requisition_says_what_was_asked_for_and_granted(client_for, union, warehouse, gloves):
    post = StationFactory(owner=union)
    place = inventory.ensure_station_location(post)
    receive(warehouse, gloves, 30)
    asker, approver = somebody(union), somebody(union, Role.APPROVER)
    row = inventory.request_goods(
        place, [inventory.Line(gloves, 20)], purpose="Cold spell", by=asker
    )
    inventory.approve_requisition(row, warehouse, {row.lines[0].id: 12}, by=approver)
    answer = client_for(keeper(union)).get(f"/inventory/requisitions/{row.id}/pdf")
    words = words_of(answer)
    for said in (
        "Requisition form",
        "2026-0001",
        "Cold spell",
        place.name,
        "20",
        "12",
        "Approved",
    ):
        assert said in words


def test_a_blind_stock_take_keeps_the_books_off_the_paper(client_for, union, station, gloves):
    receive(station, gloves, 4321)
    take = inventory.open_stock_take(station, is_blind=True, witness="Wang", by=somebody(union))
    client = client_for(keeper(union))
    words = words_of(client.get(f"/inventory/stock-takes/{take.id}/pdf"))
    assert "Wang" in words
    assert "Gloves" in words
    assert "4,321" not in words


def test_a_write_off_says_what_is_lost(client_for, union, warehouse, gloves):
    receive(warehouse, gloves, 10, unit_value=250)
    lot = lots_at(warehouse)[0].lot
    row = inventory.prepare_write_off(
        warehouse,
        [inventory.Spoiled(lot, 4)],
        cause=WriteOffCause.DAMAGED,
        reason="Burst pipe",
        by=somebody(union),
    )
    words = words_of(client_for(keeper(union)).get(f"/inventory/write-offs/{row.id}/pdf"))
    for said in ("Burst pipe", "Damaged", "10.00", "壹拾元整"):
        assert said in words


def test_strangers_see_no_form(client_for, union, station, gloves):
    receive(station, gloves, 4)
    take = inventory.open_stock_take(station, is_blind=True, witness="", by=somebody(union))
    client = client_for(keeper(OrganizationFactory()))
    assert client.get(f"/inventory/stock-takes/{take.id}/pdf").status_code == 404
    assert client.get("/inventory/requisitions/999999/pdf").status_code == 404
    assert client.get("/inventory/write-offs/999999/pdf").status_code == 404
