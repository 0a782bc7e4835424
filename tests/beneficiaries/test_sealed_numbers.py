"""Numbers of persons: sealed, masked everywhere, shown one at a time to who says why."""

import re
import uuid

import pytest
from sqlalchemy import select, text

from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.audit.services import keyed_digest
from carecampaign.beneficiaries.models import Person
from carecampaign.core import secrets
from carecampaign.core.db import db
from tests.factories import OccupationFactory, OrganizationFactory, PersonFactory, UserFactory

PHONE, ID = "13800131234", "11010519491231002X"


@pytest.fixture
def district(app):
    return OrganizationFactory()


@pytest.fixture
def street(district):
    return OrganizationFactory(parent=district)


@pytest.fixture
def planner(district):
    return UserFactory(role=Role.PLANNER, organization=district)


@pytest.fixture
def person(street):
    return PersonFactory(
        name="张小三", organization=street, phone=PHONE, id_number=ID, union_number="BJ00012345"
    )


def form_of(organization, **changed) -> dict:
    occupation = OccupationFactory()
    db.session.commit()
    return {
        "command_id": str(uuid.uuid4()),
        "name": "张小三",
        "occupation_id": occupation.id,
        "organization_id": organization.id,
        "employer": "",
    } | changed


def kept(person: Person) -> tuple:
    db.session.rollback()
    db.session.expire_all()
    return person.phone, person.id_number, person.union_number, person.household_key


def test_numbers_are_entered_in_any_spelling_and_shown_masked(client_for, planner, street):
    client = client_for(planner)
    form = form_of(
        street,
        phone="138 0013 1234",
        id_number=ID.lower(),
        union_number="bj-00012345",
        household_key="3b-12",
    )

    page = client.get(client.post("/persons/new", data=form).location).text

    [person] = db.session.scalars(select(Person))
    assert kept(person) == (PHONE, ID, "BJ00012345", "3B12")
    for masked in ("138****1234", "110***********002X", "****2345", "3B12"):
        assert masked in page
    for whole in (PHONE, ID, "BJ00012345"):
        assert whole not in page
    listed = client.get("/persons").text
    assert "138****1234" in listed
    assert PHONE not in listed
    exported = client.get("/persons?format=csv").text
    assert "138****1234" in exported
    assert PHONE not in exported


def test_the_last_four_of_an_id_number_are_enough(client_for, planner, street):
    client = client_for(planner)

    page = client.get(
        client.post("/persons/new", data=form_of(street, id_number="002x")).location
    ).text

    assert "**************002X" in page


def test_a_wrong_number_is_refused_beside_its_field_with_the_reason(client_for, planner, street):
    response = client_for(planner).post(
        "/persons/new", data=form_of(street, phone="1380013", id_number="110105194912310021")
    )

    assert response.status_code == 422
    assert "A mobile number has 11 digits, this one 7." in response.text
    assert "The last character does not fit the others" in response.text
    assert db.session.scalars(select(Person)).all() == []


def test_an_edit_shows_no_number_and_keeps_what_is_left_empty(client_for, planner, street, person):
    client = client_for(planner)

    page = client.get(f"/persons/{person.id}/edit").text
    client.post(f"/persons/{person.id}/edit", data=form_of(street, phone="13912345678"))

    assert "138****1234 is kept" in page
    for whole in (PHONE, ID, "BJ00012345"):
        assert whole not in page
    assert kept(person) == ("13912345678", ID, "BJ00012345", "")


def test_a_number_can_be_removed(client_for, planner, street, person):
    client_for(planner).post(
        f"/persons/{person.id}/edit", data=form_of(street, forget=["phone", "id_number"])
    )

    assert kept(person) == (None, None, "BJ00012345", "")
    assert person.phone_index is person.phone_tail is person.id_index is person.id_tail is None


def test_an_id_number_is_kept_once_among_those_one_sees(client_for, planner, street, person):
    client = client_for(planner)
    other = PersonFactory(organization=street)
    db.session.commit()

    for path in ("/persons/new", f"/persons/{other.id}/edit"):
        response = client.post(path, data=form_of(street, id_number=ID))
        assert response.status_code == 422
        assert f"already kept: 张小三, № {person.id}" in response.text
    saved = client.post(f"/persons/{person.id}/edit", data=form_of(street, id_number=ID))
    assert saved.status_code == 302


def test_another_unit_is_not_told_who_keeps_an_id_number(client_for, person):
    stranger = OrganizationFactory()
    client = client_for(UserFactory(role=Role.PLANNER, organization=stranger))

    response = client.post("/persons/new", data=form_of(stranger, id_number=ID))

    assert response.status_code == 302


