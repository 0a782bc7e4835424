"""Which column of a roster is which: guessed from its heading, put right by a person."""

import pytest

from carecampaign.access.permissions import Role
from carecampaign.core.sheets import Sheet, to_xlsx
from tests.beneficiaries.rosters import ID, PHONE, a_row, persons, send, table
from tests.factories import OccupationFactory, OrganizationFactory, UserFactory


@pytest.fixture
def unit(app):
    return OrganizationFactory(name="韵达工会")


@pytest.fixture
def client(client_for, unit):
    OccupationFactory(code="E1", name="快递员", name_en="Courier")
    return client_for(UserFactory(role=Role.PLANNER, organization=unit))


def mapped(client, location, *keys):
    columns = {f"columns-{place}": key for place, key in enumerate(keys)}
    return client.post(f"{location}/columns", data=columns)


def test_headings_nobody_knows_are_put_right_and_the_roster_is_kept(client, unit):
    odd = ["谁", "干什么", "备注", "号码一"]
    content = table(["张小三", "快递员", "无", PHONE], headings=odd)
    location = send(client, unit, content).location
    before = client.get(location).text

    answer = mapped(client, location, "name", "occupation_id", "", "phone")
    after = client.get(location).text
    client.post(f"{location}/apply")

    assert "The column is missing." in before
    assert answer.location == location
    assert "The column is missing." not in after
    assert "These columns are not known and are left out: 备注" in after
    assert [(one.name, one.phone) for one in persons()] == [("张小三", PHONE)]


def test_a_guess_that_is_wrong_is_put_right(client, unit):
    content = table(
        ["张小三", "快递员", "13912345678", PHONE], headings=["姓名", "工种", "电话", "联系电话"]
    )
    location = send(client, unit, content).location
    assert "The column is there twice." in client.get(location).text

    mapped(client, location, "name", "occupation_id", "", "phone")
    client.post(f"{location}/apply")

    assert [one.phone for one in persons()] == [PHONE]


def test_what_the_columns_hold_is_shown_without_numbers(client, unit):
    location = send(client, unit, table(a_row(phone=PHONE, id_number=ID))).location

    page = client.get(location).text

    assert "138****1234" in page
    assert PHONE not in page
    assert ID not in page


def test_a_table_without_headings_shows_no_number_either(client, unit):
    row = ["张小三", "快递员", PHONE]
    location = send(client, unit, table(row, headings=row)).location

    assert PHONE not in client.get(location).text


@pytest.mark.parametrize("key", ["nonsense", "id"])
def test_a_column_that_is_none_of_ours_is_refused(client, unit, key):
    location = send(client, unit, table(a_row(phone=PHONE))).location

    answer = mapped(client, location, key)

    assert "Choose for every column what it is" in client.get(answer.location).text
    client.post(f"{location}/apply")
    assert len(persons()) == 1


def test_a_title_above_the_headings_and_cells_merged_down_are_read(client, unit):
    rows = [
        ["", "", "", "", ""],
        ["姓名", "工种", "", "手机号", "身份证号"],
        ["张三", "快递员", "", PHONE, ""],
    ]
    content = to_xlsx(Sheet("t", ["2027年冬送温暖花名册", "", "", "", ""], rows))
    location = send(client, unit, content).location
    page = client.get(location).text

    mapped(client, location, "name", "occupation_id", "employer", "phone", "id_number")
    client.post(f"{location}/apply")

    assert "Column 3, without a heading" in page
    assert [one.name for one in persons()] == ["张三"]


def test_a_stranger_does_not_map_anothers_columns(client_for, client, unit):
    location = send(client, unit, table(a_row())).location
    other = client_for(UserFactory(role=Role.PLANNER, organization=unit))

    assert mapped(other, location, "name").status_code == 404
