"""Care packages: put together from goods, in versions whose contents stay as they are."""

import threading
import uuid

import pytest
from flask_babel import force_locale
from sqlalchemy import func, select

from carecampaign.access.actor import SYSTEM
from carecampaign.access.permissions import Role
from carecampaign.audit.models import AuditEntry
from carecampaign.catalogue import queries
from carecampaign.catalogue.models import CarePackage, Item, ItemKind, PackageVersion
from carecampaign.catalogue.services import (
    Content,
    NotContents,
    create_package,
    new_version,
)
from carecampaign.core.db import db, transaction
from carecampaign.core.errors import NotFound
from tests.factories import CarePackageFactory, ItemFactory, PackageVersionFactory, UserFactory


@pytest.fixture
def planner(app):
    return UserFactory(role=Role.PLANNER)


@pytest.fixture
def blanket(app):
    return ItemFactory(name="保暖毯", reference_value=6000)


@pytest.fixture
def gloves(app):
    return ItemFactory(name="手套", reference_value=1500)


def a_package(*lines: tuple[object, object], **changed) -> dict:
    form = {
        "command_id": str(uuid.uuid4()),
        "name": "冬季慰问包",
        "is_exhaustive": "y",
        "note": "",
    }
    for number, (item, quantity) in enumerate(lines):
        form[f"contents-{number}-item_id"] = getattr(item, "id", item)
        form[f"contents-{number}-quantity"] = quantity
    return form | changed


def packages() -> list[CarePackage]:
    db.session.rollback()
    return list(db.session.scalars(select(CarePackage)))


def test_a_package_is_made_with_its_first_contents(client_for, planner, blanket, gloves):
    form = a_package((blanket, 1), ("", ""), (gloves, 2), note="按名单发放")

    response = client_for(planner).post("/catalogue/packages/new", data=form)

    [package] = packages()
    assert response.location == f"/catalogue/packages/{package.id}"
    [version] = package.versions
    assert version.number == 1
    assert [(line.item_id, line.quantity) for line in version.lines] == [
        (blanket.id, 1),
        (gloves.id, 2),
    ]
    assert (version.is_exhaustive, version.note, version.value) == (True, "按名单发放", 9000)


def test_a_version_is_an_item_so_that_it_can_be_stocked(app, blanket):
    version = create_package("Winter box", [Content(blanket, 2)], by=SYSTEM)

    assert version.item.kind is ItemKind.PACKAGE
    assert version.item.code == f"P{version.package_id:04d}-1"
    assert version.item.name == "Winter box"
    assert version.item.reference_value == 12000


def test_the_next_version_leaves_the_one_before_as_it_was(client_for, planner, blanket, gloves):
    first = create_package("Winter box", [Content(blanket, 1)], by=SYSTEM)
    client = client_for(planner)

    response = client.post(
        f"/catalogue/packages/{first.package_id}/new-version",
        data=a_package((blanket, 1), (gloves, 1)),
    )

    assert response.status_code == 302
    [package] = packages()
    assert [[line.item_id for line in version.lines] for version in package.versions] == [
        [blanket.id],
        [blanket.id, gloves.id],
    ]
    assert package.latest.item.name == "Winter box (v2)"
    assert package.latest.item.code == f"P{package.id:04d}-2"


def test_a_new_version_starts_from_the_latest(client_for, planner, blanket, gloves):
    version = create_package("Winter box", [Content(blanket, 7)], is_exhaustive=False, by=SYSTEM)
    blanket.is_active = False

    page = client_for(planner).get(f"/catalogue/packages/{version.package_id}/new-version").text

    assert f'<option selected value="{blanket.id}">' in page
    assert 'value="7"' in page
    assert " checked" not in page


def test_a_package_page_shows_every_version_with_its_contents(
    client_for, planner, blanket, gloves
):
    first = create_package("Winter box", [Content(blanket, 3)], by=SYSTEM)
    new_version(first.package, [Content(gloves, 2)], is_exhaustive=False, by=SYSTEM)

    page = client_for(planner).get(f"/catalogue/packages/{first.package_id}").text

    assert page.index("Version 2") < page.index("手套") < page.index("Version 1")
    assert "¥180.00" in page
    assert "¥30.00" in page


def test_a_list_that_goes_on_says_so(client_for, planner, blanket, gloves):
    create_package(
        "Box", [Content(blanket, 1), Content(gloves, 2)], is_exhaustive=False, by=SYSTEM
    )

    page = client_for(planner).get("/catalogue/packages").text

    assert "保暖毯, 手套 × 2 and others" in page


def test_an_item_listed_twice_is_refused_beside_the_second_line(client_for, planner, blanket):
    response = client_for(planner).post(
        "/catalogue/packages/new", data=a_package((blanket, 1), (blanket, 2))
    )

    assert response.status_code == 422
    assert response.text.count("listed already") == 1
    assert 'id="contents-1-item_id-errors"' in response.text
    assert packages() == []


