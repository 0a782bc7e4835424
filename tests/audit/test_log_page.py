"""The audit log reads as sentences, shows what one may see, and can be searched."""

from datetime import date

import pytest
from sqlalchemy import update

from carecampaign.access.actor import Actor
from carecampaign.access.permissions import Role
from carecampaign.audit import services as audit
from carecampaign.audit.models import AuditEntry
from carecampaign.audit.tasks import seal_pending
from carecampaign.campaigns.models import CampaignState
from carecampaign.core import clock
from carecampaign.core.db import db, transaction
from tests.factories import CampaignFactory, OrganizationFactory, UserFactory

PLANNER = Actor(id=7, name="Li Na")


@pytest.fixture
def city(app):
    return OrganizationFactory()


@pytest.fixture
def auditor(client_for, city):
    return client_for(UserFactory(role=Role.AUDITOR, organization=city))


def record(action, subject, *, by=PLANNER, name="Winter", path="", **changes):
    with transaction():
        audit.record(action, subject, by=by, name=name, path=path, changes=changes)


def test_an_entry_reads_as_a_sentence_with_its_changes(auditor, city):
    campaign = CampaignFactory(organizer=city)
    db.session.commit()
    record(
        "campaigns.approve",
        campaign,
        path=city.path,
        state=[CampaignState.SUBMITTED, CampaignState.APPROVED],
        planned_packages=[100, 200],
        is_active=[True, False],
        items=["rice", "oil"],
        units=[["A"], ["A", "B"]],
        quotas={"city": [1, 2]},
        note="",
        something_new=5,
        phone=audit.keyed_digest("13800000000"),
    )

    page = auditor.get("/audit").text

    assert "Approved the campaign “Winter”" in page
    assert f'href="/campaigns/{campaign.id}"' in page
    for line in (
        "State: Submitted → Approved",
        "Planned packages: 100 → 200",
        "In use: Yes → No",
        "Items: rice; oil",
        "Participating units: A → A; B",
        "Quotas: city: 1 → 2",
        "something new: 5",
    ):
        assert line in page
    assert "Note: " not in page
    assert audit.keyed_digest("13800000000") not in page


def test_an_action_without_words_is_shown_by_its_name(auditor, city):
    record("campaigns.invented", city, path=city.path)

    assert "campaigns.invented: Winter" in auditor.get("/audit").text


def test_what_the_system_did_is_said_so(auditor, city):
    record("organizations.edit", city, by=Actor(id=None, name="system"), path=city.path)

    assert "The system" in auditor.get("/audit").text


def test_whether_an_entry_is_sealed_is_shown(auditor, city):
    record("organizations.edit", city, path=city.path)
    assert "Waiting for its seal" in auditor.get("/audit").text

    seal_pending()

    page = auditor.get("/audit").text
    assert "Sealed" in page
    assert "Waiting for its seal" not in page


def test_only_what_lies_within_reach_is_shown(client_for, city):
    here, there = OrganizationFactory(parent=city), OrganizationFactory(parent=city)
    clients = {
        "here": client_for(UserFactory(role=Role.AUDITOR, organization=here)),
        "city": client_for(UserFactory(role=Role.AUDITOR, organization=city)),
    }
    record("organizations.edit", here, name="of here", path=here.path)
    record("organizations.edit", there, name="of there", path=there.path)
    record("catalogue.edit_item", there, name="of nobody", path="")

    pages = {who: client.get("/audit").text for who, client in clients.items()}

    assert "of here" in pages["here"]
    assert "of there" not in pages["here"]
    assert "of nobody" not in pages["here"]
    assert all(name in pages["city"] for name in ("of here", "of there", "of nobody"))


def test_others_may_not_read_it(client_for, city):
    planner = client_for(UserFactory(role=Role.PLANNER, organization=city))

    assert planner.get("/audit").status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("who=na", {"first"}),
        ("who=%25", set()),
        ("action=stations.edit", {"second"}),
        ("kind=campaign", {"first"}),
        ("last=2026-01-10", {"second"}),
        ("first=2026-01-11", {"first"}),
        ("first=2026-01-10&last=2026-01-10", {"second"}),
        ("who=na&kind=organization", set()),
        ("first=not-a-date", {"first", "second"}),
        ("last=9999-12-31", {"first", "second"}),
        ("first=0001-01-01", {"first", "second"}),
        ("action=invented&kind=invented", {"first", "second"}),
        ("page=99", {"first", "second"}),
    ],
)
def test_the_log_can_be_searched(auditor, city, query, found):
    campaign = CampaignFactory(organizer=city)
    db.session.commit()
    record("campaigns.edit", campaign, name="the first", path=city.path)
    record("stations.edit", city, by=Actor(3, "Wu"), name="the second", path=city.path)
    noon = clock.start_of(date(2026, 1, 10))
    with transaction():
        second = update(AuditEntry).where(AuditEntry.action == "stations.edit")
        db.session.execute(second.values(created_at=noon))

    page = auditor.get(f"/audit?{query}").text

    assert {name for name in ("first", "second") if f"“the {name}”" in page} == found
    assert ("Not a valid choice" in page) == ("invented" in query)


def test_a_wrong_date_is_said_beside_the_field(auditor):
    assert "Enter a date between 2000 and 2199." in auditor.get("/audit?last=9999-12-31").text


def test_a_search_that_finds_nothing_says_what_to_do(auditor):
    assert "No entry found" in auditor.get("/audit?who=nobody").text


def test_a_long_log_is_paged(auditor, city, record_entries):
    record_entries(55, path=city.path)

    page = auditor.get("/audit?page=2").text

    assert "51–55 of 55" in page
    assert "change 4”" in page
    assert "change 5”" not in page


def test_the_page_takes_the_same_few_queries_for_one_entry_and_for_many(
    auditor, city, record_entries, count_queries
):
    def queries():
        db.session.expunge_all()
        with count_queries() as sent:
            auditor.get("/audit")
        return len(sent)

    record_entries(1, path=city.path)
    few = queries()
    record_entries(30, path=city.path)

    assert queries() == few
    assert few <= 8
