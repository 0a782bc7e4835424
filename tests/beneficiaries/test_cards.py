"""Cards: printed blank, bound to one person, revocable; no word about anybody on them."""

import uuid

import pytest
from sqlalchemy import func, select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.accounts.models import SignInFailure
from carecampaign.audit.models import AuditEntry
from carecampaign.beneficiaries.codes import as_printed, draw_code
from carecampaign.beneficiaries.models import Card, CardBatch, CardState, Revocation
from carecampaign.beneficiaries.queries.cards import find_card
from carecampaign.beneficiaries.services import cards, typed_codes
from carecampaign.core import secrets
from carecampaign.core.db import db
from tests.beneficiaries.cards import bound_to, card_of, printed_for
from tests.factories import OrganizationFactory, PersonFactory, UserFactory


@pytest.fixture
def district(app):
    return OrganizationFactory(name="演示区总工会")


@pytest.fixture
def street(district):
    return OrganizationFactory(parent=district)


@pytest.fixture
def planner(street):
    return UserFactory(role=Role.PLANNER, organization=street)


@pytest.fixture
def courier(street):
    return PersonFactory(name="张小三", organization=street)


@pytest.fixture
def stranger(app):
    return UserFactory(role=Role.PLANNER, organization=OrganizationFactory())


def batches():
    db.session.rollback()
    return list(db.session.scalars(select(CardBatch)))


