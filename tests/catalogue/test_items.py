"""Goods in the catalogue: added, changed, retired; one catalogue for everybody."""

import uuid

import pytest
from sqlalchemy import func, select

from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.catalogue.models import Item, ItemKind
from carecampaign.core.db import db
from tests.factories import ItemFactory, PackageVersionFactory, UserFactory


@pytest.fixture
def planner(app):
    return UserFactory(role=Role.PLANNER)


def a_blanket(**changed) -> dict:
    facts = {
        "command_id": str(uuid.uuid4()),
        "code": "",
        "name": "保暖毯",
        "spec": "150 × 200 cm",
        "unit": "条",
        "reference_value": "68.50",
    }
    return facts | changed


def items() -> list[Item]:
    db.session.rollback()
    return list(db.session.scalars(select(Item).order_by(Item.id)))


def test_an_item_is_added_with_the_next_free_code(client_for, planner):
    ItemFactory(code="G0002")

    response = client_for(planner).post("/catalogue/items/new", data=a_blanket())

    assert response.status_code == 302
    added = items()[-1]
    assert (added.code, added.name, added.unit, added.kind) == (
        "G0003",
        "保暖毯",
        "条",
        ItemKind.GOODS,
    )
    assert added.reference_value == 6850


def test_adding_an_item_is_audited(client_for, planner):
    client_for(planner).post("/catalogue/items/new", data=a_blanket())

    entry = db.session.scalar(
        select(AuditEntry).where(AuditEntry.action == "catalogue.create_item")
    )
    assert entry.subject_name == "保暖毯"
    assert entry.changes["reference_value"] == 6850


def test_the_same_form_sent_twice_adds_one_item(client_for, planner):
    client = client_for(planner)
    form = a_blanket()

    first, second = (client.post("/catalogue/items/new", data=form) for _ in range(2))

    assert len(items()) == 1
    assert second.status_code == 302
    assert second.location == first.location


def test_a_forms_id_used_for_something_else_is_a_conflict(client_for, planner):
    client = client_for(planner)
    form = a_blanket()
    client.post("/catalogue/items/new", data=form)

    response = client.post(
        "/catalogue/packages/new",
        data={
            "command_id": form["command_id"],
            "name": "Package",
            "contents-0-item_id": items()[0].id,
            "contents-0-quantity": 1,
        },
    )

    assert response.status_code == 422
    assert "sent before for something else" in response.text


def test_a_code_belongs_to_one_item(client_for, planner):
    ItemFactory(code="MUG")

    response = client_for(planner).post("/catalogue/items/new", data=a_blanket(code="mug"))

    assert response.status_code == 422
    assert "Another item already has this code." in response.text
    assert len(items()) == 1


def test_codes_of_care_packages_are_kept_for_them(client_for, planner):
    response = client_for(planner).post("/catalogue/items/new", data=a_blanket(code="p0001-1"))

    assert response.status_code == 422
    assert "kept for care packages" in response.text
    assert items() == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "This field is required."),
        ("name", "\0\0", "This field is required."),
        ("name", "长" * 101, "longer than 100"),
        ("unit", "", "This field is required."),
        ("unit", "很长很长很长很长很长的单位", "longer than 10"),
        ("code", "x" * 21, "longer than 20"),
        ("reference_value", "", "This field is required."),
        ("reference_value", "-1", "Enter an amount up to a million yuan."),
        ("reference_value", "1.234", "Enter an amount up to a million yuan."),
        ("reference_value", "🎁", "Enter an amount up to a million yuan."),
        ("reference_value", str(10**30), "Enter an amount up to a million yuan."),
        ("reference_value", "1000000.01", "Enter an amount up to a million yuan."),
        ("command_id", "", "This field is required."),
        ("command_id", "not an id", "Invalid UUID."),
    ],
)
def test_input_that_cannot_be_is_refused_beside_the_field(
    client_for, planner, field, value, words
):
    response = client_for(planner).post("/catalogue/items/new", data=a_blanket(**{field: value}))

    assert response.status_code == 422
    assert words in response.text
    assert items() == []


def test_an_item_may_have_any_printable_name(client_for, planner):
    client_for(planner).post("/catalogue/items/new", data=a_blanket(name="<b>暖🔥宝</b>\0"))

    assert items()[0].name == "<b>暖🔥宝</b>"


def test_an_item_is_changed_and_the_change_is_audited(client_for, planner):
    item = ItemFactory(name="Mug", code="MUG", unit="个", reference_value=1000)
    client = client_for(planner)
    form = {"code": "MUG2", "name": "Mug", "spec": "500 ml", "unit": "个", "reference_value": "12"}

    response = client.post(f"/catalogue/items/{item.id}/edit", data=form)

    assert response.location == f"/catalogue/items/{item.id}"
    db.session.refresh(item)
    assert (item.code, item.spec, item.reference_value) == ("MUG2", "500 ml", 1200)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.changes == {
        "code": ["MUG", "MUG2"],
        "spec": ["", "500 ml"],
        "reference_value": [1000, 1200],
    }


def test_saving_an_item_unchanged_leaves_no_entry(client_for, planner):
    item = ItemFactory(name="Mug", code="MUG", unit="个", reference_value=1000)
    form = {"code": "MUG", "name": "Mug", "spec": "", "unit": "个", "reference_value": "10.00"}

    client_for(planner).post(f"/catalogue/items/{item.id}/edit", data=form)

    assert db.session.scalar(select(func.count(AuditEntry.id))) == 0


