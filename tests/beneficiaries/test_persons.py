"""Persons known by name: as little as needed, seen only by the union that keeps them."""

import uuid

import pytest
from sqlalchemy import select

from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.audit.services import keyed_digest
from carecampaign.beneficiaries.models import Person
from carecampaign.core.commands import claim
from carecampaign.core.db import db
from tests.factories import OccupationFactory, OrganizationFactory, PersonFactory, UserFactory


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
def courier(app):
    return OccupationFactory(name="快递员", name_en="Courier")


def a_person(occupation, organization, **changed) -> dict:
    form = {
        "command_id": str(uuid.uuid4()),
        "name": "张小三",
        "occupation_id": occupation.id,
        "organization_id": organization.id,
        "employer": "韵达快递",
    }
    return form | changed


def persons() -> list[Person]:
    db.session.rollback()
    return list(db.session.scalars(select(Person)))


def test_a_person_is_kept_by_name(client_for, planner, courier, street):
    client = client_for(planner)

    response = client.post("/persons/new", data=a_person(courier, street))

    [person] = persons()
    assert response.location == f"/persons/{person.id}"
    assert (person.name, person.occupation_id, person.organization_id, person.employer) == (
        "张小三",
        courier.id,
        street.id,
        "韵达快递",
    )
    page = client.get(response.location).text
    for words in ("张小三", "Courier", "韵达快递", street.name):
        assert words in page


def test_the_same_form_sent_twice_keeps_one_person(client_for, planner, courier, street):
    client = client_for(planner)
    form = a_person(courier, street)

    first, second = (client.post("/persons/new", data=form) for _ in range(2))

    assert len(persons()) == 1
    assert first.location == second.location


def test_a_forms_id_used_for_something_else_is_a_conflict(client_for, planner, courier, street):
    form = a_person(courier, street)
    claim(form["command_id"], "stations.create")

    response = client_for(planner).post("/persons/new", data=form)

    assert response.status_code == 422
    assert "sent before for something else" in response.text
    assert persons() == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "This field is required."),
        ("name", "\0\0", "This field is required."),
        ("name", "长" * 51, "longer than 50"),
        ("employer", "🛵" * 101, "longer than 100"),
        ("occupation_id", "", "This field is required."),
        ("occupation_id", "999", "Not a valid choice."),
        ("occupation_id", "-1", "Invalid Choice"),
        ("occupation_id", str(10**30), "Invalid Choice"),
        ("organization_id", "x", "Invalid Choice"),
        ("organization_id", "999", "Not a valid choice."),
        ("command_id", "1", "Invalid UUID."),
    ],
)
def test_input_that_cannot_be_is_refused_beside_the_field(
    client_for, planner, courier, street, field, value, words
):
    response = client_for(planner).post(
        "/persons/new", data=a_person(courier, street, **{field: value})
    )

    assert response.status_code == 422
    assert words in response.text
    assert persons() == []


def test_a_person_can_only_be_kept_by_an_organization_of_ones_own(client_for, planner, courier):
    response = client_for(planner).post(
        "/persons/new", data=a_person(courier, OrganizationFactory())
    )

    assert response.status_code == 422
    assert persons() == []


def test_a_retired_occupation_is_not_offered_but_kept(client_for, planner, courier, street):
    person = PersonFactory(occupation=courier, organization=street)
    courier.is_active = False
    client = client_for(planner)

    refused = client.post("/persons/new", data=a_person(courier, street))
    saved = client.post(f"/persons/{person.id}/edit", data=a_person(courier, street))

    assert refused.status_code == 422
    assert saved.status_code == 302


def test_what_is_kept_can_be_changed(client_for, planner, courier, street, district):
    person = PersonFactory(organization=street)
    client = client_for(planner)

    client.post(f"/persons/{person.id}/edit", data=a_person(courier, district))

    db.session.refresh(person)
    assert (person.name, person.occupation_id, person.organization_id) == (
        "张小三",
        courier.id,
        district.id,
    )


def test_an_edit_that_cannot_be_changes_nothing(client_for, planner, courier, street):
    person = PersonFactory(organization=street, name="李四")

    response = client_for(planner).post(
        f"/persons/{person.id}/edit", data=a_person(courier, street, name="")
    )

    assert response.status_code == 422
    db.session.refresh(person)
    assert person.name == "李四"


def test_a_person_of_a_retired_organization_stays_with_it(client_for, planner, district):
    retired = OrganizationFactory(parent=district, is_active=False, name="Retired union")
    person = PersonFactory(organization=retired)

    page = client_for(planner).get(f"/persons/{person.id}/edit").text

    assert "Retired union" in page