def test_a_line_left_half_filled_is_refused_beside_it(client_for, planner, blanket, gloves):
    response = client_for(planner).post(
        "/catalogue/packages/new", data=a_package((blanket, ""), ("", 3), (gloves, 1))
    )

    assert response.status_code == 422
    assert 'id="contents-0-quantity-errors"' in response.text
    assert 'id="contents-1-item_id-errors"' in response.text
    assert packages() == []


def test_a_package_of_nothing_is_refused(client_for, planner):
    client = client_for(planner)

    for form in (a_package(), a_package(("", ""))):
        response = client.post("/catalogue/packages/new", data=form)
        assert response.status_code == 422
        assert "Name at least one item." in response.text
    assert packages() == []


@pytest.mark.parametrize("quantity", ["0", "-1", "10000", str(10**30), "1.5", "x", "🎁", "²"])
def test_a_number_of_pieces_that_cannot_be_is_refused(client_for, planner, blanket, quantity):
    response = client_for(planner).post(
        "/catalogue/packages/new", data=a_package((blanket, quantity))
    )

    assert response.status_code == 422
    assert response.text.count("Enter a whole number from 1 to 9999.") == 1
    assert packages() == []


@pytest.mark.parametrize("item_id", ["0", "-1", "999", str(10**30), "x", "\0", "²"])
def test_an_unknown_item_is_refused(client_for, planner, blanket, item_id):
    response = client_for(planner).post(
        "/catalogue/packages/new", data=a_package((item_id, 1), (blanket, 1))
    )

    assert response.status_code == 422
    assert 'id="contents-0-item_id-errors"' in response.text
    assert packages() == []


@pytest.mark.parametrize("name", ["", " \0 ", "长" * 101])
def test_a_package_needs_a_name(client_for, planner, blanket, name):
    response = client_for(planner).post(
        "/catalogue/packages/new", data=a_package((blanket, 1), name=name)
    )

    assert response.status_code == 422
    assert 'id="name-errors"' in response.text
    assert packages() == []


def test_more_lines_than_a_package_may_have_are_refused(client_for, planner):
    items = ItemFactory.create_batch(60)

    response = client_for(planner).post(
        "/catalogue/packages/new", data=a_package(*((item, 1) for item in items))
    )

    assert response.status_code == 422
    assert "at most 50 lines" in response.text
    assert packages() == []


def test_a_package_with_as_many_lines_as_may_be_can_get_a_new_version(client_for, planner):
    items = ItemFactory.create_batch(50)
    version = create_package("Box", [Content(item, 1) for item in items], by=SYSTEM)

    response = client_for(planner).get(f"/catalogue/packages/{version.package_id}/new-version")

    assert response.status_code == 200


def test_a_name_belongs_to_one_package(client_for, planner, blanket):
    CarePackageFactory(name="冬季慰问包")

    response = client_for(planner).post("/catalogue/packages/new", data=a_package((blanket, 1)))

    assert response.status_code == 422
    assert "Another care package already has this name." in response.text
    assert db.session.scalar(select(func.count(PackageVersion.id))) == 0


def test_the_same_form_sent_twice_makes_one_package_or_version(client_for, planner, blanket):
    client = client_for(planner)
    form = a_package((blanket, 1))

    first, second = (client.post("/catalogue/packages/new", data=form) for _ in range(2))

    assert first.location == second.location
    [package] = packages()
    form = a_package((blanket, 2))
    for _ in range(2):
        response = client.post(f"/catalogue/packages/{package.id}/new-version", data=form)
        assert response.location == f"/catalogue/packages/{package.id}"
    assert len(packages()[0].versions) == 2


def test_a_forms_id_used_for_a_new_package_makes_no_version(client_for, planner, blanket):
    client = client_for(planner)
    form = a_package((blanket, 1))
    client.post("/catalogue/packages/new", data=form)
    [package] = packages()

    response = client.post(f"/catalogue/packages/{package.id}/new-version", data=form)

    assert response.status_code == 422
    assert len(packages()[0].versions) == 1


def test_an_impossible_new_version_changes_nothing(client_for, planner, blanket):
    version = create_package("Box", [Content(blanket, 1)], by=SYSTEM)

    response = client_for(planner).post(
        f"/catalogue/packages/{version.package_id}/new-version",
        data=a_package((blanket, 1), (blanket, 1)),
    )

    assert response.status_code == 422
    assert len(packages()[0].versions) == 1


