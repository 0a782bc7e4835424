import pytest

from carecampaign.core import clock
from carecampaign.core.db import db
from carecampaign.inventory.models import StockLot
from tests.factories import (
    CampaignFactory,
    EarmarkFactory,
    FundSourceFactory,
    OrganizationFactory,
    StockLocationFactory,
)
from tests.inventory.pages import HOSTILE_NUMBERS, documents, filled, keeper
from tests.inventory.stock import level

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def fund(union):
    return FundSourceFactory(organization=union)


@pytest.fixture
def note(warehouse, fund, gloves):
    """A goods-received note of one line, ready to send."""
    return filled(
        target=warehouse.id,
        origin="bought",
        counterpart="Some shop",
        fund_source=fund.id,
        dated_on="2026-11-20",
        **line(0, gloves, 100, "7.50"),
    )


def line(number, item, quantity, price, **more):
    # A browser sends the fields that were left empty as well.
    values = {"item": getattr(item, "id", item), "quantity": quantity, "unit_value": price}
    values = {"lot_code": "", "expires_on": "", **values, **more}
    return {f"lines-{number}-{name}": value for name, value in values.items()}


def test_goods_come_in_with_price_batch_and_fund_source(
    client_for, union, warehouse, gloves, cups, fund, note
):
    campaign = CampaignFactory(organizer=union)
    client = client_for(keeper(union))
    note |= line(1, cups, 20, "45", lot_code="A7", expires_on="2028-01-31")
    note |= {"invoice_number": "0042", "note": "One box dented", "campaign": campaign.id}
    page = client.post("/inventory/receive", data=note, follow_redirects=True)
    assert "Goods-received note 2026-0001" in page.text
    for words in ("Some shop", "0042", "One box dented", "A7", "¥1,650.00", campaign.name):
        assert words in page.text
    assert level(warehouse, gloves) == (100, 0)
    lot = db.session.query(StockLot).filter_by(item_id=cups.id).one().lot
    assert (lot.unit_value, lot.code, lot.fund_source_id) == (4500, "A7", fund.id)


def test_lines_left_blank_do_not_count(client_for, union, warehouse, gloves, note):
    note |= {"lines-0-lot_code": "", "lines-0-expires_on": ""}
    for number in (1, 2):
        note |= line(number, "", "", "", lot_code="", expires_on="")
    answer = client_for(keeper(union)).post("/inventory/receive", data={**note, "campaign": ""})
    assert answer.status_code == 302
    assert level(warehouse, gloves) == (100, 0)


def test_a_donation_names_its_donor(client_for, union, note):
    client = client_for(keeper(union))
    page = client.post(
        "/inventory/receive",
        data={**note, "origin": "donated", "counterpart": "王先生"},
        follow_redirects=True,
    )
    assert "Donor" in page.text
    assert "王先生" in page.text


def test_the_form_offers_empty_lines_and_todays_date(client_for, union, note):
    page = client_for(keeper(union)).get("/inventory/receive")
    assert 'name="lines-3-item"' in page.text
    assert f'value="{clock.today().isoformat()}"' in page.text


def test_a_form_sent_twice_makes_one_note(client_for, union, warehouse, gloves, note):
    client = client_for(keeper(union))
    first = client.post("/inventory/receive", data=note)
    second = client.post("/inventory/receive", data=note)
    assert first.location == second.location
    assert documents() == 1
    assert level(warehouse, gloves) == (100, 0)


@pytest.mark.parametrize("number", HOSTILE_NUMBERS)
def test_what_is_no_number_of_pieces_is_refused_beside_its_field(client_for, union, note, number):
    page = client_for(keeper(union)).post(
        "/inventory/receive", data={**note, "lines-0-quantity": number}
    )
    assert page.status_code == 422
    assert 'id="lines-0-quantity-errors"' in page.text
    assert documents() == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lines-0-unit_value", "-1"),
        ("lines-0-unit_value", "1000000.01"),
        ("lines-0-unit_value", "1.234"),
        ("lines-0-unit_value", "🎁"),
        ("lines-0-unit_value", ""),
        ("lines-0-quantity", ""),
        ("lines-0-item", ""),
        ("lines-0-item", "999999"),
        ("lines-0-item", str(10**30)),
        ("lines-0-item", "\0"),
        ("lines-0-lot_code", "x" * 41),
        ("lines-0-expires_on", "2026-02-30"),
        ("lines-0-expires_on", "0001-01-01"),
        ("lines-0-expires_on", "2026-11-19"),
        ("lines-0-expires_on", "\0"),
        ("target", "999999"),
        ("target", str(10**30)),
        ("origin", "stolen"),
        ("counterpart", ""),
        ("counterpart", "\0 "),
        ("counterpart", "x" * 101),
        ("fund_source", "999999"),
        ("fund_source", ""),
        ("dated_on", ""),
        ("dated_on", "2126-01-01"),
        ("dated_on", "1999-12-31"),
        ("invoice_number", "x" * 61),
        ("campaign", "999999"),
        ("note", "x" * 1001),
    ],
)
def test_bad_input_is_refused_beside_its_field(client_for, union, note, name, value):
    page = client_for(keeper(union)).post("/inventory/receive", data={**note, name: value})
    assert page.status_code == 422
    assert f'id="{name}-errors"' in page.text
    assert 'value="2026-11-20"' in page.text or name == "dated_on"
    assert documents() == 0


