import pytest
from sqlalchemy import func, select

from carecampaign.core.db import db
from carecampaign.inventory.models import Lot, StockDocument
from tests.factories import CampaignFactory, ItemFactory, OrganizationFactory
from tests.inventory.pages import HOSTILE_NUMBERS, documents, filled, keeper
from tests.inventory.stock import level, package_of, receive

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def version(gloves, cups):
    """A care package of two pairs of gloves and a cup."""
    return package_of((gloves, 2), (cups, 1))


@pytest.fixture
def stocked(warehouse, gloves, cups):
    receive(warehouse, gloves, 9)
    receive(warehouse, cups, 20)
    return warehouse


def at(path, place, version):
    return f"/inventory/{path}?location={place.id}&version={version.id}"


def test_the_page_says_how_many_packages_the_contents_allow(client_for, union, stocked, version):
    page = client_for(keeper(union)).get(at("assemble", stocked, version))
    most = page.text.split("At most")[1].split("</div>")[0]
    assert ">4<" in most


def test_the_page_names_what_is_missing(client_for, union, warehouse, gloves, version):
    receive(warehouse, gloves, 1)
    page = client_for(keeper(union)).get(at("assemble", warehouse, version))
    assert "Gloves is short: 1 件 missing for a first package." in page.text
    assert "Cups is short: 1 件 missing for a first package." in page.text
    assert 'name="quantity"' not in page.text


def test_packages_are_put_together_and_taken_apart(
    client_for, union, stocked, version, gloves, cups
):
    campaign = CampaignFactory(organizer=union)
    client = client_for(keeper(union))
    page = client.post(
        at("assemble", stocked, version),
        data=filled(quantity=4, campaign=campaign.id),
        follow_redirects=True,
    )
    assert "Assembly note 2026-0001" in page.text
    assert "Used" in page.text
    assert "Made" in page.text
    assert campaign.name in page.text
    assert level(stocked, version.item) == (4, 0)
    page = client.post(
        at("take-apart", stocked, version), data=filled(quantity=3), follow_redirects=True
    )
    assert "Take-apart note 2026-0001" in page.text
    assert level(stocked, version.item) == (1, 0)
    assert level(stocked, gloves) == (7, 0)
    assert level(stocked, cups) == (19, 0)


def test_more_packages_than_the_contents_allow_are_refused(
    client_for, union, stocked, version, gloves
):
    page = client_for(keeper(union)).post(
        at("assemble", stocked, version), data=filled(quantity=5)
    )
    assert page.status_code == 422
    assert 'id="quantity-errors"' in page.text
    assert "Gloves" in page.text.split('id="quantity-errors"')[1]
    assert level(stocked, gloves) == (9, 0)
    assert documents() == 2


def test_packages_that_are_not_there_cannot_be_taken_apart(client_for, union, stocked, version):
    client = client_for(keeper(union))
    assert "There is no such package here." in client.get(at("take-apart", stocked, version)).text
    page = client.post(at("take-apart", stocked, version), data=filled(quantity=1))
    assert page.status_code == 422
    assert 'id="quantity-errors"' in page.text


@pytest.mark.parametrize("path", ["assemble", "take-apart"])
@pytest.mark.parametrize("number", ["", *HOSTILE_NUMBERS])
def test_what_is_no_number_of_packages_is_refused(
    client_for, union, stocked, version, path, number
):
    page = client_for(keeper(union)).post(at(path, stocked, version), data=filled(quantity=number))
    assert page.status_code == 422
    assert 'id="quantity-errors"' in page.text
    assert documents() == 2


def test_an_unknown_campaign_is_refused(client_for, union, stocked, version):
    page = client_for(keeper(union)).post(
        at("assemble", stocked, version), data=filled(quantity=1, campaign=999999)
    )
    assert page.status_code == 422
    assert 'id="campaign-errors"' in page.text


@pytest.mark.parametrize("path", ["assemble", "take-apart"])
def test_a_form_sent_twice_makes_one_note(client_for, union, stocked, version, path):
    client = client_for(keeper(union))
    client.post(at("assemble", stocked, version), data=filled(quantity=2))
    before, data = documents(), filled(quantity=1)
    first = client.post(at(path, stocked, version), data=data)
    second = client.post(at(path, stocked, version), data=data)
    assert first.location == second.location
    assert documents() == before + 1


@pytest.mark.parametrize("path", ["assemble", "take-apart"])
def test_before_place_and_package_are_chosen_the_page_asks_for_them(
    client_for, union, stocked, path
):
    client = client_for(keeper(union))
    for query in ("", "?location=x&version=-1", f"?location={10**30}", "?version=%00"):
        page = client.get(f"/inventory/{path}{query}")
        assert "Choose a place and a care package" in page.text
    assert client.post(f"/inventory/{path}", data=filled(quantity=1)).status_code == 200
    assert db.session.query(StockDocument).count() == 2