@pytest.mark.parametrize("role", [Role.PLANNER, Role.AUDITOR])
def test_a_number_is_shown_once_to_who_says_why(client_for, district, person, role):
    client = client_for(UserFactory(role=role, organization=district, name="小李"))

    before = client.get(f"/persons/{person.id}/reveal").text
    response = client.post(
        f"/persons/{person.id}/reveal", data={"field": "phone", "reason": "联系领取"}
    )

    assert PHONE not in before
    assert PHONE in response.text
    assert ID not in response.text
    assert response.headers["Cache-Control"] == "no-store"
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.actor_name) == ("beneficiaries.reveal", "小李")
    assert entry.changes == {"field": "phone", "reason": "联系领取"}
    assert entry.organization_path == person.organization.path
    assert PHONE not in client.get(f"/persons/{person.id}").text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"field": "phone"}, "This field is required."),
        ({"field": "phone", "reason": "x"}, "between 4 and 200"),
        ({"field": "phone", "reason": f"回拨 {PHONE}"}, "Write no phone or ID number here."),
        ({"field": "name", "reason": "联系领取"}, "Not a valid choice."),
        ({"reason": "联系领取"}, "Choose one number."),
    ],
)
def test_without_a_reason_nothing_is_shown(client_for, planner, person, sent, words):
    response = client_for(planner).post(f"/persons/{person.id}/reveal", data=sent)

    assert response.status_code == 422
    assert words in response.text
    assert f">{PHONE}<" not in response.text
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_a_number_that_is_not_kept_cannot_be_asked_for(client_for, planner, street):
    person = PersonFactory(organization=street, phone=PHONE)
    bare = PersonFactory(organization=street)
    client = client_for(planner)

    refused = client.post(
        f"/persons/{person.id}/reveal", data={"field": "id_number", "reason": "联系领取"}
    )

    assert refused.status_code == 422
    assert "No number is kept" in client.get(f"/persons/{bare.id}/reveal").text
    assert "/reveal" not in client.get(f"/persons/{bare.id}").text


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.APPROVER, Role.FINANCE, Role.STOREKEEPER, Role.VOLUNTEER]
)
def test_other_roles_see_no_number(client_for, district, person, role):
    client = client_for(UserFactory(role=role, organization=district))

    assert client.get(f"/persons/{person.id}/reveal").status_code == 403
    assert client.post(f"/persons/{person.id}/reveal").status_code == 403
    assert "/reveal" not in client.get(f"/persons/{person.id}").text


@pytest.mark.parametrize("role", [Role.PLANNER, Role.AUDITOR])
def test_a_stranger_finds_no_number(client_for, person, role):
    client = client_for(UserFactory(role=role))
    sent = {"field": "phone", "reason": "联系领取"}

    assert client.get(f"/persons/{person.id}/reveal").status_code == 404
    assert client.post(f"/persons/{person.id}/reveal", data=sent).status_code == 404


def test_the_log_has_digests_of_numbers_only(client_for, planner, street):
    client = client_for(planner)
    client.post("/persons/new", data=form_of(street, phone=PHONE, id_number=ID))

    [entry] = db.session.scalars(select(AuditEntry))

    assert entry.changes["phone"] == keyed_digest(PHONE)
    assert entry.changes["id_number"] == keyed_digest(ID)
    assert entry.changes["union_number"] == ""


def test_numbers_are_sealed_anew_while_the_system_runs(app, person, street):
    bare = PersonFactory(organization=street)
    db.session.commit()
    indexes = person.phone_index, person.id_tail
    before = _raw()
    secrets.set_data_keys("another key", ["test"])
    try:
        late = PersonFactory(organization=street, phone="13912345678")
        db.session.commit()

        first = app.test_cli_runner().invoke(args=["beneficiaries", "rotate-keys"])
        second = app.test_cli_runner().invoke(args=["beneficiaries", "rotate-keys"])

        assert re.findall(r"\d+", first.output) == ["1"]
        assert re.findall(r"\d+", second.output) == ["0"]
        secrets.set_data_keys("another key")
        assert kept(person)[:2] == (PHONE, ID)
        assert (person.phone_index, person.id_tail) != indexes
        assert kept(late)[0] == "13912345678"
        assert kept(bare)[0] is None
        assert _raw()[person.id] != before[person.id]
    finally:
        secrets.set_data_keys("test")


def test_many_persons_are_sealed_anew_in_batches(app, street, monkeypatch):
    occupation = OccupationFactory()
    for _ in range(5):
        PersonFactory(organization=street, occupation=occupation, phone=PHONE)
    db.session.commit()
    monkeypatch.setattr("carecampaign.beneficiaries.services.sealing.RESEALED_AT_ONCE", 2)
    secrets.set_data_keys("another key", ["test"])
    try:
        result = app.test_cli_runner().invoke(args=["beneficiaries", "rotate-keys"])
        assert re.findall(r"\d+", result.output) == ["5"]
    finally:
        secrets.set_data_keys("test")


def _raw() -> dict[int, bytes]:
    rows = db.session.execute(text("SELECT id, phone FROM person WHERE phone IS NOT NULL")).all()
    db.session.rollback()
    return {row.id: bytes(row.phone) for row in rows}