def test_contents_that_make_no_package_are_refused_whoever_asks(app, blanket):
    package = PackageVersionFactory().item

    for contents, words in [
        ([], "at least one item"),
        ([Content(package, 1)], "another care package"),
        ([Content(blanket, 1), Content(blanket, 1)], "listed twice"),
        ([Content(blanket, 0)], "at least once"),
    ]:
        with force_locale("en"), pytest.raises(NotContents, match=words):
            create_package("Box", contents, by=SYSTEM)
        db.session.rollback()


def test_a_package_is_not_offered_as_contents(client_for, planner, blanket):
    version = create_package("Winter box", [Content(blanket, 1)], by=SYSTEM)

    page = client_for(planner).get("/catalogue/packages/new").text

    assert f'value="{blanket.id}"' in page
    assert f'value="{version.item_id}"' not in page


def test_a_package_is_retired_and_used_again(client_for, planner, blanket):
    version = create_package("Box", [Content(blanket, 1)], by=SYSTEM)
    client = client_for(planner)
    url = f"/catalogue/packages/{version.package_id}"

    client.post(f"{url}/deactivate")
    assert "is retired" in client.get(url).text
    assert queries.list_versions() == []
    assert queries.list_versions(also=[version.id]) == [version]

    client.post(f"{url}/reactivate")
    assert queries.list_versions() == [version]
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == [
        "catalogue.create_package",
        "catalogue.deactivate_package",
        "catalogue.reactivate_package",
    ]


def test_versions_to_choose_from_come_newest_first(app, blanket):
    first = create_package("Box", [Content(blanket, 1)], by=SYSTEM)
    second = new_version(first.package, [Content(blanket, 2)], by=SYSTEM)

    assert queries.list_versions() == [second, first]
    assert queries.get_version(first.id) is first
    with pytest.raises(NotFound):
        queries.get_version(second.id + 1)


def test_the_list_is_narrowed_by_name_and_state(client_for, planner):
    PackageVersionFactory(package__name="Winter box")
    PackageVersionFactory(package__name="Summer box", package__is_active=False)
    client = client_for(planner)

    def shown(query: str) -> set[str]:
        text = client.get(f"/catalogue/packages?{query}").text
        return {name for name in ("Winter box", "Summer box") if name in text}

    assert shown("") == {"Winter box", "Summer box"}
    assert shown("text=winter") == {"Winter box"}
    assert shown("state=retired") == {"Summer box"}
    assert shown("text=_") == set()


def test_a_package_that_is_not_there_is_not_found(client_for, planner):
    client = client_for(planner)

    assert client.get("/catalogue/packages/1").status_code == 404
    assert client.get("/catalogue/packages/1/new-version").status_code == 404
    assert client.post("/catalogue/packages/1/deactivate").status_code == 404


def test_who_may_only_look_sees_no_way_to_change(client_for, app):
    version = PackageVersionFactory()
    client = client_for(UserFactory(role=Role.FINANCE))
    url = f"/catalogue/packages/{version.package_id}"

    page = client.get(url).text
    assert "new-version" not in page
    assert "deactivate" not in page
    for path in (f"{url}/new-version", f"{url}/deactivate", "/catalogue/packages/new"):
        assert client.post(path).status_code == 403


def test_an_empty_list_says_what_to_do(client_for, planner):
    client = client_for(planner)

    assert "No care packages yet" in client.get("/catalogue/packages").text
    assert "No care package matches" in client.get("/catalogue/packages?text=x").text
    reader = client_for(UserFactory(role=Role.AUDITOR))
    assert "Planners put together" in reader.get("/catalogue/packages").text


def test_pages_send_as_many_queries_for_much_as_for_little(
    client_for, planner, count_queries, blanket, gloves
):
    version = create_package("Box", [Content(blanket, 1)], by=SYSTEM)
    client = client_for(planner)
    url = f"/catalogue/packages/{version.package_id}"

    def queries_sent() -> int:
        db.session.commit()
        with count_queries() as sent:
            client.get("/catalogue/packages")
            client.get(url)
        return len(sent)

    few = queries_sent()
    for number in range(5):
        new_version(version.package, [Content(blanket, 1), Content(gloves, number + 1)], by=SYSTEM)
        create_package(f"Box {number}", [Content(ItemFactory(), 1)], by=SYSTEM)

    assert queries_sent() == few


def test_two_new_versions_at_once_follow_one_another(app, blanket):
    package_id = create_package("Box", [Content(blanket, 1)], by=SYSTEM).package_id
    item_id = blanket.id
    db.session.commit()
    start = threading.Barrier(4)

    def make(quantity: int) -> None:
        with app.app_context():
            start.wait()
            with transaction():
                package = queries.get_package(package_id, lock=True)
                item = db.session.get_one(Item, item_id)
                new_version(package, [Content(item, quantity)], by=SYSTEM)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(2, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [version.number for version in packages()[0].versions] == [1, 2, 3, 4, 5]