def test_an_edit_that_cannot_be_changes_nothing(client_for, planner):
    item = ItemFactory(name="Mug")
    form = {"code": "", "name": "Cup", "spec": "", "unit": "个", "reference_value": "-1"}

    response = client_for(planner).post(f"/catalogue/items/{item.id}/edit", data=form)

    assert response.status_code == 422
    assert 'id="code-errors"' in response.text
    assert 'id="reference_value-errors"' in response.text
    db.session.refresh(item)
    assert item.name == "Mug"


def test_an_item_cannot_take_the_code_of_another(client_for, planner):
    ItemFactory(code="MUG")
    item = ItemFactory(code="CUP")
    form = {"code": "MUG", "name": "Cup", "spec": "", "unit": "个", "reference_value": "1"}

    response = client_for(planner).post(f"/catalogue/items/{item.id}/edit", data=form)

    assert response.status_code == 422
    assert "Another item already has this code." in response.text
    db.session.refresh(item)
    assert item.name != "Cup"


def test_a_care_package_cannot_be_edited_like_goods(client_for, planner):
    version = PackageVersionFactory()
    client = client_for(planner)

    assert client.get(f"/catalogue/items/{version.item_id}/edit").status_code == 404
    assert client.post(f"/catalogue/items/{version.item_id}/deactivate").status_code == 404


def test_a_package_is_worth_what_is_in_it_also_after_prices_change(client_for, planner):
    mug, gloves = ItemFactory(reference_value=1000), ItemFactory(reference_value=500)
    version = PackageVersionFactory(contents=[mug, gloves])
    form = {"code": mug.code, "name": "Mug", "spec": "", "unit": "个", "reference_value": "20"}

    client_for(planner).post(f"/catalogue/items/{mug.id}/edit", data=form)

    db.session.refresh(version.item)
    assert version.value == version.item.reference_value == 2500


def test_an_item_is_retired_and_used_again(client_for, planner):
    item = ItemFactory(name="Mug")
    client = client_for(planner)

    for verb, is_active in [("deactivate", False), ("deactivate", False), ("reactivate", True)]:
        response = client.post(f"/catalogue/items/{item.id}/{verb}")
        assert response.status_code == 302
        db.session.refresh(item)
        assert item.is_active is is_active
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["catalogue.deactivate_item", "catalogue.reactivate_item"]


def test_the_list_is_narrowed_by_words_kind_and_state(client_for, planner):
    ItemFactory(name="Mug", spec="500 ml")
    ItemFactory(name="Gloves", is_active=False)
    PackageVersionFactory(item__name="Winter box")
    client = client_for(planner)

    def shown(query: str) -> set[str]:
        text = client.get(f"/catalogue/items?{query}").text
        return {name for name in ("Mug", "Gloves", "Winter box") if name in text}

    assert shown("") == {"Mug", "Gloves", "Winter box"}
    assert shown("text=500+ML") == {"Mug"}
    assert shown("text=%25") == set()
    assert shown("kind=package") == {"Winter box"}
    assert shown("state=retired") == {"Gloves"}
    assert shown("state=active") == {"Mug", "Winter box"}


def test_a_filter_that_is_none_shows_its_error_and_is_left_out(client_for, planner):
    ItemFactory(name="Mug")

    response = client_for(planner).get(f"/catalogue/items?kind=plane&text={'x' * 200}&page=-7")

    assert response.status_code == 200
    assert "Not a valid choice." in response.text
    assert "Mug" in response.text


def test_an_items_page_names_the_packages_it_is_in(client_for, planner):
    mug = ItemFactory(name="Mug")
    version = PackageVersionFactory(contents=[mug], package__name="Winter box")
    client = client_for(planner)

    assert "Winter box" in client.get(f"/catalogue/items/{mug.id}").text
    page = client.get(f"/catalogue/items/{version.item_id}").text
    assert f"/catalogue/packages/{version.package_id}" in page


def test_an_item_that_is_not_there_is_not_found(client_for, planner):
    client = client_for(planner)

    for path in ("1", str(2**63 - 1), "99999999999999999999", "0", "x"):
        assert client.get(f"/catalogue/items/{path}").status_code == 404


def test_who_may_only_look_sees_no_way_to_change(client_for, app):
    item = ItemFactory()
    client = client_for(UserFactory(role=Role.AUDITOR))

    page = client.get(f"/catalogue/items/{item.id}").text
    assert "/edit" not in page
    assert "/deactivate" not in page
    for path in (f"{item.id}/edit", f"{item.id}/deactivate", "new"):
        assert client.post(f"/catalogue/items/{path}").status_code == 403


def test_volunteers_do_not_see_the_catalogue(client_for, app):
    client = client_for(UserFactory(role=Role.VOLUNTEER))

    assert client.get("/catalogue/items").status_code == 403
    assert client.get("/catalogue/packages").status_code == 403


def test_an_empty_catalogue_says_what_to_do(client_for, planner):
    client = client_for(planner)

    assert "No items yet" in client.get("/catalogue/items").text
    assert "No item matches" in client.get("/catalogue/items?text=x").text
    reader = client_for(UserFactory(role=Role.AUDITOR))
    assert "Planners and storekeepers add" in reader.get("/catalogue/items").text


def test_the_list_sends_as_many_queries_for_many_items_as_for_few(
    client_for, planner, count_queries
):
    ItemFactory.create_batch(2)
    client = client_for(planner)
    with count_queries() as few:
        client.get("/catalogue/items")

    ItemFactory.create_batch(20)
    db.session.commit()
    with count_queries() as many:
        client.get("/catalogue/items")

    assert len(many) == len(few)