def test_blank_cards_are_printed_once_and_only_their_hashes_are_kept(
    client_for, planner, street, monkeypatch
):
    drawn = []
    monkeypatch.setattr(cards, "draw_code", lambda: drawn.append(draw_code()) or drawn[-1])
    client = client_for(planner)
    form = {"command_id": str(uuid.uuid4()), "organization_id": street.id, "count": 12}

    sheet = client.post("/cards/new", data=form)
    again = client.post("/cards/new", data=form, follow_redirects=True)

    assert (sheet.mimetype, sheet.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert sheet.headers["Content-Disposition"].startswith("attachment")
    assert "cannot be shown again" in again.text
    [batch] = batches()
    assert (batch.size, batch.organization_id) == (12, street.id)
    kept = db.session.execute(select(Card)).scalars().all()
    assert [card.state for card in kept] == [CardState.BLANK] * 12
    assert find_card(drawn[0]).batch_id == batch.id
    assert not any(code.encode() in card.code_index for card in kept for code in drawn)


@pytest.mark.parametrize("count", ["0", "201", "-1", "many", ""])
def test_only_so_many_cards_are_printed_at_once(client_for, planner, street, count):
    form = {"command_id": str(uuid.uuid4()), "organization_id": street.id, "count": count}

    assert client_for(planner).post("/cards/new", data=form).status_code == 422
    assert batches() == []


def test_cards_are_printed_only_for_unions_one_keeps_persons_for(client_for, stranger, street):
    form = {"command_id": str(uuid.uuid4()), "organization_id": street.id, "count": 1}

    assert client_for(stranger).post("/cards/new", data=form).status_code == 422
    assert batches() == []


def test_a_card_printed_for_a_person_is_theirs_at_once(client_for, planner, courier):
    client = client_for(planner)
    form = {"command_id": str(uuid.uuid4())}

    assert "neither name nor number" in client.get(f"/persons/{courier.id}/print-card").text
    assert (
        client.post(f"/persons/{courier.id}/print-card", data=form).mimetype == "application/pdf"
    )
    assert client.post(f"/persons/{courier.id}/print-card", data=form).status_code == 302
    assert client.post(f"/persons/{courier.id}/print-card").status_code == 422

    [card] = db.session.scalars(select(Card))
    assert (card.person_id, card.state) == (courier.id, CardState.BOUND)
    assert f"№ {card.id}" in client.get(f"/persons/{courier.id}").text


def test_a_blank_card_of_the_union_above_is_bound_by_its_typed_code(
    client_for, planner, district, courier
):
    _batch, [code] = printed_for(district)
    client = client_for(planner)

    answer = client.post(
        f"/persons/{courier.id}/bind-card", data={"code": as_printed(code).lower()}
    )

    assert answer.location == f"/persons/{courier.id}"
    assert card_of(code).person_id == courier.id


def test_a_card_found_first_is_bound_to_a_person_looked_for(
    client_for, planner, district, courier
):
    _batch, [code] = printed_for(district)
    client = client_for(planner)

    page = client.post("/cards/find", data={"code": code}).location
    found = client.get(f"{page}?text=张小")

    assert "张小三" in found.text
    assert "No person matches" in client.get(f"{page}?text=nobody").text
    answer = client.post(page, data={"person_id": courier.id})
    assert answer.location == f"/persons/{courier.id}"
    assert card_of(code).person_id == courier.id
    assert client.get(page).status_code == 409
    assert client.post(page, data={"person_id": courier.id}).status_code == 409


def test_nobody_binds_a_card_to_a_person_they_do_not_look_after(
    client_for, planner, stranger, district
):
    _batch, [code] = printed_for(district)
    card, elsewhere = find_card(code), PersonFactory()
    ours, theirs = client_for(planner), client_for(stranger)

    assert ours.post(f"/cards/{card.id}/bind", data={"person_id": elsewhere.id}).status_code == 404
    assert ours.post(f"/cards/{card.id}/bind", data={"person_id": "x"}).status_code == 422
    assert theirs.get(f"/cards/{card.id}/bind").status_code == 404
    assert theirs.get(f"/cards/{card.id}/revoke").status_code == 404
    assert card_of(code).state is CardState.BLANK


def test_a_card_is_bound_once(client_for, planner, street, courier):
    _card, code = bound_to(courier)
    other = PersonFactory(organization=street)
    db.session.commit()

    answer = client_for(planner).post(f"/persons/{other.id}/bind-card", data={"code": code})

    assert answer.status_code == 422
    assert "bound to a person already" in answer.text
    assert card_of(code).person_id == courier.id


def test_a_lost_card_is_taken_out_of_use_for_good(client_for, planner, courier):
    card, code = bound_to(courier)
    client = client_for(planner)

    assert client.post(f"/cards/{card.id}/revoke").status_code == 422
    assert client.post(f"/cards/{card.id}/revoke", data={"reason": "lost"}).status_code == 302
    assert client.post(f"/cards/{card.id}/revoke", data={"reason": "lost"}).status_code == 409

    revoked = card_of(code)
    assert (revoked.state, revoked.revocation) == (CardState.REVOKED, Revocation.LOST)
    page = client.get(f"/persons/{courier.id}").text
    assert "The card was lost" in page
    refused = client.post(f"/persons/{courier.id}/bind-card", data={"code": code})
    assert "taken out of use" in refused.text
    assert client.get(f"/cards/{card.id}/bind").status_code == 409


def test_a_batch_is_taken_out_of_use_but_for_the_cards_people_have(
    client_for, planner, street, courier
):
    batch, codes = printed_for(street, 3)
    cards.bind_card(find_card(codes[0]), courier, by=SYSTEM)
    client = client_for(planner)

    assert client.post(f"/cards/batches/{batch.id}/revoke").status_code == 422
    client.post(f"/cards/batches/{batch.id}/revoke", data={"reason": "misprinted"})
    states = [card_of(code).state for code in codes]
    left = client.get(f"/cards/batches/{batch.id}?state=bound").text
    client.post(f"/cards/batches/{batch.id}/revoke", data={"reason": "other", "with_bound": "y"})

    assert states == [CardState.BOUND, CardState.REVOKED, CardState.REVOKED]
    assert "1 entry" in left
    assert card_of(codes[0]).revocation is Revocation.OTHER
    assert card_of(codes[1]).revocation is Revocation.MISPRINTED
    assert cards.revoke_batch(batch, Revocation.OTHER, with_bound=True, by=SYSTEM) == 0


def test_one_blank_card_is_taken_out_of_use(client_for, planner, street):
    batch, [code] = printed_for(street)
    client = client_for(planner)

    answer = client.post(f"/cards/{card_of(code).id}/revoke", data={"reason": "damaged"})

    assert answer.location == f"/cards/batches/{batch.id}"
    assert card_of(code).state is CardState.REVOKED
    assert "Took a card out of use" in client.get(f"/cards/batches/{batch.id}").text


def test_what_happens_to_cards_is_logged_without_a_word_about_anybody(app, street, courier):
    _batch, [code, other] = printed_for(street, 2)
    card = find_card(code)
    cards.bind_card(card, courier, by=SYSTEM)
    cards.revoke_card(card, Revocation.LOST, by=SYSTEM)
    db.session.flush()

    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action.contains("card")).order_by(AuditEntry.id)
    ).all()

    assert [entry.action for entry in entries] == [
        "beneficiaries.print_cards",
        "beneficiaries.bind_card",
        "beneficiaries.revoke_card",
    ]
    written = str([(entry.subject_name, entry.changes) for entry in entries])
    assert courier.name not in written
    assert code not in written
    assert as_printed(other) not in written