def test_names_never_enter_the_audit_log(client_for, planner, courier, street):
    client = client_for(planner)
    location = client.post("/persons/new", data=a_person(courier, street)).location
    client.post(f"{location}/edit", data=a_person(courier, street, name="李四", employer="中通"))
    client.post(f"{location}/edit", data=a_person(courier, street, name="李四", employer="中通"))

    added, edited = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    for entry in (added, edited):
        kept = f"{entry.subject_name} {entry.changes}"
        for value in ("张小三", "李四", "韵达快递", "中通"):
            assert value not in kept
        assert entry.organization_path == street.path
    assert added.changes["name"] == keyed_digest("张小三")
    assert edited.changes["name"] == [keyed_digest("张小三"), keyed_digest("李四")]
    assert "occupation" not in edited.changes


def test_a_strangers_persons_are_not_found(client_for, courier, street):
    person = PersonFactory(name="张小三", organization=street)
    client = client_for(UserFactory(role=Role.PLANNER))

    assert "张小三" not in client.get("/persons").text
    assert client.get(f"/persons/{person.id}").status_code == 404
    assert client.get(f"/persons/{person.id}/edit").status_code == 404
    form = a_person(courier, street)
    assert client.post(f"/persons/{person.id}/edit", data=form).status_code == 404


def test_who_may_only_look_sees_no_way_to_change(client_for, district, street):
    person = PersonFactory(organization=street)
    client = client_for(UserFactory(role=Role.AUDITOR, organization=district))

    assert "/edit" not in client.get(f"/persons/{person.id}").text
    assert "/persons/new" not in client.get("/persons").text
    assert client.post(f"/persons/{person.id}/edit").status_code == 403
    assert client.post("/persons/new").status_code == 403


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.STATION_LEAD])
def test_station_roles_do_not_see_the_register(client_for, street, role):
    client = client_for(UserFactory(role=role, organization=street))

    assert client.get("/persons").status_code == 403
    assert client.get(f"/persons/{PersonFactory(organization=street).id}").status_code == 403


def test_the_list_is_narrowed_by_words_occupation_and_organization(
    client_for, planner, courier, district, street
):
    PersonFactory(name="张小三", organization=street, occupation=courier, employer="Yunda")
    PersonFactory(name="李四", organization=district)
    client = client_for(planner)

    def shown(query: str) -> set[str]:
        text = client.get(f"/persons?{query}").text
        return {name for name in ("张小三", "李四") if name in text}

    assert shown("") == {"张小三", "李四"}
    assert shown("text=小") == {"张小三"}
    assert shown("text=yunda") == {"张小三"}
    assert shown("text=%25") == set()
    assert shown(f"occupation_id={courier.id}") == {"张小三"}
    assert shown(f"organization_id={street.id}") == {"张小三"}
    assert shown(f"organization_id={district.id}") == {"张小三", "李四"}
    stranger = OrganizationFactory()
    db.session.commit()
    assert shown(f"organization_id={stranger.id}&occupation_id={10**30}") == {"张小三", "李四"}


def test_a_long_list_comes_in_pages(client_for, planner, street, courier):
    PersonFactory.create_batch(51, organization=street, occupation=courier)

    assert "51–51 of 51" in client_for(planner).get("/persons?page=2").text


def test_an_empty_list_says_what_to_do(client_for, planner, district):
    client = client_for(planner)

    assert "No persons yet" in client.get("/persons").text
    assert "No person matches" in client.get("/persons?text=x").text
    reader = client_for(UserFactory(role=Role.AUDITOR, organization=district))
    assert "Planners keep by name" in reader.get("/persons").text


def test_what_was_made_up_for_the_demonstration_is_marked(client_for, planner, street):
    person = PersonFactory(organization=street, is_synthetic=True)
    client = client_for(planner)

    assert "Synthetic" in client.get("/persons").text
    assert "made up for the demonstration" in client.get(f"/persons/{person.id}").text


def test_the_list_sends_as_many_queries_for_many_as_for_few(
    client_for, planner, street, count_queries
):
    PersonFactory(organization=street)
    client = client_for(planner)

    def queries_sent() -> int:
        db.session.commit()
        with count_queries() as sent:
            client.get("/persons")
        return len(sent)

    few = queries_sent()
    for _ in range(10):
        PersonFactory(organization=OrganizationFactory(parent=street))

    assert queries_sent() == few