def test_a_note_without_a_line_is_refused(client_for, union, note):
    page = client_for(keeper(union)).post(
        "/inventory/receive",
        data={name: value for name, value in note.items() if not name.startswith("lines")},
    )
    assert page.status_code == 422
    assert "Enter at least one item." in page.text


def test_the_same_batch_twice_is_refused_beside_the_second(client_for, union, gloves, note):
    note |= line(1, gloves, 5, "9")
    page = client_for(keeper(union)).post("/inventory/receive", data=note)
    assert page.status_code == 422
    assert 'id="lines-1-item-errors"' in page.text
    assert 'id="lines-0-item-errors"' not in page.text


def test_two_batches_of_an_item_are_two_lots(client_for, union, warehouse, gloves, note):
    note |= line(1, gloves, 5, "9", lot_code="second")
    client_for(keeper(union)).post("/inventory/receive", data=note)
    assert level(warehouse, gloves) == (105, 0)


def test_a_field_sent_twice_is_refused(client_for, union, note):
    page = client_for(keeper(union)).post(
        "/inventory/receive", data={**note, "lines-0-quantity": ["5", "6"]}
    )
    assert page.status_code == 422
    assert "sent twice" in page.text


def test_fifty_full_lines_and_more_do_no_harm(client_for, union, gloves, note):
    for number in range(60):
        note |= line(number, gloves, 1, "x")
    page = client_for(keeper(union)).post("/inventory/receive", data=note)
    assert page.status_code == 422


@pytest.mark.parametrize("command_id", ["", "x", "\0", "🎁"])
def test_a_broken_command_id_is_refused(client_for, union, note, command_id):
    page = client_for(keeper(union)).post(
        "/inventory/receive", data={**note, "command_id": command_id}
    )
    assert page.status_code == 422
    assert documents() == 0


def test_errors_within_a_line_speak_the_language_of_the_page(client_for, union, note):
    page = client_for(keeper(union), "zh").post(
        "/inventory/receive", data={**note, "lines-0-quantity": "many"}
    )
    assert "Not a valid integer value" not in page.text


def test_the_warehouse_of_strangers_is_none_to_choose(client_for, union, note):
    strange = StockLocationFactory(organization=OrganizationFactory())
    page = client_for(keeper(union)).post(
        "/inventory/receive", data={**note, "target": strange.id}
    )
    assert page.status_code == 422
    assert 'id="target-errors"' in page.text


def test_without_a_warehouse_one_is_set_up_first(client_for):
    client = client_for(keeper(OrganizationFactory()))
    assert client.get("/inventory/receive").location == "/inventory/locations/new"


def test_goods_are_earmarked_as_they_come_in(client_for, union, gloves, fund, note):
    earmark = EarmarkFactory(fund_source=fund, name="Warm hats")
    client = client_for(keeper(union))
    assert "Warm hats" in client.get("/inventory/receive").text

    client.post("/inventory/receive", data={**note, "earmark": earmark.id})

    lot = db.session.query(StockLot).filter_by(item_id=gloves.id).one().lot
    assert lot.earmark_id == earmark.id
    assert [share.earmark_id for share in lot.shares] == [earmark.id]


def test_an_earmark_of_another_source_is_refused(client_for, union, warehouse, gloves, note):
    other = EarmarkFactory(fund_source=FundSourceFactory(organization=union))

    answer = client_for(keeper(union)).post(
        "/inventory/receive", data={**note, "earmark": other.id}
    )

    assert answer.status_code == 422
    assert "belongs to another fund source" in answer.text
    assert level(warehouse, gloves) == (0, 0)
