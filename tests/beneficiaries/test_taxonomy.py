"""The master taxonomy: each occupation once, groups derived from it."""

import re
import uuid

import pytest
from sqlalchemy import func, select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.beneficiaries import queries, taxonomy
from carecampaign.beneficiaries.commands import install_taxonomy as command
from carecampaign.beneficiaries.models import BeneficiaryGroup, Occupation
from carecampaign.beneficiaries.services import install_taxonomy
from carecampaign.core.db import db
from tests.factories import OccupationFactory, UserFactory


@pytest.fixture
def planner(app):
    return UserFactory(role=Role.PLANNER)


@pytest.fixture
def groups(app):
    groups = [
        BeneficiaryGroup(code=code, name=f"组{code}", name_en=f"Group {code}") for code in "EF"
    ]
    db.session.add_all(groups)
    db.session.flush()
    return groups


def an_occupation(*groups, **changed) -> dict:
    form = {
        "command_id": str(uuid.uuid4()),
        "name": "骑手",
        "name_en": "Rider",
        "code": "e12",
        "groups": [group.id for group in groups],
    }
    return form | changed


def occupations() -> list[Occupation]:
    db.session.rollback()
    return list(db.session.scalars(select(Occupation)))


def codes_in(group: str) -> list[str]:
    return [
        one.code
        for found, members in queries.list_grouped_occupations()
        for one in members
        if found.code == group
    ]


def test_the_taxonomy_is_installed_once(app):
    size = len(taxonomy.GROUPS) + len(taxonomy.OCCUPATIONS)

    assert install_taxonomy(by=SYSTEM) == size
    assert install_taxonomy(by=SYSTEM) == 0
    assert db.session.scalar(select(func.count(AuditEntry.id))) == size


def test_every_occupation_has_one_code_and_one_name_in_each_language():
    for field in ("code", "name", "name_en"):
        values = [getattr(entry, field) for entry in taxonomy.OCCUPATIONS]
        assert len(set(values)) == len(values)
        assert all(values)
    groups = {group.code for group in taxonomy.GROUPS}
    for entry in taxonomy.OCCUPATIONS:
        assert re.match(r"^[A-Z][0-9]{1,3}$", entry.code)
        assert entry.code[0] in entry.groups
        assert set(entry.groups) <= groups


def test_the_new_employment_and_outdoor_groups_overlap(app):
    install_taxonomy(by=SYSTEM)

    couriers = db.session.scalars(select(Occupation).where(Occupation.name == "快递员")).one()
    assert [group.code for group in couriers.groups] == ["E", "F"]
    assert {f"E{number}" for number in range(1, 12)} <= set(codes_in("E"))
    assert {f"F{number}" for number in range(1, 11)} <= set(codes_in("F"))
    assert "E6" not in codes_in("F")


def test_occupations_are_ordered_by_their_numbers(app):
    install_taxonomy(by=SYSTEM)

    assert codes_in("E") == [f"E{number}" for number in range(1, 12)]


def test_installing_again_keeps_what_people_have_changed(app):
    install_taxonomy(by=SYSTEM)
    courier = db.session.scalars(select(Occupation).where(Occupation.code == "E1")).one()
    courier.name = "快递小哥"
    courier.is_active = False

    install_taxonomy(by=SYSTEM)

    assert (courier.name, courier.is_active) == ("快递小哥", False)


def test_the_command_says_how_much_it_added(app):
    runner = app.test_cli_runner()
    size = len(taxonomy.GROUPS) + len(taxonomy.OCCUPATIONS)

    def words_for(number: int) -> tuple[int, str]:
        result = runner.invoke(command)
        return result.exit_code, re.sub(r"\D", "", result.output)

    assert words_for(size) == (0, str(size))
    assert words_for(0) == (0, "0")


def test_an_occupation_is_listed_once_with_all_its_groups(client_for, planner):
    install_taxonomy(by=SYSTEM)
    client = client_for(planner)

    page = client.get("/occupations?text=courier").text
    assert page.count('<th scope="row">Courier</th>') == 1
    row = page.split('<th scope="row">Courier</th>')[1].split("</tr>")[0]
    assert "New-employment-form workers" in row
    assert "Outdoor workers" in row


def test_occupations_are_narrowed_to_a_group_and_by_code(client_for, planner):
    install_taxonomy(by=SYSTEM)
    client = client_for(planner)
    outdoor = next(group for group in queries.list_groups() if group.code == "F")

    assert "Courier" in client.get(f"/occupations?group_id={outdoor.id}").text
    assert "No occupation matches" in client.get("/occupations?text=%25").text
    assert "1 entry" in client.get("/occupations?text=E11").text


def test_the_groups_are_listed_with_their_occupations(client_for, planner):
    install_taxonomy(by=SYSTEM)
    client = client_for(planner)

    groups_page = client.get("/occupations/groups").text
    assert "New-employment-form workers" in groups_page
    assert "Courier, Delivery rider" in groups_page


def test_names_come_in_the_language_of_the_reader(client_for, planner):
    install_taxonomy(by=SYSTEM)

    page = client_for(planner, language="zh").get("/occupations").text

    assert "快递员" in page
    assert "Courier" not in page


