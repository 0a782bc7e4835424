"""Every record's page says who changed what of it, in words, to whoever sees the record."""

import pytest

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Role
from carecampaign.audit import services as audit
from carecampaign.audit import words
from carecampaign.audit.models import AuditEntry
from carecampaign.core.db import db, transaction
from carecampaign.core.i18n import in_language_of
from carecampaign.distributions.models import DistributionEvent
from carecampaign.inventory.models import StockDocument, StockLocation
from tests.distributions.scene import receive, set_the_scene
from tests.factories import (
    CampaignFactory,
    CarePackageFactory,
    FundSourceFactory,
    ItemFactory,
    OccupationFactory,
    OrganizationFactory,
    PersonFactory,
    StationFactory,
    StockLocationFactory,
    UserFactory,
)

LI = Actor(id=7, name="Li Na")


@pytest.fixture
def city(app):
    return OrganizationFactory()


@pytest.fixture
def planner(client_for, city):
    return client_for(UserFactory(role=Role.PLANNER, organization=city))


def note(subject, action="catalogue.edit_item", *, by=LI, name="Scarf", **changes):
    db.session.commit()
    with transaction():
        audit.record(action, subject, by=by, name=name, changes=changes)


def entry(action="inventory.dispatch", kind="stock_document", name="", **changes):
    return AuditEntry(action=action, subject_kind=kind, subject_name=name, changes=changes)


@pytest.mark.parametrize(
    ("make", "path", "role"),
    [
        (CampaignFactory, "/campaigns/{}", Role.PLANNER),
        (ItemFactory, "/catalogue/items/{}", Role.PLANNER),
        (PersonFactory, "/persons/{}", Role.PLANNER),
        (OccupationFactory, "/occupations/{}/edit", Role.PLANNER),
        (FundSourceFactory, "/funds/{}/edit", Role.FINANCE),
        (OrganizationFactory, "/organizations/{}", Role.PLANNER),
        (StationFactory, "/stations/{}", Role.PLANNER),
        (StockLocationFactory, "/inventory/locations/{}", Role.STOREKEEPER),
        (UserFactory, "/users/{}", Role.ADMINISTRATOR),
    ],
)
def test_a_records_page_says_who_changed_it(city, client_for, make, path, role):
    keeper = {
        CampaignFactory: {"organizer": city},
        StationFactory: {"owner": city},
        OrganizationFactory: {"parent": city},
        ItemFactory: {},
        OccupationFactory: {},
    }.get(make, {"organization": city})
    record = make(**keeper)
    note(record, note=["old words", "new words"])
    note(make(**keeper), note="of another record")
    client = client_for(UserFactory(role=role, organization=city))

    page = client.get(path.format(record.id)).text

    assert "Change history" in page
    assert "Note: old words → new words" in page
    assert "Li Na" in page
    assert "of another record" not in page


def test_care_packages_and_documents_have_theirs(client_for):
    scene = set_the_scene(packages=0)
    document = receive(scene.warehouse, scene.package, 3)
    package = CarePackageFactory()
    note(package, "catalogue.create_package")
    keeper = client_for(UserFactory(role=Role.STOREKEEPER, organization=scene.campaign.organizer))

    paper = keeper.get(f"/inventory/documents/{document.id}").text
    assert "Received goods: 2026-0001" in paper
    assert f"Lines: {scene.package.name}: 3" in paper
    assert "The system" in paper
    assert "Created the care package" in keeper.get(f"/catalogue/packages/{package.id}").text


def test_the_newest_comes_first_and_five_are_enough(planner):
    item = ItemFactory()
    for number in range(7):
        note(item, note=f"number {number}")

    page = planner.get(f"/catalogue/items/{item.id}").text
    assert [number for number in range(7) if f"number {number}" in page] == [2, 3, 4, 5, 6]
    assert page.index("number 6") < page.index("number 5")
    assert "All 7 entries" in page
    assert f'href="/catalogue/items/{item.id}?history=1#history"' in page

    whole = planner.get(f"/catalogue/items/{item.id}?history=1").text
    assert all(f"number {number}" in whole for number in range(7))
    assert "Only the latest" in whole


def test_a_long_history_is_paged(planner):
    item = ItemFactory()
    for number in range(53):
        note(item, note=f"<{number}>")

    first = planner.get(f"/catalogue/items/{item.id}?history=1").text
    second = planner.get(f"/catalogue/items/{item.id}?history=2").text

    assert "&lt;3&gt;" in first
    assert "&lt;2&gt;" not in first
    assert "?history=2#history" in first
    assert "&lt;2&gt;" in second
    assert "?history=1#history" in second
    assert "Older" not in second


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "999", "9999999999999999999999"])
def test_any_page_is_answered(planner, number):
    item = ItemFactory()
    note(item, note="said")

    assert planner.get(f"/catalogue/items/{item.id}?history={number}").status_code == 200


def test_who_may_not_see_the_record_does_not_read_its_history(planner):
    person = PersonFactory()
    note(person, note="private")

    answer = planner.get(f"/persons/{person.id}?history=1")

    assert answer.status_code == 404
    assert "private" not in answer.text


def test_it_takes_one_query_however_long_it_is(planner, count_queries):
    item = ItemFactory()
    counts = []
    for _round in range(2):
        for number in range(4):
            note(item, note=str(number))
        db.session.expunge_all()
        with count_queries() as sent:
            planner.get(f"/catalogue/items/{item.id}")
        counts.append(sum("audit_entry" in statement for statement in sent))

    assert counts == [1, 1]


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"reference_value": [5900, 6000]}, "Reference value: ¥59.00 → ¥60.00"),
        ({"starts_on": ["2026-12-01", "2026-12-02"]}, "Starts on: Dec 1, 2026 → Dec 2, 2026"),
        ({"source": "supplier"}, "Source: Supplier"),
        ({"role": "storekeeper"}, "Role: Storekeeper"),
        ({"features": ["wifi", "toilet"]}, "Facilities and services: Wi-Fi; Toilet"),
        ({"lines": [["Scarf", 60, None], ["Hat", 5, 4, 9]]}, "Lines: Scarf: 60; Hat: 5 → 4"),
        ({"lines": [["Scarf", 60, 60]]}, "Lines: Scarf: 60"),
        ({"phone": ["a" * 64, "b" * 64]}, "Phone: changed (not kept in the log)"),
        ({"phone": "a" * 64}, "Phone: not kept in the log"),
    ],
)
def test_a_change_is_in_words(app, changes, line):
    with in_language_of("en"):
        assert words.changes(entry(**changes)) == [line]


def test_what_means_nothing_to_a_reader_is_left_out(app):
    assert words.changes(entry(path=["1/", "1/2/"])) == []


def test_an_entry_calls_things_as_people_do(app):
    with in_language_of("en"):
        paper = words.sentence(entry(name="transfer 2026/7"))
        event = words.sentence(entry("distributions.open", name="2026-12-01 Lucheng"))

    assert paper == "Dispatched a transfer: 2026-0007"
    assert event == "Opened the distribution event “Dec 1, 2026 Lucheng”"


def test_chinese_pages_are_in_chinese(client_for, app):
    scene = set_the_scene(packages=0)
    receive(scene.warehouse, scene.package, 3)
    with in_language_of("zh"):
        for kind in (StockDocument, StockLocation, DistributionEvent):
            for record in db.session.query(AuditEntry).filter_by(subject_kind=kind.__tablename__):
                assert "supplier" not in " ".join(words.changes(record))
                assert "receipt" not in words.sentence(record)
