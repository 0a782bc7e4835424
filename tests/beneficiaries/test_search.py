"""Persons are found by the beginning of a name, pinyin, initials, or the last four."""

import pytest

from carecampaign.access.permissions import Role
from tests.factories import OccupationFactory, OrganizationFactory, PersonFactory, UserFactory


@pytest.fixture
def found(client_for):
    union = OrganizationFactory()
    occupation = OccupationFactory()
    for name, facts in {
        "单小龙": {"phone": "13800131234", "employer": "Yunda 快递"},
        "欧阳娜娜": {"id_number": "11010519491231002X"},
        "张小三": {"id_number": "1234", "employer": "韵达快递"},
        "John Smith": {},
    }.items():
        PersonFactory(name=name, organization=union, occupation=occupation, **facts)
    PersonFactory(name="单外人", phone="13900001234", occupation=occupation)
    client = client_for(UserFactory(role=Role.PLANNER, organization=union))

    def search(text: str) -> set[str]:
        page = client.get("/persons", query_string={"text": text}).text
        names = ("单小龙", "欧阳娜娜", "张小三", "John Smith", "单外人")
        return {name for name in names if f">{name}<" in page}

    return search


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("单", {"单小龙"}),
        ("小", {"单小龙", "张小三"}),
        ("娜娜", {"欧阳娜娜"}),
        ("欧阳 娜", {"欧阳娜娜"}),
        ("shan", {"单小龙"}),
        ("Shan Xiao", {"单小龙"}),
        ("dan", set()),
        ("sxl", {"单小龙"}),
        ("oy", {"欧阳娜娜"}),
        ("smith", {"John Smith"}),
        ("JOHN S", {"John Smith"}),
        ("1234", {"单小龙", "张小三"}),
        ("002x", {"欧阳娜娜"}),
        ("002X", {"欧阳娜娜"}),
        ("韵达", {"张小三"}),
        ("yunda", {"单小龙"}),
        ("%", set()),
        ("_", set()),
        ("·", set()),
    ],
)
def test_a_text_finds_whom_it_begins(found, text, names):
    assert found(text) == names


def test_whole_numbers_do_not_belong_in_an_address(client_for):
    client = client_for(UserFactory(role=Role.PLANNER))

    assert "Write no phone or ID number here." in client.get("/persons?text=13800131234").text