def test_a_card_outlives_a_change_of_the_data_key(app, courier):
    card, code = bound_to(courier)
    secrets.set_data_keys("new", ["test"])
    try:
        assert find_card(code).id == card.id
    finally:
        secrets.set_data_keys("test")


def test_persons_are_found_by_the_code_of_a_valid_card(client_for, planner, stranger, courier):
    _card, code = bound_to(courier)
    ours, theirs = client_for(planner), client_for(stranger)
    ways = [code, as_printed(code), f"https://x.example/c/{code}"]

    for text in ways:
        assert "张小三" in ours.get("/persons", query_string={"text": text}).text
        assert "张小三" in ours.get("/search", query_string={"q": text}).text
        assert "张小三" not in theirs.get("/persons", query_string={"text": text}).text

    cards.revoke_card(find_card(code), Revocation.LOST, by=SYSTEM)
    db.session.commit()
    assert "张小三" not in ours.get("/persons", query_string={"text": code}).text


def test_a_typed_code_leads_only_those_whose_card_it_is(client_for, planner, stranger, courier):
    _card, code = bound_to(courier)

    found = client_for(planner).post("/cards/find", data={"code": as_printed(code)})
    refused = client_for(stranger).post("/cards/find", data={"code": as_printed(code)})

    assert found.location == f"/persons/{courier.id}"
    assert refused.status_code == 422
    assert "no such card" in refused.text


def test_a_slip_of_the_finger_is_no_guess(client_for, planner, courier):
    client = client_for(planner)

    answer = client.post("/cards/find", data={"code": "K7M2-P9XQ"})

    assert answer.status_code == 422
    assert "type it again" in answer.text
    assert client.get("/cards/find").status_code == 200
    assert client.post("/cards/find", data={"code": ""}).status_code == 422
    assert client.post(f"/persons/{courier.id}/bind-card", data={"code": ""}).status_code == 422
    assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_trying_out_codes_is_slowed_down(client_for, planner, courier, monkeypatch):
    monkeypatch.setattr(typed_codes, "FREE_CODES", 3)
    _card, code = bound_to(courier)
    client = client_for(planner)

    statuses = [
        client.post("/cards/find", data={"code": as_printed(draw_code())}).status_code
        for _guess in range(4)
    ]
    right = client.post(f"/persons/{courier.id}/bind-card", data={"code": as_printed(code)})

    assert statuses == [422, 422, 422, 429]
    assert right.status_code == 429
    assert "try again in" in right.text


def test_the_list_of_batches_counts_their_cards(client_for, planner, street, courier, stranger):
    _batch, codes = printed_for(street, 3)
    cards.bind_card(find_card(codes[0]), courier, by=SYSTEM)
    ours, theirs = client_for(planner), client_for(stranger)

    listed = ours.get(f"/cards?organization_id={street.id}&format=csv").data.decode("utf-8-sig")

    assert listed.splitlines()[1].endswith(",3,2,1,0")
    assert "No cards yet" in theirs.get("/cards").text
    assert theirs.get(f"/cards/batches/{batches()[0].id}").status_code == 404
    assert "No card matches" in ours.get(f"/cards/batches/{batches()[0].id}?state=revoked").text