@pytest.mark.parametrize("path", ["assemble", "take-apart"])
def test_strange_places_and_unknown_packages_are_not_there(
    client_for, union, stocked, version, path
):
    stranger = client_for(keeper(OrganizationFactory()))
    assert stranger.get(at(path, stocked, version)).status_code == 404
    assert stranger.post(at(path, stocked, version), data=filled(quantity=1)).status_code == 404
    client = client_for(keeper(union))
    assert client.get(f"/inventory/{path}?location={stocked.id}&version=999999").status_code == 404


# Something else put in


@pytest.fixture
def scarves(stocked):
    item = ItemFactory(name="Scarves")
    receive(stocked, item, 8)
    return item


def put_in(version, item, **values):
    """A form in which something stands for the gloves."""
    facts = {
        "instead_of": version.lines[0].id,
        "substitute": item.id,
        "substitute_quantity": 1,
        "substitute_note": "Gloves ran out",
    }
    return filled(**{**facts, **values})


def test_what_ran_out_is_replaced_and_every_paper_says_so(
    client_for, union, stocked, version, scarves, gloves
):
    client = client_for(keeper(union))
    page = client.post(
        at("assemble", stocked, version),
        data=put_in(version, scarves, quantity=6, substituted=4),
        follow_redirects=True,
    )
    words = "Scarves × 1 instead of Gloves × 2"
    assert f"{words} (Gloves ran out)" in page.text
    assert level(stocked, gloves) == (5, 0)
    assert level(stocked, scarves) == (4, 0)
    [lot] = db.session.scalars(select(Lot).where(Lot.code.endswith("-S")))
    for path in (
        f"/inventory/locations/{stocked.id}",
        f"/inventory/items/{version.item_id}",
        f"/stock/labels/B{lot.id}",
        at("take-apart", stocked, version),
    ):
        assert words in client.get(path).text, path
    paper = client.get(f"/inventory/documents/{page.request.path.rsplit('/', 1)[1]}/pdf")
    assert paper.data.startswith(b"%PDF")
    client.post(at("take-apart", stocked, version), data=filled(quantity=3, lot=lot.id))
    assert level(stocked, scarves) == (7, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("instead_of", ""),
        ("instead_of", "999999"),
        ("substitute", ""),
        ("substitute", "999999"),
        ("substitute_quantity", ""),
        ("substitute_quantity", "x"),
        ("substitute_quantity", "0"),
        ("substituted", "3.5"),
        ("substituted", "3"),
        ("substitute_note", ""),
        ("substitute_note", "x" * 300),
    ],
)
def test_half_a_substitute_is_refused_beside_its_field(
    client_for, union, stocked, version, scarves, field, value
):
    page = client_for(keeper(union)).post(
        at("assemble", stocked, version),
        data=put_in(version, scarves, quantity=2, **{field: value}),
    )
    assert page.status_code == 422
    assert f'id="{field}-errors"' in page.text
    assert documents() == 3


def test_the_item_itself_is_no_substitute(client_for, union, stocked, version, gloves, scarves):
    page = client_for(keeper(union)).post(
        at("assemble", stocked, version), data=put_in(version, gloves, quantity=1)
    )
    assert page.status_code == 422
    assert 'id="substitute-errors"' in page.text


def test_packages_can_be_put_together_though_one_item_is_gone(
    client_for, union, warehouse, version, cups
):
    scarves = ItemFactory(name="Scarves")
    receive(warehouse, cups, 2)
    receive(warehouse, scarves, 2)
    client = client_for(keeper(union))
    assert 'name="instead_of"' in client.get(at("assemble", warehouse, version)).text
    data = put_in(version, scarves, quantity=2)
    first = client.post(at("assemble", warehouse, version), data=data)
    again = client.post(at("assemble", warehouse, version), data=data)
    assert (first.status_code, first.location) == (302, again.location)
    assert level(warehouse, version.item) == (2, 0)
    taken = filled(quantity=2, lot=db.session.scalar(select(func.max(Lot.id))))
    first = client.post(at("take-apart", warehouse, version), data=taken)
    again = client.post(at("take-apart", warehouse, version), data=taken)
    assert (first.status_code, first.location) == (302, again.location)


@pytest.mark.parametrize("path", ["assemble", "take-apart"])
def test_the_pages_take_few_queries(client_for, count_queries, union, stocked, version, path):
    client = client_for(keeper(union))
    client.post(at("assemble", stocked, version), data=filled(quantity=2))
    with count_queries() as queries:
        client.get(at(path, stocked, version))
    assert len(queries) <= 12