def test_without_a_taxonomy_the_pages_say_what_to_do(client_for, planner):
    client = client_for(planner)

    for path in ("/occupations", "/occupations/groups"):
        assert "install-taxonomy" in client.get(path).text


def test_an_occupation_is_added(client_for, planner, groups):
    response = client_for(planner).post("/occupations/new", data=an_occupation(*groups))

    assert response.location == "/occupations"
    [added] = occupations()
    assert (added.code, added.name, added.name_en) == ("E12", "骑手", "Rider")
    assert [group.code for group in added.groups] == ["E", "F"]


def test_the_same_form_sent_twice_adds_one_occupation(client_for, planner, groups):
    client = client_for(planner)
    form = an_occupation(*groups)

    for _ in range(2):
        assert client.post("/occupations/new", data=form).location == "/occupations"
    assert len(occupations()) == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "This field is required."),
        ("name", "\0", "This field is required."),
        ("name", "长" * 51, "longer than 50"),
        ("name_en", "", "This field is required."),
        ("name_en", "x" * 101, "longer than 100"),
        ("code", "", "This field is required."),
        ("code", "-1", "a letter and up to three digits"),
        ("code", "快1", "a letter and up to three digits"),
        ("code", str(10**30), "a letter and up to three digits"),
        ("groups", [], "Choose at least one group."),
        ("groups", ["999"], "not a valid choice"),
        ("groups", [str(10**30)], "Invalid choice"),
        ("groups", ["🎁"], "Invalid choice"),
    ],
)
def test_input_that_cannot_be_is_refused_beside_the_field(
    client_for, planner, groups, field, value, words
):
    response = client_for(planner).post(
        "/occupations/new", data=an_occupation(*groups, **{field: value})
    )

    assert response.status_code == 422
    assert words in response.text
    assert occupations() == []


def test_a_code_belongs_to_one_occupation(client_for, planner, groups):
    OccupationFactory(code="E12")
    other = OccupationFactory(code="E13", name="Other")
    client = client_for(planner)

    for path in ("new", f"{other.id}/edit"):
        response = client.post(f"/occupations/{path}", data=an_occupation(*groups))
        assert response.status_code == 422
        assert "Another occupation already has this code." in response.text
    db.session.refresh(other)
    assert other.name == "Other"


def test_an_occupation_is_changed_and_the_change_is_audited(client_for, planner, groups):
    occupation = OccupationFactory(code="E12", name="骑手", name_en="Rider", groups=groups[:1])
    client = client_for(planner)
    url = f"/occupations/{occupation.id}/edit"
    assert client.get(url).text.count(" checked") == 1

    client.post(url, data=an_occupation(groups[1], name_en="Delivery rider"))

    db.session.refresh(occupation)
    assert [group.code for group in occupation.groups] == ["F"]
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.changes == {
        "name_en": ["Rider", "Delivery rider"],
        "groups": [[groups[0].name], [groups[1].name]],
    }


def test_saving_an_occupation_unchanged_leaves_no_entry(client_for, planner, groups):
    occupation = OccupationFactory(code="E12", name="骑手", name_en="Rider", groups=groups)

    client_for(planner).post(f"/occupations/{occupation.id}/edit", data=an_occupation(*groups))

    assert db.session.scalars(select(AuditEntry)).all() == []


def test_an_occupation_is_retired_and_used_again(client_for, planner, groups):
    occupation = OccupationFactory(groups=groups)
    client = client_for(planner)

    for verb, offered in [("deactivate", []), ("deactivate", []), ("reactivate", [occupation])]:
        response = client.post(f"/occupations/{occupation.id}/{verb}")
        assert response.location == "/occupations"
        db.session.rollback()
        assert queries.list_active_occupations() == offered
        assert queries.list_active_occupations(also=[occupation.id]) == [occupation]
    assert len(db.session.scalars(select(AuditEntry)).all()) == 2


def test_an_occupation_that_is_not_there_is_not_found(client_for, planner):
    client = client_for(planner)

    assert client.get("/occupations/7/edit").status_code == 404
    assert client.post("/occupations/7/deactivate").status_code == 404
    assert client.get("/occupations/99999999999999999999/edit").status_code == 404


def test_who_may_only_look_sees_no_way_to_change(client_for, groups):
    occupation = OccupationFactory(groups=groups)
    client = client_for(UserFactory(role=Role.AUDITOR))

    page = client.get("/occupations").text
    assert "/edit" not in page
    assert "/deactivate" not in page
    for path in ("new", f"{occupation.id}/edit", f"{occupation.id}/deactivate"):
        assert client.post(f"/occupations/{path}").status_code == 403


def test_the_list_sends_as_many_queries_for_many_as_for_few(
    client_for, planner, groups, count_queries
):
    OccupationFactory(groups=groups)
    client = client_for(planner)

    def queries_sent() -> int:
        db.session.commit()
        with count_queries() as sent:
            client.get("/occupations")
            client.get("/occupations/groups")
        return len(sent)

    few = queries_sent()
    OccupationFactory.create_batch(10, groups=groups)

    assert queries_sent() == few
