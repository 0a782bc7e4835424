"""The pages of write-offs."""

from datetime import date

import pytest

from carecampaign.access.permissions import Role
from carecampaign.core.db import db
from carecampaign.inventory.models import Lot, WriteOff, WriteOffState
from tests.factories import OrganizationFactory, UserFactory
from tests.inventory.pages import HOSTILE_NUMBERS, filled, keeper
from tests.inventory.stock import level, receive

pytestmark = pytest.mark.usefixtures("adds_up")
PAGE = "/inventory/write-offs"


@pytest.fixture
def stocked(warehouse, gloves):
    receive(warehouse, gloves, 20, unit_value=600, lot_code="L1", expires_on=date(2026, 1, 1))
    return warehouse


@pytest.fixture
def approver(union):
    return UserFactory(role=Role.APPROVER, organization=union)


@pytest.fixture
def preparer(union):
    return keeper(union)


@pytest.fixture
def waiting(client_for, preparer, stocked) -> WriteOff:
    prepare(client_for(preparer), stocked, 3)
    return db.session.query(WriteOff).one()


def prepare(client, place, quantity, **values):
    lot = db.session.query(Lot).one()
    form = filled(
        **{
            "cause": "expired",
            "reason": "Past its date",
            f"lot-{lot.id}-quantity": quantity,
            **values,
        }
    )
    return client.post(f"{PAGE}/new?location={place.id}", data=form, follow_redirects=True)


def test_a_keeper_prepares_it(client_for, preparer, stocked, gloves):
    client = client_for(preparer)
    assert stocked.name in client.get(f"{PAGE}/new").text
    assert "Expired" in client.get(f"{PAGE}/new?location={stocked.id}").text

    page = prepare(client, stocked, 3)

    assert "Waiting for approval" in page.text
    assert level(stocked, gloves) == (20, 0)


def test_another_person_approves_and_it_is_posted(client_for, waiting, approver, stocked, gloves):
    client = client_for(approver)
    assert "18.00 leave the books at once" in client.get(f"{PAGE}/{waiting.id}").text

    page = client.post(f"{PAGE}/{waiting.id}/approve", follow_redirects=True)

    assert "Posted" in page.text
    assert level(stocked, gloves) == (17, 0)
    document = client.get(f"/inventory/documents/{waiting.document_id}")
    assert "Write-off note 2026-0001" in document.text


def test_it_is_refused_with_a_reason(client_for, waiting, approver, stocked, gloves):
    client = client_for(approver)

    page = client.post(
        f"{PAGE}/{waiting.id}/refuse", data=filled(comment="Still good"), follow_redirects=True
    )

    assert "Still good" in page.text
    assert level(stocked, gloves) == (20, 0)
    assert client.get(f"{PAGE}/{waiting.id}/refuse").status_code == 409
    assert client.post(f"{PAGE}/{waiting.id}/approve").status_code == 409


def test_what_left_meanwhile_is_said(client_for, waiting, approver, stocked, gloves):
    assert waiting.state is WriteOffState.WAITING
    db.session.execute(db.text("UPDATE write_off_line SET quantity = 21"))

    page = client_for(approver).post(f"{PAGE}/{waiting.id}/approve", follow_redirects=True)

    assert "Not enough stock" in page.text
    assert level(stocked, gloves) == (20, 0)


def test_the_preparer_takes_it_back_but_does_not_approve(client_for, waiting, preparer):
    client = client_for(preparer)
    assert client.post(f"{PAGE}/{waiting.id}/approve").status_code == 403

    assert (
        "Write-off cancelled."
        in client.post(f"{PAGE}/{waiting.id}/cancel", follow_redirects=True).text
    )


@pytest.mark.parametrize("number", [*HOSTILE_NUMBERS, 21, ""])
def test_numbers_nobody_means_are_refused(client_for, preparer, stocked, number):
    page = prepare(client_for(preparer), stocked, number)

    assert page.status_code == 422
    assert db.session.query(WriteOff).count() == 0


def test_a_reason_is_needed(client_for, preparer, stocked):
    assert prepare(client_for(preparer), stocked, 3, reason="").status_code == 422


def test_strangers_get_a_404(client_for, waiting):
    for role in (Role.APPROVER, Role.STOREKEEPER):
        client = client_for(UserFactory(role=role, organization=OrganizationFactory()))
        assert client.get(f"{PAGE}/{waiting.id}").status_code == 404
        verb = "approve" if role is Role.APPROVER else "cancel"
        assert client.post(f"{PAGE}/{waiting.id}/{verb}").status_code == 404


def test_the_list_narrows(client_for, waiting, approver, preparer):
    client = client_for(approver)
    assert "Past its date" in client.get(PAGE).text
    assert "18.00" in client.get(PAGE).text
    assert "No write-off matches" in client.get(f"{PAGE}?state=posted").text
    stranger = UserFactory(role=Role.APPROVER, organization=OrganizationFactory())
    assert "No write-off yet" in client_for(stranger).get(PAGE).text
    assert waiting.prepared_by_id == preparer.id
